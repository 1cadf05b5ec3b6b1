/* test_sync_verdict.c - unit tests of sync/report/sync_verdict.h */
#include "cmocka_all.h"

#include "sync/report/sync_verdict.h"

/* 2026-01-02T03:04:05Z */
#define NOW UINT64_C(1767323045000)

static char none[] = "";
static char reason[] = "the disk is full";
static char blocked[] = "2 of 2: run again with --allow-deletes=2";
static char diff[] = "diff";
static char name[] = "users";

static struct report_run run_of(int status)
{
	return (struct report_run){
		.status = status,
		.id = none,
		.stage = none,
		.reason = none,
		.mode = none,
	};
}

static struct sync_report report_of(struct report_run *run, size_t n)
{
	return (struct sync_report){.name = name, .run = run, .n_runs = n};
}

static void is(const struct sync_report *r, enum sync_level level,
	       const char *word, const char *sentence)
{
	struct sync_verdict v;

	sync_verdict_of(&v, r, NOW);
	assert_string_equal(v.sentence, sentence);
	assert_string_equal(v.word, word);
	assert_int_equal(v.level, level);
}

static void says_how_the_last_run_ended(void **state)
{
	static const struct {
		int status;
		enum sync_level level;
		const char *word, *sentence;
	} cases[] = {
		{0, LEVEL_GOOD, "ok", "the last run succeeded"},
		{1, LEVEL_WARN, "rows fail", "some rows were not delivered"},
		{3, LEVEL_WARN, "blocked", ""},
		{4, LEVEL_WARN, "not expected", "the last run is "},
		{75, LEVEL_WARN, "stopped", NULL},
		{-1, LEVEL_BAD, "killed", NULL},
		{74, LEVEL_BAD, "failed", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct report_run run = run_of(cases[i].status);
		struct sync_report r = report_of(&run, 1);
		struct sync_verdict v;

		sync_verdict_of(&v, &r, NOW);
		assert_string_equal(v.word, cases[i].word);
		assert_int_equal(v.level, cases[i].level);
		assert_int_equal(sync_verdict_of_status(cases[i].status),
				 cases[i].level);
		if (cases[i].sentence)
			assert_string_equal(v.sentence, cases[i].sentence);
	}
}

static void counts_what_a_good_run_sent(void **state)
{
	struct report_run run = run_of(0);
	struct sync_report r = report_of(&run, 1);

	(void)state;
	run.has[REPORT_ROWS] = true;
	run.count[REPORT_ROWS] = 1000;
	is(&r, LEVEL_GOOD, "ok", "nothing had changed in 1,000 rows");
	run.count[REPORT_INSERTS] = 1;
	is(&r, LEVEL_GOOD, "ok", "1 change sent, of 1,000 rows");
}

static void counts_rows_that_fail(void **state)
{
	struct report_run run = run_of(1);
	struct sync_report r = report_of(&run, 1);

	(void)state;
	r.failing = 1;
	is(&r, LEVEL_WARN, "rows fail",
	   "1 row fails; everything else is delivered; list: rudder log "
	   "--failing users");
	r.pending = 2;
	is(&r, LEVEL_WARN, "rows fail",
	   "1 row fails; 2 changes are not acknowledged, and the next run "
	   "sends them again; list: rudder log --failing users");
	r.failing = 0;
	r.pending = 1;
	is(&r, LEVEL_WARN, "rows fail",
	   "1 change is not acknowledged, and the next run sends it again");
}

static void says_what_is_left_to_the_next_run(void **state)
{
	static char left[] = "2 changes are postponed";
	struct report_run run = run_of(1);
	struct sync_report r = report_of(&run, 1);

	(void)state;
	run.reason = left;
	assert_false(sync_verdict_goes_on(&run)); /* of an older release */
	run.has[REPORT_FAILED] = true;
	assert_true(sync_verdict_goes_on(&run));
	is(&r, LEVEL_WARN, "goes on", "2 changes are postponed");
	r.failing = 1;
	is(&r, LEVEL_WARN, "rows fail",
	   "1 row fails; everything else is delivered; list: rudder log "
	   "--failing users");
	r.failing = 0;
	run.count[REPORT_FAILED] = 1;
	is(&r, LEVEL_WARN, "rows fail", "some rows were not delivered");
	run.count[REPORT_FAILED] = 0;
	run.count[REPORT_PENDING] = 1;
	is(&r, LEVEL_WARN, "rows fail", "some rows were not delivered");
}

static void says_why_rows_fail(void **state)
{
	struct report_run run = run_of(1);
	struct sync_report r = report_of(&run, 1);
	struct report_row row[] = {
		{.reason = reason},
		{.reason = none},
		{.reason = reason},
		{.reason = diff},
	};

	(void)state;
	r.row = row;
	r.n_rows = r.failing = 3;
	is(&r, LEVEL_WARN, "rows fail",
	   "3 rows fail: the disk is full; everything else is delivered; "
	   "list: rudder log --failing users");
	r.n_rows = r.failing = 4;
	is(&r, LEVEL_WARN, "rows fail",
	   "4 rows fail, mostly: the disk is full; everything else is "
	   "delivered; list: rudder log --failing users");
}

/* The run of a plan has no receipts yet, as a killed one. */
static void takes_no_plan_for_a_killed_run(void **state)
{
	struct report_run run[] = {run_of(-1), run_of(-1)};
	struct sync_report r = report_of(run, 2);

	(void)state;
	assert_int_equal(sync_verdict_of_run(&r, &run[1]), LEVEL_BAD);
	r.hold_ms = NOW - 1000;
	assert_int_equal(sync_verdict_of_run(&r, &run[1]), LEVEL_WARN);
	assert_int_equal(sync_verdict_of_run(&r, &run[0]), LEVEL_BAD);
	run[1].status = 75;
	assert_false(sync_verdict_is_plan(&r, &run[1]));
	assert_false(sync_verdict_is_plan(&r, NULL));
}

static void says_what_was_blocked(void **state)
{
	struct report_run run = run_of(3);
	struct sync_report r = report_of(&run, 1);

	(void)state;
	run.reason = reason;
	is(&r, LEVEL_WARN, "blocked", reason);
	run.count[REPORT_BLOCKED] = 2;
	is(&r, LEVEL_WARN, "blocked",
	   "2 deletes were blocked by a guard; new and changed rows were "
	   "sent; a plan or a dry run (-n) shows how to allow them");
	run.reason = blocked;
	is(&r, LEVEL_WARN, "blocked",
	   "2 of 2: run again with --allow-deletes=2; new and changed rows "
	   "were sent");
	run.reason = reason;
	run.count[REPORT_BLOCKED] = 0;
	r.resend = 2; /* not the next run, before it is allowed */
	is(&r, LEVEL_WARN, "blocked", reason);
}

static void counts_failed_runs_in_a_row(void **state)
{
	struct report_run run[] = {run_of(74), run_of(1), run_of(-1),
				   run_of(74)};
	struct sync_report r = report_of(run, 4);

	(void)state;
	run[3].reason = reason;
	run[3].stage = diff;
	is(&r, LEVEL_BAD, "failed",
	   "the last 2 runs failed; the newest in rudder-diff with status 74: "
	   "the disk is full");
	r.n_runs = 1;
	run[0].reason = reason;
	is(&r, LEVEL_BAD, "failed",
	   "the last run failed with status 74: the disk is full");
}

static void adds_what_else_must_be_known(void **state)
{
	struct report_run run = run_of(0);
	struct sync_report r = report_of(&run, 1);

	(void)state;
	r.hold_ms = NOW - 60000;
	is(&r, LEVEL_GOOD, "ok",
	   "the last run succeeded; a plan waits for review since "
	   "2026-01-02 03:03 UTC");
	r.hold_ms = 0;
	r.running_ms = NOW - 60000;
	is(&r, LEVEL_GOOD, "ok",
	   "the last run succeeded; a run is under way since "
	   "2026-01-02 03:03 UTC");
	r.running_ms = 0;
	r.resend = 1;
	is(&r, LEVEL_GOOD, "ok",
	   "the last run succeeded; the next run sends 1 row again");
	r.resend = 2;
	is(&r, LEVEL_GOOD, "ok",
	   "the last run succeeded; the next run sends 2 rows again");
}

static void takes_a_plan_for_no_killed_run(void **state)
{
	struct report_run run = run_of(-1);
	struct sync_report r = report_of(&run, 1);

	(void)state;
	r.hold_ms = NOW - 60000;
	is(&r, LEVEL_WARN, "plan waits",
	   "a plan waits for review since 2026-01-02 03:03 UTC");
	r.expires_ms = NOW;
	is(&r, LEVEL_WARN, "plan waits",
	   "a plan waits for review since 2026-01-02 03:03 UTC");
}

static void says_that_a_plan_has_expired(void **state)
{
	struct report_run run = run_of(-1), ok = run_of(0);
	struct sync_report r = report_of(&run, 1);

	(void)state;
	r.hold_ms = NOW - 60000;
	r.expires_ms = NOW - 1;
	is(&r, LEVEL_BAD, "plan expired",
	   "a plan expired at 2026-01-02 03:04 UTC; no run starts until it is "
	   "declined (rudder apply --decline)");
	r = report_of(&ok, 1);
	r.hold_ms = NOW - 60000;
	r.expires_ms = NOW - 1;
	is(&r, LEVEL_GOOD, "ok",
	   "the last run succeeded; a plan expired at 2026-01-02 03:04 UTC; "
	   "no run starts until it is declined (rudder apply --decline)");
}

static void knows_what_is_too_old(void **state)
{
	struct report_run run = run_of(0);
	struct sync_report r = report_of(&run, 1);

	(void)state;
	r.max_age_ms = 60000;
	r.good_ms = NOW - 60000;
	is(&r, LEVEL_GOOD, "ok", "the last run succeeded");
	r.good_ms--;
	is(&r, LEVEL_BAD, "too old",
	   "the last run succeeded; no run has succeeded since "
	   "2026-01-02 03:03 UTC");
	r.good_ms = NOW + 300000; /* what clocks may differ by */
	is(&r, LEVEL_GOOD, "ok", "the last run succeeded");
	r.good_ms++;
	is(&r, LEVEL_BAD, "too old",
	   "the last run succeeded; check the clocks: the last run that "
	   "succeeded ended in the future, at 2026-01-02 03:09 UTC");
	r.good_ms = 0;
	run.status = 74;
	run.reason = reason;
	is(&r, LEVEL_BAD, "failed",
	   "the last run failed with status 74: the disk is full; no run has "
	   "ever succeeded");
	r.n_runs = 0;
	is(&r, LEVEL_BAD, "never ran", "this sync has not run yet");
	r.max_age_ms = 0;
	is(&r, LEVEL_NONE, "never ran", "this sync has not run yet");
	r.running_ms = NOW;
	is(&r, LEVEL_NONE, "never ran", "the first run is under way");
}

static void shows_why_a_state_cannot_be_read(void **state)
{
	struct sync_report r = {.never = false};

	(void)state;
	(void)err_set(&r.lack, ERR_CONFIG, "the state is damaged");
	is(&r, LEVEL_BAD, "unreadable", "the state is damaged");
	r.never = true; /* no state, and a file in its way */
	is(&r, LEVEL_BAD, "cannot run", "the state is damaged");
}

static void ends_a_long_sentence_within_its_bytes(void **state)
{
	struct report_run run = run_of(3);
	struct sync_report r = report_of(&run, 1);
	char text[2000];
	struct sync_verdict v;

	(void)state;
	for (size_t i = 0; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 3);
	run.reason = text;
	sync_verdict_of(&v, &r, NOW);
	assert_int_equal(strlen(v.sentence) % 2, 0); /* no half of a letter */
	assert_true(strlen(v.sentence) > sizeof(v.sentence) - 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_how_the_last_run_ended),
		cmocka_unit_test(counts_what_a_good_run_sent),
		cmocka_unit_test(counts_rows_that_fail),
		cmocka_unit_test(says_what_is_left_to_the_next_run),
		cmocka_unit_test(says_why_rows_fail),
		cmocka_unit_test(takes_no_plan_for_a_killed_run),
		cmocka_unit_test(says_what_was_blocked),
		cmocka_unit_test(counts_failed_runs_in_a_row),
		cmocka_unit_test(adds_what_else_must_be_known),
		cmocka_unit_test(takes_a_plan_for_no_killed_run),
		cmocka_unit_test(says_that_a_plan_has_expired),
		cmocka_unit_test(knows_what_is_too_old),
		cmocka_unit_test(shows_why_a_state_cannot_be_read),
		cmocka_unit_test(ends_a_long_sentence_within_its_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
