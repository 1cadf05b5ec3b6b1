/* check_sync.h - rudder check FILE: whether a sync would work, in named steps.
 *
 * Floor 2 (sync). Nothing is sent, and no state is written. The steps:
 *
 *     file         the sync file is read
 *     connection, listing, model     of rudder-query --check
 *     key          no row without a key, no key twice (by SQL where there is)
 *     mapping      rudder-map --check on the columns
 *     destination  rudder-send --check
 *     state        rudder-diff --status
 *
 * The last three once for each destination.
 */
#ifndef SYNC_CHECK_SYNC_H
#define SYNC_CHECK_SYNC_H

#include "sync/check_steps.h"

/* Runs all steps for a sync file, or for each connection of a rudder-cli
 * project.
 */
void check_sync(struct check_steps *s, char *path);

#endif
