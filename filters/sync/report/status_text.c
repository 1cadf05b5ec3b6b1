#include "sync/report/status_text.h"

#include "core/width.h"
#include "sync/report/figures.h"
#include "sync/report/sparkline.h"
#include "sync/report/sync_verdict.h"
#include "wire/stream/harmless.h"

enum { MOST_NAME = 40, LEAST_NAME = 12, TREND = 40, LEAST_TREND = 5 };

/* ---- the table --------------------------------------------------------- */

struct status_columns {
	size_t name, trend; /* widths */
};

/* widths: mark 2, last good 13, last run 13, rows 10, changes 9, failing 8,
 * blanks before the trend 2
 */
enum { FIXED = 2 + 13 + 13 + 10 + 9 + 8 + 2 };

static void measure(struct status_columns *c, const struct sync_report *r,
		    size_t n, const struct screen_style *style)
{
	size_t room = style->width > FIXED + LEAST_NAME ? style->width - FIXED
							: LEAST_NAME;

	if (room > MOST_NAME)
		room = MOST_NAME;
	c->name = 4;
	for (size_t i = 0; i < n; i++) {
		size_t w = width_of(slice_str(r[i].name));

		if (w > c->name)
			c->name = w < room ? w : room;
	}
	c->name += 2;
	c->trend = style->width > FIXED + c->name + LEAST_TREND
			   ? style->width - FIXED - c->name
			   : 0;
	if (c->trend > TREND)
		c->trend = TREND;
}

static void heading(struct buf *b, const struct status_columns *c,
		    const struct screen_style *style)
{
	if (style->color)
		buf_str(b, "\033[1m");
	buf_str(b, "  ");
	screen_text_cell(b, slice_str("SYNC"), c->name, false);
	screen_text_cell(b, slice_str("LAST GOOD"), 13, false);
	screen_text_cell(b, slice_str("LAST RUN"), 13, false);
	screen_text_cell(b, slice_str("ROWS"), 10, true);
	screen_text_cell(b, slice_str("CHANGES"), 9, true);
	screen_text_cell(b, slice_str("FAILING"), 8, true);
	if (c->trend > 0)
		buf_str(b, "  TREND");
	buf_str(b, style->color ? "\033[0m\n" : "\n");
}

static void sync_line(struct buf *b, const struct sync_report *r,
		      const struct sync_verdict *v,
		      const struct status_columns *c, uint64_t now_ms,
		      const struct screen_style *style)
{
	static const struct report_run none = {.status = -1};
	const struct report_run *run = sync_report_last(r);
	struct buf text = {0};
	char name[200];

	run = run ? run : &none;
	harmless(name, sizeof(name), slice_str(r->name));
	screen_text_mark(b, v->level, style);
	buf_char(b, ' ');
	screen_text_name(b, slice_str(name), c->name - 2, style);
	buf_str(b, "  ");
	if (r->good_ms > 0)
		figures_ago(&text, now_ms, r->good_ms);
	else
		buf_str(&text, sync_report_is_hidden(r) ? "unknown" : "never");
	screen_text_cell(b, buf_all(&text), 13, false);
	screen_text_color(b, v->level, style);
	screen_text_cell(b, slice_str(v->word), 13, false);
	screen_text_plain(b, style);
	screen_text_count(b, run->has[REPORT_ROWS], run->count[REPORT_ROWS],
			  10);
	screen_text_count(b, run->has[REPORT_INSERTS], sync_report_changes(run),
			  9);
	screen_text_count(b, r->n_runs > 0, r->failing, 8);
	if (c->trend > 0) {
		buf_str(b, "  ");
		(void)sparkline(b, r, c->trend, style->utf8);
	}
	while (b->p[b->n - 1] == ' ')
		b->n--;
	buf_char(b, '\n');
	buf_clear(&text);
}

void status_text(struct buf *b, const struct sync_report *r, size_t n,
		 uint64_t now_ms, const struct screen_style *style)
{
	struct status_columns c;
	struct sync_verdict v;

	measure(&c, r, n, style);
	heading(b, &c, style);
	for (size_t i = 0; i < n; i++) {
		sync_verdict_of(&v, &r[i], now_ms);
		sync_line(b, &r[i], &v, &c, now_ms, style);
		if (v.level == LEVEL_WARN || v.level == LEVEL_BAD)
			screen_text_wrapped(b, v.sentence, 4, style);
	}
}
