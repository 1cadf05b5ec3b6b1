/* test_figures.c - unit tests of sync/report/figures.h */
#include "cmocka_all.h"

#include "core/clock.h"
#include "sync/report/figures.h"

static void is(struct buf *b, const char *want)
{
	assert_string_equal(buf_cstr(b), want);
	buf_clear(b);
}

static void shows_counts(void **state)
{
	static const struct {
		uint64_t n;
		const char *text;
	} all[] = {
		{0, "0"},
		{999, "999"},
		{1000, "1,000"},
		{1001001, "1,001,001"},
		{UINT64_MAX, "18,446,744,073,709,551,615"},
	};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		figures_count(&b, all[i].n);
		is(&b, all[i].text);
	}
	figures_things(&b, 1, "row", "rows");
	is(&b, "1 row");
	figures_things(&b, 1200, "row", "rows");
	is(&b, "1,200 rows");
}

static const struct {
	uint64_t ms;
	const char *span, *ago;
} times[] = {
	{0, "0 ms", "just now"},         {999, "999 ms", "just now"},
	{3290, "3.2 s", "just now"},     {9999, "9.9 s", "9 s ago"},
	{10000, "10 s", "10 s ago"},     {59999, "59 s", "59 s ago"},
	{60000, "1 min", "1 min ago"},   {250000, "4 min 10 s", "4 min ago"},
	{3600000, "1 h", "60 min ago"},  {11100000, "3 h 5 min", "3 h ago"},
	{86400000, "1 day", "24 h ago"}, {172800000, "2 days", "2 days ago"},
};

static void shows_times(void **state)
{
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(times); i++) {
		figures_span(&b, times[i].ms);
		is(&b, times[i].span);
		figures_ago(&b, 1000000000 + times[i].ms, 1000000000);
		is(&b, times[i].ago);
	}
	figures_ago(&b, 1000, 2000);
	is(&b, "just now");
	figures_when(&b, 1796018098000, true);
	is(&b, "2026-11-30 05:54:58 UTC");
	figures_when(&b, 1796018098000, false);
	is(&b, "2026-11-30 05:54 UTC");
}

static void reads_back_what_the_clock_writes(void **state)
{
	static const uint64_t all[] = {1,
				       951782400000 /* 29 February 2000 */,
				       1709164800123 /* 29 February 2024 */,
				       1735689599999 /* end of 2024 */,
				       1796018098014,
				       4102444800000 /* 2100 */,
				       4107542400000 /* 1 March 2100 */};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		clock_stamp(&b, all[i]);
		assert_int_equal(figures_time(buf_all(&b)), all[i]);
		buf_clear(&b);
	}
}

static void refuses_what_is_no_time(void **state)
{
	static const char *const all[] = {
		"",
		"2026",
		"2026-11-30",
		"yesterday at noon, or so",
		"2026-13-30T05:54:58.014Z",
		"2026-00-30T05:54:58.014Z",
		"2026-11-32T05:54:58.014Z",
		"2026-11-30T24:54:58.014Z",
		"2026-11-30T05:60:58.014Z",
		"1969-11-30T05:54:58.014Z",
		"2026-11-30T05:54:58.xyzZ",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(all); i++)
		assert_int_equal(figures_time(slice_str(all[i])), 0);
}

static void every_status_has_words(void **state)
{
	(void)state;
	assert_string_equal(figures_status(0), "complete");
	assert_string_equal(figures_status(-1), "no commit");
	assert_string_equal(figures_status(69),
			    "source or destination unavailable");
	assert_string_equal(figures_status(137), "failed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_counts),
		cmocka_unit_test(shows_times),
		cmocka_unit_test(reads_back_what_the_clock_writes),
		cmocka_unit_test(refuses_what_is_no_time),
		cmocka_unit_test(every_status_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
