/* test_number.c - unit tests of map/number.h */
#include "cmocka_all.h"

#include <string.h>

#include "wire/json/number.h"

static void knows_what_a_double_gives_back(void **state)
{
	static const char *const safe[] = {
		"0",
		"-0",
		"1.50",
		"9007199254740992",
		"1e22",
		"1e-7",
		"0.1",
		"32.839999999999996",
		"0.30000000000000004",
		"1.000000000000000000",
		"-9007199254740992",
		"123456789012345e3",
	};
	static const char *const unsafe[] = {
		"9007199254740993",
		"-9007199254740993",
		"12345678901234567890",
		"1e400",
		"-1e400",
		"1e-400",
		"0.1234567890123456789",
		"3.14159265358979323846",
		"12345678901234567.5",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(safe); i++)
		assert_true(number_safe(slice_str(safe[i])));
	for (size_t i = 0; i < COUNT_OF(unsafe); i++)
		assert_false(number_safe(slice_str(unsafe[i])));
}

static void quotes_only_numbers_outside_strings(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"9007199254740993", "\"9007199254740993\""},
		{"[1, 9007199254740993,{\"k\":-9007199254740993 }]",
		 "[1, \"9007199254740993\",{\"k\":\"-9007199254740993\" }]"},
		{"\"9007199254740993\"", NULL},
		{"{\"9007199254740993\":\"\\\"9007199254740993\"}", NULL},
		{"[true,null,1.5]", NULL},
	};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *want =
			cases[i].want ? cases[i].want : cases[i].text;
		int found = cases[i].want != NULL;

		b.n = 0;
		assert_int_equal(number_quote(slice_str(cases[i].text), NULL),
				 found);
		assert_int_equal(number_quote(slice_str(cases[i].text), &b),
				 found);
		assert_string_equal(buf_cstr(&b), want);
	}
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_what_a_double_gives_back),
		cmocka_unit_test(quotes_only_numbers_outside_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
