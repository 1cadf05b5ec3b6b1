/* sync_parts.h - whether the states of a sync file are of its partitions.
 *
 * Floor 2 (sync). Each part of a table has a state of its own, and rudder-diff
 * refuses rows of another part. That is too late where `partitions` of a file
 * has changed: parts that are new would be sent before an old one is refused.
 */
#ifndef SYNC_SYNC_PARTS_H
#define SYNC_SYNC_PARTS_H

#include "sync/sync_file.h"

/* 0, or -1 ERR_CONFIG where a state of the sync is of a different number of
 * parts, or of a whole table where there are parts now, or the other way round.
 */
int sync_parts_check(const struct sync_file *f, struct err *e) MUST_USE;

#endif
