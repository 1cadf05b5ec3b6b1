/* delta_rows.h - rows of rudder-query --delta: those of the keys that changed,
 * and a line for each key that is missing.
 *
 * Floor 2 (diff). Rows are decided upon as ever. What differs is which keys of
 * the state are missing: not those that did not arrive, but those of which a
 * control line says so:
 *
 *     {"_rudder":{"type":"missing"},"id":7}
 *
 * All others count as arrived (delta_rows_apply). Rows that are all rows of the
 * model, from which a new base begins, have no such lines.
 */
#ifndef DIFF_PASS_DELTA_ROWS_H
#define DIFF_PASS_DELTA_ROWS_H

#include "diff/keys/key_set.h"
#include "diff/state/pending.h"
#include "wire/state/delta_base.h"

struct pass;

struct delta_rows {
	bool on;                /* the begin line is of --delta */
	bool part;              /* and only rows of keys that changed arrive */
	uint64_t total;         /* rows of the model */
	uint64_t rejects;       /* of ours, that need not be read again */
	bool settles;           /* the base may be settled by the commit */
	struct buf run;         /* that made the base */
	struct buf changed;     /* texts of keys that a change is of */
	struct key_set listed;  /* these, or too many */
	unsigned char *missing; /* a bit for each key of the snapshot, or NULL
				 */
	struct key_set orphans; /* missing keys with an unacknowledged change,
				 * which the snapshot does not have */
};

/* All-zero is allowed. */
void delta_rows_clear(struct delta_rows *d);

/* At the begin line, or before the first row without one, before anything
 * leaves: object is its member `delta`, or empty. 0, or -1 with *e set:
 *
 *     ERR_USAGE  with options that need all rows, or do not prove that the
 *                rows are all there are
 *     ERR_DATA   not such an object
 *     any        of base_file.h
 */
int delta_rows_begin(struct pass *r, struct slice object,
		     struct err *e) MUST_USE;

/* The line of a missing key is at hand. ERR_DATA where it has no key. */
int delta_rows_missing(struct pass *r, struct err *e) MUST_USE;

/* The end line is at hand. ERR_DATA where a filter has dropped rows, as it is
 * not known whether they are missing.
 */
int delta_rows_end(struct pass *r, struct err *e) MUST_USE;

/* After the last line, before it is asked what arrived: keys that are not
 * reported as missing count as arrived.
 */
void delta_rows_apply(struct pass *r);

/* A change or skip of that key leaves. */
void delta_rows_changed(struct delta_rows *d, const struct intent *i);

/* Before the end line: notes the keys that may be open when the run is
 * committed. Errors as base_file.h.
 */
int delta_rows_note(struct pass *r, struct err *e) MUST_USE;

/* What the commit has to know, as members of the end line. */
void delta_rows_show(const struct pass *r, struct buf *b);

#endif
