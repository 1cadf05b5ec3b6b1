/* hook_queue.h - the hooks of a sync, one after the other, each bounded in
 * time.
 *
 * Floor 2 (sync). Whoever waits for processes passes on which have ended, and
 * asks from time to time for those that take too long.
 */
#ifndef SYNC_HOOK_QUEUE_H
#define SYNC_HOOK_QUEUE_H

#include "sync/hook.h"

/* All-zero: no hooks. */
struct hook_queue {
	const struct sync_file *f;
	const struct sync_texts *hooks; /* borrowed */
	const sigset_t *mask;           /* of the hooks */
	struct buf record;              /* of the run, their input */
	size_t at;                      /* the one that is on, or next */
	pid_t pid;                      /* its process; 0: all have ended */
	uint64_t deadline_ms;
	bool terminated; /* the deadline was missed */
};

/* Starts the first of hooks, with the record of r. One that cannot be started
 * is reported, and the next one follows.
 */
void hook_queue_begin(struct hook_queue *q, const struct hook_run *r,
		      const struct sync_texts *hooks, const sigset_t *mask);

/* A process has ended, with a status as of waitpid(2): whether it was the hook
 * that is on. Reports a failure and starts the next hook; if there is none,
 * q.pid is 0.
 */
bool hook_queue_ended(struct hook_queue *q, pid_t pid, int status);

/* Ends the hook if it has missed its deadline, at first gently. Milliseconds
 * to its next deadline; -1 if no hook is on.
 */
int64_t hook_queue_check(struct hook_queue *q);

/* All-zero is allowed. */
void hook_queue_clear(struct hook_queue *q);

#endif
