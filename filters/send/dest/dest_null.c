/* dest_null.c - accepts all events and sends them nowhere, for measuring and
 * trying out.
 *
 * Receipts say "delivered".
 */
#include "send/dest/dest.h"
#include "send/dest/dest_list.h"

static int null_open(void **d, const struct dest_options *o, struct err *e)
{
	return dest_list_open(d, o, "null", e);
}

static void null_start(void *d, struct dest_job *job)
{
	job->reply = (struct reply){
		.class = REPLY_TAKEN, .delivered = true, .sent = 1};
	dest_list_push(d, job);
}

const struct dest dest_null = {
	.scheme = "null",
	.help = "",
	DEST_LIST_LINES,
	.batch = 1000,
	.checked = "nothing to check",
	.open = null_open,
	.start = null_start,
	.close = dest_list_close,
};
