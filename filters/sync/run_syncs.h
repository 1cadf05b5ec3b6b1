/* run_syncs.h - rudder run: syncs as pipelines of processes.
 *
 * Floor 2 (sync). One process starts the pipelines, at most jobs at a time, in
 * an order in which a sync comes behind those that its `after` names, and waits
 * for them; hooks follow. It is in nobody's way: when it is killed, the
 * pipelines end by themselves.
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
	uint64_t canary;        /* events to send first, see canary.h; 0: no */
	bool print;             /* write the pipelines for sh, run nothing */
};

/* Runs the syncs of files and projects, or all in the folder syncs where there
 * is no path (ended by NULL). 0, or -1 with the worst status of all of them,
 * without a text where there is one sync: its tools have said what failed.
 * ERR_USAGE where nothing is selected; ERR_CONFIG where `after` goes in a
 * circle.
 */
int run_syncs(const struct run_options *o, char *const *paths,
	      struct err *e) MUST_USE;

#endif
