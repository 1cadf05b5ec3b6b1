/* run_sync.h - one sync of those that rudder run runs, and all of them.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_RUN_SYNC_H
#define SYNC_RUN_SYNC_H

#include <signal.h>

#include "sync/hook_queue.h"
#include "sync/pipeline.h"
#include "sync/run_syncs.h"
#include "sync/stages.h"
#include "sync/sync_file.h"

enum turn { TURN_WAITING, TURN_RUNNING, TURN_HOOK, TURN_DONE };

/* A sync, or one part of it. */
struct run_sync {
	const struct sync_file *f;
	char *name; /* owned: "users", or with parts "users/2" */
	enum turn turn;
	enum mapping_state *mapping; /* by destination, see stages.h */
	size_t first, n;             /* its destinations */
	size_t at; /* where they are apart: the one that is run */
	struct pipeline p;
	int status; /* the worst so far */
	uint64_t started_ms;
	struct hook_queue hooks;
};

struct running {
	const struct run_options *o;
	struct run_sync *sync;
	size_t n, running;
	unsigned stops;            /* signals that asked for the end */
	uint64_t stop_ms;          /* when the first one came */
	bool sums;                 /* a line for each sync is shown */
	const struct err *refused; /* why no sync can be run; NULL: they can */
	sigset_t mask;             /* as it was */
};

/* Whether each destination has a pipeline of its own. */
bool run_sync_is_apart(const struct running *r, const struct run_sync *s);

/* Those of the pipeline whose turn it is. */
void run_sync_stages(struct stages *s, const struct running *r,
		     const struct run_sync *x);

#endif
