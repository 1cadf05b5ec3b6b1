#include "sync/report/page_sync.h"

#include <stdlib.h>

#include "core/mem.h"
#include "sync/report/figures.h"
#include "sync/report/html.h"
#include "sync/report/page_chart.h"
#include "sync/report/ranking.h"

enum { REASONS = 8, ROWS = 20, EVENTS = 8 }; /* maximum number listed */

void page_sync_mark(struct buf *b, enum sync_level level)
{
	static const char *const signs[LEVEL_LEVELS] = {
		[LEVEL_NONE] = "–",
		[LEVEL_GOOD] = "✓",
		[LEVEL_WARN] = "!",
		[LEVEL_BAD] = "✕",
	};

	buf_fmt(b, "<span class=\"mark %s\" aria-hidden=\"true\">%s</span>",
		sync_verdict_level_name(level), signs[level]);
}

void page_sync_sentence(struct buf *b, const struct sync_verdict *v)
{
	size_t from = b->n;

	html_text(b, v->sentence);
	if (b->n > from && b->p[from] >= 'a' && b->p[from] <= 'z')
		b->p[from] = (char)(b->p[from] - 'a' + 'A');
	buf_char(b, '.');
}

static uint64_t time_of(const struct report_run *run)
{
	return run->ended_ms ? run->ended_ms : run->started_ms;
}

/* ---- figures ----------------------------------------------------------- */

static void tile(struct buf *b, const char *class, const char *name,
		 const struct buf *value, const char *more)
{
	buf_fmt(b, "<div class=\"tile%s%s\"><span>%s</span><b>",
		class[0] ? " " : "", class, name);
	buf_slice(b, buf_all(value));
	buf_fmt(b, "</b><small>%s</small></div>\n", more);
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The median duration of complete runs; 0 without one. */
static uint64_t median_ms(const struct sync_report *r)
{
	uint64_t *all = mem_zero((r->n_runs + 1) * sizeof(*all)), ms;
	size_t n = 0;

	for (size_t i = 0; i < r->n_runs; i++) {
		if (r->run[i].complete && r->run[i].ended_ms > 0)
			all[n++] = r->run[i].ms;
	}
	if (n > 1)
		qsort(all, n, sizeof(*all), by_size);
	ms = n > 0 ? all[n / 2] : 0;
	free(all);
	return ms;
}

static size_t with_status(const struct sync_report *r, int status)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_runs; i++)
		n += r->run[i].status == status;
	return n;
}

/* The newest run that has read rows, or NULL. */
static const struct report_run *last_reader(const struct sync_report *r)
{
	for (size_t i = r->n_runs; i-- > 0;) {
		if (r->run[i].has[REPORT_ROWS])
			return &r->run[i];
	}
	return NULL;
}

static void tile_success(struct buf *b, const struct sync_report *r,
			 uint64_t now_ms)
{
	struct buf v = {0}, more = {0};
	bool old = sync_verdict_is_old(r, now_ms);

	if (r->good_ms > 0) {
		figures_ago(&v, now_ms, r->good_ms);
		figures_short(&more, r->good_ms);
		buf_str(&more, " UTC");
	} else if (sync_report_is_hidden(r)) {
		buf_str(&v, "unknown");
		buf_str(&more, "the state cannot be read");
	} else {
		buf_str(&v, "never");
		buf_str(&more, "no run had status 0");
	}
	tile(b, old ? "bad" : "", "Last success", &v, buf_cstr(&more));
	buf_clear(&v);
	buf_clear(&more);
}

static void tile_runs(struct buf *b, const struct sync_report *r)
{
	struct buf v = {0}, more = {0};
	size_t good = with_status(r, 0);

	figures_count(&v, good);
	buf_str(&v, " of ");
	figures_count(&v, r->n_runs);
	if (r->n_runs > 0)
		buf_fmt(&more, "%zu.%zu %%", good * 100 / r->n_runs,
			good * 1000 / r->n_runs % 10);
	tile(b, "", "Good runs", &v, buf_cstr(&more));
	buf_clear(&v);
	buf_clear(&more);
}

static void tile_failing(struct buf *b, const struct sync_report *r)
{
	struct buf v = {0}, more = {0};

	figures_count(&v, r->failing);
	if (r->pending > 0)
		figures_things(&more, r->pending, "change unacknowledged",
			       "changes unacknowledged");
	tile(b, r->failing > 0 ? "warn" : "", "Rows that fail now", &v,
	     more.n > 0 ? buf_cstr(&more)
			: (r->failing > 0 ? "tried again in each run"
					  : "everything delivered"));
	buf_clear(&v);
	buf_clear(&more);
}

