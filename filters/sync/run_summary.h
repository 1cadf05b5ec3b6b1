/* run_summary.h - the line of a sync that rudder run shows on a terminal.
 *
 * Floor 2 (sync). "users: 49 rows delivered (2 failed: rudder log --failing
 * users)" instead of the summary of rudder-diff --commit, which has no name.
 */
#ifndef SYNC_RUN_SUMMARY_H
#define SYNC_RUN_SUMMARY_H

#include <signal.h>

#include "sync/stages.h"

/* Turns off the summaries of the commands that this process starts, if it
 * prints its own: on a terminal, or with -v. Returns whether it does.
 */
bool run_summary_begin(void);

/* Prints the line of each of n destinations from first, for the runs since
 * since_ms (wall clock); nothing for a destination without such a run. mapping
 * has the mapping states before the run: the first sync of a state is named as
 * such.
 */
void run_summary(const struct sync_file *f, size_t first, size_t n,
		 const enum mapping_state *mapping, uint64_t since_ms,
		 const sigset_t *mask);

#endif
