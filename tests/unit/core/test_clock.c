/* test_clock.c - unit tests of core/clock.h */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clock.h"

static const struct {
	uint64_t ms;
	const char *stamp;
} stamps[] = {
	{0, "1970-01-01T00:00:00.000Z"},
	{999, "1970-01-01T00:00:00.999Z"},
	{86399999, "1970-01-01T23:59:59.999Z"},
	{86400000, "1970-01-02T00:00:00.000Z"},
	{951782400000, "2000-02-29T00:00:00.000Z"},
	{1795325088120, "2026-11-22T05:24:48.120Z"},
	{4107542400000, "2100-03-01T00:00:00.000Z"},
	{253402300799999, "9999-12-31T23:59:59.999Z"},
};

static void stamps_wall_time_as_rfc_3339(void **state)
{
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(stamps); i++) {
		b.n = 0;
		clock_stamp(&b, stamps[i].ms);
		assert_string_equal(buf_cstr(&b), stamps[i].stamp);
	}
	buf_clear(&b);
}

static void reads_what_it_stamps(void **state)
{
	static const char *const others[] = {
		"",
		"2026-11-22T05:24:48Z",
		"2026-11-22 05:24:48.120Z",
		"2026-11-22T05:24:48.12xZ",
		"2026-11-22T05:24:48.1200Z",
		"1969-12-31T23:59:59.999Z",
		"2026-00-22T05:24:48.120Z",
		"2026-13-22T05:24:48.120Z",
		"2026-11-00T05:24:48.120Z",
		"2026-11-32T05:24:48.120Z",
		"2026-11-22T24:00:00.000Z",
		"2026-11-22T05:60:00.000Z",
		"2026-11-22T05:24:60.000Z",
	};
	struct buf b = {0};
	uint64_t ms;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(stamps); i++) {
		assert_int_equal(
			clock_read_stamp(slice_str(stamps[i].stamp), &ms), 0);
		assert_int_equal(ms, stamps[i].ms);
	}
	for (uint64_t day = 0; day < 200000; day++) {
		b.n = 0;
		clock_stamp(&b, day * 86400000 + day);
		assert_int_equal(clock_read_stamp(buf_all(&b), &ms), 0);
		assert_int_equal(ms, day * 86400000 + day);
	}
	for (size_t i = 0; i < COUNT_OF(others); i++)
		assert_int_equal(clock_read_stamp(slice_str(others[i]), &ms),
				 -1);
	buf_clear(&b);
}

/* Each day of twelve centuries, beside the library's calendar. */
static void knows_the_gregorian_calendar(void **state)
{
	(void)state;
	for (int64_t d = -250000; d < 200000; d++) {
		time_t t = (time_t)d * 86400;
		int64_t year;
		int month, day;
		struct tm tm;

		assert_non_null(gmtime_r(&t, &tm));
		clock_civil(d, &year, &month, &day);
		if (year != tm.tm_year + 1900 || month != tm.tm_mon + 1 ||
		    day != tm.tm_mday)
			fail_msg("day %jd: %jd-%d-%d", (intmax_t)d,
				 (intmax_t)year, month, day);
	}
}

static void reads_the_start_of_a_run_from_its_id(void **state)
{
	static const struct {
		const char *id, *start; /* NULL: not one of ours */
	} cases[] = {
		{"cskrt1kme831eq0jrafg", "2024-11-05T06:43:18.000Z"},
		{"c5tar6cqgmgmcjvupdhg", "2021-10-28T14:03:05.000Z"},
		{"cskrt1kme831eq0jraf", NULL},
		{"cskrt1kme831eq0jrafgg", NULL},
		{"cskrt1kme831eq0jrafw", NULL},
		{"00000000000000000000", NULL},
		{"vvvvvvvvvvvvvvvvvvvv", NULL},
		{"", NULL},
	};
	struct buf b = {0};
	uint64_t ms, now = clock_wall_ms();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		bool ours = clock_run_start(slice_str(cases[i].id), &ms);

		assert_int_equal(ours, cases[i].start != NULL);
		b.n = 0;
		if (ours)
			clock_stamp(&b, ms);
		assert_string_equal(buf_cstr(&b), ours ? cases[i].start : "");
	}
	b.n = 0;
	clock_run_id(&b);
	assert_true(clock_run_start(buf_all(&b), &ms));
	assert_true(ms <= now + 1000 && ms + 2000 > now);
	buf_clear(&b);
}

static void never_goes_back(void **state)
{
	uint64_t last = clock_mono_ms();

	(void)state;
	for (int i = 0; i < 1000; i++) {
		uint64_t now = clock_mono_ms();

		assert_true(now >= last);
		last = now;
	}
	assert_true(clock_wall_ms() > 1700000000000);
}

static void fills_all_bytes_by_chance(void **state)
{
	unsigned char a[256], b[256], any[256] = {0};

	(void)state;
	clock_random(a, sizeof(a));
	clock_random(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	for (int i = 0; i < 20; i++) {
		clock_random(a, sizeof(a));
		for (size_t k = 0; k < sizeof(a); k++)
			any[k] |= a[k];
	}
	for (size_t k = 0; k < sizeof(any); k++)
		assert_true(any[k] != 0);
}

/* A release must not hand out ids that somebody else can choose. */
static void has_no_seed_from_outside(void **state)
{
	unsigned char a[64], b[64];

	(void)state;
	setenv("RUDDER_TEST_SEED", "7", 1);
	clock_random(a, sizeof(a));
	clock_random(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	unsetenv("RUDDER_TEST_SEED");
}

static void makes_run_ids_that_rise_with_time(void **state)
{
	struct buf a = {0}, b = {0};

	(void)state;
	clock_run_id(&a);
	clock_run_id(&b);
	assert_int_equal(a.n, 20);
	assert_int_equal(b.n, 20);
	assert_int_equal(
		strspn(buf_cstr(&a), "0123456789abcdefghijklmnopqrstuv"), 20);
	assert_string_not_equal(a.p, buf_cstr(&b));
	/* 30 bits of the second: the same but around a change of it */
	assert_true(memcmp(a.p, b.p, 6) <= 0);
	buf_clear(&a);
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamps_wall_time_as_rfc_3339),
		cmocka_unit_test(reads_what_it_stamps),
		cmocka_unit_test(knows_the_gregorian_calendar),
		cmocka_unit_test(reads_the_start_of_a_run_from_its_id),
		cmocka_unit_test(never_goes_back),
		cmocka_unit_test(fills_all_bytes_by_chance),
		cmocka_unit_test(has_no_seed_from_outside),
		cmocka_unit_test(makes_run_ids_that_rise_with_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
