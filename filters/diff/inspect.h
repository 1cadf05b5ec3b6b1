/* inspect.h - shows a state, and erases one key from it.
 *
 * Floor 2 (diff). Output is NDJSON, for people with jq.
 */
#ifndef DIFF_INSPECT_H
#define DIFF_INSPECT_H

#include "core/err.h"
#include "diff/state/snapshot.h"

/* Prints one object about the state in the folder: number of keys, key columns,
 * unacknowledged changes, whether receipts are left to apply, when it was last
 * committed, its last runs. Checks all of its files. ERR_INPUT, ERR_CONFIG;
 * ERR_EXPECT after the object if no run has succeeded within max_age_ms (0: no
 * limit).
 */
int inspect_status(const char *dir, uint64_t max_age_ms, int out,
		   struct err *e) MUST_USE;

/* Prints one object for each key of the snapshot, then one for each
 * unacknowledged change.
 */
int inspect_dump(const char *dir, int out, struct err *e) MUST_USE;

/* Prints one object: whether a run with this mapping, as rudder-map
 * --print-record writes it, must resend the rows that were delivered with the
 * mapping of the state ("changed"), whether the state already notes such a
 * resend ("resend"), and the number of rows. A missing state has no rows.
 */
int inspect_mapping(const char *dir, const char *record, int out,
		    struct err *e) MUST_USE;

/* Removes a key from the snapshot, pending and the history, and removes
 * temporary files of killed processes, so that nothing of the key is left.
 * ERR_INPUT if the state does not have the key, ERR_TEMP while a run is active.
 * Above `memory` bytes (0: no limit) it uses temporary files.
 */
int inspect_forget(const char *dir, const char *id, uint64_t memory,
		   uint64_t wait_ms, struct err *e) MUST_USE;

#endif
