#include "core/progress.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/tool.h"
#include "core/writer.h"

enum { TICKS = 1024, FIRST_MS = 1000, EVERY_MS = 500, WIDTH = 79 };

void progress_init(struct progress *p, const struct progress_count *counts)
{
	*p = (struct progress){
		.counts = counts,
		.live = counts,
		.started_ms = clock_mono_ms(),
		.watched = tool_watched() && tool_logs(TOOL_WARNING),
		.skip = TICKS,
	};
}

static void put(const struct buf *b)
{
	ssize_t n = write(STDERR_FILENO, b->p, b->n);

	(void)n; /* a lost progress line is no failure */
}

/* What a line of the terminal holds without wrapping. */
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

static void draw(struct progress *p, uint64_t now)
{
	double s = (double)(now - p->started_ms) / 1000;
	struct buf b = {0};

	for (const struct progress_count *c = p->live; c->name; c++) {
		if (*c->n > 0 || c == p->live)
			buf_fmt(&b, "%ju %s  ", (uintmax_t)*c->n, c->name);
	}
	if (p->live->name)
		buf_fmt(&b, "%.0f/s  ", (double)*p->live->n / s);
	buf_fmt(&b, "%.0f s", s);
	if (p->note[0])
		buf_fmt(&b, "  %s", p->note);
	cut(&b, width());
	buf_str(&b, "\033[K\r");
	put(&b);
	buf_clear(&b);
	tool_line_shown(true);
	p->shown = true;
	p->drawn_ms = now;
}

void progress_tick(struct progress *p)
{
	uint64_t now;

	if (!p->watched || --p->skip > 0)
		return;
	p->skip = TICKS;
	now = clock_mono_ms();
	if (now - p->started_ms >= FIRST_MS && now - p->drawn_ms >= EVERY_MS)
		draw(p, now);
}

void progress_wait(struct progress *p)
{
	p->skip = 1;
	progress_tick(p);
}

void progress_note(struct progress *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->note, sizeof(p->note), fmt, ap);
	va_end(ap);
}

void progress_end(struct progress *p)
{
	struct buf b = {0};

	if (!p->shown)
		return;
	buf_str(&b, "\033[K");
	put(&b);
	buf_clear(&b);
	tool_line_shown(false);
	p->shown = false;
}

/* A pipe, terminal or device is written to as it is. */
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

static int replace(const char *path, const struct buf *b, struct err *e)
{
	struct file_new f = {0};
	int rc = -1;

	if (file_begin(&f, path, e) == 0 &&
	    writer_all(f.fd, b->p, b->n, e) == 0)
		rc = file_commit(&f, e);
	file_abandon(&f);
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
		rc = replace(path, &b, e);
	buf_clear(&b);
	return rc;
}
