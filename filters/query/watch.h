/* watch.h - stops a blocking library call when the output closes or a time
 * limit passes.
 *
 * Floor 2 (query). For databases whose library blocks, so that the main thread
 * cannot poll. Another thread waits for SIGINT, SIGTERM and SIGHUP (unless
 * ignored), for the reader of the output to exit, and for the time limit. Then
 * it calls stop, once a second, until the main thread calls watch_leave.
 * SIGPIPE is delayed until watch_end as well.
 */
#ifndef QUERY_WATCH_H
#define QUERY_WATCH_H

#include "core/err.h"

/* Makes the call of the main thread return; runs in the watch's thread. */
typedef void watch_stop_fn(void *ctx);

struct watch;

/* Starts to watch. Threads created later do not get those signals. out is the
 * descriptor of the output; timeout_ms counts from now, 0: none. Returns NULL
 * with *e set: ERR_OS.
 */
struct watch *watch_start(int out, uint64_t timeout_ms, watch_stop_fn *stop,
			  void *ctx, struct err *e) MUST_USE;

/* Stops watching: stop is not called any more, and what it uses may be freed.
 */
void watch_leave(struct watch *w);

/* Frees w after watch_leave, and returns rc. But a signal received is raised
 * again, and if the reader of the output has gone, SIGPIPE is raised; both
 * seldom return. If rc is -1, *e then becomes the cause:
 *
 *     ERR_TEMP  the time limit
 *     ERR_IO    the reader has gone, and SIGPIPE is ignored
 *
 * A run that succeeded before it was stopped is a success.
 */
int watch_end(struct watch *w, int rc, struct err *e) MUST_USE;

#endif
