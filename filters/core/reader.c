#include "core/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/tool.h"

#define FIRST_SIZE ((size_t)256 * 1024) /* bytes; measured best */
#define PIPE_SIZE  (1024 * 1024)        /* what we ask the kernel for */

struct reader {
	int fd;
	bool eof;
	bool at_mark;      /* nothing was read yet */
	bool at_start;     /* there may be more to skip, see skip_start */
	bool too_long;     /* the line returned last was truncated at max */
	char *data;        /* [head, tail) is read but not yet returned */
	size_t head, tail; /* head <= tail <= size */
	size_t seen;       /* bytes after head known to have no LF */
	size_t size;       /* usable; READER_PAD more are allocated */
	size_t max;
	uint64_t dropped; /* of the line at head, after its first max bytes */
	uint64_t lineno;
	reader_wait_fn *wait;
	void *ctx;
	reader_source_fn *source;
	void *source_ctx;
};

/* The buffer size: the longest line, its LF, and room to read past a longer
 * one.
 */
static size_t buffer_size(const struct reader *r)
{
	return r->max + 1 + r->max / 16 + 1;
}

struct reader *reader_new(int fd, size_t max_bytes, reader_wait_fn *wait,
			  void *ctx)
{
	struct reader *r = mem_zero(sizeof(*r));

	r->fd = fd;
	r->max = max_bytes < SIZE_MAX / 4 ? max_bytes : SIZE_MAX / 4;
	r->wait = wait;
	r->ctx = ctx;
	r->size = buffer_size(r) < FIRST_SIZE ? buffer_size(r) : FIRST_SIZE;
	r->data = mem_zero(r->size + READER_PAD);
	(void)fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE); /* best effort, pipes only */
	return r;
}

void reader_from(struct reader *r, reader_source_fn *source, void *ctx)
{
	r->source = source;
	r->source_ctx = ctx;
}

void reader_skip_start(struct reader *r)
{
	r->at_mark = r->at_start = true;
}

void reader_free(struct reader *r)
{
	if (!r)
		return;
	free(r->data);
	free(r);
}

/* Moves the unread bytes to the front, and grows if that freed nothing. */
static void make_room(struct reader *r)
{
	if (r->head > 0) {
		memmove(r->data, r->data + r->head, r->tail - r->head);
		r->tail -= r->head;
		r->head = 0;
	}
	if (r->tail < r->size)
		return;
	r->size = buffer_size(r) / 2 < r->size ? buffer_size(r) : r->size * 2;
	r->data = mem_resize(r->data, r->size + READER_PAD);
	memset(r->data + r->size, 0, READER_PAD);
}

/* Whether read(2) would return at once; regular files count. */
static bool can_read(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) > 0;
}

/* One read(2): 0 or -1 with *e set. */
static int read_fd(struct reader *r, size_t *got, struct err *e)
{
	bool beside = r->fd == STDIN_FILENO;
	uint64_t began;
	ssize_t n;

	for (;;) {
		if (r->wait && !can_read(r->fd) && r->wait(r->ctx, e) < 0)
			return -1;
		began = beside ? tool_wait_begin() : 0;
		tool_await(r->fd);
		n = read(r->fd, r->data + r->tail, r->size - r->tail);
		if (n < 0 && errno == EAGAIN) { /* a non-blocking stdin */
			struct pollfd p = {.fd = r->fd, .events = POLLIN};

			(void)poll(&p, 1, -1);
			tool_wait_end(began);
			continue;
		}
		tool_wait_end(began);
		if (n >= 0 || errno != EINTR)
			break;
	}
	*got = n < 0 ? 0 : (size_t)n;
	return n < 0 ? err_sys(e, ERR_IO, "cannot read input") : 0;
}

/* Reads more: 1 if there were bytes, 0 at end of input, -1 with *e set. */
static int fill(struct reader *r, struct err *e)
{
	size_t got = 0;
	int rc;

	if (r->head == r->tail)
		r->head = r->tail = 0;
	if (r->head > 0 || r->tail == r->size)
		make_room(r);
	rc = r->source ? r->source(r->source_ctx, r->data + r->tail,
				   r->size - r->tail, &got, e)
		       : read_fd(r, &got, e);
	if (rc < 0)
		return -1;
	r->tail += got;
	r->data[r->tail] = '\0';
	r->eof = got == 0;
	return got > 0;
}

