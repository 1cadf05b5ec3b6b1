/* sync_parts.h - checks that the states of a sync file belong to its
 * `partitions`.
 *
 * Floor 2 (sync). Each part of a table has its own state, and rudder-diff
 * rejects rows of another part. That is too late if `partitions` of a file has
 * changed: the rows of new parts would be sent before those of an old part are
 * rejected.
 */
#ifndef SYNC_SYNC_PARTS_H
#define SYNC_SYNC_PARTS_H

#include "sync/sync_file.h"

/* Returns 0, or -1 with ERR_CONFIG if a state of the sync is for a different
 * number of parts, including a whole table in place of parts or the reverse.
 */
int sync_parts_check(const struct sync_file *f, struct err *e) MUST_USE;

#endif
