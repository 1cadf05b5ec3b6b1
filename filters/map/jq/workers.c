#include "map/jq/workers_parts.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/mem.h"
#include "map/jq/workers_child.h"

enum {
	BATCH = 1024 * 1024, /* bytes of rows, about */
	START_MS = 20000,    /* CPU time to compile the program */
	DYING_MS = 1000,     /* time to exit after the socket was closed */
};

struct worker {
	pid_t pid; /* 0: none */
	int fd;
	bool busy;
	bool late;   /* killed because a row took too long */
	size_t slot; /* copy of s->slot, which the child could change */
	size_t due;  /* rows in the batch it works on */
	struct workers_memory m;
	struct buf batch; /* our copy of the batch it works on */
	struct buf next;  /* the next batch, being filled */
};

struct workers {
	struct workers_options o;
	struct buf text; /* copy of a result */
	size_t in_size;
	struct worker *w;
	size_t fill; /* worker whose next batch is being filled */
};

static void *shared_memory(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* Sets whether the next child process inherits a worker's memory. A child gets
 * only its own: with another's it could write results of rows that it was not
 * given.
 */
static void set_inherited(const struct workers *c, struct worker *w, bool yes)
{
	const int advice = yes ? MADV_DOFORK : MADV_DONTFORK;

	(void)madvise(w->m.in, c->in_size, advice);
	(void)madvise(w->m.out[0], WORKERS_OUT, advice);
	(void)madvise(w->m.out[1], WORKERS_OUT, advice);
	(void)madvise(w->m.s, sizeof(*w->m.s), advice);
}

static int map_memory(struct workers *c, struct worker *w, struct err *e)
{
	if (w->m.s)
		return 0;
	w->m.in = shared_memory(c->in_size);
	w->m.out[0] = shared_memory(WORKERS_OUT);
	w->m.out[1] = shared_memory(WORKERS_OUT);
	w->m.s = shared_memory(sizeof(*w->m.s));
	if (!w->m.in || !w->m.out[0] || !w->m.out[1] || !w->m.s)
		return err_sys(e, ERR_OS, "cannot map memory for jq");
	set_inherited(c, w, false);
	return 0;
}

static int hire(struct workers *c, struct worker *w, struct err *e)
{
	int pair[2];

	if (map_memory(c, w, e) < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_sys(e, ERR_OS, "cannot make a socket pair for jq");
	set_inherited(c, w, true);
	w->pid = fork();
	if (w->pid == 0)
		workers_child(&c->o, &w->m, pair[1]);
	set_inherited(c, w, false);
	close(pair[1]);
	if (w->pid < 0) {
		w->pid = 0;
		close(pair[0]);
		return err_sys(e, ERR_OS, "cannot start a process for jq");
	}
	w->fd = pair[0];
	w->late = false;
	return 0;
}

/* Ends a child and returns its exit status as wait(2) does. dying: it closed
 * its socket, so wait a moment for it to exit by itself, which shows how it
 * died.
 */
static int dismiss(struct worker *w, bool dying)
{
	int status = 0;
	pid_t gone = 0;

	if (!w->pid)
		return 0;
	close(w->fd);
	for (int i = 0; dying && gone == 0 && i < DYING_MS; i++) {
		gone = waitpid(w->pid, &status, WNOHANG);
		if (gone == 0)
			(void)poll(NULL, 0, 1);
	}
	if (gone <= 0) {
		(void)kill(w->pid, SIGKILL);
		while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	w->pid = 0;
	return status;
}

/* Number of frames in a batch from an offset. */
static size_t frames(const struct buf *batch, size_t at)
{
	size_t n = 0;

	for (; at < batch->n; n++)
		at += ((const struct workers_frame *)(const void *)(batch->p +
								    at))
			      ->size;
	return n;
}

/* Lets a worker process its batch from offset start. A dead child is noticed
 * when the parent waits for its results.
 */
static int send_off(struct workers *c, struct worker *w, size_t start,
		    struct err *e)
{
	if (map_memory(c, w, e) < 0)
		return -1;
	if (!w->pid)
		w->m.s->ready = 0;
	if (!w->pid && hire(c, w, e) < 0)
		return -1;
	w->m.s->in_n = w->batch.n;
	w->m.s->slot = w->slot;
	w->m.s->start = start;
	w->m.s->done = 0;
	w->due = frames(&w->batch, start);
	w->busy = true;
	/* do not wait for a child that does not read */
	(void)!send(w->fd, "", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	return 0;
}

static void row_of(const struct workers_frame *f, struct workers_row *row)
{
	row->lineno = f->lineno;
	row->number = f->number;
	row->skip = f->skip;
	row->pass = f->pass;
	row->left = f->skip;
	for (size_t i = 0; i < WORKERS_FIELDS; i++)
		row->field[i] = workers_frame_field(f, (enum workers_field)i);
}

static const char *why_died(const struct worker *w, int status)
{
	if (w->late)
		return "the jq program timed out (--jq-timeout)";
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT)
		return "the jq program exceeded its memory (--jq-memory)";
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return "the process that ran the jq program was killed";
	return "the jq program crashed libjq";
}

/* Copies a result's header from memory that a child may change at any time.
 * volatile prevents the compiler from reading that memory again after the
 * checks.
 */
static void read_once(struct workers_answer *a, const char *p)
{
	const volatile char *from = p;
	char *to = (char *)a;

	for (size_t i = 0; i < sizeof(*a); i++)
		to[i] = from[i];
}

/* Returns the results of n frames of a batch and moves *at past them. Returns
 * 1; 0 at the first result that is invalid. The frames are our own copy, and
 * each number of the child is read once.
 */
static int take_results(struct workers *c, const struct buf *batch,
			const char *p, size_t n, size_t *at, struct err *e)
{
	size_t left = WORKERS_OUT;

	for (size_t i = 0; i < n; i++) {
		const struct workers_frame *f = (const void *)(batch->p + *at);
		struct workers_answer r;
		struct workers_row row;

		if (*at >= batch->n || left < sizeof(r))
			return 0;
		read_once(&r, p);
		p += sizeof(r);
		left -= sizeof(r);
		if (r.n > left || r.ok > 1 || r.left > 1)
			return 0;
		c->text.n = 0;
		buf_add(&c->text, p, f->skip ? 0 : r.n);
		p += r.n;
		left -= r.n;
		row_of(f, &row);
		if (!f->pass && r.left)
			row.left = true;
		if (c->o.done(c->o.ctx, &row, r.ok || f->skip,
			      r.ok && !f->skip ? r.events : 0,
			      buf_all(&c->text), e) < 0)
			return -1;
		*at += f->size;
	}
	return 1;
}

static int lose_row(struct workers *c, struct worker *w, size_t *at,
		    const char *why, struct err *e)
{
	const struct workers_frame *f = (const void *)(w->batch.p + *at);
	struct workers_row row;

	if (*at >= w->batch.n)
		return 0;
	row_of(f, &row);
	*at += f->size;
	return c->o.done(c->o.ctx, &row, false, 0, slice_str(why), e);
}

/* CPU time that a worker has used so far. */
static uint64_t used_ms(const struct worker *w)
{
	struct timespec t = {0};
	clockid_t clock;

	if (clock_getcpuclockid(w->pid, &clock) != 0)
		return 0;
	(void)clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Waits until a worker has signalled that it is done, or has died. Kills a
 * worker whose row takes too long, or that sleeps instead of working; both are
 * checked at each tick. Checking from the parent costs the rows nothing.
 */
static void wait_for(const struct workers *c, struct worker *w)
{
	struct pollfd p = {.fd = w->fd, .events = POLLIN};
	int tick = c->o.time_ms < 80      ? 20
		   : c->o.time_ms < 40000 ? (int)c->o.time_ms / 4
					  : 10000;
	size_t most = SIZE_MAX; /* highest number of rows done seen so far; a
				   child cannot lower it */
	uint64_t first = used_ms(w), since = first, waited = 0;
	bool ready = false;
	int rc;

	while ((rc = poll(&p, 1, tick)) <= 0) {
		size_t done = w->m.s->done;
		uint64_t used = used_ms(w);

		if (rc < 0)
			continue; /* EINTR */
		waited += (uint64_t)tick;
		if (most == SIZE_MAX || done > most ||
		    (!ready && w->m.s->ready)) {
			ready = ready || w->m.s->ready;
			most = done <= w->due ? done : w->due;
			since = used;
		} else if (used - since >=
			   c->o.time_ms + (ready ? 0 : START_MS)) {
			w->late = true;
		}
		if (waited > c->o.idle_ms + 8 * (used - first))
			w->late = true;
		if (w->late)
			(void)kill(w->pid, SIGKILL);
	}
}

/* Starts the batch that was filled; the one before it becomes free to fill. */
static int start_next(struct workers *c, struct worker *w, struct err *e)
{
	struct buf before = w->batch;

	w->batch = w->next;
	w->next = before;
	if (w->batch.n == 0)
		return 0;
	if (map_memory(c, w, e) < 0)
		return -1;
	memcpy(w->m.in, w->batch.p, w->batch.n);
	w->slot = !w->slot;
	return send_off(c, w, 0, e);
}

/* Waits for a worker. Whether it is done; false if it died. */
static bool wait_done(const struct workers *c, struct worker *w)
{
	ssize_t got;
	char byte;

	wait_for(c, w);
	do
		got = recv(w->fd, &byte, 1, 0);
	while (got < 0 && errno == EINTR);
	return got == 1;
}

static const char invalid[] = "the process that runs jq returned invalid data";

/* Returns the results of a complete batch. The worker is started on its next
 * batch first, so that it works meanwhile. An invalid result rejects its row
 * and all rows after it, because the child already works on other rows.
 */
static int settle_whole(struct workers *c, struct worker *w, const char *out,
			size_t n, size_t at, struct err *e)
{
	int rc;

	w->busy = false;
	if (start_next(c, w, e) < 0)
		return -1;
	rc = take_results(c, &w->next, out, n, &at, e);
	while (rc == 0 && at < w->next.n) {
		const struct workers_frame *f = (const void *)(w->next.p + at);
		struct workers_row row;

		row_of(f, &row);
		at += f->size;
		if (c->o.done(c->o.ctx, &row, false, 0, slice_str(invalid), e) <
		    0)
			return -1;
	}
	w->next.n = 0;
	return rc < 0 ? -1 : 0;
}

/* Waits for and returns all results of a worker, restarting it if it dies. */
static int settle(struct workers *c, struct worker *w, struct err *e)
{
	size_t at = 0;

	while (w->busy) {
		bool alive = wait_done(c, w);
		const char *out = w->m.out[w->slot], *why;
		size_t n = w->m.s->done;
		int rc;

		if (alive && n == w->due)
			return settle_whole(c, w, out, n, at, e);
		rc = take_results(c, &w->batch, out, n, &at, e);
		if (rc < 0)
			return -1;
		/* a child that is alive stopped because its results filled the
		 * memory
		 */
		if (alive && rc > 0 && n > 0) {
			why = NULL;
		} else if (alive || rc == 0) {
			why = invalid;
			dismiss(w, false);
		} else {
			why = why_died(w, dismiss(w, true));
		}
		if (why && lose_row(c, w, &at, why, e) < 0)
			return -1; /* the row it was working on */
		w->busy = at < w->batch.n;
		if (w->busy && send_off(c, w, at, e) < 0)
			return -1;
	}
	w->batch.n = 0;
	return start_next(c, w, e);
}

/* Moves to the next worker and returns its results. Batches are given out in
 * turn, so this is the order of the rows.
 */
static int next_worker(struct workers *c, struct err *e)
{
	struct worker *w = &c->w[c->fill];

	c->fill = (c->fill + 1) % c->o.processes;
	return settle(c, w, e);
}

struct workers *workers_new(const struct workers_options *o)
{
	struct workers *c = mem_zero(sizeof(*c));

	c->o = *o;
	c->w = mem_zero(o->processes * sizeof(*c->w));
	/* the line, the program's input, and parts of it in the fields */
	c->in_size = BATCH + 8 * (size_t)o->max_line + 4096;
	return c;
}

void workers_free(struct workers *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->o.processes; i++) {
		struct worker *w = &c->w[i];

		dismiss(w, false);
		if (w->m.in)
			munmap(w->m.in, c->in_size);
		for (size_t k = 0; k < COUNT_OF(w->m.out); k++) {
			if (w->m.out[k])
				munmap(w->m.out[k], WORKERS_OUT);
		}
		if (w->m.s)
			munmap(w->m.s, sizeof(*w->m.s));
		buf_clear(&w->batch);
		buf_clear(&w->next);
	}
	buf_clear(&c->text);
	free(c->w);
	free(c);
}

int workers_put(struct workers *c, const struct workers_row *row, struct err *e)
{
	struct buf *b = &c->w[c->fill].next;
	struct workers_frame f = {
		.lineno = row->lineno,
		.number = row->number,
		.skip = row->skip,
		.pass = row->pass,
	};
	size_t size = sizeof(f);
	static const char zeros[8];

	for (size_t i = 0; i < WORKERS_FIELDS; i++) {
		f.n[i] = (uint32_t)row->field[i].n;
		size += row->field[i].n;
	}
	f.size = (uint32_t)((size + 7) / 8 * 8);
	assert(f.size <= c->in_size - BATCH);
	buf_add(b, &f, sizeof(f));
	for (size_t i = 0; i < WORKERS_FIELDS; i++)
		buf_slice(b, row->field[i]);
	buf_add(b, zeros, f.size - size);
	return b->n < BATCH ? 0 : next_worker(c, e);
}

int workers_drain(struct workers *c, struct err *e)
{
	/* one more turn, for the batch that the first turn starts */
	for (size_t i = 0; i <= c->o.processes; i++) {
		if (next_worker(c, e) < 0)
			return -1;
	}
	return 0;
}
