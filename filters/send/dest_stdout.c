#include "send/dest_stdout.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/writer.h"

static int stdout_open(void **d, const struct dest_options *o, struct err *e)
{
	*d = mem_zero(sizeof(struct dest_list));
	if (o->url[0] == '\0')
		return 0;
	return err_set(e, ERR_USAGE, "destination: nothing follows 'stdout:'");
}

/* What a pipe has taken is the reader's, or lost with it: accepted, no more. */
static void stdout_start(void *d, struct dest_job *job)
{
	struct slice body = job->body;
	struct reply *r = &job->reply;

	*r = (struct reply){.class = REPLY_TAKEN, .sent = 1};
	if (writer_all(STDOUT_FILENO, body.p, body.n, &r->err) < 0) {
		r->class = REPLY_FATAL;
		snprintf(r->reason, sizeof(r->reason), "%.250s", r->err.text);
	}
	dest_push(d, job);
}

static int stdout_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
		       struct err *e)
{
	struct dest_list *l = d;

	return dest_poll(fds, n, l->first ? 0 : timeout_ms, e);
}

static struct dest_job *stdout_done(void *d)
{
	return dest_pop(d);
}

static void stdout_abort(void *d, struct dest_job *job)
{
	(void)d;
	(void)job;
}

static void stdout_close(void *d)
{
	free(d);
}

const struct dest dest_stdout = {
	.scheme = "stdout",
	.help = "",
	.frame = {"", "\n", "\n"},
	.connections = 1,
	.batch = 1000,
	.batch_bytes = 1024 * 1024,
	.max_bytes = BATCH_MAX_BYTES,
	.takes_output = true,
	.checked = "there is nothing to check",
	.open = stdout_open,
	.start = stdout_start,
	.wait = stdout_wait,
	.done = stdout_done,
	.abort = stdout_abort,
	.close = stdout_close,
};
