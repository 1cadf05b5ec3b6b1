/* dest_dry.c - a dry run: shows what another destination would do. */
#include <stdlib.h>

#include "core/mem.h"
#include "send/dest/dest.h"
#include "send/dest/dest_list.h"

struct dry {
	const struct dest *real;
	void *d; /* the data of real */
	bool as_curl;
	struct dest_list list;
	struct buf text; /* output of the last job */
};

static int dry_open(void **d, const struct dest_options *o, struct err *e)
{
	struct dry *x = mem_zero(sizeof(*x));

	*d = x;
	x->real = o->dry;
	x->as_curl = o->as_curl;
	return x->real->open(&x->d, o, e);
}

static void dry_start(void *d, struct dest_job *job)
{
	struct dry *x = d;

	dest_list_push(&x->list, job);
}

static int dry_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
		    struct err *e)
{
	struct dry *x = d;

	return dest_list_poll(fds, n, x->list.first ? 0 : timeout_ms, e);
}

static struct dest_job *dry_done(void *d)
{
	struct dry *x = d;
	struct dest_job *job = dest_list_pop(&x->list);

	if (!job)
		return NULL;
	x->text.n = 0;
	job->reply = (struct reply){.class = REPLY_TAKEN};
	if (x->real->show)
		x->real->show(x->d, job, x->as_curl, &x->text);
	job->shown = buf_all(&x->text);
	return job;
}

static void dry_abort(void *d, struct dest_job *job)
{
	(void)d;
	(void)job;
}

static void dry_close(void *d)
{
	struct dry *x = d;

	if (!x)
		return;
	if (x->d)
		x->real->close(x->d);
	buf_clear(&x->text);
	free(x);
}

const struct dest dest_dry = {
	.open = dry_open,
	.start = dry_start,
	.wait = dry_wait,
	.done = dry_done,
	.abort = dry_abort,
	.close = dry_close,
};
