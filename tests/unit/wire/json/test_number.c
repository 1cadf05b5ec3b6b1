/* test_number.c - unit tests of wire/json/number.h */
#include "cmocka_all.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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

static uint64_t next_random(uint64_t *x)
{
	*x = *x * 6364136223846793005 + 1442695040888963407;
	return *x >> 11;
}

/* By the C library: as many digits of the double as the text has. */
static bool gives_back(const char *text)
{
	char digit[64], again[64];
	size_t n = 0, zeros = 0;

	for (const char *p = text; *p; p++) {
		if (*p < '0' || *p > '9' || (n == 0 && *p == '0'))
			continue;
		digit[n++] = *p;
		zeros = *p == '0' ? zeros + 1 : 0;
	}
	n -= zeros;
	if (n > 17)
		return false;
	snprintf(again, sizeof(again), "%.*e", (int)n - 1,
		 fabs(strtod(text, NULL)));
	for (size_t i = 0; i < n; i++) {
		if (again[i + (i > 0)] != digit[i])
			return false;
	}
	return true;
}

/* Decimals of 16 to 18 digits, of which some are the text of a double, with
 * point and zeros anywhere.
 */
static void judges_decimals_as_the_c_library_does(void **state)
{
	uint64_t x = 1202;
	size_t safe = 0;

	(void)state;
	for (size_t i = 0; i < 300000; i++) {
		uint64_t low = next_random(&x) % 1000000000;
		uint64_t high = 1 + next_random(&x) % 99999999;
		char digits[32], text[80];
		size_t n, at;

		if (i % 3 == 0) {
			double v = (double)next_random(&x) /
				   pow(10, (double)(next_random(&x) % 20));

			snprintf(digits, sizeof(digits), "%.*e",
				 15 + (int)(next_random(&x) % 2), v);
			*strchr(digits, 'e') = '\0';
			memmove(digits + 1, digits + 2, strlen(digits + 1));
		} else {
			snprintf(digits, sizeof(digits),
				 "%" PRIu64 "%09" PRIu64, high, low);
			if (i % 3 == 1)
				digits[9] = digits[10] = digits[11] = '0';
		}
		n = strlen(digits);
		at = next_random(&x) % (n + 1);
		snprintf(text, sizeof(text), "%s%.*s%s.%.*s%s%s",
			 i & 1 ? "-" : "", (int)at, digits, at ? "" : "0",
			 at ? 0 : (int)(next_random(&x) % 8), "00000000",
			 digits + at,
			 at == n ? "0"
			 : i & 2 ? "00"
				 : "");
		if (number_safe(slice_str(text)) != gives_back(text))
			fail_msg("%s", text);
		safe += number_safe(slice_str(text));
	}
	assert_in_range(safe, 50000, 250000);
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
		cmocka_unit_test(judges_decimals_as_the_c_library_does),
		cmocka_unit_test(quotes_only_numbers_outside_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
