#include "map/crew.h"

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
#include "core/sandbox.h"

#define OUT_SIZE ((size_t)64 * 1024 * 1024) /* touched as far as needed */

enum {
	BATCH = 1024 * 1024, /* bytes of rows, about */
};

/* A row in the memory that a child shares, followed by its fields and zeros
 * up to 8 bytes.
 */
struct frame {
	uint64_t lineno, number;
	uint32_t n[CREW_FIELDS];
	uint32_t skip, pass;
	uint32_t size; /* with all that follows */
};

/* A result likewise, followed by its text. */
struct result {
	uint64_t events;
	uint32_t n;
	uint16_t ok, left;
};

/* What parent and child tell each other besides the bytes. */
struct shared {
	size_t in_n;           /* bytes of frames */
	size_t start;          /* offset of the first frame to do */
	volatile size_t done;  /* frames done since start */
	volatile size_t at;    /* offset behind the last one */
	volatile size_t out_n; /* bytes of results of those */
	size_t slot;           /* which of two places they go to */
};

struct worker {
	pid_t pid; /* 0: none */
	int fd;
	bool busy;
	struct shared *s;
	char *in;
	char *out[2];     /* the results go to out[s->slot] */
	struct buf batch; /* the copy of what it works on */
	struct buf next;  /* being filled meanwhile */
};

struct crew {
	struct crew_options o;
	struct expr *x;
	const struct shell_event *event;
	size_t in_size;
	struct worker *w;
	size_t fill; /* worker whose next batch is being filled */
};

/* ---- the child -------------------------------------------------------- */

static struct slice field(const struct frame *f, enum crew_field i)
{
	const char *p = (const char *)(f + 1);

	for (size_t k = 0; k < i; k++)
		p += f->n[k];
	return slice_of(p, f->n[i]);
}

/* One row; its result is copied out only when it is whole. -1: no room. */
static int work(struct crew *c, struct worker *w, const struct frame *f,
		struct buf *out)
{
	struct shell_row r = {
		.row = field(f, f->n[CREW_ROW] ? CREW_ROW : CREW_LINE),
		.id = field(f, CREW_ID),
		.record = field(f, CREW_RECORD),
		.user_id = field(f, CREW_USER_ID),
		.anonymous_id = field(f, CREW_ANONYMOUS_ID),
		.action = field(f, CREW_ACTION),
		.change = f->n[CREW_CHANGE] > 0,
		.pass = f->pass,
		.removal = field(f, CREW_REMOVAL),
		.removal_user_id = field(f, CREW_REMOVAL_USER_ID),
		.removal_anonymous_id = field(f, CREW_REMOVAL_ANONYMOUS_ID),
	};
	struct result result = {0};
	bool left = f->skip;
	char *to = w->out[w->s->slot] + w->s->out_n;

	out->n = 0;
	if (f->skip) {
		result.ok = 1;
	} else if (c->event) {
		result.ok = expr_run(c->x, &r, c->event, out, &result.events,
				     &left) == 0;
	} else {
		int rc = expr_values(c->x, r.row, out);

		result.ok = rc >= 0;
		result.events = rc > 0;
	}
	if (out->n > OUT_SIZE / 2) {
		out->n = 0;
		buf_str(out, "the jq program gave more than 32 MiB");
		result.ok = 0;
		result.events = 0;
	}
	if (OUT_SIZE - w->s->out_n < sizeof(result) + out->n)
		return -1;
	result.n = (uint32_t)out->n;
	result.left = left;
	memcpy(to, &result, sizeof(result));
	memcpy(to + sizeof(result), out->p, out->n);
	w->s->out_n += sizeof(result) + out->n;
	w->s->done++;
	return 0;
}

static NO_RETURN void child(struct crew *c, struct worker *w, int fd)
{
	struct buf out = {0};
	char go;

	sandbox_enter(&(struct sandbox){.fd = fd, .memory = c->o.memory});
	if (!expr_load(c->x))
		_exit(1);
	buf_room(&out, 1);
	while (read(fd, &go, 1) == 1) {
		size_t at = w->s->start;

		while (at < w->s->in_n) {
			const struct frame *f = (const void *)(w->in + at);

			if (work(c, w, f, &out) < 0)
				break;
			at += f->size;
			w->s->at = at;
		}
		if (write(fd, &go, 1) != 1)
			break;
	}
	_exit(0);
}

