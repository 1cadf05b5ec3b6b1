/* test_delta.c - unit tests of query/delta.h */
#include "cmocka_all.h"

#include <string.h>

#include "core/clock.h"
#include "query/delta.h"

#define ID "0123456789abcdef"

/* A run at that time, as delta_init names it. */
static const char *run_at(char run[DELTA_BASE_RUN + 1], uint64_t ms)
{
	static const char digit[] = "0123456789abcdefghijklmnopqrstuv";

	memset(run, 'a', DELTA_BASE_RUN);
	run[DELTA_BASE_RUN] = '\0';
	for (size_t i = DELTA_BASE_RUN / 2; i-- > 0; ms >>= 5)
		run[i] = digit[ms & 31];
	return run;
}

/* Whether the table of a run is a leftover beside the base of another. */
static bool is_left(uint64_t base_ms, uint64_t table_ms, const char *id)
{
	char base[DELTA_BASE_RUN + 1], run[DELTA_BASE_RUN + 1];
	struct delta d = {.id = ID, .has_base = base_ms > 0};
	struct buf name = {0};
	size_t at = 0;
	bool left;

	d.base.run = slice_str(run_at(base, base_ms));
	buf_fmt(&name, "rudder_%s_%s_h", id, run_at(run, table_ms));
	delta_found(&d, buf_all(&name));
	left = delta_leftover(&d, &at) != NULL;
	assert_null(delta_leftover(&d, &at));
	buf_clear(&name);
	buf_clear(&d.tables);
	return left;
}

static void older_tables_and_those_of_the_future_are_left(void **state)
{
	const uint64_t hour = 3600 * 1000, now = clock_wall_ms();

	(void)state;
	assert_true(is_left(now - hour, now - 2 * hour, ID));
	assert_true(is_left(now - hour, now - hour - 1, ID));
	assert_true(is_left(now - hour, now + 25 * hour, ID));
	assert_true(is_left(now + 999 * hour, now + 998 * hour, ID));
	assert_true(is_left(now + 998 * hour, now + 999 * hour, ID));
}

static void the_base_and_later_tables_are_not_left(void **state)
{
	const uint64_t hour = 3600 * 1000, now = clock_wall_ms();

	(void)state;
	assert_false(is_left(now - hour, now - hour, ID));
	assert_false(is_left(now + 999 * hour, now + 999 * hour, ID));
	assert_false(is_left(now - hour, now, ID));
	assert_false(is_left(now - hour, now + 23 * hour, ID));
	assert_false(is_left(0, now - hour, ID)); /* no base */
	assert_false(is_left(now, now - hour, "fedcba9876543210"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(older_tables_and_those_of_the_future_are_left),
		cmocka_unit_test(the_base_and_later_tables_are_not_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
