/* test_runs.c - unit tests of diff/state/runs.h */
#include "cmocka_all.h"

#include <errno.h>

#include "diff/state/runs.h"
#include "made.h"

static void open_state(struct state *s)
{
	struct err e;

	if (state_open(s, "st", true, &e) < 0)
		fail_msg("%s", e.text);
}

static struct run_record made_run(const char *run, int status)
{
	struct run_record r = {.status = status, .complete = status == 0};

	snprintf(r.run, sizeof(r.run), "%s", run);
	snprintf(r.attempt, sizeof(r.attempt), "%032d", status);
	runs_stamp(r.started, 1000);
	runs_stamp(r.ended, 2000);
	r.ms = 1000;
	r.count[RUNS_ROWS] = 7;
	r.has[RUNS_ROWS] = true;
	return r;
}

struct seen {
	size_t n;
	struct run_record first, last;
};

static bool see(void *ctx, const struct run_record *r, struct slice line)
{
	struct seen *seen = ctx;

	assert_true(line.n < RUNS_LINE);
	if (seen->n++ == 0)
		seen->first = *r;
	seen->last = *r;
	return true;
}

static struct seen read_all(const struct state *s)
{
	struct seen seen = {.n = 0};
	struct err e;

	assert_int_equal(runs_each(s, see, &seen, &e), 0);
	return seen;
}

static void gives_back_what_was_added(void **state)
{
	struct run_record r = made_run("r0000000000000000001", 69);
	struct seen seen;
	struct state s;

	(void)state;
	open_state(&s);
	assert_int_equal(read_all(&s).n, 0);
	snprintf(r.stage, sizeof(r.stage), "send");
	snprintf(r.reason, sizeof(r.reason), "no \"route\"");
	runs_add(&s, &r);
	seen = read_all(&s);
	assert_int_equal(seen.n, 1);
	assert_memory_equal(&seen.last, &r, sizeof(r));
	state_close(&s);
}

static void fits_in_one_write_whatever_it_says(void **state)
{
	struct run_record r = made_run("r0000000000000000001", 78);
	struct buf b = {0};

	(void)state;
	memset(r.reason, '\x01', ABORT_REASON);
	memset(r.stage, '"', ABORT_STAGE);
	memset(r.run, '"', sizeof(r.run) - 1);
	memset(r.mode, '"', sizeof(r.mode) - 1);
	r.generation = r.ms = UINT64_MAX;
	for (size_t i = 0; i < RUNS_COUNTS; i++) {
		r.count[i] = UINT64_MAX;
		r.has[i] = true;
	}
	runs_show(&b, &r);
	assert_true(b.n < RUNS_LINE);
	buf_clear(&b);
}

static void passes_over_lines_that_cannot_be_read(void **state)
{
	struct run_record r = made_run("r0000000000000000002", 0);
	struct seen seen;
	struct state s;

	(void)state;
	open_state(&s);
	/* a power cut in a line, an old form, blocks of NUL */
	scratch_file("st/runs", "\n{}\nnot JSON\n{\"v\":1,\"run\":\"x\"");
	runs_add(&s, &r);
	seen = read_all(&s);
	assert_int_equal(seen.n, 2); /* {} is one, of which nothing is known */
	assert_string_equal(seen.last.run, "r0000000000000000002");
	state_close(&s);
}

static void is_cut_down_to_the_newest(void **state)
{
	struct seen seen;
	struct state s;

	(void)state;
	open_state(&s);
	for (int i = 1; i < 2 * RUNS_KEPT; i++)
		runs_add(&s, &(struct run_record){.status = i % 200});
	runs_trim(&s, RUNS_KEPT);
	assert_int_equal(read_all(&s).n, 2 * RUNS_KEPT - 1);
	for (int i = 0; i < 2; i++) {
		runs_add(&s, &(struct run_record){.status = 99});
		runs_trim(&s, RUNS_KEPT);
	}
	seen = read_all(&s);
	assert_int_equal(seen.n, RUNS_KEPT + 1);
	assert_int_equal(seen.last.status, 99);
	state_close(&s);
}

