/* check_sync.h - rudder check FILE: checks in named steps whether a sync would
 * work.
 *
 * Floor 2 (sync). Sends nothing, and writes no state. The steps:
 *
 *     file         reads the sync file
 *     connection, listing, model     those of rudder-query --check
 *     key          no row lacks a key, no key is duplicate (only with SQL)
 *     mapping      rudder-map --check with the columns
 *     destination  rudder-send --check
 *     state        rudder-diff --status
 *
 * The last three run once for each destination.
 */
#ifndef SYNC_CHECK_SYNC_H
#define SYNC_CHECK_SYNC_H

#include "sync/check_steps.h"

/* Runs all steps for each of these sync files (ended by NULL); of a rudder-cli
 * project, for each connection. Then warns of syncs that share a state but not
 * their rows.
 */
void check_sync(struct check_steps *s, char *const *paths);

#endif
