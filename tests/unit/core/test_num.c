/* test_num.c - unit tests of core/num.h */
#include "cmocka_all.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/num.h"

enum { UINT = 1, SIZE = 2, MSEC = 4 };

typedef int parse_fn(struct slice s, uint64_t *v);

/* What each of the three makes of a text; the value is given where it is one
 * of those named in good.
 */
static const struct {
	const char *text;
	int good;
	uint64_t uint_size, msec;
} cases[] = {
	{"0", UINT | SIZE | MSEC, 0, 0},
	{"7", UINT | SIZE | MSEC, 7, 7000},
	{"007", UINT | SIZE | MSEC, 7, 7000},
	{"18446744073709551615", UINT | SIZE, UINT64_MAX, 0},
	{"18446744073709551616", 0, 0, 0},
	{"99999999999999999999999", 0, 0, 0},
	{"", 0, 0, 0},
	{" 1", 0, 0, 0},
	{"1 ", 0, 0, 0},
	{"+1", 0, 0, 0},
	{"-1", 0, 0, 0},
	{"1.5", 0, 0, 0},
	{"0x10", 0, 0, 0},
	{"1e3", 0, 0, 0},
	{"1K", SIZE, 1024, 0},
	{"64K", SIZE, 65536, 0},
	{"2M", SIZE, 2 * 1024 * 1024, 0},
	{"3G", SIZE, (uint64_t)3 * 1024 * 1024 * 1024, 0},
	{"17179869183G", SIZE, UINT64_MAX - (1024 * 1024 * 1024 - 1), 0},
	{"17179869184G", 0, 0, 0},
	{"K", 0, 0, 0},
	{"1KK", 0, 0, 0},
	{"1k", SIZE, 1024, 0},
	{"1Kk", 0, 0, 0},
	{"1g", 0, 0, 0},
	{"1 K", 0, 0, 0},
	{"250ms", MSEC, 0, 250},
	{"5s", MSEC, 0, 5000},
	{"2m", MSEC, 0, 120000},
	{"1h", MSEC, 0, 3600000},
	{"30d", MSEC, 0, 2592000000},
	{"0ms", MSEC, 0, 0},
	{"18446744073709551615ms", MSEC, 0, UINT64_MAX},
	{"18446744073709551615s", 0, 0, 0},
	{"ms", 0, 0, 0},
	{"s", 0, 0, 0},
	{"1w", 0, 0, 0},
	{"1sm", 0, 0, 0},
	{"1S", 0, 0, 0},
};

static void check(parse_fn *fn, const char *text, bool good, uint64_t want)
{
	uint64_t v = 12345;

	assert_int_equal(fn(slice_str(text), &v), good ? 0 : -1);
	if (v != (good ? want : 12345))
		fail_msg("'%s' gave %ju", text, (uintmax_t)v);
}

static void reads_whole_texts_in_range_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *s = cases[i].text;

		check(num_uint, s, cases[i].good & UINT, cases[i].uint_size);
		check(num_size, s, cases[i].good & SIZE, cases[i].uint_size);
		check(num_msec, s, cases[i].good & MSEC, cases[i].msec);
	}
}

static void reads_no_byte_behind_the_slice(void **state)
{
	uint64_t v;

	(void)state;
	assert_int_equal(num_uint(slice_of("123", 2), &v), 0);
	assert_int_equal(v, 12);
	assert_int_equal(num_size(slice_of("1K", 1), &v), 0);
	assert_int_equal(v, 1);
	assert_int_equal(num_uint(slice_of("1\0", 2), &v), -1);
	assert_int_equal(num_uint(slice_of(NULL, 0), &v), -1);
}

static void reads_counts_and_shares(void **state)
{
	static const char *const bad[] = {"",    "%",  "101%", "-1",  "5 %",
					  "5%%", "x%", "1K",   "1.5%"};
	static const struct {
		const char *text;
		uint64_t part, whole;
		bool over;
	} shares[] = {
		{"0", 0, 9, false},
		{"0", 1, 9, true},
		{"3", 3, 3, false},
		{"3", 4, 100, true},
		{"0%", 0, 0, false},
		{"0%", 1, 1000000, true},
		{"5%", 5, 100, false},
		{"5%", 6, 100, true},
		{"50%", 1, 2, false},
		{"50%", 2, 3, true},
		{"100%", 7, 7, false},
		{"33%", 1, 3, true},
		{"18446744073709551615", UINT64_MAX, 0, false},
	};
	struct num_share s;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(shares); i++) {
		assert_int_equal(num_share(slice_str(shares[i].text), &s), 0);
		assert_int_equal(
			num_share_over(&s, shares[i].part, shares[i].whole),
			shares[i].over);
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_int_equal(num_share(slice_str(bad[i]), &s), -1);
}

/* Every byte in every place: only digits are taken, as strtoull reads them. */
static void reads_hexadecimal_digits(void **state)
{
	char digits[17] = "0123456789abcdef";
	uint64_t v;

	(void)state;
	assert_int_equal(num_hex(digits, &v), 0);
	assert_int_equal(v, 0x0123456789abcdef);
	assert_int_equal(num_hex("ffffffffffffffff", &v), 0);
	assert_int_equal(v, UINT64_MAX);
	for (uint64_t x = 1; x < UINT64_MAX / 5; x *= 5) {
		char want[17], got[17] = {0};

		snprintf(want, sizeof(want), "%016" PRIx64, x);
		num_to_hex(x, got);
		assert_string_equal(got, want);
	}
	for (int at = 0; at < 16; at++) {
		for (int c = 0; c < 256; c++) {
			char was = digits[at];
			bool is = c > 0 && strchr("0123456789abcdef", c);

			digits[at] = (char)c;
			assert_int_equal(num_hex(digits, &v), is ? 0 : -1);
			if (is)
				assert_int_equal(v, strtoull(digits, NULL, 16));
			digits[at] = was;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_hexadecimal_digits),
		cmocka_unit_test(reads_whole_texts_in_range_only),
		cmocka_unit_test(reads_no_byte_behind_the_slice),
		cmocka_unit_test(reads_counts_and_shares),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