static void is_cut_down_to_fewer_where_asked(void **state)
{
	struct run_record r = {.status = 1, .run = "r0000000000000000001"};
	struct seen seen;
	struct state s;

	(void)state;
	open_state(&s);
	for (int i = 1; i < 6; i++)
		runs_add(&s, &r);
	runs_trim(&s, 3);
	assert_int_equal(read_all(&s).n, 5);
	r.status = 7;
	runs_add(&s, &r);
	runs_trim(&s, 3);
	seen = read_all(&s);
	assert_int_equal(seen.n, 3);
	assert_int_equal(seen.last.status, 7);
	state_close(&s);
}

/* Runs without a lock add records while others cut the file down. */
static void loses_none_to_another_process(void **state)
{
	enum { WRITERS = 4, EACH = 700 };
	struct state s;
	struct seen seen;
	int status;

	(void)state;
	open_state(&s);
	for (int w = 0; w < WRITERS; w++) {
		if (fork() > 0)
			continue;
		for (int i = 0; i < EACH; i++)
			runs_add(&s, &(struct run_record){.status = w});
		_exit(0);
	}
	while (waitpid(-1, &status, WNOHANG) >= 0)
		runs_trim(&s, RUNS_KEPT);
	assert_int_equal(errno, ECHILD);
	seen = read_all(&s);
	/* cut down when there were 2,000 at the least */
	assert_true(seen.n >= RUNS_KEPT);
	assert_true(seen.n <= WRITERS * EACH);
	state_close(&s);
}

static void knows_a_run_that_left_no_record(void **state)
{
	struct run_record r;
	struct state_token t;
	struct state s;
	struct err e;

	(void)state;
	open_state(&s);
	state_last(&s, &t);
	assert_false(runs_unrecorded(&s, &t, &r)); /* no run yet */
	assert_int_equal(state_lock_run(&s, 0, &e), 0);
	state_last(&s, &t);
	assert_string_equal(t.attempt, s.attempt);
	assert_true(runs_unrecorded(&s, &t, &r));
	assert_string_equal(r.attempt, s.attempt);
	assert_int_equal(r.status, -1);
	assert_int_equal(r.ended[0], '\0');
	runs_add(&s, &r);
	assert_false(runs_unrecorded(&s, &t, &r));
	/* nothing left, so nothing is missing */
	state_forget_token(&s);
	state_last(&s, &t);
	assert_false(runs_unrecorded(&s, &t, &r));
	state_close(&s);
	/* what is not a run */
	open_state(&s);
	s.use = "rebase";
	assert_int_equal(state_lock_run(&s, 0, &e), 0);
	state_last(&s, &t);
	assert_true(t.other);
	assert_false(runs_unrecorded(&s, &t, &r));
	state_close(&s);
}

static void says_nothing_of_runs_of_an_earlier_release(void **state)
{
	struct run_record r;
	struct state_token t;
	struct state s;
	struct err e;

	(void)state;
	open_state(&s);
	assert_int_equal(state_lock_run(&s, 0, &e), 0);
	scratch_file("st/snapshot", "there is one");
	state_last(&s, &t);
	assert_false(runs_unrecorded(&s, &t, &r));
	state_close(&s);
}

static int enter(void **state)
{
	(void)state;
	scratch_enter();
	return 0;
}

static int leave(void **state)
{
	(void)state;
	scratch_leave();
	return 0;
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(gives_back_what_was_added),
		IN_FOLDER(fits_in_one_write_whatever_it_says),
		IN_FOLDER(passes_over_lines_that_cannot_be_read),
		IN_FOLDER(is_cut_down_to_the_newest),
		IN_FOLDER(is_cut_down_to_fewer_where_asked),
		IN_FOLDER(loses_none_to_another_process),
		IN_FOLDER(knows_a_run_that_left_no_record),
		IN_FOLDER(says_nothing_of_runs_of_an_earlier_release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
