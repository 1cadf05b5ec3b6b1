/* reader.h - split a byte stream into lines, without copying them.
 *
 * Floor 0 (core): knows bytes and LF, nothing of JSON. Single-threaded.
 *
 * Shape: a line is any bytes but LF (0x0a), NUL included, and ends at LF.
 * CR is kept: JSON counts it as white space (RFC 8259, 2). What follows the
 * last LF is not a line: the stream was cut there, see reader_tail.
 */
#ifndef CORE_READER_H
#define CORE_READER_H

#include "core/err.h"
#include "core/slice.h"

/* Bytes that may be read (not written) behind the LF of a line, so that a
 * scanner can load whole vectors.
 */
#define READER_PAD 64

struct reader;

/* Runs before each read(2) that would block; a filter flushes its output
 * here, so a record never waits in our buffer for the next one to arrive.
 * Returns 0, or -1 with *e set, which reader_next hands on.
 */
typedef int reader_wait_fn(void *ctx, struct err *e);

/* A reader of fd, which stays the caller's to close. A line longer than
 * max_bytes (without LF; at least 1) is not kept, see reader_too_long. wait
 * may be NULL. Never NULL; free with reader_free.
 */
struct reader *reader_new(int fd, size_t max_bytes, reader_wait_fn *wait,
			  void *ctx) MUST_USE;

/* In place of read(2) and wait: up to room bytes to to, their number in *got.
 * 1, 0 at the end, or -1 with *e set.
 */
typedef int reader_source_fn(void *ctx, char *to, size_t room, size_t *got,
			     struct err *e);

/* Bytes come from a function from now on, and not from fd. */
void reader_from(struct reader *r, reader_source_fn *source, void *ctx);

/* Passes over a byte order mark (U+FEFF) and blank lines at the start, as some
 * editors and exports write them: before the first read. Such lines count in
 * reader_lineno.
 */
void reader_skip_start(struct reader *r);

/* NULL is allowed. */
void reader_free(struct reader *r);

/* Next line: 1 with *line set, 0 at end of input, -1 with *e set:
 *
 *     ERR_IO    read(2) failed (EINTR is retried here)
 *     any       what wait said
 *
 * The byte behind the line is its LF, and READER_PAD bytes from there may be
 * read. *line is borrowed: it and all lines since the last read(2) live until
 * a reader_next call for which reader_ready said false. After 0 or -1, only
 * the questions below and reader_free may follow.
 */
int reader_next(struct reader *r, struct slice *line, struct err *e) MUST_USE;

/* Reads until reader_next has a line: 1, 0 at end of input, -1 as that. All
 * lines die if it has to read.
 */
int reader_await(struct reader *r, struct err *e) MUST_USE;

/* What was read and not yet returned: whole lines, and perhaps the start of one
 * more. A NUL stands behind it, and READER_PAD bytes may be read. For a caller
 * that finds the end of a line by itself, while it looks at what is in it.
 */
struct slice reader_rest(const struct reader *r);

/* Return the first line of reader_rest, of n bytes and its LF, as reader_next
 * would: true, or false where it is too long, which is reader_next's business.
 */
bool reader_take(struct reader *r, size_t n, struct slice *line) MUST_USE;

/* One read(2), for a caller that waits by poll(2) for more than this input.
 * 1 when bytes came, 0 at end of input, -1 with *e set. All lines die. After
 * it, take lines while reader_ready says so.
 */
int reader_more(struct reader *r, struct err *e) MUST_USE;

/* Whether the next reader_next gives a line without read(2), and so keeps
 * earlier lines alive.
 */
bool reader_ready(struct reader *r);

/* Whether the last line returned was longer than max_bytes. *line then was
 * its first max_bytes bytes, behind which no LF stands; the rest is dropped.
 */
bool reader_too_long(const struct reader *r);

/* Bytes behind the last LF, at the end of input: 0 unless it was cut. */
uint64_t reader_tail(const struct reader *r);

/* Number of the last line returned, from 1; 0 before the first. */
uint64_t reader_lineno(const struct reader *r);

#endif
