/* convert.h - inverts a stream of changes, or writes it in a different format.
 *
 * Floor 2 (diff). Without a state. To invert, an insert becomes a delete and
 * the other way round, and an update restores the row before it. The inverse
 * has a different change id, and the inverse of the inverse has the first id
 * again. The change must contain the row before it: rudder-diff --keep row adds
 * it.
 */
#ifndef DIFF_CONVERT_H
#define DIFF_CONVERT_H

#include "core/err.h"
#include "wire/stream/input.h"

struct convert_options {
	const char *format; /* debezium, record, or NULL: to invert */
	struct input_options input;
};

/* Converts changes from fd in to fd out, which is closed. 0, or -1: ERR_PARTIAL
 * if some could not be converted, which leave as rejects; ERR_DATA if the input
 * was truncated or is not a stream of changes; ERR_USAGE, ERR_IO.
 */
int convert_run(const struct convert_options *o, int in, int out,
		struct err *e) MUST_USE;

#endif
