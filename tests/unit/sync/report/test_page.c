/* test_page.c - unit tests of sync/report/page.h, page_sync.h and page_chart.h
 */
#include "cmocka_all.h"

#include <string.h>

#include "sync/report/page.h"
#include "sync/report/page_chart.h"
#include "sync/report/page_sync.h"

#define HOUR ((uint64_t)3600000)

/* 2026-01-02T03:04:05Z */
#define NOW UINT64_C(1767323045000)

static char none[] = "", name[] = "users/crm", missed[] = "rows>=9";
static char refused[] = "no <script>", again[] = "duplicate key";
static char insert[] = "insert", update[] = "update", rejected[] = "rejected";

static struct report_run run_of(int status, uint64_t hours_ago)
{
	return (struct report_run){
		.status = status,
		.ended_ms = NOW - hours_ago * HOUR,
		.complete = status < 64,
		.id = none,
		.stage = none,
		.reason = none,
		.mode = none,
	};
}

static void count(struct report_run *run, enum report_count what, uint64_t n)
{
	run->count[what] = n;
	run->has[what] = true;
}

static struct sync_report report_of(struct report_run *run, size_t n)
{
	return (struct sync_report){.name = name, .run = run, .n_runs = n};
}

/* What a browser shows of the markup, a blank for each tag. */
static void shown(struct buf *text, const struct buf *page)
{
	bool tag = false;

	for (size_t i = 0; i < page->n; i++) {
		char c = page->p[i] == '\n' ? ' ' : page->p[i];

		tag = tag || c == '<';
		if (tag) {
			tag = c != '>';
			c = ' ';
		}
		if (c != ' ' || (text->n > 0 && text->p[text->n - 1] != ' '))
			buf_char(text, c);
	}
}

static bool contains(const struct buf *b, const char *wanted)
{
	return memmem(b->p, b->n, wanted, strlen(wanted));
}

static void has(const struct buf *b, const char *wanted)
{
	if (!contains(b, wanted))
		fail_msg("no '%s'", wanted);
}

static void has_not(const struct buf *b, const char *wanted)
{
	if (contains(b, wanted))
		fail_msg("there is '%s'", wanted);
}

/* The section of a sync: its markup, and what is shown of it. */
static void section(struct buf *page, struct buf *text,
		    const struct sync_report *r)
{
	static struct buckets k;

	page->n = text->n = 0;
	buckets_fill(&k, r, NOW);
	page_sync(page, r, &k, 7, NOW);
	shown(text, page);
}

/* What the page shows of a row that fails. */
static struct report_row row_of(char *action, char *reason, uint64_t hours_ago)
{
	return (struct report_row){
		.id = name,
		.action = action,
		.status = rejected,
		.reason = reason,
		.since_ms = NOW - hours_ago * HOUR,
		.last_ms = NOW,
	};
}

