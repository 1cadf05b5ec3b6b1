/* run_syncs.h - rudder run: runs syncs as pipelines of processes.
 *
 * Floor 2 (sync). One process starts the pipelines, at most jobs at a time,
 * each sync after those that its `after` names, and waits for them; then it
 * runs the hooks. No data passes through it: if it is killed, the pipelines
 * still finish.
 */
#ifndef SYNC_RUN_SYNCS_H
#define SYNC_RUN_SYNCS_H

#include "core/opt.h"
#include "sync/stages.h"
#include "sync/sync_files.h"

struct run_options {
	struct stages_options stages;
	uint64_t jobs;          /* pipelines at a time; 0 is 1 */
	struct opt_list select; /* see sync_order.h */
	uint64_t canary; /* events to send first (canary.h); 0: all at once */
	bool print;      /* write the pipelines for sh, run nothing */
};

/* Runs the syncs of these files and projects (ended by NULL), or, without a
 * path, all in the folder syncs. Returns 0, or -1 with the worst status of all.
 * The error has no text if there is one sync, because its tools have reported
 * it. ERR_USAGE if nothing is selected; ERR_CONFIG if `after` has a cycle.
 */
int run_syncs(const struct run_options *o, char *const *paths,
	      struct err *e) MUST_USE;

#endif
