#include "core/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/mem.h"

#define PIPE_SIZE (1024 * 1024)

struct writer {
	int fd;
	struct buf out;  /* [0, mark) closed records, then the one in work */
	size_t mark;     /* end of the last closed record */
	size_t flush_at; /* bytes */
	bool broken;     /* a write failed, perhaps in the middle of a record */
	struct buf held; /* records that have begun to leave */
	writer_before_fn *begin, *end;
	void *ctx;
	writer_tap_fn *tap;
	void *tap_ctx;
	int quit; /* ends a write that waits; or -1 */
	int own;  /* fd opened anew, so that only our writes do not block; -1 */
};

struct writer *writer_new(int fd, size_t flush_bytes)
{
	struct writer *w = mem_zero(sizeof(*w));

	w->fd = fd;
	w->quit = w->own = -1;
	w->flush_at = flush_bytes;
	(void)fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE); /* best effort, pipes only */
	return w;
}

void writer_free(struct writer *w)
{
	if (!w)
		return;
	writer_quit(w, -1);
	buf_clear(&w->out);
	buf_clear(&w->held);
	free(w);
}

void writer_before(struct writer *w, writer_before_fn *begin,
		   writer_before_fn *end, void *ctx)
{
	w->begin = begin;
	w->end = end;
	w->ctx = ctx;
}

void writer_tap(struct writer *w, writer_tap_fn *fn, void *ctx)
{
	w->tap = fn;
	w->tap_ctx = ctx;
}

void writer_quit(struct writer *w, int quit)
{
	struct stat st;
	char path[40];

	if (w->own >= 0)
		close(w->own);
	w->own = -1;
	w->quit = quit;
	if (quit < 0 || fstat(w->fd, &st) < 0 || !S_ISFIFO(st.st_mode))
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", w->fd);
	w->own = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
}

struct buf *writer_buf(struct writer *w)
{
	return &w->out;
}

void writer_undo(struct writer *w)
{
	w->out.n = w->mark;
}

/* By number of the descriptor; higher ones are never a stream. */
static volatile sig_atomic_t busy[32], failed[32];

bool writer_failed(int fd)
{
	return fd >= 0 && fd < (int)COUNT_OF(failed) && failed[fd];
}

bool writer_busy(int fd)
{
	return fd >= 0 && fd < (int)COUNT_OF(busy) && busy[fd];
}

static int write_loop(int fd, int quit, const char *p, size_t n, struct err *e)
{
	while (n > 0) {
		ssize_t put = write(fd, p, n);

		if (put < 0 && errno == EAGAIN) {
			struct pollfd f[] = {{.fd = fd, .events = POLLOUT},
					     {.fd = quit, .events = POLLIN}};

			(void)poll(f, COUNT_OF(f), -1);
			if (f[1].revents)
				return err_set(e, ERR_TEMP, "interrupted");
			continue;
		}
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return file_failed(fd, ERR_IO, "cannot write output",
					   e);
		p += put;
		n -= (size_t)put;
	}
	return 0;
}

/* Where fd differs from the descriptor of the stream, stream is that. */
static int write_all(int fd, int stream, int quit, struct slice s,
		     struct err *e)
{
	bool known = stream >= 0 && stream < (int)COUNT_OF(busy);
	int rc;

	if (known)
		busy[stream] = 1;
	rc = write_loop(fd, quit, s.p, s.n, e);
	if (known) {
		failed[stream] |= rc < 0;
		busy[stream] = 0;
	}
	return rc;
}

int writer_all(int fd, const char *p, size_t n, struct err *e)
{
	return write_all(fd, fd, -1, slice_of(p, n), e);
}

static int put(struct writer *w, const char *p, size_t n, struct err *e)
{
	if (w->broken)
		return err_set(e, ERR_IO, "cannot write output");
	if (w->tap)
		w->tap(w->tap_ctx, slice_of(p, n));
	w->broken = write_all(w->own >= 0 ? w->own : w->fd, w->fd, w->quit,
			      slice_of(p, n), e) < 0;
	if (w->broken)
		return -1;
	return 0;
}

/* What has begun to leave does. */
static int end(struct writer *w, struct err *e)
{
	if (w->held.n == 0)
		return 0;
	if (w->end(w->ctx, e) < 0 || put(w, w->held.p, w->held.n, e) < 0)
		return -1;
	w->held.n = 0;
	return 0;
}

/* The closed records begin to leave. */
static int begin(struct writer *w, struct err *e)
{
	struct buf closed = w->out;

	if (end(w, e) < 0 || w->begin(w->ctx, e) < 0)
		return -1;
	w->out = w->held;
	buf_add(&w->out, closed.p + w->mark, closed.n - w->mark);
	w->held = closed;
	w->held.n = w->mark;
	w->mark = 0;
	return 0;
}

static int put_closed(struct writer *w, struct err *e)
{
	size_t rest = w->out.n - w->mark;

	if (put(w, w->out.p, w->mark, e) < 0)
		return -1;
	if (rest > 0)
		memmove(w->out.p, w->out.p + w->mark, rest);
	w->out.n = rest;
	w->mark = 0;
	return 0;
}

int writer_line(struct writer *w, struct err *e)
{
	buf_char(&w->out, '\n');
	w->mark = w->out.n;
	if (w->mark < w->flush_at)
		return 0;
	return w->begin ? begin(w, e) : put_closed(w, e);
}

int writer_flush(struct writer *w, struct err *e)
{
	if (w->mark > 0 && (w->begin ? begin(w, e) : put_closed(w, e)) < 0)
		return -1;
	return end(w, e);
}

int writer_wait(void *ctx, struct err *e)
{
	return writer_flush(ctx, e);
}

int writer_close(struct writer *w, struct err *e)
{
	if (writer_flush(w, e) < 0)
		return -1;
	writer_quit(w, -1);
	if (close(w->fd) < 0)
		return file_failed(w->fd, ERR_IO, "cannot close output", e);
	return 0;
}