static void shows_figures_of_a_sync(void **state)
{
	struct report_run run[] = {run_of(69, 5), run_of(0, 4), run_of(0, 3),
				   run_of(1, 2), run_of(75, 1)};
	struct sync_report r = report_of(run, COUNT_OF(run));
	struct buf page = {0}, text = {0};

	(void)state;
	r.good_ms = NOW - 3 * HOUR;
	r.failing = 1;
	run[0].ms = 99000;
	run[1].ms = 4000;
	run[2].ms = 5000;
	run[3].ms = 6000;
	count(&run[2], REPORT_ROWS, 7);
	count(&run[3], REPORT_ROWS, 1200);
	count(&run[3], REPORT_INSERTS, 30);
	count(&run[3], REPORT_UPDATES, 1000);
	count(&run[3], REPORT_DELETES, 1);
	section(&page, &text, &r);
	has(&page, "<section class=\"card sync\" id=\"sync-7\">");
	has(&text, "! users/crm stopped The last run failed with status 75: "
		   "stopped or locked, try again. "
		   "Last success 3 h ago 2 Jan 00:04 UTC "
		   "Rows that fail now 1 tried again in each run "
		   "Rows in the source 1,200 at the last reading "
		   "Changes, last run 1,031 30 new, 1,000 changed, 1 deleted "
		   "Good runs 2 of 5 40.0 % "
		   "Usual duration 5.0 s the median of complete runs "
		   "Runs how they ended 1 of 5 failed ");
	has(&page, "<div class=\"tile warn\"><span>Rows that fail now");
	has(&text, "No guard blocked anything and no expectation was missed in "
		   "these 5 runs.");
	r.pending = 2;
	section(&page, &text, &r);
	has(&text, "fail now 1 2 changes unacknowledged ");
	r.failing = 0;
	r.good_ms = 0;
	r.n_runs = 1;
	section(&page, &text, &r);
	has(&text, "Last success never no run had status 0 ");
	has(&text, "Good runs 0 of 1 0.0 % Usual duration – the median ");
	has(&text, "No row fails now, no guard blocked anything and no "
		   "expectation was missed in this run.");
	r.pending = 0;
	section(&page, &text, &r);
	has(&text, "fail now 0 everything delivered ");
	has(&page, "<div class=\"tile\"><span>Rows that fail now");
	r.n_runs = 0;
	section(&page, &text, &r);
	has_not(&page, "tile");
	buf_clear(&page);
	buf_clear(&text);
}

static void names_what_made_runs_and_rows_fail(void **state)
{
	struct report_run run[] = {run_of(78, 4), run_of(69, 3), run_of(78, 2),
				   run_of(1, 1)};
	struct report_row row[] = {row_of(update, again, 2),
				   row_of(none, none, 9),
				   row_of(insert, again, 1)};
	struct sync_report r = report_of(run, COUNT_OF(run));
	struct buf page = {0}, text = {0};

	(void)state;
	run[0].reason = run[2].reason = refused;
	row[1].attempts = 1200;
	row[1].code = 422;
	r.row = row;
	r.n_rows = 3;
	r.failing = 5;
	section(&page, &text, &r);
	has(&text, "Why rows fail now 2 duplicate key 1 rejected "
		   "Why runs failed 2 no &lt;script&gt; "
		   "1 source or destination unavailable "
		   "Rows that fail, the oldest first "
		   "Since Runs Operation Receipt Reason "
		   "9 h ago 1,200 – rejected 422 "
		   "2 h ago 0 update rejected duplicate key "
		   "60 min ago 0 insert rejected duplicate key "
		   "And 2 more. Their keys are not on this page: ");
	has(&page, "<i class=\"warn\" style=\"width:50%\">");
	has(&page, "<i class=\"bad\" style=\"width:50%\">");
	r.failing = 3;
	section(&page, &text, &r);
	has(&text, " duplicate key Their keys are not on this page: ");
	has_not(&text, "more. ");
	buf_clear(&page);
	buf_clear(&text);
}

static void lists_the_newest_blocked_runs(void **state)
{
	struct report_run run[12];
	struct sync_report r = report_of(run, 9);
	struct buf page = {0}, text = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(run); i++)
		run[i] = run_of(3, COUNT_OF(run) - i);
	count(&run[7], REPORT_BLOCKED, 1);
	count(&run[8], REPORT_BLOCKED, 2500);
	count(&run[8], REPORT_ROWS, 1);
	run[1].status = 4;
	run[1].reason = missed;
	section(&page, &text, &r);
	has(&text, "Blocked by a guard "
		   "2026-01-01 23:04 UTC 2,500 deletes were blocked; the "
		   "source had 1 row "
		   "2026-01-01 22:04 UTC 1 delete was blocked 2026");
	has(&text, "Expectations that were not met 2026-01-01 16:04 UTC "
		   "rows&gt;=9 ");
	has_not(&text, " more before.");
	r.n_runs = 12;
	section(&page, &text, &r);
	has(&text, "And 3 more before. Expectations");
	buf_clear(&page);
	buf_clear(&text);
}

