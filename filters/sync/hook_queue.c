#include "sync/hook_queue.h"

#include <sys/wait.h>

#include "core/clock.h"
#include "core/tool.h"

enum { KILL_AFTER_MS = 2000 };

static void start_next(struct hook_queue *q)
{
	struct err e;

	q->terminated = false;
	for (; q->at < q->hooks->n; q->at++) {
		q->pid = hook_start(q->f, q->hooks->v[q->at],
				    buf_all(&q->record), q->mask, &e);
		if (q->pid > 0) {
			q->deadline_ms =
				clock_mono_ms() + q->f->hook_timeout_ms;
			return;
		}
		tool_warn("sync '%s': %s", q->f->name, e.text);
	}
	q->pid = 0;
}

void hook_queue_begin(struct hook_queue *q, const struct hook_run *r,
		      const struct sync_texts *hooks, const sigset_t *mask)
{
	*q = (struct hook_queue){.f = r->file, .hooks = hooks, .mask = mask};
	hook_record(&q->record, r, mask);
	start_next(q);
}

bool hook_queue_ended(struct hook_queue *q, pid_t pid, int status)
{
	if (q->pid <= 0 || q->pid != pid)
		return false;
	if (q->terminated)
		tool_warn("sync '%s': hook %zu was ended after %ju s "
			  "(hook_timeout)",
			  q->f->name, q->at + 1,
			  (uintmax_t)q->f->hook_timeout_ms / 1000);
	else if (status != 0)
		tool_warn("sync '%s': hook %zu failed with status %d",
			  q->f->name, q->at + 1,
			  WIFEXITED(status) ? WEXITSTATUS(status)
					    : 128 + WTERMSIG(status));
	q->at++;
	start_next(q);
	return true;
}

int64_t hook_queue_check(struct hook_queue *q)
{
	uint64_t now = clock_mono_ms();

	if (q->pid <= 0)
		return -1;
	if (now >= q->deadline_ms) {
		kill(-q->pid, q->terminated ? SIGKILL : SIGTERM);
		q->terminated = true;
		q->deadline_ms = now + KILL_AFTER_MS;
	}
	return (int64_t)(q->deadline_ms - now);
}

void hook_queue_clear(struct hook_queue *q)
{
	buf_clear(&q->record);
	*q = (struct hook_queue){0};
}
