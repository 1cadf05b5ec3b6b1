/* cursor_file.h - how far the rows of a state were read from their source.
 *
 * Floor 2 (diff). A source that is read with a cursor returns only the rows
 * above the last settled value. That value is in the file `cursor` of the state
 * (wire/state/cursor.h). It moves from A to B only when
 *
 *     - the run has read all rows from A on, or all rows, up to B;
 *     - each of its rows is settled: delivered, unchanged or left out on
 *       purpose, and no change of the state is unacknowledged;
 *     - the receipts are of the last run of the state.
 *
 * Otherwise it stays, and the same rows are read again.
 */
#ifndef DIFF_STATE_CURSOR_FILE_H
#define DIFF_STATE_CURSOR_FILE_H

#include "diff/state/state.h"

/* Removes a cursor that does not belong to the snapshot, for example after the
 * snapshot was restored from a backup, so that all rows are read again. The
 * state must be locked for writing, and loaded. ERR_CONFIG, ERR_IO.
 */
int cursor_file_check(const struct state *s, struct err *e) MUST_USE;

/* Removes the cursor without checking it. ERR_IO. */
int cursor_file_forget(const struct state *s, struct err *e) MUST_USE;

/* Call it before the first intent: removes a cursor of --if-changed, which is
 * valid only for a state without pending changes. ERR_CONFIG, ERR_IO.
 */
int cursor_file_begin(const struct state *s, struct err *e) MUST_USE;

/* Whether the object of an end line is the cursor of --if-changed. */
bool cursor_file_is_probe(struct slice object);

/* Adds the cursor of an end line to b as a member, for the commit; adds nothing
 * if object is not a cursor. by says how rows are compared in this run. If the
 * stored cursor was reached by comparing rows in a different way, rows before
 * it may be due, so it is removed and the result is 1; else 0. s is NULL in a
 * dry run. ERR_CONFIG, ERR_IO.
 */
int cursor_file_pass(const struct state *s, struct buf *b, struct slice object,
		     struct slice by, struct err *e) MUST_USE;

/* Everything is settled up to the cursor in the end line: stores it, unless the
 * run did not begin at the stored cursor. model is of its begin line (text
 * without quotes), generation that of the snapshot now. ERR_CONFIG, ERR_CREATE,
 * ERR_IO.
 */
int cursor_file_store(const struct state *s, struct slice object,
		      struct slice model, uint64_t generation,
		      struct err *e) MUST_USE;

/* Adds the cursor as a member to an object, if there is one that belongs to the
 * snapshot.
 */
void cursor_file_show(const struct state *s, struct buf *b);

#endif
