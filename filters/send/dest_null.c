#include "send/dest_null.h"

#include <stdlib.h>

#include "core/mem.h"

static int null_open(void **d, const struct dest_options *o, struct err *e)
{
	*d = mem_zero(sizeof(struct dest_list));
	if (o->url[0] == '\0')
		return 0;
	return err_set(e, ERR_USAGE, "destination: nothing follows 'null:'");
}

static void null_start(void *d, struct dest_job *job)
{
	job->reply = (struct reply){
		.class = REPLY_TAKEN, .delivered = true, .sent = 1};
	dest_push(d, job);
}

static int null_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
		     struct err *e)
{
	struct dest_list *l = d;

	return dest_poll(fds, n, l->first ? 0 : timeout_ms, e);
}

static struct dest_job *null_done(void *d)
{
	return dest_pop(d);
}

static void null_abort(void *d, struct dest_job *job)
{
	(void)d;
	(void)job;
}

static void null_close(void *d)
{
	free(d);
}

const struct dest dest_null = {
	.scheme = "null",
	.help = "",
	.frame = {"", "\n", "\n"},
	.connections = 1,
	.batch = 1000,
	.batch_bytes = 1024 * 1024,
	.max_bytes = BATCH_MAX_BYTES,
	.checked = "there is nothing to check",
	.open = null_open,
	.start = null_start,
	.wait = null_wait,
	.done = null_done,
	.abort = null_abort,
	.close = null_close,
};
