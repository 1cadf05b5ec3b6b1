/* test_retry.c - unit tests of send/dest/retry.h */
#include "cmocka_all.h"

#include "send/dest/retry.h"

static const struct retry_policy policy = {
	.first_ms = 1000, .most_ms = 60000, .total_ms = 900000};

static void doubles_up_to_the_bound(void **state)
{
	static const struct {
		unsigned failures;
		uint64_t bound;
	} cases[] = {{1, 1000},  {2, 2000},  {3, 4000},   {6, 32000},
		     {7, 60000}, {8, 60000}, {500, 60000}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		uint64_t least = UINT64_MAX, most = 0;

		for (uint64_t chance = 0; chance < 70000; chance++) {
			uint64_t ms = retry_delay(&policy, cases[i].failures,
						  false, 0, chance);

			least = ms < least ? ms : least;
			most = ms > most ? ms : most;
		}
		assert_int_equal(most, cases[i].bound);
		assert_int_equal(least, cases[i].bound / 10);
	}
}

static void waits_at_least_half_after_429(void **state)
{
	uint64_t least = UINT64_MAX, most = 0;

	(void)state;
	for (uint64_t chance = 0; chance < 5000; chance++) {
		uint64_t ms = retry_delay(&policy, 2, true, 0, chance);

		least = ms < least ? ms : least;
		most = ms > most ? ms : most;
	}
	assert_int_equal(least, 1000);
	assert_int_equal(most, 2000);
}

static void lets_a_longer_wish_win(void **state)
{
	(void)state;
	assert_int_equal(retry_delay(&policy, 1, false, 5000, 7), 5000);
	assert_true(retry_delay(&policy, 1, false, 1, 7) >= 100);
	assert_true(retry_delay(&policy, 1, true, 100, 7) >= 500);
}

static void survives_odd_policies(void **state)
{
	static const struct retry_policy none = {0};
	static const struct retry_policy upside_down = {.first_ms = 100,
							.most_ms = 10};

	(void)state;
	assert_int_equal(retry_delay(&none, 1, false, 0, 99), 0);
	assert_int_equal(retry_delay(&none, 99, true, 3, 99), 3);
	assert_true(retry_delay(&upside_down, 1, false, 0, UINT64_MAX) <= 10);
}

static void reads_seconds_and_dates(void **state)
{
	static const char now[] = "Sun, 06 Nov 1994 08:49:37 GMT";
	static const struct {
		const char *value, *date;
		uint64_t ms;
	} cases[] = {
		{"120", "", 120000},
		{"0", "", 0},
		{"86400", "", 86400000},
		{"86401", "", 86400000},
		{"99999999999999999999999", "", 0},
		{"-1", "", 0},
		{"1.5", "", 0},
		{"soon", now, 0},
		{"", now, 0},
		{"Sun, 06 Nov 1994 08:49:47 GMT", now, 10000},
		{"Sunday, 06-Nov-94 08:49:47 GMT", now, 10000},
		{"Sun Nov  6 08:49:47 1994", now, 10000},
		{"Sun, 06 Nov 1994 08:49:37 GMT", now, 0},
		{"Sun, 06 Nov 1994 08:49:47 GMT and so on", now, 0},
		{"Sun, 06 Nov 1994 08:49:47 GMT, and more that no date has "
		 "ever had",
		 now, 0},
		{"Sun, 06 Nov 1994 08:49:27 GMT", now, 0},
		{"Mon, 06 Nov 1995 08:49:37 GMT", now, 86400000},
		/* without a readable Date it is this machine's time */
		{"Thu, 01 Jan 1970 00:01:00 GMT", "", 30000},
		{"Thu, 01 Jan 1970 00:01:00 GMT", "noon", 30000},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(retry_after(slice_str(cases[i].value),
					     slice_str(cases[i].date), 30000),
				 cases[i].ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doubles_up_to_the_bound),
		cmocka_unit_test(waits_at_least_half_after_429),
		cmocka_unit_test(lets_a_longer_wish_win),
		cmocka_unit_test(survives_odd_policies),
		cmocka_unit_test(reads_seconds_and_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
