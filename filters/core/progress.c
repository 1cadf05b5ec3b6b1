#include "core/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/tool.h"
#include "core/writer.h"

enum {
	TICKS = 1024,
	FIRST_MS = 1000,
	EVERY_MS = 500,
	SOON_MS = 100,
	WIDTH = 79,
	NAMES = 24 /* on a line */
};

/* The thread that draws while the main thread waits in a library. */
struct progress_thread {
	pthread_t id;
	pthread_mutex_t lock; /* protects the line, and the fields below */
	pthread_cond_t wake;
	bool ending;
};

/* Called twice a second while the command waits for input. */
static void on_idle(void *ctx)
{
	progress_wait(ctx);
}

void progress_init(struct progress *p, const struct progress_count *counts)
{
	bool shows = tool_logs(TOOL_WARNING);

	*p = (struct progress){
		.counts = counts,
		.live = counts,
		.started_ms = clock_mono_ms(),
		.watched = tool_watched() && shows,
		.feeds = tool_feeds() && shows,
		.skip = 1,
		.every = 1,
		.feed.fd = -1,
	};
	if (p->watched)
		progress_feed_listen(&p->feed);
	else if (p->feeds)
		progress_feed_open(&p->feed);
	if (p->watched || p->feeds)
		tool_on_idle(on_idle, p);
}

static void put(const struct buf *b)
{
	ssize_t n = write(STDERR_FILENO, b->p, b->n);

	(void)n; /* a lost progress line is not a failure */
}

/* The width of the terminal minus one, so that the line does not wrap. */
static size_t width(void)
{
	struct winsize w = {0};

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) < 0 || w.ws_col < 2)
		return WIDTH;
	return w.ws_col - 1;
}

static void cut(struct buf *b, size_t n)
{
	if (b->n <= n)
		return;
	while (n > 0 && ((unsigned char)b->p[n] & 0xc0) == 0x80)
		n--; /* not within a character */
	b->n = n;
}

/* ---- the line ---------------------------------------------------------- */

/* Adds a number such as 1,234,567. */
static void put_number(struct buf *b, uint64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%ju", (uintmax_t)n);

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_char(b, ',');
		buf_char(b, digits[i]);
	}
}

/* A line in the making, from the counts of several stages. */
struct line {
	struct buf b;
	struct slice name[NAMES]; /* counts already on it */
	size_t n;
	uint64_t first; /* the first count on the line */
};

static bool is_named(struct line *l, struct slice name)
{
	for (size_t i = 0; i < l->n; i++) {
		if (slice_eq(l->name[i], name))
			return true;
	}
	if (l->n < NAMES)
		l->name[l->n++] = name;
	return false;
}

static void add_count(struct line *l, struct slice name, uint64_t n)
{
	if (is_named(l, name))
		return;
	if (l->b.n > 0)
		buf_str(&l->b, ", ");
	else
		l->first = n;
	put_number(&l->b, n);
	buf_char(&l->b, ' ');
	buf_slice(&l->b, name);
}

/* Adds the counts that a stage has sent, "N name" in each line. A line "!TEXT"
 * is its note, which goes to *note.
 */
static void add_stage(struct line *l, const char *text, struct slice *note)
{
	while (*text) {
		size_t n = strcspn(text, "\n"),
		       digits = strspn(text, "0123456789");
		uint64_t count;

		if (*text == '!')
			*note = slice_of(text + 1, n - 1);
		else if (digits + 1 < n && text[digits] == ' ' &&
			 num_uint(slice_of(text, digits), &count) == 0)
			add_count(l,
				  slice_of(text + digits + 1, n - digits - 1),
				  count);
		text += n + (text[n] != '\0');
	}
}

/* Atomic, because the main thread may be counting. */
static uint64_t value_of(const struct progress_count *c)
{
	return __atomic_load_n(c->n, __ATOMIC_RELAXED);
}

/* Whether a count is shown: the first one always, others if they are not 0. */
static bool is_live(const struct progress *p, const struct progress_count *c)
{
	return value_of(c) > 0 || c == p->live;
}

static void make_line(const struct progress *p, struct line *l, uint64_t now)
{
	double s = (double)(now - p->started_ms) / 1000;
	struct slice note = slice_of(NULL, 0);

	for (size_t i = 0; i < PROGRESS_FEED_STAGES; i++)
		add_stage(l, p->feed.text[i], &note);
	for (const struct progress_count *c = p->live; c->name; c++) {
		if (is_live(p, c))
			add_count(l, slice_str(c->name), value_of(c));
	}
	if (p->note[0])
		note = slice_str(p->note);
	buf_str(&l->b, l->b.n > 0 ? "  " : "");
	if (note.n == 0 && (double)l->first >= s) { /* else it says more */
		put_number(&l->b, (uint64_t)((double)l->first / s));
		buf_str(&l->b, "/s  ");
	}
	buf_fmt(&l->b, "%.0f s", s);
	if (note.n > 0)
		buf_fmt(&l->b, "  %.*s", SLICE_FMT(note));
}

static void draw(struct progress *p, uint64_t now)
{
	struct line l = {.n = 0};

	progress_feed_take(&p->feed);
	make_line(p, &l, now);
	cut(&l.b, width());
	buf_str(&l.b, "\033[K\r");
	put(&l.b);
	buf_clear(&l.b);
	tool_line_shown(true);
	p->shown = true;
	p->drawn_ms = now;
}

