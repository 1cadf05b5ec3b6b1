/* test_pace.c - unit tests of send/rate.h */
#include "cmocka_all.h"

#include "send/rate.h"

static void allows_all_lanes_at_first(void **state)
{
	struct rate p;

	(void)state;
	rate_init(&p, 8, 0, 0, 5);
	for (unsigned i = 0; i < 8; i++)
		assert_true(rate_allows(&p, i, 5));
	assert_false(rate_allows(&p, 8, 5));
	assert_true(rate_wait(&p, 5) == UINT64_MAX);
}

static void shrinks_when_pressed_and_grows_again(void **state)
{
	struct rate p;
	uint64_t now = 1000;

	(void)state;
	rate_init(&p, 16, 0, 0, now);
	rate_failure(&p, true, 0, 0, now);
	assert_false(rate_allows(&p, 11, now));
	assert_true(rate_allows(&p, 10, now));
	rate_failure(&p, true, 0, 0, now + 1); /* the same news */
	assert_true(rate_allows(&p, 10, now + 1));
	for (int i = 0; i < 40; i++) {
		rate_failure(&p, true, 0, 0, now += 200);
		rate_success(&p, 5, now);
	}
	assert_false(rate_allows(&p, 3, now));
	assert_true(rate_allows(&p, 0, now)); /* never nothing at all */
	for (int i = 0; i < 200; i++)
		rate_success(&p, 5, now);
	assert_true(rate_allows(&p, 15, now));
	assert_false(rate_allows(&p, 16, now));
}

/* The monotonic clock begins at 0 when the machine starts. */
static void shrinks_at_once_on_a_machine_that_just_started(void **state)
{
	struct rate p;

	(void)state;
	rate_init(&p, 16, 0, 0, 1);
	rate_failure(&p, true, 0, 0, 1);
	assert_false(rate_allows(&p, 11, 1));
	rate_failure(&p, true, 0, 0, 2);
	assert_true(rate_allows(&p, 10, 2));
}

static void sends_single_probes_after_ten_failures(void **state)
{
	struct rate p;

	(void)state;
	rate_init(&p, 8, 0, 0, 0);
	for (int i = 0; i < 9; i++)
		rate_failure(&p, false, 0, 0, 10);
	assert_true(rate_allows(&p, 7, 10));
	rate_failure(&p, false, 0, 0, 10);
	assert_true(rate_is_open(&p));
	assert_true(rate_allows(&p, 0, 10));
	assert_false(rate_allows(&p, 1, 10));
	rate_failure(&p, false, 0, 500, 10);
	assert_false(rate_allows(&p, 0, 509));
	assert_true(rate_allows(&p, 0, 510));
	assert_false(rate_allows(&p, 1, 510));
	rate_success(&p, 1, 10);
	assert_false(rate_is_open(&p));
	assert_true(rate_allows(&p, 7, 510));
}

static void pauses_all_lanes_as_asked(void **state)
{
	struct rate p;

	(void)state;
	rate_init(&p, 8, 0, 0, 100);
	rate_failure(&p, true, 3000, 0, 100);
	assert_false(rate_allows(&p, 0, 100));
	assert_int_equal(rate_wait(&p, 100), 3000);
	rate_failure(&p, true, 1000, 0, 200); /* a shorter wish ends no pause */
	assert_int_equal(rate_wait(&p, 200), 2900);
	assert_false(rate_allows(&p, 0, 3099));
	assert_true(rate_allows(&p, 0, 3100));
}

static void keeps_the_rate(void **state)
{
	struct rate p;
	uint64_t sent = 0, now = 0;

	(void)state;
	rate_init(&p, 8, 1000, 100, now);
	for (; now < 10000; now++) {
		while (rate_allows(&p, 0, now)) {
			rate_start(&p, 50);
			sent += 50;
		}
		assert_true(sent <= 100 + now + 50);
	}
	assert_true(sent >= 10000 - 50);
}

static void says_when_the_bucket_has_filled(void **state)
{
	struct rate p;

	(void)state;
	rate_init(&p, 8, 100, 1, 0);
	rate_start(&p, 500);
	assert_false(rate_allows(&p, 0, 0));
	assert_true(rate_wait(&p, 0) >= 4990 && rate_wait(&p, 0) <= 5000);
	assert_true(rate_allows(&p, 0, rate_wait(&p, 0)));
}

static void shrinks_when_answers_get_slow(void **state)
{
	struct rate p;
	uint64_t now = 0;

	(void)state;
	rate_init(&p, 32, 0, 0, now);
	for (int i = 0; i < 100; i++)
		rate_success(&p, 50, now += 10);
	assert_true(rate_allows(&p, 31, now));
	for (int i = 0; i < 20; i++)
		rate_success(&p, 2000, now += 200);
	assert_false(rate_allows(&p, 24, now));
}

static void is_not_afraid_of_a_far_server(void **state)
{
	struct rate p;
	uint64_t now = 0;

	(void)state;
	rate_init(&p, 32, 0, 0, now);
	for (int i = 0; i < 1000; i++)
		rate_success(&p, (uint64_t)(900 + i % 200), now += 200);
	assert_true(rate_allows(&p, 31, now));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allows_all_lanes_at_first),
		cmocka_unit_test(shrinks_when_pressed_and_grows_again),
		cmocka_unit_test(
			shrinks_at_once_on_a_machine_that_just_started),
		cmocka_unit_test(sends_single_probes_after_ten_failures),
		cmocka_unit_test(pauses_all_lanes_as_asked),
		cmocka_unit_test(keeps_the_rate),
		cmocka_unit_test(says_when_the_bucket_has_filled),
		cmocka_unit_test(shrinks_when_answers_get_slow),
		cmocka_unit_test(is_not_afraid_of_a_far_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
