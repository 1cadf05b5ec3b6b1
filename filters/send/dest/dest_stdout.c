/* dest_stdout.c - writes events to standard output, for another program.
 *
 * Receipts need another file or descriptor (--receipts).
 */
#include <stdio.h>
#include <unistd.h>

#include "core/writer.h"
#include "send/dest/dest.h"
#include "send/dest/dest_list.h"

static int stdout_open(void **d, const struct dest_options *o, struct err *e)
{
	return dest_list_open(d, o, "stdout", e);
}

/* Events written to a pipe are only accepted, not delivered: the reader may
 * still lose them.
 */
static void stdout_start(void *d, struct dest_job *job)
{
	struct slice body = job->body;
	struct reply *r = &job->reply;

	*r = (struct reply){.class = REPLY_TAKEN, .sent = 1};
	if (writer_all(STDOUT_FILENO, body.p, body.n, &r->err) < 0) {
		r->class = REPLY_FATAL;
		r->doubt = true;
		snprintf(r->reason, sizeof(r->reason), "%.250s", r->err.text);
	}
	dest_list_push(d, job);
}

static void stdout_show(void *d, struct dest_job *job, bool as_curl,
			struct buf *b)
{
	(void)d;
	(void)as_curl;
	buf_str(b, "\"output\":");
	dest_list_events(b, job);
}

const struct dest dest_stdout = {
	.scheme = "stdout",
	.help = "",
	DEST_LIST_LINES,
	.batch = 1000,
	.takes_output = true,
	.checked = "nothing to check",
	.open = stdout_open,
	.show = stdout_show,
	.start = stdout_start,
	.close = dest_list_close,
};
