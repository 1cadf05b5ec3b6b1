#include "core/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"

#define FIRST_SIZE ((size_t)256 * 1024) /* bytes; measured best, with: */
#define PIPE_SIZE  (1024 * 1024)        /* what we ask the kernel for */

struct reader {
	int fd;
	bool eof;
	bool too_long;     /* the line returned last was cut at max */
	bool skipping;     /* we are behind a cut, on the way to its LF */
	char *data;        /* [head, tail) is read but not yet returned */
	size_t head, tail; /* head <= tail <= size */
	size_t seen;       /* bytes behind head known to hold no LF */
	size_t size;       /* usable; READER_PAD more are allocated */
	size_t max;
	uint64_t lineno;
	uint64_t bytes;
	reader_wait_fn *wait;
	void *ctx;
};

struct reader *reader_new(int fd, size_t max_bytes, reader_wait_fn *wait,
			  void *ctx)
{
	struct reader *r = mem_zero(sizeof(*r));

	r->fd = fd;
	r->max = max_bytes;
	r->wait = wait;
	r->ctx = ctx;
	r->size = max_bytes < FIRST_SIZE ? max_bytes + 1 : FIRST_SIZE;
	r->data = mem_zero(r->size + READER_PAD);
	(void)fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE); /* best effort, pipes only */
	return r;
}

void reader_free(struct reader *r)
{
	if (!r)
		return;
	free(r->data);
	free(r);
}

/* Slide the unread bytes to the front, then grow if that freed nothing. */
static void make_room(struct reader *r)
{
	if (r->head > 0) {
		memmove(r->data, r->data + r->head, r->tail - r->head);
		r->tail -= r->head;
		r->head = 0;
	}
	if (r->tail < r->size)
		return;
	r->size = r->max / 2 < r->size ? r->max + 1 : r->size * 2;
	r->data = mem_resize(r->data, r->size + READER_PAD);
	memset(r->data + r->size, 0, READER_PAD);
}

/* Whether read(2) would return at once; regular files and errors count. */
static bool can_read(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) != 0;
}

static int fill(struct reader *r, struct err *e)
{
	ssize_t got;

	if (r->head == r->tail)
		r->head = r->tail = 0;
	if (r->head > 0 || r->tail == r->size)
		make_room(r);
	if (r->wait && !can_read(r->fd) && r->wait(r->ctx, e) < 0)
		return -1;
	do {
		got = read(r->fd, r->data + r->tail, r->size - r->tail);
		if (got < 0 && errno == EAGAIN) { /* a non-blocking stdin */
			struct pollfd p = {.fd = r->fd, .events = POLLIN};

			(void)poll(&p, 1, -1);
			continue;
		}
		break;
	} while (1);
	if (got < 0 && errno == EINTR)
		return 0;
	if (got < 0)
		return err_sys(e, ERR_IO, "cannot read input");
	r->tail += (size_t)got;
	r->eof = got == 0;
	return 0;
}

/* Whether [head, head + *n) is a line, looking at each byte once. */
static bool find_line(struct reader *r, size_t *n)
{
	const char *at = r->data + r->head;
	size_t have = r->tail - r->head;
	const char *lf;

	if (have == r->seen)
		return false;
	lf = memchr(at + r->seen, '\n', have - r->seen);
	if (!lf) {
		r->seen = have;
		return false;
	}
	*n = (size_t)(lf - at);
	return true;
}

static void take(struct reader *r, size_t n)
{
	r->head += n;
	r->bytes += n;
	r->seen = 0;
}

int reader_next(struct reader *r, struct slice *line, struct err *e)
{
	size_t n;

	r->too_long = false;
	for (;;) {
		if (find_line(r, &n)) {
			*line = slice_of(r->data + r->head, n);
			take(r, n + 1);
			if (r->skipping) {
				r->skipping = false;
				continue;
			}
			r->lineno++;
			r->too_long = n > r->max;
			if (r->too_long)
				line->n = r->max;
			return 1;
		}
		if (r->skipping)
			take(r, r->tail - r->head);
		if (r->tail - r->head > r->max) {
			*line = slice_of(r->data + r->head, r->max);
			take(r, r->tail - r->head);
			r->too_long = r->skipping = true;
			r->lineno++;
			return 1;
		}
		if (r->eof)
			return 0;
		if (fill(r, e) < 0)
			return -1;
	}
}

int reader_more(struct reader *r, struct err *e)
{
	size_t had;

	if (r->skipping) {
		size_t n;

		if (find_line(r, &n)) {
			take(r, n + 1);
			r->skipping = false;
		} else {
			take(r, r->tail - r->head);
		}
	}
	had = r->tail - r->head;
	do {
		if (fill(r, e) < 0)
			return -1;
	} while (!r->eof && r->tail - r->head == had);
	return r->eof ? 0 : 1;
}

bool reader_ready(struct reader *r)
{
	size_t n;

	if (r->skipping || !find_line(r, &n))
		return false;
	r->seen = n; /* the next search finds this LF at once */
	return true;
}

bool reader_too_long(const struct reader *r)
{
	return r->too_long;
}

size_t reader_tail(const struct reader *r)
{
	return r->eof ? r->tail - r->head : 0;
}

uint64_t reader_lineno(const struct reader *r)
{
	return r->lineno;
}

uint64_t reader_bytes(const struct reader *r)
{
	return r->bytes;
}
