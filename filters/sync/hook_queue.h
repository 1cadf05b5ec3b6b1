/* hook_queue.h - runs the hooks of a sync one after the other, each with a time
 * limit.
 *
 * Floor 2 (sync). The caller, which waits for processes, reports each one that
 * has ended, and calls hook_queue_check from time to time to enforce the limit.
 */
#ifndef SYNC_HOOK_QUEUE_H
#define SYNC_HOOK_QUEUE_H

#include "sync/hook.h"

/* All-zero: no hooks. */
struct hook_queue {
	const struct sync_file *f;
	const struct sync_texts *hooks; /* borrowed */
	const sigset_t *mask;           /* signal mask of the hooks */
	struct buf record; /* record of the run, the hooks' input */
	size_t at;         /* index of the hook that runs, or is next */
	pid_t pid;         /* its process; 0: all hooks have ended */
	uint64_t deadline_ms;
	bool terminated; /* it was sent SIGTERM after its deadline */
};

/* Starts the first hook, with the record of r. A hook that cannot be started is
 * reported, and the next one is started.
 */
void hook_queue_begin(struct hook_queue *q, const struct hook_run *r,
		      const struct sync_texts *hooks, const sigset_t *mask);

/* Handles a process that has ended, with a status of waitpid(2). Returns
 * whether it was the running hook. If so, reports a failure and starts the next
 * hook; after the last one, q.pid is 0.
 */
bool hook_queue_ended(struct hook_queue *q, pid_t pid, int status);

/* Ends the hook if its deadline has passed, first with SIGTERM. Returns the
 * milliseconds to its next deadline, or -1 if no hook runs.
 */
int64_t hook_queue_check(struct hook_queue *q);

/* All-zero is allowed. */
void hook_queue_clear(struct hook_queue *q);

#endif
