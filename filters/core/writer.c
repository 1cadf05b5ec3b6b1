#include "core/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/overflow.h"
#include "core/tool.h"

#define PIPE_SIZE (1024 * 1024)

enum { SLACK_MS = 1000 };

struct writer {
	int fd;
	struct buf out;  /* [0, mark) closed records, then the current one */
	size_t mark;     /* end of the last closed record */
	size_t flush_at; /* bytes */
	bool broken;     /* a write failed, perhaps in the middle of a record */
	struct buf held; /* records between begin and end (writer_before) */
	writer_before_fn *begin, *end;
	void *ctx;
	writer_tap_fn *tap;
	void *tap_ctx;
	int quit; /* interrupts a write that waits; or -1 */
	int own;  /* fd reopened, so that only our writes do not block; or -1 */
	bool slack;
	struct overflow *later; /* with slack: bytes to write before out */
};

/* How long a write may wait. */
struct writer_patience {
	int quit;       /* interrupts it */
	uint64_t until; /* of clock_mono_ms; 0: no end */
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
	writer_slack(w, false);
	overflow_free(w->later);
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

/* Without anything that interrupts a waiting write, an ordinary write is used.
 */
static void open_own(struct writer *w)
{
	struct stat st;
	char path[40];

	if (w->own >= 0)
		close(w->own);
	w->own = -1;
	if ((w->quit < 0 && !w->slack) || fstat(w->fd, &st) < 0 ||
	    !S_ISFIFO(st.st_mode))
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", w->fd);
	w->own = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
}

void writer_quit(struct writer *w, int quit)
{
	w->quit = quit;
	open_own(w);
}

void writer_slack(struct writer *w, bool on)
{
	w->slack = on;
	open_own(w);
	if (on && !w->later)
		w->later = overflow_new(WRITER_SLACK_MOST);
}

struct buf *writer_buf(struct writer *w)
{
	return &w->out;
}

struct slice writer_record(const struct writer *w)
{
	return slice_of(w->out.p + w->mark, w->out.n - w->mark);
}

void writer_undo(struct writer *w)
{
	w->out.n = w->mark;
}

/* Indexed by descriptor; streams always have low numbers. */
static volatile sig_atomic_t busy[32], failed[32];

bool writer_failed(int fd)
{
	return fd >= 0 && fd < (int)COUNT_OF(failed) && failed[fd];
}

bool writer_busy(int fd)
{
	return fd >= 0 && fd < (int)COUNT_OF(busy) && busy[fd];
}

/* Waits for room: 1 to try again, 0 when the time is over, -1. */
static int await_room(int fd, const struct writer_patience *p, struct err *e)
{
	struct pollfd f[] = {{.fd = fd, .events = POLLOUT},
			     {.fd = p->quit, .events = POLLIN}};
	uint64_t now = p->until > 0 ? clock_mono_ms() : 0;

	if (p->until > 0 && now >= p->until)
		return 0;
	(void)poll(f, COUNT_OF(f), p->until > 0 ? (int)(p->until - now) : -1);
	return f[1].revents ? err_set(e, ERR_TEMP, "interrupted") : 1;
}

static int of_output(struct err *e)
{
	e->of_output = true;
	return -1;
}

/* Counts the written bytes in *done. */
static int write_loop(int fd, const struct writer_patience *p, struct slice s,
		      size_t *done, struct err *e)
{
	while (*done < s.n) {
		ssize_t put = write(fd, s.p + *done, s.n - *done);

		if (put < 0 && errno == EAGAIN) {
			int rc = await_room(fd, p, e);

			if (rc <= 0)
				return rc;
			continue;
		}
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0) {
			bool nobody = errno == EPIPE;

			file_failed(fd, ERR_IO, "cannot write output", e);
			e->no_reader = nobody;
			return of_output(e);
		}
		*done += (size_t)put;
	}
	return 0;
}

/* Between mark_busy on and off a line may be written in part. */
static void mark_busy(int stream, bool on)
{
	if (stream >= 0 && stream < (int)COUNT_OF(busy))
		busy[stream] = on;
}

static int end_busy(int stream, int rc)
{
	if (rc < 0 && stream >= 0 && stream < (int)COUNT_OF(failed))
		failed[stream] = 1;
	mark_busy(stream, false);
	return rc;
}

int writer_all(int fd, const char *p, size_t n, struct err *e)
{
	static const struct writer_patience endless = {.quit = -1};
	size_t done = 0;

	mark_busy(fd, true);
	return end_busy(fd, write_loop(fd, &endless, slice_of(p, n), &done, e));
}