static void tiles(struct buf *b, const struct sync_report *r, uint64_t now_ms)
{
	const struct report_run *run = last_reader(r);
	struct buf v = {0}, more = {0};

	buf_str(b, "<div class=\"tiles\">\n");
	tile_success(b, r, now_ms);
	tile_failing(b, r);
	if (run) {
		figures_count(&v, run->count[REPORT_ROWS]);
		tile(b, "", "Rows in the source", &v, "at the last reading");
		v.n = 0;
		figures_count(&v, sync_report_changes(run));
		figures_count(&more, run->count[REPORT_INSERTS]);
		buf_str(&more, " new, ");
		figures_count(&more, run->count[REPORT_UPDATES]);
		buf_str(&more, " changed, ");
		figures_count(&more, run->count[REPORT_DELETES]);
		buf_str(&more, " deleted");
		tile(b, "", "Changes, last run", &v, buf_cstr(&more));
		v.n = 0;
	}
	tile_runs(b, r);
	if (median_ms(r) > 0)
		figures_span(&v, median_ms(r));
	else
		buf_str(&v, "–");
	tile(b, "", "Usual duration", &v, "the median of complete runs");
	buf_str(b, "</div>\n");
	buf_clear(&v);
	buf_clear(&more);
}

/* ---- reasons ----------------------------------------------------------- */

static void rank_line(struct buf *b, const struct ranking_one *one,
		      uint64_t most, const char *class)
{
	buf_str(b, "<b>");
	figures_count(b, one->n);
	buf_str(b, "</b><span>");
	html_text(b, one->text);
	buf_fmt(b,
		"</span><div class=\"track\"><i class=\"%s\" "
		"style=\"width:%ju%%\"></i></div>\n",
		class, (uintmax_t)(one->n * 100 / most));
}

/* Appends the most frequent reasons; the rest is only counted, so that the
 * numbers add up.
 */
static void rank(struct buf *b, struct ranking *k, const char *class)
{
	uint64_t others = k->others;

	ranking_sort(k);
	buf_str(b, "<div class=\"rank\">\n");
	for (size_t i = 0; i < k->kinds; i++) {
		if (i < REASONS)
			rank_line(b, &k->one[i], k->one[0].n, class);
		else
			others += k->one[i].n;
	}
	if (others > 0) {
		buf_str(b, "<b>");
		figures_count(b, others);
		buf_str(b, "</b><span>for other reasons</span>\n");
	}
	buf_str(b, "</div>\n");
}

static const char *run_reason(const struct report_run *run)
{
	return run->reason[0] ? run->reason : figures_status(run->status);
}

static void failed_runs(struct buf *b, const struct sync_report *r)
{
	struct ranking *k = mem_zero(sizeof(*k));

	for (size_t i = 0; i < r->n_runs; i++) {
		if (sync_verdict_of_run(r, &r->run[i]) == LEVEL_BAD)
			ranking_add(k, run_reason(&r->run[i]),
				    time_of(&r->run[i]));
	}
	if (k->kinds > 0) {
		buf_str(b, "<div><h3>Why runs failed</h3>\n");
		rank(b, k, "bad");
		buf_str(b, "</div>\n");
	}
	free(k);
}

static void failing_reasons(struct buf *b, const struct sync_report *r)
{
	struct ranking *k = mem_zero(sizeof(*k));

	for (size_t i = 0; i < r->n_rows; i++)
		ranking_add(k,
			    r->row[i].reason[0] ? r->row[i].reason
						: r->row[i].status,
			    r->row[i].last_ms);
	if (k->kinds > 0) {
		buf_str(b, "<div><h3>Why rows fail now</h3>\n");
		rank(b, k, "warn");
		buf_str(b, "</div>\n");
	}
	free(k);
}

/* ---- rows that fail ---------------------------------------------------- */

static int by_since(const void *a, const void *b)
{
	const struct report_row *const *x = a, *const *y = b;

	return ((*x)->since_ms > (*y)->since_ms) -
	       ((*x)->since_ms < (*y)->since_ms);
}

static void failing_row(struct buf *b, const struct report_row *row,
			uint64_t now_ms)
{
	buf_str(b, "<tr><td class=\"when\">");
	figures_ago(b, now_ms, row->since_ms);
	buf_str(b, "</td><td class=\"n\">");
	figures_count(b, row->attempts);
	buf_str(b, "</td><td class=\"hide\">");
	html_text(b, row->action[0] ? row->action : "–");
	buf_str(b, "</td><td>");
	html_text(b, row->status);
	if (row->code > 0)
		buf_fmt(b, " %ju", (uintmax_t)row->code);
	buf_str(b, "</td><td>");
	html_text(b, row->reason);
	buf_str(b, "</td></tr>\n");
}

