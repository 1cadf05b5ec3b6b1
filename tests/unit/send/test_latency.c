/* test_tenth.c - unit tests of send/latency.h */
#include "cmocka_all.h"

#include "send/latency.h"

static void is_nothing_without_times(void **state)
{
	struct latency t = {0};

	(void)state;
	assert_int_equal(latency_slowest(&t), 0);
}

static void gives_back_one_time_within_an_eighth(void **state)
{
	(void)state;
	for (uint64_t ms = 0; ms < 2000000; ms += 1 + ms / 50) {
		struct latency t = {0};

		latency_add(&t, ms);
		assert_true(latency_slowest(&t) <= ms);
		assert_true(latency_slowest(&t) >= ms - ms / 8);
	}
}

static void finds_where_the_slowest_tenth_begins(void **state)
{
	struct latency t = {0};

	(void)state;
	for (int i = 0; i < 90; i++)
		latency_add(&t, 5);
	for (int i = 0; i < 10; i++)
		latency_add(&t, 4096);
	assert_int_equal(latency_slowest(&t), 4096);
	for (int i = 0; i < 1000; i++)
		latency_add(&t, 5);
	assert_int_equal(latency_slowest(&t), 5);
}

static void survives_a_time_beyond_all_reason(void **state)
{
	struct latency t = {0};

	(void)state;
	latency_add(&t, UINT64_MAX);
	assert_true(latency_slowest(&t) > 1000000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_nothing_without_times),
		cmocka_unit_test(gives_back_one_time_within_an_eighth),
		cmocka_unit_test(finds_where_the_slowest_tenth_begins),
		cmocka_unit_test(survives_a_time_beyond_all_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