int writer_replace(const char *path, struct slice bytes, struct err *e)
{
	struct file_new f = {0};
	int rc = -1;

	if (file_begin(&f, path, e) == 0 &&
	    writer_all(f.fd, bytes.p, bytes.n, e) == 0)
		rc = file_commit(&f, e);
	file_abandon(&f);
	return rc;
}

/* Writes s, or as much as possible until the time is over: *done bytes. */
static int put_some(struct writer *w, struct slice s, uint64_t until,
		    size_t *done, struct err *e)
{
	const struct writer_patience p = {.quit = w->quit, .until = until};
	uint64_t began = w->fd == tool_out() ? tool_wait_begin() : 0;

	*done = 0;
	if (w->broken) {
		err_set(e, ERR_IO, "cannot write output");
		return of_output(e);
	}
	mark_busy(w->fd, true);
	w->broken =
		write_loop(w->own >= 0 ? w->own : w->fd, &p, s, done, e) < 0;
	tool_wait_end(began);
	return w->broken ? -1 : 0;
}

static int put(struct writer *w, const char *p, size_t n, struct err *e)
{
	size_t done;

	if (w->tap)
		w->tap(w->tap_ctx, slice_of(p, n));
	return end_busy(w->fd, put_some(w, slice_of(p, n), 0, &done, e));
}

/* Finishes the write of records for which begin was called. */
static int finish_held(struct writer *w, struct err *e)
{
	if (w->held.n == 0)
		return 0;
	if (w->end(w->ctx, e) < 0 || put(w, w->held.p, w->held.n, e) < 0)
		return -1;
	w->held.n = 0;
	return 0;
}

/* Calls begin for the closed records; they are written by end. */
static int hold_closed(struct writer *w, struct err *e)
{
	struct buf closed = w->out;

	if (finish_held(w, e) < 0 || w->begin(w->ctx, e) < 0)
		return -1;
	w->out = w->held;
	buf_add(&w->out, closed.p + w->mark, closed.n - w->mark);
	w->held = closed;
	w->held.n = w->mark;
	w->mark = 0;
	return 0;
}

/* Writes the bytes of the temporary file, which come before all others. */
static int put_later(struct writer *w, uint64_t until, struct err *e)
{
	while (overflow_left(w->later) > 0) {
		struct slice s;
		size_t done;

		if (overflow_next(w->later, &s, e) < 0 ||
		    put_some(w, s, until, &done, e) < 0)
			return -1;
		overflow_take(w->later, done);
		if (done < s.n)
			break;
	}
	return 0;
}

static bool has_later(const struct writer *w)
{
	return w->later && overflow_left(w->later) > 0;
}

/* Puts what cannot be written in time into the temporary file; if that is full,
 * waits without limit.
 */
static int put_in_time(struct writer *w, struct slice s, struct err *e)
{
	uint64_t until = w->slack ? clock_mono_ms() + SLACK_MS : 0;
	struct err ignored = {0};
	size_t done = 0;

	if (put_later(w, until, e) < 0 ||
	    (!has_later(w) && put_some(w, s, until, &done, e) < 0))
		return -1;
	s = slice_of(s.p + done, s.n - done);
	if (s.n == 0 || overflow_add(w->later, s, &ignored) == 0)
		return 0;
	return put_later(w, 0, e) < 0 ? -1 : put_some(w, s, 0, &done, e);
}

static int put_patiently(struct writer *w, struct err *e)
{
	int rc = put_in_time(w, slice_of(w->out.p, w->mark), e);

	if (rc == 0 && has_later(w))
		return 0; /* perhaps in the middle of a line */
	return end_busy(w->fd, rc);
}

static int put_closed(struct writer *w, struct err *e)
{
	size_t rest = w->out.n - w->mark;

	if ((w->later ? put_patiently(w, e) : put(w, w->out.p, w->mark, e)) < 0)
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
	if (w->mark < (has_later(w) ? WRITER_SLACK_BYTES : w->flush_at))
		return 0;
	return w->begin ? hold_closed(w, e) : put_closed(w, e);
}

int writer_flush(struct writer *w, struct err *e)
{
	if ((w->mark > 0 || has_later(w)) &&
	    (w->begin ? hold_closed(w, e) : put_closed(w, e)) < 0)
		return -1;
	return finish_held(w, e);
}

int writer_wait(void *ctx, struct err *e)
{
	return writer_flush(ctx, e);
}

int writer_close(struct writer *w, struct err *e)
{
	w->slack = false;
	if (writer_flush(w, e) < 0)
		return -1;
	writer_quit(w, -1);
	if (close(w->fd) < 0)
		return file_failed(w->fd, ERR_IO, "cannot close output", e);
	return 0;
}
