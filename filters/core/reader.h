/* reader.h - split a byte stream into lines, without copying them.
 *
 * Floor 0 (core): knows bytes and LF, nothing of JSON. Single-threaded.
 *
 * Shape: a line is any bytes but LF (0x0a), NUL included, and ends at LF. CR is
 * kept: JSON counts it as white space (RFC 8259, 2). Bytes after the last LF
 * are not a line: the stream was truncated there, see reader_tail.
 */
#ifndef CORE_READER_H
#define CORE_READER_H

#include "core/err.h"
#include "core/slice.h"

/* This many bytes after the LF of a line may be read (not written), so that a
 * scanner can load whole vectors.
 */
#define READER_PAD 64

struct reader;

/* Runs before each read(2) that would block; a filter flushes its output here,
 * so a record never waits in our buffer for the next one to arrive. Returns 0,
 * or -1 with *e set, which reader_next passes on.
 */
typedef int reader_wait_fn(void *ctx, struct err *e);

/* A reader of fd, which the caller closes. A line longer than max_bytes
 * (without LF; at least 1) is truncated, see reader_too_long. wait may be NULL.
 * Never NULL; free with reader_free.
 */
struct reader *reader_new(int fd, size_t max_bytes, reader_wait_fn *wait,
			  void *ctx) MUST_USE;

/* Used instead of read(2) and wait: puts up to room bytes at `to`, and their
 * number in *got. 1, 0 at the end, or -1 with *e set.
 */
typedef int reader_source_fn(void *ctx, char *to, size_t room, size_t *got,
			     struct err *e);

/* Reads from a function from now on, instead of fd. */
void reader_from(struct reader *r, reader_source_fn *source, void *ctx);

/* Call it before the first read: skips a byte order mark (U+FEFF) and blank
 * lines at the start, which some editors and exports write. reader_lineno
 * counts such lines.
 */
void reader_skip_start(struct reader *r);

/* NULL is allowed. */
void reader_free(struct reader *r);

/* The next line: 1 with *line set, 0 at end of input, -1 with *e set:
 *
 *     ERR_IO    read(2) failed (EINTR is retried here)
 *     any       error of wait
 *
 * The byte after the line is its LF, and READER_PAD bytes from there may be
 * read. *line is borrowed: it and all lines since the last read(2) are valid
 * until a call of reader_next for which reader_ready was false. After 0 or -1,
 * only the functions below that ask something, and reader_free, may be called.
 */
int reader_next(struct reader *r, struct slice *line, struct err *e) MUST_USE;

/* Reads until reader_next has a line: 1, 0 at end of input, -1 as reader_next.
 * If it has to read, all lines become invalid.
 */
int reader_await(struct reader *r, struct err *e) MUST_USE;

/* The bytes that were read and not yet returned: whole lines, and perhaps the
 * start of one more. A NUL follows, and READER_PAD bytes may be read. For a
 * caller that finds the end of a line by itself while it parses the line.
 */
struct slice reader_rest(const struct reader *r);

/* Returns the first line of reader_rest, of n bytes and its LF, as reader_next
 * would: true, or false if it is too long, which reader_next handles.
 */
bool reader_take(struct reader *r, size_t n, struct slice *line) MUST_USE;

/* One read(2), for a caller that waits with poll(2) for other descriptors too.
 * 1 if there were bytes, 0 at end of input, -1 with *e set. All lines become
 * invalid. Afterwards take lines while reader_ready is true.
 */
int reader_more(struct reader *r, struct err *e) MUST_USE;

/* Whether the next reader_next returns a line without read(2), so that earlier
 * lines stay valid.
 */
bool reader_ready(struct reader *r);

/* Whether the last line returned was longer than max_bytes. Then *line was its
 * first max_bytes bytes, without an LF after them; the rest was dropped.
 */
bool reader_too_long(const struct reader *r);

/* The number of bytes after the last LF, at the end of input: 0 unless the
 * input was truncated.
 */
uint64_t reader_tail(const struct reader *r);

/* Number of the last line returned, from 1; 0 before the first. */
uint64_t reader_lineno(const struct reader *r);

#endif
