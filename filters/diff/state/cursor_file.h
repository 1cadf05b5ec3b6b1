/* cursor_file.h - how far the rows of a state were read from their source.
 *
 * Floor 2 (diff). A source that is read by a cursor gives only the rows above
 * the last one that is known to be settled. That value is in the file `cursor`
 * of the state (wire/state/cursor.h) and moves from A to B only when
 *
 *   - the run has read all rows from A on, or all there are, up to B;
 *   - each of its rows is settled: delivered, unchanged or left out on
 *     purpose, and no change of the state is unacknowledged;
 *   - the receipts are of the last run of the state.
 *
 * Otherwise it stays, and the same rows are read again.
 */
#ifndef DIFF_STATE_CURSOR_FILE_H
#define DIFF_STATE_CURSOR_FILE_H

#include "diff/state/state.h"

/* Removes a cursor that does not belong to the snapshot beside it, as after
 * that was restored from a backup, so that all rows are read again. The state
 * must be locked for writing, and loaded. ERR_CONFIG, ERR_IO.
 */
int cursor_file_check(const struct state *s, struct err *e) MUST_USE;

/* The same without question. ERR_IO. */
int cursor_file_forget(const struct state *s, struct err *e) MUST_USE;

/* The same for the value of --if-changed, which only a state without pending
 * changes has: before the first intent. ERR_CONFIG, ERR_IO.
 */
int cursor_file_begin(const struct state *s, struct err *e) MUST_USE;

/* Whether the object of an end line is the value of --if-changed. */
bool cursor_file_is_probe(struct slice object);

/* The cursor of an end line on its way to the commit, as a member for b;
 * nothing if object is not a cursor. by says how rows are compared in this run:
 * where another way led to the stored cursor, rows before it may be due, so it
 * is removed, and the result is 1, else 0. NULL for s: a dry run. ERR_CONFIG,
 * ERR_IO.
 */
int cursor_file_pass(const struct state *s, struct buf *b, struct slice object,
		     struct slice by, struct err *e) MUST_USE;

/* All is settled up to the cursor in the end line: keeps it, unless the run
 * began elsewhere than at the present one. model is of its begin line (text
 * without quotes), generation that of the snapshot now. ERR_CONFIG, ERR_CREATE,
 * ERR_IO.
 */
int cursor_file_store(const struct state *s, struct slice object,
		      struct slice model, uint64_t generation,
		      struct err *e) MUST_USE;

/* The cursor as a member of an object that is being written, when there is one
 * that belongs to the snapshot.
 */
void cursor_file_show(const struct state *s, struct buf *b);

#endif
