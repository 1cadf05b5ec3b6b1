#include "sync/report/page_chart.h"

#include <stdlib.h>

#include "sync/report/figures.h"
#include "sync/report/html.h"

enum { STEP = 10, WIDE = 8, HIGH = 100 }; /* of a bar, in units of the SVG */

/* ---- words ------------------------------------------------------------- */

static void put_time(struct buf *b, uint64_t ms, bool time)
{
	if (time)
		figures_short(b, ms);
	else
		figures_day(b, ms);
}

static void bucket_name(struct buf *b, const struct buckets *k, size_t i)
{
	uint64_t from = k->v[i].from_ms, to = from + k->length_ms;
	bool time = k->length_ms < 86400000;

	put_time(b, from, time);
	if (!time && k->length_ms == 86400000)
		return;
	buf_str(b, " – ");
	if (time && from / 86400000 == (to - 1) / 86400000)
		buf_fmt(b, "%02u:%02u", (unsigned)(to / 3600000 % 24),
			(unsigned)(to / 60000 % 60));
	else
		put_time(b, to, time);
}

/* ---- SVG --------------------------------------------------------------- */

static void svg_open(struct buf *b, const struct buckets *k, const char *class,
		     const char *label)
{
	buf_fmt(b,
		"<svg class=\"%s\" viewBox=\"0 0 %zu %d\" "
		"preserveAspectRatio=\"none\" role=\"img\" aria-label=\"",
		class, k->n * STEP, HIGH);
	html_text(b, label);
	buf_str(b, "\">");
}

/* Appends a bar, from y units above the ground. */
static void bar(struct buf *b, size_t i, const char *class, double y,
		double high)
{
	if (high <= 0)
		return;
	buf_fmt(b,
		"<rect class=\"bar %s\" x=\"%zu\" y=\"%.1f\" width=\"%d\" "
		"height=\"%.1f\"/>",
		class, i * STEP + 1, (double)HIGH - y - high, WIDE, high);
}

/* Appends the text that is shown when the pointer rests on a bucket. */
static void hover(struct buf *b, const struct buckets *k, size_t i,
		  const struct buf *text)
{
	buf_fmt(b,
		"<rect class=\"hover\" x=\"%zu\" y=\"0\" width=\"%d\" "
		"height=\"%d\"><title>",
		i * STEP, STEP, HIGH);
	bucket_name(b, k, i);
	buf_str(b, ": ");
	buf_slice(b, buf_all(text));
	buf_str(b, "</title></rect>");
}

static void runs_text(struct buf *b, const struct bucket *v)
{
	if (v->runs == 0) {
		buf_str(b, "no run");
		return;
	}
	figures_things(b, v->runs, "run", "runs");
	if (v->bad > 0) {
		buf_str(b, ", ");
		figures_count(b, v->bad);
		buf_str(b, " failed");
	}
}

void page_chart_outcomes(struct buf *b, const struct buckets *k)
{
	struct buf text = {0};

	svg_open(b, k, "strip", "How the runs ended over time");
	for (size_t i = 0; i < k->n; i++) {
		bar(b, i, sync_verdict_level_name(k->v[i].worst), 0, HIGH);
		text.n = 0;
		runs_text(&text, &k->v[i]);
		hover(b, k, i, &text);
	}
	buf_str(b, "</svg>");
	buf_clear(&text);
}

/* ---- one chart of several ---------------------------------------------- */

enum chart {
	CHART_ROWS,
	CHART_CHANGES,
	CHART_FAILURES,
	CHART_TIME,
	CHART_STAGES,
	CHARTS
};

/* The parts of a bar, from bottom to top. */
enum { PARTS = SYNC_REPORT_STAGES };

static const char *const classes[CHARTS][PARTS] = {
	[CHART_ROWS] = {"rows"},
	[CHART_CHANGES] = {"update", "insert", "delete"},
	[CHART_FAILURES] = {"failed"},
	[CHART_TIME] = {"time"},
	[CHART_STAGES] = {"query", "diff", "map", "send", "commit"},
};

static void parts_of(const struct bucket *v, enum chart c, uint64_t n[PARTS])
{
	memset(n, 0, PARTS * sizeof(*n));
	switch (c) {
	case CHART_ROWS:
		n[0] = v->rows;
		break;
	case CHART_CHANGES:
		n[0] = v->updates;
		n[1] = v->inserts;
		n[2] = v->deletes;
		break;
	case CHART_FAILURES:
		n[0] = v->failed;
		break;
	case CHART_STAGES:
		memcpy(n, v->stage_ms, sizeof(v->stage_ms));
		break;
	default:
		n[0] = v->longest_ms;
		break;
	}
}