/* Skips a byte order mark at the start of the input; false if more bytes are
 * needed to decide.
 */
static bool skip_mark(struct reader *r)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t n = r->tail - r->head < 3 ? r->tail - r->head : 3;

	if (r->at_mark && n < 3 && memcmp(r->data + r->head, mark, n) == 0)
		return false;
	if (r->at_mark && memcmp(r->data + r->head, mark, n) == 0) {
		r->head += n;
		r->seen = 0;
	}
	r->at_mark = false;
	return true;
}

static NO_INLINE void skip_start(struct reader *r)
{
	const char *at, *end = r->data + r->tail;

	if (r->head == r->tail || !skip_mark(r))
		return;
	for (at = r->data + r->head; at < end; at++) {
		if (*at == '\n') {
			r->head = (size_t)(at + 1 - r->data);
			r->seen = 0;
			r->lineno++;
		} else if (*at != ' ' && *at != '\t' && *at != '\r') {
			r->at_start = false;
			return;
		}
	}
}

/* Whether [head, head + *n) is a line; looks at each byte once. Of a line that
 * is too long, keeps the first max + 1 bytes and drops the rest.
 */
static bool find_line(struct reader *r, size_t *n)
{
	const char *at, *lf;
	size_t have;

	if (UNLIKELY(r->at_start))
		skip_start(r);
	at = r->data + r->head;
	have = r->tail - r->head;
	if (have == r->seen)
		return false;
	lf = memchr(at + r->seen, '\n', have - r->seen);
	if (lf) {
		*n = (size_t)(lf - at);
		return true;
	}
	if (UNLIKELY(have > r->max + 1)) {
		r->dropped += have - (r->max + 1);
		r->tail = r->head + r->max + 1;
		r->data[r->tail] = '\0';
	}
	r->seen = r->tail - r->head;
	return false;
}

struct slice reader_rest(const struct reader *r)
{
	return slice_of(r->data + r->head, r->tail - r->head);
}

/* Removes the line of n bytes at head. */
static struct slice take_line(struct reader *r, size_t n)
{
	struct slice line = slice_of(r->data + r->head, n);

	r->head += n + 1;
	r->seen = 0;
	r->lineno++;
	return line;
}

bool reader_take(struct reader *r, size_t n, struct slice *line)
{
	if (UNLIKELY(n > r->max || r->dropped > 0))
		return false;
	r->too_long = r->at_start = false;
	*line = take_line(r, n);
	return true;
}

/* As find_line, but reads: 1, 0 at end of input, -1. */
static int await_line(struct reader *r, size_t *n, struct err *e)
{
	int got = 1;

	while (got > 0 && !find_line(r, n))
		got = r->eof ? 0 : fill(r, e);
	return got;
}

int reader_await(struct reader *r, struct err *e)
{
	size_t n;
	int got = await_line(r, &n, e);

	if (got > 0)
		r->seen = n; /* the next search finds this LF at once */
	return got;
}

int reader_next(struct reader *r, struct slice *line, struct err *e)
{
	size_t n;
	int got = await_line(r, &n, e);

	if (got <= 0) {
		r->too_long = false;
		return got;
	}
	r->too_long = n > r->max;
	r->dropped = 0;
	*line = take_line(r, n);
	line->n = r->too_long ? r->max : n;
	return 1;
}

int reader_more(struct reader *r, struct err *e)
{
	return r->eof ? 0 : fill(r, e);
}

bool reader_ready(struct reader *r)
{
	size_t n;

	if (!find_line(r, &n))
		return false;
	r->seen = n; /* the next search finds this LF at once */
	return true;
}

bool reader_too_long(const struct reader *r)
{
	return r->too_long;
}

uint64_t reader_tail(const struct reader *r)
{
	return r->eof ? r->tail - r->head + r->dropped : 0;
}

uint64_t reader_lineno(const struct reader *r)
{
	return r->lineno;
}
