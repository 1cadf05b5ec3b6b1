/* base_file.h - which tables in the warehouse --delta may compare with: the
 * file `base` of a state.
 *
 * Floor 2 (diff). See wire/state/delta_base.h. With rudder-query --delta only
 * the rows arrive whose key is new, missing or of another hash since the base.
 * That is right as long as two things hold for every other key:
 *
 *   - the base has the row that the state was delivered with, or one that
 *     was found equal to it;
 *   - nothing of the key is unacknowledged, rejected, blocked or postponed.
 *
 * So the base moves before the first change leaves, and the keys that changed
 * then stay open, to be read in each further run, until a commit finds all of
 * them settled. Whatever else moves the snapshot, or compares rows otherwise,
 * makes the base void first: then the next run reads all rows.
 */
#ifndef DIFF_STATE_BASE_FILE_H
#define DIFF_STATE_BASE_FILE_H

#include "diff/state/state.h"
#include "wire/state/delta_base.h"

/* At the begin line of a run with --delta, before anything leaves: makes what
 * the run has made the base, with all of its keys open; not in a dry run. by is
 * how the run compares rows. Where the rows are only those that changed, and
 * the base they were compared with is not that of the state any more, *doubt
 * says why, and the base is void: what arrives is right, but may not be all.
 * The state must be locked and loaded. 0, or -1 with *e set:
 *
 *     ERR_TEMP    another run has moved the base since rudder-query read it
 *     ERR_CONFIG ERR_CREATE ERR_IO
 */
int base_file_begin(const struct state *s, bool dry,
		    const struct delta_begin *d, struct slice by,
		    const char **doubt, struct err *e) MUST_USE;

/* Something else than a run with --delta is about to change what the state
 * knows. The state must be locked. ERR_CONFIG, ERR_CREATE, ERR_IO.
 */
int base_file_void(const struct state *s, struct err *e) MUST_USE;

/* Before the end line of the run that has made the base: the keys that its
 * changes are of, and those that are unacknowledged, as a JSON array of their
 * texts. No other key can be open when all receipts of the run were seen.
 * ERR_CONFIG, ERR_CREATE, ERR_IO.
 */
int base_file_note(const struct state *s, struct slice run, struct slice list,
		   struct err *e) MUST_USE;

/* All receipts of that run were seen: only the keys that it noted are open, if
 * it could note them. Errors as above.
 */
int base_file_narrow(const struct state *s, struct slice run,
		     uint64_t generation, struct err *e) MUST_USE;

/* Nothing of the run that made the base is open any more: generation is that of
 * the snapshot now. Nothing happens where the base is of a different run, or
 * void. ERR_CONFIG, ERR_CREATE, ERR_IO.
 */
int base_file_settle(const struct state *s, struct slice run,
		     uint64_t generation, struct err *e) MUST_USE;

/* As a member of an object that is being written; nothing without a base. */
void base_file_show(const struct state *s, struct buf *b);

#endif
