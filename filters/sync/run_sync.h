/* run_sync.h - the data of rudder run: all syncs that it runs, and each of
 * them.
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

/* A sync, or one part of it (`partitions`). */
struct run_sync {
	const struct sync_file *f;
	char *name; /* owned: "users", or with parts "users/2" */
	enum turn turn;
	enum mapping_state *mapping; /* by destination, see stages.h */
	size_t first, n;             /* its destinations */
	size_t at; /* if each has its own pipeline: the current one */
	struct pipeline p;
	int status; /* worst status so far */
	uint64_t started_ms;
	struct hook_queue hooks;
};

struct running {
	const struct run_options *o;
	struct run_sync *sync;
	size_t n, running;
	unsigned stops;            /* number of signals that asked to stop */
	uint64_t stop_ms;          /* time of the first of them */
	bool sums;                 /* print a summary line for each sync */
	const struct err *refused; /* error that prevents all syncs, or NULL */
	sigset_t mask;             /* signal mask at the start */
};

/* Whether each destination has a pipeline of its own. */
bool run_sync_is_apart(const struct running *r, const struct run_sync *s);

/* Adds the stages of the pipeline that is next. */
void run_sync_stages(struct stages *s, const struct running *r,
		     const struct run_sync *x);

#endif
