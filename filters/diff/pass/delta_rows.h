/* delta_rows.h - rows of rudder-query --delta: those of the keys that changed,
 * and a line for each key that is missing.
 *
 * Floor 2 (diff). The rows are compared as in any run. The difference is which
 * keys of the state count as missing: not all keys that did not arrive, but
 * those that a control line names:
 *
 *     {"_rudder":{"type":"missing"},"id":7}
 *
 * All other keys count as arrived (delta_rows_apply). If the rows are all rows
 * of the model, to start a new base, there are no such lines.
 */
#ifndef DIFF_PASS_DELTA_ROWS_H
#define DIFF_PASS_DELTA_ROWS_H

#include "diff/keys/key_set.h"
#include "diff/state/pending.h"
#include "wire/state/delta_base.h"

struct pass;

struct delta_rows {
	bool on;                /* the begin line is of --delta */
	bool part;              /* and only the rows of changed keys arrive */
	uint64_t total;         /* rows of the model */
	uint64_t rejects;       /* by this stage: need not be read again */
	bool settles;           /* the commit may settle the base */
	struct buf run;         /* that made the base */
	struct buf changed;     /* texts of the keys that have a change */
	struct key_set listed;  /* the same keys; see LISTED */
	unsigned char *missing; /* bit per snapshot position, or NULL */
	struct key_set orphans; /* missing keys with an unacknowledged insert */
};

/* All-zero is allowed. */
void delta_rows_clear(struct delta_rows *d);

/* Call it at the begin line, or before the first row of bare rows, before
 * anything leaves. object is the member `delta`, or empty. 0, or -1 with *e
 * set:
 *
 *     ERR_USAGE  options that need all rows, or do not prove that the rows
 *                are complete
 *     ERR_DATA   object is invalid
 *     any        of base_file.h
 */
int delta_rows_begin(struct pass *r, struct slice object,
		     struct err *e) MUST_USE;

/* Handles the line of a missing key. ERR_DATA if it has no key. */
int delta_rows_missing(struct pass *r, struct err *e) MUST_USE;

/* Handles the end line. ERR_DATA if a filter has dropped rows: nobody knows
 * whether their keys are missing.
 */
int delta_rows_end(struct pass *r, struct err *e) MUST_USE;

/* Call it after the last line, before asking which keys arrived: all keys not
 * reported as missing count as arrived.
 */
void delta_rows_apply(struct pass *r);

/* Reports that a change or skip of that key leaves. */
void delta_rows_changed(struct delta_rows *d, const struct intent *i);

/* Call it before the end line: notes the keys that may be open when the run is
 * committed. Errors as base_file.h.
 */
int delta_rows_note(struct pass *r, struct err *e) MUST_USE;

/* Adds what the commit must know as members to the end line. */
void delta_rows_show(const struct pass *r, struct buf *b);

#endif
