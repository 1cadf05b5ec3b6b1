/* convert_form.h - the forms of a change: its inverse, Debezium's, a record
 * event.
 *
 * Floor 2 (diff). A form is one row of the table in convert_form.c.
 */
#ifndef DIFF_CONVERT_FORM_H
#define DIFF_CONVERT_FORM_H

#include "core/buf.h"
#include "diff/keys/key.h"
#include "wire/stream/input.h"

/* The current change, and what the begin line has for all changes. */
struct convert_form_change {
	struct input in;
	struct key key;
	struct scan *scan; /* for rows before */
	struct buf padded; /* copy of such a row, padded for the scanner */
	struct buf run;    /* run id */
	uint64_t ts_ms;
};

struct convert_form {
	const char *name;
	const char *stream; /* of begin and end; NULL: without control lines */
	bool inverts;
	/* Writes the line into b: NULL, or what is missing. */
	const char *(*put)(struct convert_form_change *x, struct buf *b);
};

/* The form of that name: "invert", or a value of --format. Else NULL. */
const struct convert_form *convert_form_find(const char *name);

/* Checks what every form relies on: NULL, or what is wrong with the change.
 * control.h treats a member of the wrong type as missing: without this check it
 * would leave as nothing after a colon, or as a different action.
 */
const char *convert_form_unfit(const struct convert_form_change *x);

#endif
