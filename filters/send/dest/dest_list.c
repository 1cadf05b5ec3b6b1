#include "send/dest/dest_list.h"

#include <errno.h>
#include <stdlib.h>

#include "core/mem.h"

void dest_list_push(struct dest_list *l, struct dest_job *job)
{
	if (!l->first)
		l->last = &l->first;
	job->next = NULL;
	*l->last = job;
	l->last = &job->next;
}

struct dest_job *dest_list_pop(struct dest_list *l)
{
	struct dest_job *job = l->first;

	if (job)
		l->first = job->next;
	return job;
}

int dest_list_poll(struct pollfd *fds, unsigned n, int timeout_ms,
		   struct err *e)
{
	if (poll(fds, n, timeout_ms) < 0 && errno != EINTR)
		return err_sys(e, ERR_OS, "cannot wait");
	return 0;
}

/* ---- destinations that finish at once --------------------------------- */

int dest_list_open(void **d, const struct dest_options *o, const char *scheme,
		   struct err *e)
{
	*d = mem_zero(sizeof(struct dest_list));
	if (o->url[0] == '\0')
		return 0;
	return err_names(e, ERR_USAGE, "destination: '%s:' takes no argument",
			 scheme);
}

int dest_list_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
		   struct err *e)
{
	struct dest_list *l = d;

	return dest_list_poll(fds, n, l->first ? 0 : timeout_ms, e);
}

struct dest_job *dest_list_done(void *d)
{
	return dest_list_pop(d);
}

void dest_list_abort(void *d, struct dest_job *job)
{
	(void)d;
	(void)job;
}

void dest_list_close(void *d)
{
	free(d);
}

void dest_list_events(struct buf *b, const struct dest_job *job)
{
	for (size_t i = job->from; i < job->to; i++) {
		buf_char(b, i == job->from ? '[' : ',');
		buf_slice(b, batch_text(job->batch, job->batch->item[i].event));
	}
	buf_char(b, ']');
}
