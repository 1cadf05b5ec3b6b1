/* run_summary.h - the line of a sync that rudder run shows on a terminal.
 *
 * Floor 2 (sync). "users: 49 rows delivered (2 failed: rudder log --failing
 * users)" instead of the summary of rudder-diff --commit, which has no name.
 */
#ifndef SYNC_RUN_SUMMARY_H
#define SYNC_RUN_SUMMARY_H

#include <signal.h>

#include "sync/stages.h"

/* Keeps the commands that this process starts from their own summaries, if a
 * person watches or -v asks for ours; that stays. Whether it is so.
 */
bool run_summary_begin(void);

/* Shows the line of each of n destinations from first, by the records of runs
 * since a wall time; nothing if there is none. mapping is of before the run,
 * by destination: the first sync of a state is named so.
 */
void run_summary(const struct sync_file *f, size_t first, size_t n,
		 const enum mapping_state *mapping, uint64_t since_ms,
		 const sigset_t *mask);

#endif
