/* test_log_text.c - unit tests of sync/report/log_text.h */
#include "cmocka_all.h"

#include <string.h>

#include "core/reader.h"
#include "sync/report/log_text.h"

/* 2026-01-02T03:04:05Z */
#define NOW    UINT64_C(1767323045000)
#define MINUTE UINT64_C(60000)

static char none[] = "", name[] = "users", first[] = "r1", second[] = "r2";
static char reason[] = "status 503", stage[] = "send", again[] = "again";
static char key[] = "k\x1b", longer[] = "a longer key", update[] = "update";
static char rejected[] = "rejected", failed[] = "failed";

static const struct screen_style plain = {.width = 40};

static struct report_run run_of(char *id, int status)
{
	return (struct report_run){
		.started_ms = NOW - 10 * MINUTE,
		.ended_ms = NOW - 5 * MINUTE,
		.ms = 2100,
		.status = status,
		.id = id,
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

static void is(struct buf *b, const char *wanted)
{
	assert_string_equal(buf_cstr(b), wanted);
	b->n = 0;
}

static void shows_runs_the_newest_first(void **state)
{
	struct report_run run[] = {run_of(first, 69), run_of(second, 1),
				   run_of(none, -1)};
	struct sync_report r = {.name = name, .run = run, .n_runs = 3};
	struct buf b = {0};

	(void)state;
	run[0].reason = reason;
	run[0].stage = stage;
	run[2].ended_ms = 0;
	for (size_t i = REPORT_ROWS; i <= REPORT_UNTRIED; i++)
		count(&run[1], (enum report_count)i, i + 1);
	count(&run[1], REPORT_ROWS, 1200);
	count(&run[1], REPORT_FAILED, 100);
	count(&run[1], REPORT_QUERY_MS, 70);
	count(&run[1], REPORT_COMMIT_MS, 3000);
	log_text_runs(&b, &r, 9, NOW, &plain);
	is(&b, "run (no id)  x no commit\n"
	       "Date: 2026-01-02 02:54:05 UTC, 10 min ago\n"
	       "\n"
	       "\n"
	       "run r2  ! complete, but some rows fail (1)\n"
	       "Date: 2026-01-02 02:59:05 UTC, 5 min ago, took 2.1 s\n"
	       "\n"
	       "    1,200 rows: 2 new, 3 changed, 4 deleted, 5 unchanged, 6 "
	       "ignored, 7 deletes blocked, 8 postponed, 9 deletes deferred\n"
	       "    11 delivered, 14 rejected, 71 failed, 16 not tried, 15 "
	       "unknown, 12 skipped\n"
	       "    time: query 70 ms, commit 3.0 s\n"
	       "\n"
	       "run r1  x source or destination unavailable (69)\n"
	       "Date: 2026-01-02 02:59:05 UTC, 5 min ago, took 2.1 s\n"
	       "\n"
	       "    in rudder-send:\n"
	       "    status 503\n"
	       "\n");
	r.n_runs = 0;
	log_text_runs(&b, &r, 9, NOW, &plain);
	is(&b, "users has not run yet\n");
	buf_clear(&b);
}

static void shows_failing_rows_below_their_reasons(void **state)
{
	struct report_row row[] = {
		{.id = key,
		 .action = update,
		 .status = rejected,
		 .reason = again,
		 .code = 422,
		 .attempts = 1,
		 .since_ms = NOW - 5 * MINUTE},
		{.id = longer,
		 .action = none,
		 .status = failed,
		 .reason = none,
		 .attempts = 1200,
		 .since_ms = NOW - 90 * MINUTE},
		{.id = key,
		 .action = update,
		 .status = rejected,
		 .reason = again,
		 .attempts = 2,
		 .since_ms = NOW},
	};
	struct sync_report r = {
		.name = name, .row = row, .n_rows = 3, .failing = 3};
	struct buf b = {0};

	(void)state;
	log_text_failing(&b, &r, 9, NOW, &plain);
	is(&b,
	   "users: 3 rows fail\n"
	   "\n"
	   "2 rows: again\n"
	   "    k             update  rejected 422     1 run   since 5 min\n"
	   "    k             update  rejected         2 runs  since just now\n"
	   "\n"
	   "1 row: no reason given\n"
	   "    a longer key  -       failed       1,200 runs  since 90 min\n");
	r.failing = 4;
	log_text_failing(&b, &r, 2, NOW, &plain);
	is(&b,
	   "users: 4 rows fail\n"
	   "\n"
	   "2 rows: again\n"
	   "    k             update  rejected 422     1 run   since 5 min\n"
	   "    k             update  rejected         2 runs  since just now\n"
	   "\n"
	   "1 row: no reason given\n"
	   "\n"
	   "and 1 more\n"
	   "\n"
	   "1 row without a key, which cannot be listed: select the rows where "
	   "the key column is null\n");
	r.failing = r.n_rows = 0;
	log_text_failing(&b, &r, 2, NOW, &plain);
	is(&b, "users: 0 rows fail\n");
	buf_clear(&b);
}

static void shows_the_last_receipts_of_a_key(void **state)
{
	static const char lines[] =
		"{\"sync_started_at\":\"2026-01-02T03:04:05.000Z\","
		"\"status\":\"failed\",\"operation\":\"insert\","
		"\"error_reason\":\"no \\u001b\"}\n"
		"no JSON\n"
		"{\"sync_finished_at\":\"2026-01-02T03:05:05.000Z\","
		"\"status\":\"succeeded\",\"operation\":\"update\","
		"\"sync_run_id\":\"r00000000000000000001\"}\n"
		"{\"status\":\"settled\"}\n";
	char wide[400];
	struct buf b = {0}, text = {0};
	struct slice all;

	(void)state;
	buf_str(&text, lines);
	buf_room(&text, READER_PAD);
	all = buf_all(&text);
	log_text_key(&b, name, key, all, 9, &plain);
	is(&b, "users: key k \n"
	       "- (time not known)         -       settled\n"
	       "+ 2026-01-02 03:05:05 UTC  update  succeeded  run "
	       "r00000000000000000001\n"
	       "x 2026-01-02 03:04:05 UTC  insert  failed\n"
	       "    no  \n");
	log_text_key(&b, name, key, all, 1, &plain);
	is(&b, "users: key k \n"
	       "- (time not known)         -       settled\n");
	/* of a long one the first 255 bytes */
	memset(wide, 'w', sizeof(wide) - 1);
	wide[sizeof(wide) - 1] = '\0';
	log_text_key(&b, name, wide, all, 0, &plain);
	assert_int_equal(b.n, strlen("users: key \n") + 255);
	buf_clear(&text);
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_runs_the_newest_first),
		cmocka_unit_test(shows_failing_rows_below_their_reasons),
		cmocka_unit_test(shows_the_last_receipts_of_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