static void failing_rows(struct buf *b, const struct sync_report *r,
			 uint64_t now_ms)
{
	const struct report_row **all;
	size_t n = r->n_rows < ROWS ? r->n_rows : ROWS;

	if (r->n_rows == 0)
		return;
	all = mem_zero(r->n_rows * sizeof(*all));
	for (size_t i = 0; i < r->n_rows; i++)
		all[i] = &r->row[i];
	qsort(all, r->n_rows, sizeof(*all), by_since);
	buf_str(b, "<h3>Rows that fail, the oldest first</h3>\n"
		   "<table><tr><th>Since</th><th class=\"n\">Runs</th>"
		   "<th class=\"hide\">Operation</th><th>Receipt</th>"
		   "<th>Reason</th></tr>\n");
	for (size_t i = 0; i < n; i++)
		failing_row(b, all[i], now_ms);
	buf_str(b, "</table>\n<p class=\"note\">");
	if (n < r->failing) {
		buf_str(b, "And ");
		figures_count(b, r->failing - n);
		buf_str(b, " more. ");
	}
	buf_str(b, "Their keys are not on this page: <code>rudder log "
		   "--failing</code> shows them.</p>\n");
	free(all);
}

/* ---- guards and expectations ------------------------------------------- */

static void event_row(struct buf *b, const struct report_run *run)
{
	buf_str(b, "<tr><td class=\"when\">");
	figures_when(b, time_of(run), false);
	buf_str(b, "</td><td>");
	if (run->status == 3 && run->count[REPORT_BLOCKED] > 0) {
		figures_things(b, run->count[REPORT_BLOCKED],
			       "delete was blocked", "deletes were blocked");
		if (run->has[REPORT_ROWS]) {
			buf_str(b, "; the source had ");
			figures_things(b, run->count[REPORT_ROWS], "row",
				       "rows");
		}
	} else {
		html_text(b, run_reason(run));
	}
	buf_str(b, "</td></tr>\n");
}

/* Appends the newest runs with this exit status. */
static void events(struct buf *b, const struct sync_report *r, int status,
		   const char *title)
{
	size_t n = 0;

	for (size_t i = r->n_runs; i-- > 0;) {
		if (r->run[i].status != status)
			continue;
		if (n == 0)
			buf_fmt(b, "<div><h3>%s</h3>\n<table>\n", title);
		if (n++ < EVENTS)
			event_row(b, &r->run[i]);
	}
	if (n == 0)
		return;
	buf_str(b, "</table>\n");
	if (n > EVENTS) {
		buf_str(b, "<p class=\"note\">And ");
		figures_count(b, n - EVENTS);
		buf_str(b, " more before.</p>\n");
	}
	buf_str(b, "</div>\n");
}

/* Appends which of the lists below are missing because nothing happened. */
static void no_trouble(struct buf *b, const struct sync_report *r)
{
	const char *none[4]; /* without the first letter, n */
	size_t n = 0, bad = 0;

	for (size_t i = 0; i < r->n_runs; i++)
		bad += sync_verdict_of_run(r, &r->run[i]) == LEVEL_BAD;
	if (r->failing == 0)
		none[n++] = "o row fails now";
	if (bad == 0)
		none[n++] = "o run failed";
	if (with_status(r, 3) == 0)
		none[n++] = "o guard blocked anything";
	if (with_status(r, 4) == 0)
		none[n++] = "o expectation was missed";
	if (n == 0)
		return;
	buf_str(b, "<p class=\"fine\">");
	for (size_t i = 0; i < n; i++) {
		buf_str(b, i == 0 ? "N" : i + 1 < n ? ", n" : " and n");
		buf_str(b, none[i]);
	}
	buf_str(b, r->n_runs == 1 ? " in this run" : " in these ");
	if (r->n_runs != 1)
		figures_things(b, r->n_runs, "run", "runs");
	buf_str(b, ".</p>\n");
}

/* ---- the section ------------------------------------------------------- */

static void heading(struct buf *b, const struct sync_report *r, size_t number,
		    const struct sync_verdict *v)
{
	buf_fmt(b,
		"<section class=\"card sync\" id=\"sync-%zu\">\n"
		"<div class=\"title\">",
		number);
	page_sync_mark(b, v->level);
	buf_str(b, "<h2>");
	html_text(b, r->name);
	buf_fmt(b, "</h2><span class=\"chip %s\">%s</span></div>\n",
		sync_verdict_level_name(v->level), v->word);
	buf_str(b, "<p class=\"says\">");
	page_sync_sentence(b, v);
	buf_str(b, "</p>\n");
}

void page_sync(struct buf *b, const struct sync_report *r,
	       const struct buckets *k, size_t number, uint64_t now_ms)
{
	struct sync_verdict v;

	sync_verdict_of(&v, r, now_ms);
	heading(b, r, number, &v);
	if (r->n_runs > 0) {
		tiles(b, r, now_ms);
		page_chart_history(b, k);
		no_trouble(b, r);
		buf_str(b, "<div class=\"two\">\n");
		failing_reasons(b, r);
		failed_runs(b, r);
		buf_str(b, "</div>\n");
		failing_rows(b, r, now_ms);
		buf_str(b, "<div class=\"two\">\n");
		events(b, r, 3, "Blocked by a guard");
		events(b, r, 4, "Expectations that were not met");
		buf_str(b, "</div>\n");
	}
	buf_str(b, "</section>\n");
}