static void send_counts(struct progress *p)
{
	struct buf b = {0};

	if (p->note[0])
		buf_fmt(&b, "!%s\n", p->note);
	for (const struct progress_count *c = p->live; c->name; c++) {
		if (is_live(p, c))
			buf_fmt(&b, "%ju %s\n", (uintmax_t)value_of(c),
				c->name);
	}
	progress_feed_send(&p->feed, &b);
	buf_clear(&b);
	p->drawn_ms = clock_mono_ms();
}

/* Adapts the number of ticks so that the clock is read about ten times a
 * second. */
static void pace(struct progress *p, uint64_t now)
{
	if (now - p->ticked_ms > SOON_MS)
		p->every = p->every / 2 + 1;
	else if (p->every < TICKS)
		p->every *= 2;
	p->ticked_ms = now;
	p->skip = p->every;
}

static void draw_if_due(struct progress *p, uint64_t now)
{
	if (now - p->drawn_ms < EVERY_MS)
		return;
	if (p->feeds)
		send_counts(p);
	else if (now - p->started_ms >= FIRST_MS)
		draw(p, now);
}

static void lock(struct progress *p)
{
	if (p->thread)
		pthread_mutex_lock(&p->thread->lock);
}

static void unlock(struct progress *p)
{
	if (p->thread)
		pthread_mutex_unlock(&p->thread->lock);
}

void progress_tick(struct progress *p)
{
	uint64_t now;

	if ((!p->watched && !p->feeds) || --p->skip > 0)
		return;
	now = clock_mono_ms();
	pace(p, now);
	lock(p);
	draw_if_due(p, now);
	unlock(p);
}

/* ---- beside a library --------------------------------------------------- */

static void *draw_beside(void *ctx)
{
	struct progress *p = ctx;
	struct progress_thread *t = p->thread;
	struct timespec next;

	pthread_mutex_lock(&t->lock);
	while (!t->ending) {
		clock_gettime(CLOCK_MONOTONIC, &next);
		next.tv_nsec += (long)EVERY_MS * 1000 * 1000;
		next.tv_sec += next.tv_nsec / (1000 * 1000 * 1000);
		next.tv_nsec %= 1000 * 1000 * 1000;
		if (pthread_cond_timedwait(&t->wake, &t->lock, &next) ==
		    ETIMEDOUT)
			draw_if_due(p, clock_mono_ms());
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

/* The thread blocks all signals, so that the main thread gets them. If it
 * cannot be started, the line is just not updated.
 */
void progress_beside(struct progress *p)
{
	struct progress_thread *t;
	pthread_condattr_t how;
	sigset_t all, before;

	if (p->thread || (!p->watched && !p->feeds))
		return;
	t = mem_zero(sizeof(*t));
	pthread_mutex_init(&t->lock, NULL);
	pthread_condattr_init(&how);
	pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
	pthread_cond_init(&t->wake, &how);
	pthread_condattr_destroy(&how);
	p->thread = t;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&t->id, NULL, draw_beside, p) != 0) {
		p->thread = NULL;
		free(t);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void end_beside(struct progress *p)
{
	struct progress_thread *t = p->thread;

	if (!t)
		return;
	pthread_mutex_lock(&t->lock);
	t->ending = true;
	pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->id, NULL);
	pthread_cond_destroy(&t->wake);
	pthread_mutex_destroy(&t->lock);
	p->thread = NULL;
	free(t);
}

void progress_wait(struct progress *p)
{
	p->skip = 1;
	progress_tick(p);
}

void progress_note(struct progress *p, const char *fmt, ...)
{
	va_list ap;

	lock(p);
	va_start(ap, fmt);
	vsnprintf(p->note, sizeof(p->note), fmt, ap);
	va_end(ap);
	unlock(p);
}

void progress_end(struct progress *p)
{
	struct buf b = {0};

	end_beside(p);
	if (p->feeds && p->feed.fd >= 0)
		send_counts(p);
	progress_feed_close(&p->feed);
	tool_on_idle(NULL, NULL);
	p->watched = p->feeds = false;
	if (!p->shown)
		return;
	buf_str(&b, "\033[K");
	put(&b);
	buf_clear(&b);
	tool_line_shown(false);
	p->shown = false;
}

/* Writes to a pipe, terminal or device directly. */
static int write_through(const char *path, const struct buf *b, struct err *e)
{
	int fd = file_descriptor(path);
	int rc;

	fd = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 0)
		     : open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_sys(e, ERR_CREATE, "cannot open '%s'", path);
	rc = writer_all(fd, b->p, b->n, e);
	close(fd);
	return rc;
}

int progress_stats(const struct progress *p, const char *path, struct err *e)
{
	struct buf b = {0};
	struct stat st;
	int rc;

	if (!path)
		return 0;
	buf_str(&b, "{");
	for (const struct progress_count *c = p->counts; c->name; c++)
		buf_fmt(&b, "\"%s\":%ju,", c->name, (uintmax_t)*c->n);
	buf_fmt(&b, "\"ms\":%ju}\n",
		(uintmax_t)(clock_mono_ms() - p->started_ms));
	if (file_descriptor(path) >= 0 ||
	    (stat(path, &st) == 0 && !S_ISREG(st.st_mode)))
		rc = write_through(path, &b, e);
	else
		rc = writer_replace(path, buf_all(&b), e);
	buf_clear(&b);
	return rc;
}
