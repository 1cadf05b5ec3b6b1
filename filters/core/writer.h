/* writer.h - whole lines to a file descriptor, every failure noticed.
 *
 * Floor 0. A record is built in writer_buf, then closed by writer_line;
 * only closed records ever leave. What leaves is checked at every write, at
 * the last flush and at close, so that a full disk is never mistaken for
 * success.
 */
#ifndef CORE_WRITER_H
#define CORE_WRITER_H

#include "core/buf.h"
#include "core/err.h"

struct writer;

/* Runs before bytes leave. Returns 0, or -1 with *e set: then they do not. */
typedef int writer_before_fn(void *ctx, struct err *e);

/* A writer to fd, which writer_close closes. It flushes by itself when
 * flush_bytes (at least 1) are waiting. Never NULL; free with writer_free.
 */
struct writer *writer_new(int fd, size_t flush_bytes) MUST_USE;

/* Frees without flushing: a failed run leaves nothing half-written behind.
 * NULL is allowed.
 */
void writer_free(struct writer *w);

/* Two steps before bytes leave: begin, when the records that are to leave are
 * closed, and end, after which they do. Of those that leave because enough is
 * waiting, the end comes when as much is waiting again, so that what begin has
 * started has the time that takes. rudder-diff makes its intents durable here.
 */
void writer_before(struct writer *w, writer_before_fn *begin,
		   writer_before_fn *end, void *ctx);

/* Sees the bytes that leave, in order. NULL: nobody. */
typedef void writer_tap_fn(void *ctx, struct slice bytes);
void writer_tap(struct writer *w, writer_tap_fn *fn, void *ctx);

/* When quit can be read, a write that waits for room in a pipe ends: ERR_TEMP,
 * perhaps in the middle of a line. For callers that block the signals that
 * would end it. quit is borrowed; -1 for none.
 */
void writer_quit(struct writer *w, int quit);

/* From now on a call waits for room in a pipe for a second at most; what has
 * not left then waits in a temporary file, WRITER_SLACK_BYTES of records a
 * second and WRITER_SLACK_MOST in all, beyond which a call waits as ever. For
 * a source whose server gives up a client that reads nothing. Not for a writer
 * with writer_before. Turned off, what waits leaves with the next flush.
 */
enum {
	WRITER_SLACK_BYTES = 256 * 1024,
	WRITER_SLACK_MOST = 1024 * 1024 * 1024,
};
void writer_slack(struct writer *w, bool on);

/* Where to append the record being built. It may move with each writer_line. */
struct buf *writer_buf(struct writer *w);

/* Close the record: adds LF, and flushes when enough is waiting. 0 or -1:
 *
 *     ERR_IO    write(2) failed (EINTR and EAGAIN are retried here)
 *     ERR_TEMP  see writer_quit
 *     any       what the writer_before function said
 */
int writer_line(struct writer *w, struct err *e) MUST_USE;

/* The record being built, as far as it is; borrowed until the next call. */
struct slice writer_record(const struct writer *w);

/* Forget the record being built. */
void writer_undo(struct writer *w);

/* Write out all closed records. Errors as writer_line; after a failed write
 * nothing more is written, which might repeat a part of it.
 */
int writer_flush(struct writer *w, struct err *e) MUST_USE;

/* writer_flush in the shape of a reader_wait_fn; ctx is the writer. */
int writer_wait(void *ctx, struct err *e) MUST_USE;

/* Flush and close the descriptor; a failing close(2) is ERR_IO. */
int writer_close(struct writer *w, struct err *e) MUST_USE;

/* Write all n bytes to fd. EINTR and EAGAIN are retried. ERR_IO. */
int writer_all(int fd, const char *p, size_t n, struct err *e) MUST_USE;

/* These bytes become the file, whole and durable: see file_begin, whose errors
 * it has, and ERR_IO.
 */
int writer_replace(const char *path, struct slice bytes,
		   struct err *e) MUST_USE;

/* Whether a write to this descriptor has failed, perhaps in the middle of a
 * line; and whether one is under way, for a signal handler.
 */
bool writer_failed(int fd);
bool writer_busy(int fd);

#endif
