/* watch.h - stops a blocking library call when the output closes or a limit
 * passes.
 *
 * Floor 2 (query). For databases whose library waits by itself, where we
 * cannot poll: a thread of its own waits for SIGINT, SIGTERM and SIGHUP (those
 * that are not ignored), for the reader of the output to go away, and for the
 * end of the time limit. Then it calls stop, once a second, until the main
 * thread comes to watch_leave. SIGPIPE waits for watch_end as well.
 */
#ifndef QUERY_WATCH_H
#define QUERY_WATCH_H

#include "core/err.h"

/* Makes the call of the main thread return; runs in the watch's thread. */
typedef void watch_stop_fn(void *ctx);

struct watch;

/* Starts to watch. Threads that are made after it do not get those signals.
 * out is the descriptor of the output; timeout_ms counts from now, 0: none.
 * NULL with *e set: ERR_OS.
 */
struct watch *watch_start(int out, uint64_t timeout_ms, watch_stop_fn *stop,
			  void *ctx, struct err *e) MUST_USE;

/* Stops watching: stop is not called any more, and what it uses may go. */
void watch_leave(struct watch *w);

/* Frees w, which watch_leave has ended, and gives rc back, unless something
 * had happened: a signal is raised again, and a reader that went away is a
 * SIGPIPE; both seldom return. A failure is then explained by it: -1, with *e
 * set anew:
 *
 *     ERR_TEMP  the time limit
 *     ERR_IO    the reader went away, and SIGPIPE is ignored
 *
 * What succeeded before it was stopped is a success.
 */
int watch_end(struct watch *w, int rc, struct err *e) MUST_USE;

#endif
