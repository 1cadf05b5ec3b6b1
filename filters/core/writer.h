/* writer.h - writes whole lines to a file descriptor, and notices every
 * failure.
 *
 * Floor 0. A record is built in writer_buf, then closed by writer_line; only
 * closed records are written. Every write, the last flush and the close are
 * checked, so that a full disk never looks like success.
 */
#ifndef CORE_WRITER_H
#define CORE_WRITER_H

#include "core/buf.h"
#include "core/err.h"

struct writer;

/* Runs before bytes are written. Returns 0, or -1 with *e set: then they are
 * not written.
 */
typedef int writer_before_fn(void *ctx, struct err *e);

/* A writer to fd, which writer_close closes. It flushes when flush_bytes (at
 * least 1) are buffered. Never NULL; free with writer_free.
 */
struct writer *writer_new(int fd, size_t flush_bytes) MUST_USE;

/* Frees without flushing: a failed run writes no partial record. NULL is
 * allowed.
 */
void writer_free(struct writer *w);

/* Sets two steps before records are written: begin, when the records are
 * closed, and end, after which they are written. If the buffer was full, end is
 * called only when the buffer is full again, so that what begin started can run
 * meanwhile. rudder-diff makes its intents durable with this.
 */
void writer_before(struct writer *w, writer_before_fn *begin,
		   writer_before_fn *end, void *ctx);

/* Called with the bytes that are written, in order. NULL: not called. */
typedef void writer_tap_fn(void *ctx, struct slice bytes);
void writer_tap(struct writer *w, writer_tap_fn *fn, void *ctx);

/* When quit becomes readable, a write that waits for room in a pipe fails:
 * ERR_TEMP, perhaps in the middle of a line. For callers that block the signals
 * that would interrupt it. quit is borrowed; -1 for none.
 */
void writer_quit(struct writer *w, int quit);

/* From now on a call waits for room in a pipe for at most a second. What could
 * not be written then waits in a temporary file, up to WRITER_SLACK_BYTES of
 * records a second and WRITER_SLACK_MOST in total, beyond which a call waits as
 * usual. For a source whose server disconnects a client that does not read. Not
 * for a writer with writer_before. After it is turned off, the next flush
 * writes everything.
 */
enum {
	WRITER_SLACK_BYTES = 256 * 1024,
	WRITER_SLACK_MOST = 1024 * 1024 * 1024,
};
void writer_slack(struct writer *w, bool on);

/* The buffer to append the current record to. It may move with each
 * writer_line.
 */
struct buf *writer_buf(struct writer *w);

/* Closes the record: adds LF, and flushes if enough is buffered. 0 or -1:
 *
 *     ERR_IO    write(2) failed (EINTR and EAGAIN are retried here)
 *     ERR_TEMP  see writer_quit
 *     any       error of the writer_before function
 */
int writer_line(struct writer *w, struct err *e) MUST_USE;

/* The current record so far; borrowed until the next call. */
struct slice writer_record(const struct writer *w);

/* Drops the current record. */
void writer_undo(struct writer *w);

/* Writes all closed records. Errors as writer_line. After a failed write
 * nothing more is written, because it might repeat a part.
 */
int writer_flush(struct writer *w, struct err *e) MUST_USE;

/* writer_flush as a reader_wait_fn; ctx is the writer. */
int writer_wait(void *ctx, struct err *e) MUST_USE;

/* Flushes and closes the descriptor; a failing close(2) is ERR_IO. */
int writer_close(struct writer *w, struct err *e) MUST_USE;

/* Writes all n bytes to fd. EINTR and EAGAIN are retried. ERR_IO. */
int writer_all(int fd, const char *p, size_t n, struct err *e) MUST_USE;

/* Replaces the file by these bytes, whole and durable: errors as file_begin,
 * and ERR_IO.
 */
int writer_replace(const char *path, struct slice bytes,
		   struct err *e) MUST_USE;

/* For a signal handler: whether a write to this descriptor has failed, perhaps
 * in the middle of a line; and whether a write is in progress.
 */
bool writer_failed(int fd);
bool writer_busy(int fd);

#endif
