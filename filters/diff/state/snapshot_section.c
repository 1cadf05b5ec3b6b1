#include "diff/state/snapshot_section.h"

#include <signal.h>
#include <unistd.h>

#include "core/file.h"
#include "core/linux.h"
#include "diff/state/snapshot_part.h"

void snapshot_section_begin(struct snapshot_section_thread *t, int fd)
{
	*t = (struct snapshot_section_thread){.fd = fd};
}

void snapshot_section_init(struct snapshot_section *c,
			   struct snapshot_section_thread *t, size_t at)
{
	*c = (struct snapshot_section){.thread = t, .at = (off_t)at};
}

void snapshot_section_clear(struct snapshot_section *c)
{
	buf_clear(&c->b);
	buf_clear(&c->sums);
}

int snapshot_section_failed(int fd, struct err *e)
{
	return file_failed(fd, ERR_IO, "cannot write the snapshot", e);
}

int snapshot_section_put(int fd, const char *p, size_t n, off_t at,
			 struct err *e)
{
	while (n > 0) {
		ssize_t put = pwrite(fd, p, n, at);

		if (put < 0)
			return snapshot_section_failed(fd, e);
		p += put;
		n -= (size_t)put;
		at += put;
	}
	return 0;
}

/* Sums and writes the current blocks. */
static int write_blocks(struct snapshot_section_thread *t, struct err *e)
{
	for (size_t at = 0; at < t->n; at += SNAPSHOT_BLOCK) {
		size_t left = t->n - at;
		uint64_t sum = snapshot_sum(
			t->b.p + at,
			left < SNAPSHOT_BLOCK ? left : SNAPSHOT_BLOCK);

		buf_add(t->sums, &sum, sizeof(sum));
	}
	if (snapshot_section_put(t->fd, t->b.p, t->n, t->at, e) < 0)
		return -1;
	linux_start_writing(t->fd, t->at, (off_t)t->n);
	return 0;
}

/* ---- the thread --------------------------------------------------------- */

static void *thread_main(void *ctx)
{
	struct snapshot_section_thread *t = ctx;

	pthread_mutex_lock(&t->lock);
	while (t->busy || !t->ending) {
		if (!t->busy) {
			pthread_cond_wait(&t->turn, &t->lock);
			continue;
		}
		pthread_mutex_unlock(&t->lock);
		if (t->failed.kind == ERR_NONE)
			(void)!write_blocks(t, &t->failed);
		pthread_mutex_lock(&t->lock);
		t->busy = false;
		pthread_cond_signal(&t->turn);
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

/* The thread blocks all signals, so that the main thread gets them. */
static void start(struct snapshot_section_thread *t)
{
	enum { STACK = 256 * 1024 }; /* instead of the default 8 MiB */
	sigset_t all, before;
	pthread_attr_t how;

	sigfillset(&all);
	pthread_attr_init(&how);
	pthread_attr_setstacksize(&how, STACK);
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->turn, NULL);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	t->on = pthread_create(&t->thread, &how, thread_main, t) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&how);
	t->failed_to_start = !t->on;
}

static void wait_for_thread(struct snapshot_section_thread *t)
{
	pthread_mutex_lock(&t->lock);
	while (t->busy)
		pthread_cond_wait(&t->turn, &t->lock);
	pthread_mutex_unlock(&t->lock);
}

static void wake_thread(struct snapshot_section_thread *t)
{
	pthread_mutex_lock(&t->lock);
	t->busy = true;
	pthread_cond_signal(&t->turn);
	pthread_mutex_unlock(&t->lock);
}

int snapshot_section_done(struct snapshot_section_thread *t, struct err *e)
{
	if (t->on) {
		pthread_mutex_lock(&t->lock);
		t->ending = true;
		pthread_cond_signal(&t->turn);
		pthread_mutex_unlock(&t->lock);
		pthread_join(t->thread, NULL);
		pthread_cond_destroy(&t->turn);
		pthread_mutex_destroy(&t->lock);
		t->on = false;
	}
	buf_clear(&t->b);
	if (t->failed.kind == ERR_NONE)
		return 0;
	*e = t->failed;
	return -1;
}

/* Hands the first n bytes to the thread; the rest stays in the buffer. */
static int flush(struct snapshot_section *c, size_t n, struct err *e)
{
	struct snapshot_section_thread *t = c->thread;
	struct buf full = c->b;

	if (t->on)
		wait_for_thread(t);
	c->b = t->b;
	c->b.n = 0;
	buf_add(&c->b, full.p + n, full.n - n);
	/* room first, so that the thread allocates nothing */
	buf_room(&c->sums, (n / SNAPSHOT_BLOCK + 1) * sizeof(uint64_t));
	t->b = full;
	t->n = n;
	t->at = c->at;
	t->sums = &c->sums;
	c->at += (off_t)n;
	if (t->failed.kind != ERR_NONE) {
		*e = t->failed;
		return -1;
	}
	if (!t->on)
		return write_blocks(t, e);
	wake_thread(t);
	return 0;
}

int snapshot_section_flush(struct snapshot_section *c, struct err *e)
{
	if (!c->thread->on && !c->thread->failed_to_start)
		start(c->thread);
	/* whole blocks, so that the next bytes begin a new one */
	return flush(c, c->b.n / SNAPSHOT_BLOCK * SNAPSHOT_BLOCK, e);
}

int snapshot_section_end(struct snapshot_section *c, struct err *e)
{
	return c->b.n == 0 ? 0 : flush(c, c->b.n, e);
}