/* ---- the parent ------------------------------------------------------- */

static void *shared_memory(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static int map_memory(struct crew *c, struct worker *w, struct err *e)
{
	if (w->s)
		return 0;
	w->in = shared_memory(c->in_size);
	w->out[0] = shared_memory(OUT_SIZE);
	w->out[1] = shared_memory(OUT_SIZE);
	w->s = shared_memory(sizeof(*w->s));
	if (!w->in || !w->out[0] || !w->out[1] || !w->s)
		return err_sys(e, ERR_OS, "cannot map memory for jq");
	return 0;
}

static int hire(struct crew *c, struct worker *w, struct err *e)
{
	int pair[2];

	if (map_memory(c, w, e) < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_sys(e, ERR_OS, "cannot make a socket pair for jq");
	w->pid = fork();
	if (w->pid == 0)
		child(c, w, pair[1]);
	close(pair[1]);
	if (w->pid < 0) {
		w->pid = 0;
		close(pair[0]);
		return err_sys(e, ERR_OS, "cannot start a process for jq");
	}
	w->fd = pair[0];
	return 0;
}

/* The child's exit status in the form of wait(2). */
static int dismiss(struct worker *w)
{
	int status = 0;

	if (!w->pid)
		return 0;
	close(w->fd);
	while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
		;
	w->pid = 0;
	return status;
}

/* Let a worker do its batch from offset start. A child that died is noticed
 * when its results are waited for.
 */
static int send_off(struct crew *c, struct worker *w, size_t start,
		    struct err *e)
{
	if (!w->pid && hire(c, w, e) < 0)
		return -1;
	w->s->start = start;
	w->s->done = 0;
	w->s->at = start;
	w->s->out_n = 0;
	w->busy = true;
	(void)!send(w->fd, "", 1, MSG_NOSIGNAL);
	return 0;
}

static void row_of(const struct frame *f, struct crew_row *row)
{
	row->lineno = f->lineno;
	row->number = f->number;
	row->left = false;
	for (size_t i = 0; i < CREW_FIELDS; i++)
		row->field[i] = field(f, (enum crew_field)i);
}

static const char *why_died(int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return "the jq program took too long (--jq-timeout)";
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT)
		return "the jq program needed too much memory";
	return "the jq program crashed libjq";
}

/* Hands on the results of n frames of a batch; *at goes behind them. */
static int take_results(const struct crew *c, const struct buf *batch,
			const char *p, size_t n, size_t *at, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		const struct frame *f = (const void *)(batch->p + *at);
		struct result r;
		struct crew_row row;

		memcpy(&r, p, sizeof(r));
		p += sizeof(r);
		row_of(f, &row);
		row.left = r.left;
		if (c->o.done(c->o.ctx, &row, r.ok, r.events, slice_of(p, r.n),
			      e) < 0)
			return -1;
		p += r.n;
		*at += f->size;
	}
	return 0;
}

static int lose_row(struct crew *c, struct worker *w, size_t *at, int status,
		    struct err *e)
{
	const struct frame *f = (const void *)(w->batch.p + *at);
	struct crew_row row;

