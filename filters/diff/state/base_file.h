/* base_file.h - which tables in the warehouse --delta may compare with: the
 * file `base` of a state.
 *
 * Floor 2 (diff). See wire/state/delta_base.h. With rudder-query --delta only
 * the rows arrive whose key is new, missing or has a different hash than in the
 * base. That is correct as long as two things hold for every other key:
 *
 *     - the base has the row that the state was delivered with, or a row that
 *       was found equal to it;
 *     - nothing of the key is unacknowledged, rejected, blocked or postponed.
 *
 * So a run makes its rows the base before its first change leaves. The keys
 * that changed then stay open: each further run reads them, until a commit
 * finds all of them settled. Anything else that moves the snapshot, or compares
 * rows by different rules, first makes the base void; then the next run reads
 * all rows.
 */
#ifndef DIFF_STATE_BASE_FILE_H
#define DIFF_STATE_BASE_FILE_H

#include "diff/state/state.h"
#include "wire/state/delta_base.h"

/* Call it at the begin line of a run with --delta, before anything leaves.
 * Makes the tables of this run the base, with all their keys open; not in a dry
 * run. by says how the run compares rows. If the rows are only those that
 * changed since a base that the state does not have any more, *doubt gets the
 * reason and the base is made void: the rows that arrive are right, but some
 * may be missing. The state must be locked and loaded. 0, or -1 with *e set:
 *
 *     ERR_TEMP    another run has moved the base since rudder-query read it
 *     ERR_CONFIG ERR_CREATE ERR_IO
 */
int base_file_begin(const struct state *s, bool dry,
		    const struct delta_begin *d, struct slice by,
		    const char **doubt, struct err *e) MUST_USE;

/* Makes the base void, before anything other than a run with --delta changes
 * the snapshot. The state must be locked. ERR_CONFIG, ERR_CREATE, ERR_IO.
 */
int base_file_void(const struct state *s, struct err *e) MUST_USE;

/* Call it before the end line of the run that made the base: notes the keys of
 * its changes and the unacknowledged keys, as a JSON array of their texts.
 * After all receipts of the run no other key can be open. ERR_CONFIG,
 * ERR_CREATE, ERR_IO.
 */
int base_file_note(const struct state *s, struct slice run, struct slice list,
		   struct err *e) MUST_USE;

/* All receipts of that run were seen: only the keys that it noted stay open.
 * Does nothing if the run could not note them. Errors as above.
 */
int base_file_narrow(const struct state *s, struct slice run,
		     uint64_t generation, struct err *e) MUST_USE;

/* All changes of the run that made the base are settled; generation is that of
 * the snapshot now. Does nothing if the base is of a different run, or void.
 * ERR_CONFIG, ERR_CREATE, ERR_IO.
 */
int base_file_settle(const struct state *s, struct slice run,
		     uint64_t generation, struct err *e) MUST_USE;

/* Adds the base as a member to an object; adds nothing if there is no base. */
void base_file_show(const struct state *s, struct buf *b);

#endif
