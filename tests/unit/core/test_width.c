/* test_width.c - unit tests of core/width.h */
#include "cmocka_all.h"

#include "core/width.h"

static const struct {
	const char *text;
	size_t columns;
} cases[] = {
	{"", 0},
	{"abc", 3},
	{"\xc3\xa9", 1},
	{"\xe4\xb8\xad\xe6\x96\x87", 4}, /* two of Chinese */
	{"e\xcc\x81", 1},                /* an accent of its own */
	{"\xc2\x85", 1},                 /* a control of Latin-1 */
	{"\xf0\x9f\x98\x80", 2},
	{"\xff", 1}, /* what is not UTF-8 is shown as one sign */
	{"\xc3", 1},
	{"\xc0\x80", 1},
	{"\xe2\x80x", 2},
};

static void counts_the_columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t got = width_of(slice_str(cases[i].text));

		if (got != cases[i].columns)
			fail_msg("'%s': %zu", cases[i].text, got);
	}
}

static void takes_whole_characters(void **state)
{
	struct slice wide = slice_str("a\xe4\xb8\xad\xe6\x96\x87");

	(void)state;
	assert_int_equal(width_bytes(wide, 0), 0);
	assert_int_equal(width_bytes(wide, 1), 1);
	assert_int_equal(width_bytes(wide, 2), 1);
	assert_int_equal(width_bytes(wide, 3), 4);
	assert_int_equal(width_bytes(wide, 99), 7);
}

static void knows_what_a_terminal_would_act_on(void **state)
{
	(void)state;
	assert_int_equal(width_control("\033[2J", 4), 1);
	assert_int_equal(width_control("\xc2\x9b", 2), 2);
	assert_int_equal(width_control("a", 1), 0);
	assert_int_equal(width_control("\xff", 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_the_columns),
		cmocka_unit_test(takes_whole_characters),
		cmocka_unit_test(knows_what_a_terminal_would_act_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