static uint64_t value_of(const struct bucket *v, enum chart c)
{
	uint64_t n[PARTS], sum = 0;

	parts_of(v, c, n);
	for (size_t p = 0; p < PARTS; p++)
		sum += n[p];
	return sum;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The value at the top of a chart. If one bar is far above the others, like a
 * first load, it would make them invisible, so the top is lower.
 */
static uint64_t top_of(const struct buckets *k, enum chart c, uint64_t *most)
{
	uint64_t all[BUCKETS_MOST], usual;
	size_t n = 0;

	for (size_t i = 0; i < k->n; i++) {
		uint64_t v = value_of(&k->v[i], c);

		if (v > 0)
			all[n++] = v;
	}
	*most = 0;
	if (n == 0)
		return 0;
	qsort(all, n, sizeof(all[0]), by_size);
	*most = all[n - 1];
	usual = all[(n - 1) * 9 / 10];
	if (n >= 8 && c != CHART_ROWS && *most / 3 > usual)
		return usual + usual / 4;
	return *most;
}

static void put_value(struct buf *b, enum chart c, uint64_t v)
{
	if (c == CHART_TIME || c == CHART_STAGES)
		figures_span(b, v);
	else
		figures_count(b, v);
}

static double scaled(uint64_t v, uint64_t top)
{
	double high = top > 0 ? (double)v * (HIGH - 4) / (double)top : 0;

	/* a value above 0 must be visible */
	return v > 0 && high < 1.5 ? 1.5 : high;
}

/* Appends a gap below the tip of a bar that is higher than the chart. */
static void cut(struct buf *b, size_t i)
{
	buf_fmt(b,
		"<rect class=\"cut\" x=\"%zu\" y=\"6\" width=\"%d\" "
		"height=\"4\"/>",
		i * STEP, STEP);
}

static void bars(struct buf *b, const struct bucket *v, size_t i, enum chart c,
		 uint64_t top)
{
	uint64_t n[PARTS];
	double sum = 0, all = HIGH;

	parts_of(v, c, n);
	for (size_t p = 0; p < PARTS; p++) {
		double h = scaled(n[p], top);

		h = sum + h > all ? all - sum : h;
		if (h >= 1) /* smaller parts are not visible */
			bar(b, i, classes[c][p], sum, h);
		sum += h > 0 ? h : 0;
	}
	if (value_of(v, c) > top)
		cut(b, i);
}

/* Appends "query 2.1 s, diff 35 ms, ...". */
static void stages_text(struct buf *b, const uint64_t *ms)
{
	for (size_t i = 0; i < SYNC_REPORT_STAGES; i++) {
		buf_fmt(b, "%s%s ", i > 0 ? ", " : "", sync_report_stage(i));
		figures_span(b, ms[i]);
	}
}

static void hover_text(struct buf *b, const struct bucket *v, enum chart c)
{
	if (c == CHART_ROWS && v->has_rows) {
		figures_things(b, v->rows, "row", "rows");
	} else if (c == CHART_CHANGES && v->runs > 0) {
		figures_count(b, v->inserts);
		buf_str(b, " new, ");
		figures_count(b, v->updates);
		buf_str(b, " changed, ");
		figures_count(b, v->deletes);
		buf_str(b, " deleted");
	} else if (c == CHART_FAILURES && v->failed > 0) {
		figures_count(b, v->failed);
		buf_str(b, " not delivered");
	} else if (c == CHART_TIME && v->longest_ms > 0) {
		buf_str(b, "at most ");
		figures_span(b, v->longest_ms);
	} else if (c == CHART_STAGES && v->stages_of_ms > 0) {
		stages_text(b, v->stage_ms);
	}
	if (b->n > 0)
		buf_str(b, " · ");
	runs_text(b, v);
}

/* The stage with the most time in total. */
static const char *slowest_stage(const struct buckets *k)
{
	uint64_t sum[SYNC_REPORT_STAGES] = {0};
	size_t most = 0;

	for (size_t i = 0; i < k->n; i++) {
		for (size_t p = 0; p < SYNC_REPORT_STAGES; p++)
			sum[p] += k->v[i].stage_ms[p];
	}
	for (size_t p = 1; p < SYNC_REPORT_STAGES; p++)
		most = sum[p] > sum[most] ? p : most;
	return sync_report_stage(most);
}

static void one_chart(struct buf *b, const struct buckets *k, enum chart c,
		      const char *name, const char *what)
{
	uint64_t most, top = top_of(k, c, &most);
	struct buf text = {0};

	buf_fmt(b,
		"<div class=\"chart\"><div class=\"label\"><b>%s</b><span>%s",
		name, what);
	buf_str(b, "</span><em>");
	if (c == CHART_STAGES) {
		buf_fmt(b, "mostly %s", slowest_stage(k));
	} else if (most > 0) {
		buf_str(b, "peak ");
		put_value(b, c, most);
	} else {
		buf_str(b, "none");
	}
	buf_str(b, "</em></div>");
	svg_open(b, k, "bars", what);
	for (size_t i = 0; i < k->n; i++) {
		bars(b, &k->v[i], i, c, top);
		text.n = 0;
		hover_text(&text, &k->v[i], c);
		hover(b, k, i, &text);
	}
	buf_str(b, "</svg></div>\n");
	buf_clear(&text);
}

/* Appends the dates below the charts: start, middle and end. */
static void axis(struct buf *b, const struct buckets *k)
{
	bool time = k->length_ms * k->n < (uint64_t)4 * 86400000;

	buf_str(b, "<div class=\"chart axis\"><div class=\"label\"></div>"
		   "<div class=\"dates\"><span>");
	put_time(b, k->v[0].from_ms, time);
	buf_str(b, "</span><span>");
	put_time(b, k->v[k->n / 2].from_ms, time);
	buf_str(b, "</span><span>now</span></div></div>\n");
}

/* Appends the number of failed runs, and the strip of outcomes. */
static void outcomes_chart(struct buf *b, const struct buckets *k)
{
	uint64_t runs = 0, bad = 0;

	for (size_t i = 0; i < k->n; i++) {
		runs += k->v[i].runs;
		bad += k->v[i].bad;
	}
	buf_str(b, "<div class=\"chart\"><div class=\"label\"><b>Runs</b>"
		   "<span>how they ended</span><em>");
	figures_count(b, bad);
	buf_str(b, " of ");
	figures_count(b, runs);
	buf_str(b, " failed</em></div>");
	page_chart_outcomes(b, k);
	buf_str(b, "</div>\n");
}

static void legend_length(struct buf *b, const struct buckets *k, bool stages)
{
	buf_str(b, "Each bar stands for the runs of ");
	figures_span(b, k->length_ms);
	buf_str(b, ". Rest the pointer on a bar for its numbers.");
	if (stages)
		buf_str(b, " Stages work at the same time: each bar of theirs "
			   "is the work of each, without the waits for the "
			   "others.");
}

struct legend_entry {
	const char *class, *word;
};

static void put_legend(struct buf *b, const struct legend_entry *all, size_t n)
{
	buf_str(b, "<p class=\"legend\">");
	for (size_t i = 0; i < n; i++)
		buf_fmt(b, "<span><i class=\"%s\"></i>%s</span>", all[i].class,
			all[i].word);
	buf_str(b, "</p>");
}

void page_chart_history(struct buf *b, const struct buckets *k)
{
	static const struct {
		const char *name, *what;
	} all[CHARTS] = {
		[CHART_ROWS] = {"Rows", "in the source"},
		[CHART_CHANGES] = {"Changes", "sent to the destination"},
		[CHART_FAILURES] = {"Failures", "changes not delivered"},
		[CHART_TIME] = {"Duration", "of the longest run"},
		[CHART_STAGES] = {"Stages", "work in that run"},
	};

	static const struct legend_entry legend[] = {
		{"good", "succeeded"}, {"warn", "to look at"},
		{"bad", "failed"},     {"none", "no run"},
		{"insert", "new"},     {"update", "changed"},
		{"delete", "deleted"},
	};

	static const struct legend_entry stages[] = {
		{"query", "query: reads rows"}, {"diff", "diff: compares"},
		{"map", "map: makes events"},   {"send", "send: delivers"},
		{"commit", "commit: records"},
	};
	uint64_t most;

	(void)top_of(k, CHART_STAGES, &most);
	buf_str(b, "<div class=\"charts\">\n");
	outcomes_chart(b, k);
	for (size_t c = 0; c < CHARTS; c++) {
		if (c != CHART_STAGES || most > 0)
			one_chart(b, k, (enum chart)c, all[c].name,
				  all[c].what);
	}
	axis(b, k);
	put_legend(b, legend, COUNT_OF(legend));
	if (most > 0)
		put_legend(b, stages, COUNT_OF(stages));
	buf_str(b, "<p class=\"note\">");
	legend_length(b, k, most > 0);
	buf_str(b, "</p></div>\n");
}
