/* inspect.h - shows a state, and erases one key from it.
 *
 * Floor 2 (diff). Output is NDJSON, for people with jq.
 */
#ifndef DIFF_INSPECT_H
#define DIFF_INSPECT_H

#include "core/err.h"
#include "diff/state/snapshot.h"

/* One object about the state in the folder: keys, key columns, unacknowledged
 * changes, whether receipts are left, when it was last committed, its last
 * runs. Checks all of its files. ERR_INPUT, ERR_CONFIG; ERR_EXPECT after the
 * object when no run has succeeded for max_age_ms (0: whenever).
 */
int inspect_status(const char *dir, uint64_t max_age_ms, int out,
		   struct err *e) MUST_USE;

/* One object a key of the snapshot, then one per unacknowledged change. */
int inspect_dump(const char *dir, int out, struct err *e) MUST_USE;

/* One object: whether a mapping, as rudder-map --print-record writes it, makes
 * a run send the rows again that were delivered with the mapping of the state
 * ("changed"), whether the state notes such a resend already ("resend"), and
 * the number of rows. A state that is not there has none.
 */
int inspect_mapping(const char *dir, const char *record, int out,
		    struct err *e) MUST_USE;

/* Take a key out of snapshot, pending and history, and remove what a killed
 * process left of files: what was ever sent of it is forgotten. ERR_INPUT when
 * the state does not know it, ERR_TEMP while a run is on. Above memory bytes
 * (0: no limit) it uses temporary files.
 */
int inspect_forget(const char *dir, const char *id, uint64_t memory,
		   uint64_t wait_ms, struct err *e) MUST_USE;

#endif