	if (*at == w->s->in_n)
		return 0;
	row_of(f, &row);
	*at += f->size;
	return c->o.done(c->o.ctx, &row, false, 0, slice_str(why_died(status)),
			 e);
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

/* Waits until a worker says that it is done, or has died; one that is too long
 * at one row is killed. Looking from outside costs the rows nothing.
 */
static void wait_for(const struct crew *c, const struct worker *w)
{
	struct pollfd p = {.fd = w->fd, .events = POLLIN};
	int tick = c->o.time_ms < 80      ? 20
		   : c->o.time_ms < 40000 ? (int)c->o.time_ms / 4
					  : 10000;
	size_t done = SIZE_MAX;
	uint64_t since = 0;

	while (poll(&p, 1, tick) == 0) {
		if (w->s->done != done) {
			done = w->s->done;
			since = used_ms(w);
		} else if (used_ms(w) - since >= c->o.time_ms) {
			(void)kill(w->pid, SIGKILL);
		}
	}
}

/* The batch that was filled goes to work, and the one before may be filled. */
static int start_next(struct crew *c, struct worker *w, struct err *e)
{
	struct buf before = w->batch;

	w->batch = w->next;
	w->next = before;
	if (w->batch.n == 0)
		return 0;
	if (map_memory(c, w, e) < 0)
		return -1;
	memcpy(w->in, w->batch.p, w->batch.n);
	w->s->in_n = w->batch.n;
	w->s->slot = !w->s->slot;
	return send_off(c, w, 0, e);
}

/* Waits until a worker says that it is done, or has died. */
static bool answers(const struct crew *c, const struct worker *w)
{
	ssize_t got;
	char byte;

	wait_for(c, w);
	do
		got = recv(w->fd, &byte, 1, 0);
	while (got < 0 && errno == EINTR);
	return got == 1;
}

/* All results of a worker. It is given its next batch as soon as it is done,
 * so that it has work while they are handed on.
 */
static int settle(struct crew *c, struct worker *w, struct err *e)
{
	size_t at = 0;

	while (w->busy) {
		bool alive = answers(c, w);
		const char *out = w->out[w->s->slot];
		size_t n = w->s->done;

		if (alive && w->s->at == w->s->in_n) {
			w->busy = false;
			if (start_next(c, w, e) < 0 ||
			    take_results(c, &w->next, out, n, &at, e) < 0)
				return -1;
			w->next.n = 0;
			return 0;
		}
		if (take_results(c, &w->batch, out, n, &at, e) < 0)
			return -1;
		if (!alive && lose_row(c, w, &at, dismiss(w), e) < 0)
			return -1; /* the one that it was at */
		w->busy = at < w->s->in_n;
		if (w->busy && send_off(c, w, at, e) < 0)
			return -1;
	}
	w->batch.n = 0;
	return start_next(c, w, e);
}

/* Batches go round, and so come their results. */
static int go_round(struct crew *c, struct err *e)
{
	struct worker *w = &c->w[c->fill];

	c->fill = (c->fill + 1) % c->o.processes;
	return settle(c, w, e);
}

struct crew *crew_new(const struct crew_options *o, struct expr *x,
		      const struct shell_event *event)
{
	struct crew *c = mem_zero(sizeof(*c));

	c->o = *o;
	c->x = x;
	c->event = event;
	c->w = mem_zero(o->processes * sizeof(*c->w));
	/* a line as it was and as it goes in, and its parts in the fields */
	c->in_size = BATCH + 8 * (size_t)o->max_line + 4096;
	return c;
}

void crew_free(struct crew *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->o.processes; i++) {
		struct worker *w = &c->w[i];

		if (w->pid)
			(void)kill(w->pid, SIGKILL);
		dismiss(w);
		if (w->in)
			munmap(w->in, c->in_size);
		for (size_t k = 0; k < COUNT_OF(w->out); k++) {
			if (w->out[k])
				munmap(w->out[k], OUT_SIZE);
		}
		if (w->s)
			munmap(w->s, sizeof(*w->s));
		buf_clear(&w->batch);
		buf_clear(&w->next);
	}
	free(c->w);
	free(c);
}

int crew_put(struct crew *c, const struct crew_row *row, struct err *e)
{
	struct buf *b = &c->w[c->fill].next;
	struct frame f = {
		.lineno = row->lineno,
		.number = row->number,
		.skip = row->skip,
		.pass = row->pass,
	};
	size_t size = sizeof(f);
	static const char zeros[8];

	for (size_t i = 0; i < CREW_FIELDS; i++) {
		f.n[i] = (uint32_t)row->field[i].n;
		size += row->field[i].n;
	}
	f.size = (uint32_t)((size + 7) / 8 * 8);
	assert(f.size <= c->in_size - BATCH);
	buf_add(b, &f, sizeof(f));
	for (size_t i = 0; i < CREW_FIELDS; i++)
		buf_slice(b, row->field[i]);
	buf_add(b, zeros, f.size - size);
	return b->n < BATCH ? 0 : go_round(c, e);
}

int crew_drain(struct crew *c, struct err *e)
{
	/* once more for the batch that the first round starts */
	for (size_t i = 0; i <= c->o.processes; i++) {
		if (go_round(c, e) < 0)
			return -1;
	}
	return 0;
}
