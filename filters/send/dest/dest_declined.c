/* dest_declined.c - sends nothing, because the plan was not approved.
 *
 * Receipts say "failed: not approved", so that the changes are no longer
 * pending, and the next run offers the rows as they are then.
 */
#include <stdlib.h>

#include "core/mem.h"
#include "send/dest/dest.h"
#include "send/dest/dest_list.h"

struct declined {
	struct dest_list list; /* first: dest_list_* get its address */
	struct dest_item *item;
	size_t n;
};

static int declined_open(void **d, const struct dest_options *o, struct err *e)
{
	struct declined *x = mem_zero(sizeof(*x));

	*d = x;
	if (o->url[0] == '\0')
		return 0;
	return err_names(e, ERR_USAGE,
			 "destination: 'declined:' takes no argument");
}

static void declined_start(void *d, struct dest_job *job)
{
	struct declined *x = d;
	size_t n = job->to - job->from;

	if (n > x->n)
		x->item = mem_resize(x->item, n * sizeof(*x->item));
	for (; x->n < n; x->n++)
		x->item[x->n] = (struct dest_item){REPLY_LATER, "not approved"};
	job->item = x->item;
	job->reply = (struct reply){.class = REPLY_EACH};
	dest_list_push(&x->list, job);
}

static void declined_close(void *d)
{
	struct declined *x = d;

	free(x->item);
	dest_list_close(x);
}

const struct dest dest_declined = {
	.scheme = "declined",
	.help = "",
	DEST_LIST_LINES,
	.batch = 1000,
	.declines = true,
	.checked = "nothing to check",
	.open = declined_open,
	.start = declined_start,
	.close = declined_close,
};
