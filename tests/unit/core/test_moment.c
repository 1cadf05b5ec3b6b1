/* test_moment.c - unit tests of core/moment.h */
#include "cmocka_all.h"

#include "core/moment.h"

#define A "0123456789abcdef0123456789abcdef"
#define B "fedcba9876543210fedcba9876543210"

static const struct {
	const char *label, *a, *b, *now;
	enum moment_order order; /* with a tolerance of 1000 ms */
} cases[] = {
	{"one boot, in order", "5000 " A " 10", "5001 " A " 11",
	 "9000 " A " 90", MOMENT_BEFORE},
	{"one boot, the same", "5000 " A " 10", "5000 " A " 10",
	 "9000 " A " 90", MOMENT_NOT_BEFORE},
	{"the clock was set back", "5000 " A " 11", "900000 " A " 10",
	 "5001 " A " 12", MOMENT_NOT_BEFORE},
	{"and later it has caught up", "5000 " A " 11", "900000 " A " 10",
	 "990000 " A " 99999", MOMENT_NOT_BEFORE},
	{"the clock was set forward", "5000 " A " 10", "4000 " A " 11",
	 "5002 " A " 12", MOMENT_BEFORE},
	{"two machines", "5000 " A " 10", "6001 " B " 1", "9000 " B " 9",
	 MOMENT_BEFORE},
	{"within the tolerance", "5000 " A " 10", "6000 " B " 1",
	 "9000 " B " 9", MOMENT_NOT_BEFORE},
	{"later", "6001 " A " 10", "5000 " B " 1", "9000 " B " 9",
	 MOMENT_NOT_BEFORE},
	{"another boot, whose clock was wrong", "5000 " A " 10",
	 "900000 " B " 1", "5001 " A " 11", MOMENT_NOT_BEFORE},
	{"by a second at most", "5000 " A " 10", "6500 " B " 1",
	 "5500 " A " 11", MOMENT_BEFORE},
	{"no boot is known", "5000", "6001", "9000", MOMENT_BEFORE},
	{"of one of them", "5000 " A " 10", "6001", "9000", MOMENT_BEFORE},
	{"restored from a snapshot of its memory", "5000 " A " 10",
	 "4000 " A " 50", "5001 " A " 11", MOMENT_NOT_BEFORE},
	{"not a moment", "", "6001", "9000", MOMENT_UNKNOWN},
	{"not a number", "x", "6001", "9000", MOMENT_UNKNOWN},
	{"no boot behind the blank", "5000 ", "6001", "9000", MOMENT_UNKNOWN},
	{"half a boot", "5000", "6001 0123 5", "9000", MOMENT_UNKNOWN},
	{"a boot of 33 digits", "5000", "6001 0" A " 5", "9000",
	 MOMENT_UNKNOWN},
	{"now is not a moment", "5000", "6001", "", MOMENT_UNKNOWN},
	{"no time of the boot", "5000", "6001 " A " ", "9000", MOMENT_UNKNOWN},
	{"2^64", "5000", "18446744073709551616", "9000", MOMENT_UNKNOWN},
};

static void tells_which_was_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		enum moment_order got = moment_before(
			slice_str(cases[i].a), slice_str(cases[i].b),
			slice_str(cases[i].now), 1000);

		if (got != cases[i].order)
			fail_msg("%s: %d", cases[i].label, (int)got);
	}
}

static void orders_the_present(void **state)
{
	struct buf a = {0}, b = {0};
	uint64_t wall;

	(void)state;
	moment_now(&a);
	moment_now(&b);
	assert_int_equal(
		moment_before(buf_all(&b), buf_all(&a), buf_all(&b), 0),
		MOMENT_NOT_BEFORE);
	assert_int_equal(moment_wall(buf_all(&a), &wall), 0);
	assert_true(wall > 1577836800000);
	assert_int_equal(moment_wall(slice_str("x"), &wall), -1);
	buf_clear(&a);
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_which_was_first),
		cmocka_unit_test(orders_the_present),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