static void draws_bars_of_what_was_sent(void **state)
{
	static struct buckets k;
	struct report_run run[10];
	struct sync_report r = report_of(run, COUNT_OF(run));
	struct buf page = {0}, text = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(run); i++) {
		run[i] = run_of(0, 5 * (COUNT_OF(run) - i - 1));
		run[i].ms = 100 + i;
		count(&run[i], REPORT_ROWS, 50);
		count(&run[i], REPORT_UPDATES, 40);
	}
	count(&run[0], REPORT_INSERTS, 1000); /* far above the others */
	count(&run[9], REPORT_INSERTS, 5);
	count(&run[9], REPORT_DELETES, 5);
	count(&run[9], REPORT_FAILED, 2);
	count(&run[9], REPORT_QUERY_MS, 30);
	count(&run[9], REPORT_SEND_MS, 40);
	buckets_fill(&k, &r, NOW);
	k.v[k.n].rows = 9999; /* behind the last one */
	page_chart_history(&page, &k);
	shown(&text, &page);
	has(&text, "Runs how they ended 0 of 10 failed ");
	has(&text, "Rows in the source peak 50 ");
	has(&text, "Changes sent to the destination peak 1,040 ");
	has(&text, "Failures changes not delivered peak 2 ");
	has(&text, "Duration of the longest run peak 109 ms ");
	has(&text, "Stages work in that run mostly send ");
	has(&text, ": 50 rows · 1 run ");
	has(&text, ": 5 new, 40 changed, 5 deleted · 1 run ");
	has(&text, ": 2 not delivered · 1 run ");
	has(&text, ": at most 109 ms · 1 run ");
	has(&text, ": query 30 ms, diff 0 ms, map 0 ms, send 40 ms, "
		   "commit 0 ms · 1 run ");
	/* the highest of the others is at four fifths, and one is cut */
	has(&page, "<rect class=\"cut\" x=\"0\" y=\"6\"");
	has(&page, "<rect class=\"bar update\" x=\"1\" y=\"38.1\" width=\"8\" "
		   "height=\"61.9\"/>"
		   "<rect class=\"bar insert\" x=\"1\" y=\"0.0\" width=\"8\" "
		   "height=\"38.1\"/>");
	buf_clear(&page);
	buf_clear(&text);
}

static void lists_syncs_the_worst_first(void **state)
{
	struct report_run good = run_of(0, 2), bad = run_of(69, 1);
	struct sync_report r[] = {report_of(&good, 1), report_of(&bad, 1),
				  report_of(NULL, 0)};
	struct buf page = {0}, text = {0};
	char first[] = "a<b", second[] = "down", third[] = "new";

	(void)state;
	r[0].name = first;
	r[0].good_ms = NOW - 2 * HOUR;
	r[1].name = second;
	r[2].name = third;
	r[2].never = true;
	page_html(&page, r, COUNT_OF(r), NOW);
	shown(&text, &page);
	has(&text, " 1 not working 1 well 1 not run yet ");
	has(&text, " ✕ down The last run failed with status 69: ");
	has(&text, "last success never ");
	has(&text, "last success 2 h ago ");
	has(&page, "<a href=\"#sync-0\"><span class=\"mark bad\"");
	has(&page, "<a href=\"#sync-1\"><span class=\"mark good\" "
		   "aria-hidden=\"true\">✓</span><div><b>a&lt;b</b>");
	has(&page, "<a href=\"#sync-2\"><span class=\"mark none\"");
	has(&page, "id=\"sync-2\">");
	buf_clear(&page);
	buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_figures_of_a_sync),
		cmocka_unit_test(names_what_made_runs_and_rows_fail),
		cmocka_unit_test(lists_the_newest_blocked_runs),
		cmocka_unit_test(draws_bars_of_what_was_sent),
		cmocka_unit_test(lists_syncs_the_worst_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
