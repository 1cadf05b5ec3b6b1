/* shared_states.h - warns of syncs that share a state but not their rows.
 *
 * Floor 2 (sync). Two sync files may have one state, such as an hourly one with
 * a cursor and a nightly one that reads all rows. If they read different rows,
 * the state takes those of the one as missing in the other, and mode mirror
 * deletes them.
 */
#ifndef SYNC_SHARED_STATES_H
#define SYNC_SHARED_STATES_H

#include "sync/sync_files.h"

/* Warns of each sync that has the state of an earlier one and a different
 * source or table. The text of a SELECT is not compared: it may be another
 * choice of the same rows.
 */
void shared_states_warn(const struct sync_files *all);

#endif
