/* dest_list.h - jobs in a list, for destinations that are done at once.
 *
 * Floor 2 (send).
 */
#ifndef SEND_DEST_DEST_LIST_H
#define SEND_DEST_DEST_LIST_H

#include "send/dest/dest.h"

/* The events of a job as a JSON array, for show. */
void dest_list_events(struct buf *b, const struct dest_job *job);

/* For destinations that are done at once: a list of jobs. */
struct dest_list {
	struct dest_job *first, **last;
};
void dest_list_push(struct dest_list *l, struct dest_job *job);
struct dest_job *dest_list_pop(struct dest_list *l);

/* The operations of those that have nothing but such a list, and whose start
 * pushes each job. Of a URL there may only be the scheme, which is for the
 * message (ERR_USAGE).
 */
int dest_list_open(void **d, const struct dest_options *o, const char *scheme,
		   struct err *e) MUST_USE;
int dest_list_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
		   struct err *e) MUST_USE;
struct dest_job *dest_list_done(void *d);
void dest_list_abort(void *d, struct dest_job *job);
void dest_list_close(void *d);

/* What those destinations have in common that write a line an event, one batch
 * after the other. Their struct begins with a struct dest_list.
 */
#define DEST_LIST_LINES                                                        \
	.frame = {"", "\n", "\n"}, .connections = 1,                           \
	.batch_bytes = (uint64_t)1024 * 1024, .max_bytes = BATCH_MAX_BYTES,    \
	.wait = dest_list_wait, .done = dest_list_done,                        \
	.abort = dest_list_abort

/* poll(2) for those that wait for nothing of their own. */
int dest_list_poll(struct pollfd *fds, unsigned n, int timeout_ms,
		   struct err *e);

#endif
