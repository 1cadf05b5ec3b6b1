#include "sync/report/page.h"

#include <stdlib.h>

#include "core/mem.h"
#include "sync/report/figures.h"
#include "sync/report/html.h"
#include "sync/report/page_chart.h"
#include "sync/report/page_style.h"
#include "sync/report/page_sync.h"

static void head(struct buf *b)
{
	buf_str(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		   "<meta charset=\"utf-8\">\n"
		   "<meta http-equiv=\"Content-Security-Policy\" "
		   "content=\"default-src 'none'; style-src 'unsafe-inline'; "
		   "img-src data:\">\n"
		   "<meta name=\"viewport\" content=\"width=device-width, "
		   "initial-scale=1\">\n"
		   "<meta name=\"color-scheme\" content=\"light dark\">\n"
		   "<link rel=\"icon\" href=\"data:,\">\n"
		   "<title>How the syncs stand</title>\n<style>\n");
	for (const char *const *line = page_style; *line; line++)
		buf_str(b, *line);
	buf_str(b, "</style>\n</head>\n<body>\n");
}

/* ---- the top ----------------------------------------------------------- */

static void tally(struct buf *b, const struct sync_report *r, size_t n,
		  uint64_t now_ms)
{
	static const struct {
		enum sync_level level;
		const char *words;
	} all[] = {
		{LEVEL_BAD, "not working"},
		{LEVEL_WARN, "to look at"},
		{LEVEL_GOOD, "well"},
		{LEVEL_NONE, "not run yet"},
	};
	size_t count[LEVEL_LEVELS] = {0};
	struct sync_verdict v;

	for (size_t i = 0; i < n; i++) {
		sync_verdict_of(&v, &r[i], now_ms);
		count[v.level]++;
	}
	buf_str(b, "<div class=\"tally\">");
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		if (count[all[i].level] > 0)
			buf_fmt(b, "<span class=\"chip %s\">%zu %s</span>",
				sync_verdict_level_name(all[i].level),
				count[all[i].level], all[i].words);
	}
	buf_str(b, "</div>\n");
}

static void top(struct buf *b, const struct sync_report *r, size_t n,
		uint64_t now_ms)
{
	buf_str(b, "<header><h1>How the syncs stand</h1><time>");
	figures_when(b, now_ms, false);
	buf_str(b, "</time></header>\n"
		   "<p class=\"lead\">Each sync reads the rows of a source, "
		   "compares them with what its destination already has, and "
		   "sends what is new, changed or deleted. A row counts as "
		   "delivered when the destination has acknowledged it.</p>\n");
	tally(b, r, n, now_ms);
}

static void list_line(struct buf *b, const struct sync_report *r,
		      const struct buckets *k, size_t number, uint64_t now_ms)
{
	struct sync_verdict v;

	sync_verdict_of(&v, r, now_ms);
	buf_fmt(b, "<a href=\"#sync-%zu\">", number);
	page_sync_mark(b, v.level);
	buf_str(b, "<div><b>");
	html_text(b, r->name);
	buf_str(b, "</b><span class=\"sub\">");
	page_sync_sentence(b, &v);
	buf_str(b, "</span></div><div class=\"age\"><span class=\"sub\">last "
		   "success</span><b>");
	if (r->good_ms > 0)
		figures_ago(b, now_ms, r->good_ms);
	else
		buf_str(b, sync_report_is_hidden(r) ? "unknown" : "never");
	buf_str(b, "</b></div>");
	page_chart_outcomes(b, k);
	buf_str(b, "</a>\n");
}

/* ---- the end ----------------------------------------------------------- */

static void words(struct buf *b)
{
	static const struct {
		const char *word, *meaning;
	} all[] = {
		{"Run", "One pass over all rows of the source: what differs "
			"from the destination is sent."},
		{"Change", "A row that is new, was changed, or is deleted "
			   "from the source."},
		{"Last success", "The end of the last run in which every "
				 "change was delivered (status 0)."},
		{"Row that fails", "The destination has refused the row, or "
				   "did not acknowledge it. It is tried "
				   "again in each run."},
		{"Guard", "Blocks deletes when too many rows are missing, "
			  "because the source may be broken. Nothing is "
			  "lost: a person allows or ignores them."},
		{"Expectation", "A rule for a run, such as a number of rows. "
				"A miss is reported; nothing is undone."},
	};

	buf_str(b, "<details class=\"card sync\"><summary>What the words "
		   "mean</summary>\n<dl>\n");
	for (size_t i = 0; i < COUNT_OF(all); i++)
		buf_fmt(b, "<dt>%s</dt><dd>%s</dd>\n", all[i].word,
			all[i].meaning);
	buf_str(b, "</dl></details>\n");
}

/* The order of the syncs on the page: the worst level first, and the given
 * order within a level.
 */
static size_t *worst_first(const struct sync_report *r, size_t n,
			   uint64_t now_ms)
{
	size_t *order = mem_zero((n + 1) * sizeof(*order)), at = 0;
	struct sync_verdict v;

	for (int level = LEVEL_LEVELS - 1; level >= 0; level--) {
		for (size_t i = 0; i < n; i++) {
			sync_verdict_of(&v, &r[i], now_ms);
			if ((int)v.level == level)
				order[at++] = i;
		}
	}
	return order;
}

void page_html(struct buf *b, const struct sync_report *r, size_t n,
	       uint64_t now_ms)
{
	struct buckets *k = mem_zero((n + 1) * sizeof(*k));
	size_t *order = worst_first(r, n, now_ms);

	for (size_t i = 0; i < n; i++)
		buckets_fill(&k[i], &r[i], now_ms);
	head(b);
	top(b, r, n, now_ms);
	buf_str(b, "<nav class=\"card list\">\n");
	for (size_t i = 0; i < n; i++)
		list_line(b, &r[order[i]], &k[order[i]], i, now_ms);
	buf_str(b, "</nav>\n<main>\n");
	for (size_t i = 0; i < n; i++)
		page_sync(b, &r[order[i]], &k[order[i]], i, now_ms);
	buf_str(b, "</main>\n");
	words(b);
	buf_str(b, "<p class=\"note\">Made by rudder " RUDDER_VERSION
		   " from the states of these syncs. No key and no value of a "
		   "row is on this page.</p>\n</body>\n</html>\n");
	free(order);
	free(k);
}
