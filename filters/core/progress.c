#include "core/progress.h"

#include <stdio.h>
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

static void draw(struct progress *p, uint64_t now)
{
	double s = (double)(now - p->started_ms) / 1000;
	struct buf b = {0};

	for (const struct progress_count *c = p->counts; c->name; c++) {
		if (*c->n > 0)
			buf_fmt(&b, "%ju %s  ", (uintmax_t)*c->n, c->name);
	}
	buf_fmt(&b, "%.0f/s  %.0f s", (double)*p->counts->n / s, s);
	if (b.n > WIDTH)
		b.n = WIDTH;
	buf_str(&b, "\033[K\r");
	put(&b);
	buf_clear(&b);
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

void progress_end(struct progress *p)
{
	struct buf b = {0};

	if (!p->shown)
		return;
	buf_str(&b, "\033[K");
	put(&b);
	buf_clear(&b);
	p->shown = false;
}

int progress_stats(const struct progress *p, const char *path, struct err *e)
{
	struct file_new f = {0};
	struct buf b = {0};
	int rc = -1;

	if (!path)
		return 0;
	buf_str(&b, "{");
	for (const struct progress_count *c = p->counts; c->name; c++)
		buf_fmt(&b, "\"%s\":%ju,", c->name, (uintmax_t)*c->n);
	buf_fmt(&b, "\"ms\":%ju}\n",
		(uintmax_t)(clock_mono_ms() - p->started_ms));
	if (file_begin(&f, path, e) == 0 && writer_all(f.fd, b.p, b.n, e) == 0)
		rc = file_commit(&f, e);
	file_abandon(&f);
	buf_clear(&b);
	return rc;
}
