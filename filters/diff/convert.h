/* convert.h - inverts a stream of changes, or writes it in a different format.
 *
 * Floor 2 (diff). Without any state. To invert: insert becomes delete and the
 * other way round, and an update goes back to the row before; the change id
 * is a different one, and the inverse of the inverse has the first id again.
 * What the row was must be in the change: rudder-diff --keep row puts it there.
 */
#ifndef DIFF_CONVERT_H
#define DIFF_CONVERT_H

#include "core/err.h"
#include "wire/stream/input.h"

struct convert_options {
	const char *format; /* debezium, record, or NULL: to invert */
	struct input_options input;
};

/* Changes from fd in, their new form to fd out, which is closed. 0, or -1:
 * ERR_PARTIAL when some could not be converted, which leave as rejects;
 * ERR_DATA when the input was truncated or is not a stream of changes;
 * ERR_USAGE, ERR_IO.
 */
int convert_run(const struct convert_options *o, int in, int out,
		struct err *e) MUST_USE;

#endif
