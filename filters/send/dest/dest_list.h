/* dest_list.h - a list of jobs, for destinations that finish a job at once.
 *
 * Floor 2 (send).
 */
#ifndef SEND_DEST_DEST_LIST_H
#define SEND_DEST_DEST_LIST_H

#include "send/dest/dest.h"

/* Appends the events of a job as a JSON array, for dest.show. */
void dest_list_events(struct buf *b, const struct dest_job *job);

/* Jobs that are finished, in order. */
struct dest_list {
	struct dest_job *first, **last;
};
void dest_list_push(struct dest_list *l, struct dest_job *job);
struct dest_job *dest_list_pop(struct dest_list *l);

/* The operations of destinations that have only such a list, to which their
 * start adds each job. scheme is for the error message: the URL must be the
 * scheme alone (ERR_USAGE).
 */
int dest_list_open(void **d, const struct dest_options *o, const char *scheme,
		   struct err *e) MUST_USE;
int dest_list_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
		   struct err *e) MUST_USE;
struct dest_job *dest_list_done(void *d);
void dest_list_abort(void *d, struct dest_job *job);
void dest_list_close(void *d);

/* What all destinations share that write one event per line, one batch after
 * the other. Their struct begins with a struct dest_list.
 */
#define DEST_LIST_LINES                                                        \
	.frame = {"", "\n", "\n"}, .connections = 1,                           \
	.batch_bytes = (uint64_t)1024 * 1024, .max_bytes = BATCH_MAX_BYTES,    \
	.wait = dest_list_wait, .done = dest_list_done,                        \
	.abort = dest_list_abort

/* poll(2), for destinations that wait for nothing themselves. */
int dest_list_poll(struct pollfd *fds, unsigned n, int timeout_ms,
		   struct err *e);

#endif
