/* test_value.c - unit tests of query/value.h */
#include "cmocka_all.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/value.h"
#include "query/value_time.h"
#include "wire/json/json.h"
#include "wire/json/number.h"

static struct buf out;

static const char *text(void)
{
	const char *s = buf_cstr(&out);

	out.n = 0;
	return s;
}

static int free_out(void **state)
{
	(void)state;
	buf_clear(&out);
	return 0;
}

static void doubles_are_short_and_exact(void **state)
{
	static const struct {
		double v;
		const char *text;
	} cases[] = {
		{0, "0"},
		{-0.0, "-0"},
		{1, "1"},
		{-1.5, "-1.5"},
		{0.1, "0.1"},
		{100, "100"},
		{1.0 / 3, "0.3333333333333333"},
		{2.0 / 3, "0.6666666666666666"},
		{123456789012345, "123456789012345"},
		{1e15, "1000000000000000"},
		{9007199254740993.0, "9007199254740992"},
		{1e20, "100000000000000000000"},
		{1e21, "1e+21"},
		{1.5e300, "1.5e+300"},
		{0.00001, "0.00001"},
		{0.000001, "0.000001"},
		{1.25e-6, "0.00000125"},
		{1e-7, "1e-7"},
		{5e-324, "5e-324"},
		{2.2250738585072014e-308, "2.2250738585072014e-308"},
		{1.7976931348623157e308, "1.7976931348623157e+308"},
		{INFINITY, "\"Infinity\""},
		{-INFINITY, "\"-Infinity\""},
		{NAN, "\"NaN\""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		value_double(&out, cases[i].v);
		assert_string_equal(text(), cases[i].text);
	}
}

/* A plain generator: the same numbers in every run. */
static uint64_t next_random(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static void numbers_read_back_as_themselves(void **state)
{
	uint64_t x = 88172645463325252;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		uint64_t bits = next_random(&x);
		double d, cents = (double)(bits % 100000000) / 100;
		float f;

		memcpy(&d, &bits, sizeof(d));
		memcpy(&f, &bits, sizeof(f));
		if (isfinite(d)) {
			value_double(&out, d);
			assert_true(number_valid(buf_all(&out)));
			assert_true(strtod(text(), NULL) == d);
		}
		if (isfinite(f)) {
			value_float(&out, f);
			assert_true(number_valid(buf_all(&out)));
			assert_true(strtof(text(), NULL) == f);
		}
		value_double(&out, cents);
		assert_true(out.n <= 10);
		assert_true(strtod(text(), NULL) == cents);
	}
}

/* The fewest digits that read back, by the C library. */
static void search(char *text, size_t size, double v, bool is_float)
{
	for (int p = 1; p <= 17; p++) {
		snprintf(text, size, "%.*e", p - 1, v);
		if (is_float ? strtof(text, NULL) == (float)v
			     : strtod(text, NULL) == v)
			return;
	}
}

/* The digits of a number, without zeros at either end. */
static size_t digits_of(const char *number, char digit[40])
{
	size_t n = 0, last = 0;

	for (; *number && *number != 'e'; number++) {
		if (*number == '.' || (n == 0 && *number == '0'))
			continue;
		digit[n++] = *number;
		if (*number != '0')
			last = n;
	}
	return last;
}

static void is_as_short_as(const char *searched)
{
	char own[40], want[40];
	const char *number = text();
	size_t n = digits_of(number, own);

	if (n != digits_of(searched, want) || memcmp(own, want, n) != 0)
		fail_msg("%s, not %s", number, searched);
}

/* Of all sizes, of usual size, next to a power of two or ten, and with few
 * digits.
 */
static void numbers_have_the_fewest_digits_and_the_next_ones(void **state)
{
	uint64_t x = 1203;

	(void)state;
	for (int i = 0; i < 40000; i++) {
		double d = (double)(next_random(&x) >> 11);
		char searched[40];
		float f;

		d *= pow(10, -(double)(next_random(&x) % 24));
		if (i % 8 == 1)
			d = ldexp(1, (int)(next_random(&x) % 120) - 60);
		if (i % 8 == 2)
			d = pow(10, (int)(next_random(&x) % 40) - 20);
		if (i % 8 == 3)
			d = round(d * 1e6) / 1e6;
		if (i % 4 == 2)
			d = nextafter(d, i & 16 ? 0 : INFINITY);
		f = (float)d;
		if (d == 0 || f == 0)
			continue;
		value_double(&out, d);
		search(searched, sizeof(searched), d, false);
		is_as_short_as(searched);
		value_float(&out, f);
		search(searched, sizeof(searched), (double)f, true);
		is_as_short_as(searched);
	}
}

static void floats_are_no_longer_than_floats(void **state)
{
	(void)state;
	value_float(&out, 0.1F);
	assert_string_equal(text(), "0.1");
	value_float(&out, 16777216);
	assert_string_equal(text(), "16777216");
	value_float(&out, 3.4028235e38F);
	assert_string_equal(text(), "3.4028235e+38");
	value_float(&out, 1e-45F);
	assert_string_equal(text(), "1e-45");
}

static void strings_are_what_json_escape_makes(void **state)
{
	static const char alphabet[] = "aZ \"\\\n\t\x01\x1f\x7f\0/é李🚀";
	uint64_t x = 42;
	struct buf in = {0}, want = {0};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		size_t n = next_random(&x) % 60;

		in.n = want.n = 0;
		for (size_t k = 0; k < n; k++) {
			size_t at = next_random(&x) % (sizeof(alphabet) - 1);

			buf_add(&in, alphabet + at, 1);
			if (next_random(&x) % 2)
				buf_str(&in, "plain text, long enough");
		}
		if (json_utf8(buf_all(&in)) == in.n) {
			json_string(&want, buf_all(&in));
			assert_int_equal(value_text(&out, buf_all(&in)), 0);
			assert_true(slice_eq(buf_all(&out), buf_all(&want)));
		} else {
			assert_int_equal(value_text(&out, buf_all(&in)), -1);
		}
		out.n = 0;
	}
	buf_clear(&in);
	buf_clear(&want);
}

static void bytes_that_are_no_text_are_refused(void **state)
{
	static const char *const bad[] = {
		"\x80",         "abcdefgh\xff",     "\xc3",    "\xc0\xaf",
		"\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_int_equal(value_text(&out, slice_str(bad[i])), -1);
	out.n = 0;
}

static void days_have_four_digits_of_year_or_a_sign(void **state)
{
	(void)state;
	value_time_date(&out, 0);
	assert_string_equal(text(), "\"1970-01-01T00:00:00Z\"");
	value_time_date(&out, -719162);
	assert_string_equal(text(), "\"0001-01-01T00:00:00Z\"");
	value_time_date(&out, -719163);
	assert_string_equal(text(), "\"0000-12-31T00:00:00Z\"");
	value_time_date(&out, -719529);
	assert_string_equal(text(), "\"-0001-12-31T00:00:00Z\"");
	value_time_date(&out, 2932896);
	assert_string_equal(text(), "\"9999-12-31T00:00:00Z\"");
	value_time_date(&out, 2932897);
	assert_string_equal(text(), "\"+10000-01-01T00:00:00Z\"");
	value_time_stamp(&out, -1, 86399999999);
	assert_string_equal(text(), "\"1969-12-31T23:59:59.999999Z\"");
	value_time_stamp(&out, 0, 100000);
	assert_string_equal(text(), "\"1970-01-01T00:00:00.1Z\"");
	value_time_clock(&out, 86400000000, true, 0);
	assert_string_equal(text(), "\"0000-01-01T24:00:00Z\"");
	value_time_clock(&out, 1000000, false, -12600);
	assert_string_equal(text(), "\"0000-01-01T00:00:01-03:30\"");
	value_time_clock(&out, 0, false, 3661);
	assert_string_equal(text(), "\"0000-01-01T00:00:00+01:01:01\"");
	value_time_clock(&out, INT64_MAX, true, 0);
	assert_string_equal(text(), "\"0000-01-01T24:00:00Z\"");
	value_time_clock(&out, INT64_MIN, true, 0);
	assert_string_equal(text(), "\"0000-01-01T00:00:00Z\"");
}

static void only_plain_forms_of_time_are_taken(void **state)
{
	static const struct {
		const char *in, *out; /* NULL: not taken */
	} cases[] = {
		{"2004-10-19 10:23:54", "\"2004-10-19T10:23:54Z\""},
		{"2004-10-19 10:23:54.000", "\"2004-10-19T10:23:54Z\""},
		{"2004-10-19T10:23:54.120Z", "\"2004-10-19T10:23:54.12Z\""},
		{"2004-10-19 10:23", "\"2004-10-19T10:23:00Z\""},
		{"2004-10-19 10:23:54.123456789",
		 "\"2004-10-19T10:23:54.123456789Z\""},
		{"2004-10-19 10:23:54+02", "\"2004-10-19T08:23:54Z\""},
		{"2004-10-19 01:23:54.500+02:00", "\"2004-10-18T23:23:54.5Z\""},
		{"2004-10-19T23:23:54.000-0330", "\"2004-10-20T02:53:54Z\""},
		{"2004-10-19 23:23 -03:30", "\"2004-10-20T02:53:00Z\""},
		{"2004-10-19 10:23:54.123456789 +0200 CEST",
		 "\"2004-10-19T08:23:54.123456789Z\""},
		{"2004-10-19 10:23:54 +00:00", "\"2004-10-19T10:23:54Z\""},
		{"0000-01-01 00:00:00+02", "\"-0001-12-31T22:00:00Z\""},
		{"2004-10-19 10:23:54+2", NULL},
		{"2004-10-19 10:23:54+24:00", NULL},
		{"2004-10-19 10:23:54 CEST", NULL},
		{"2004-10-19 10:23:54Z+02", NULL},
		{"2004-10-19 10:23:54.", NULL},
		{"2004-10-19", NULL},
		{"04-10-19 10:23:54", NULL},
		{"2004-10-19 10", NULL},
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int rc = value_time_stamp_text(&out, slice_str(cases[i].in));

		assert_int_equal(rc, cases[i].out ? 0 : -1);
		assert_string_equal(text(), rc == 0 ? cases[i].out : "");
	}
	assert_int_equal(value_time_date_text(&out, slice_str("2004-10-1")),
			 -1);
	assert_int_equal(value_time_clock_text(&out, slice_str("10:2")), -1);
	assert_int_equal(value_time_clock_text(&out, slice_str("10:23:54.50")),
			 0);
	assert_string_equal(text(), "\"0000-01-01T10:23:54.5Z\"");
}

static void json_is_checked_and_compacted(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"1", "1"},
		{" [ 1 , 2 ]\n", "[1,2]"},
		{"{\"a b\" :\n{ }}", "{\"a b\":{}}"},
		{"\"\\\" , \\\\\"", "\"\\\" , \\\\\""},
		{"1.10", "1.10"},
		{"1 2", NULL},
		{"tru e", NULL},
		{"\"a\nb\"", NULL},
		{"{\"a\":1,\"a\":2}", NULL},
		{"[", NULL},
		{"", NULL},
	};
	struct scan *scan = scan_new();
	struct buf scratch = {0}, deep = {0};
	const char *why;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int rc = value_json(&out, slice_str(cases[i].in), scan,
				    &scratch, &why);

		assert_int_equal(rc, cases[i].out ? 0 : -1);
		if (rc == 0)
			assert_string_equal(buf_cstr(&out), cases[i].out);
		out.n = 0;
	}
	for (size_t depth = SCAN_DEPTH - 1; depth <= SCAN_DEPTH; depth++) {
		deep.n = out.n = 0;
		for (size_t i = 0; i < depth; i++)
			buf_char(&deep, '[');
		for (size_t i = 0; i < depth; i++)
			buf_char(&deep, ']');
		assert_int_equal(
			value_json(&out, buf_all(&deep), scan, &scratch, &why),
			depth < SCAN_DEPTH ? 0 : -1);
	}
	out.n = 0;
	buf_clear(&deep);
	buf_clear(&scratch);
	scan_free(scan);
}

/* Several bytes are looked at together: each odd one stands once at each place
 * of texts of each length.
 */
static void text_is_right_at_each_length(void **state)
{
	static const char *const odd[] = {"x",    "\"",   "\\",       "\n",
					  "\x1f", "\x7f", "\xc3\xa9", "\xff"};
	struct buf in = {0}, want = {0};

	(void)state;
	for (size_t n = 0; n < 40; n++) {
		for (size_t at = 0; at <= n; at++) {
			const char *o = odd[(n * 3 + at) % COUNT_OF(odd)];
			bool good = *o != '\xff';

			in.n = out.n = want.n = 0;
			memset(buf_room(&out, 100), '#', 100);
			for (size_t i = 0; i < at; i++)
				buf_char(&in, (char)('a' + i % 26));
			buf_str(&in, o);
			for (size_t i = at; i < n; i++)
				buf_char(&in, (char)('a' + i % 26));
			assert_int_equal(value_text(&out, buf_all(&in)),
					 good ? 0 : -1);
			if (!good)
				continue;
			json_string(&want, buf_all(&in));
			assert_string_equal(text(), buf_cstr(&want));
		}
	}
	out.n = 0;
	assert_int_equal(value_text(&out, slice_of(NULL, 0)), 0);
	assert_string_equal(text(), "\"\"");
	buf_clear(&in);
	buf_clear(&want);
}

/* Sixteen bytes are looked at together: each token stands once at each place of
 * them, and each piece of a string too.
 */
static void json_is_compacted_at_each_place(void **state)
{
	static const char text[] =
		"{ \"a b\\\\\" : [1 ,\t\"x\\\" y\", { } ] ,\r\n\"c\":"
		" { \"[ {\" : null , \"\" : \"  \" } , \"d\" : [ ] }";
	static const char compact[] = "{\"a b\\\\\":[1,\"x\\\" y\",{}],\"c\":"
				      "{\"[ {\":null,\"\":\"  \"},\"d\":[]}";
	struct buf in = {0}, want = {0};

	(void)state;
	for (unsigned n = 0; n < 100; n++) {
		in.n = out.n = 0;
		for (unsigned i = 0; i < n; i++)
			buf_char(&in, ' ');
		buf_str(&in, text);
		assert_int_equal(value_compact(&out, buf_all(&in)), 0);
		assert_string_equal(buf_cstr(&out), compact);

		in.n = out.n = want.n = 0;
		buf_str(&in, "[ \"");
		buf_str(&want, "[\"");
		for (unsigned i = 0; i < n; i++) {
			buf_str(&in, i % 3 ? "x" : i % 7 ? " " : "\\\\");
			buf_str(&want, i % 3 ? "x" : i % 7 ? " " : "\\\\");
		}
		buf_str(&in, "\" , ");
		buf_str(&want, "\",");
		buf_str(&in, text);
		buf_str(&want, compact);
		assert_int_equal(value_compact(&out, buf_all(&in)), 0);
		assert_string_equal(buf_cstr(&out), buf_cstr(&want));
	}
	buf_clear(&in);
	buf_clear(&want);
}

/* Many arrays are not many levels of them; brackets in strings are neither. */
static void json_may_be_wide(void **state)
{
	struct buf in = {0};

	(void)state;
	out.n = 0;
	buf_char(&in, '[');
	for (unsigned i = 0; i < 300; i++)
		buf_str(&in, "[{\"[[\\\"[\":{}}],");
	buf_str(&in, "0]");
	assert_int_equal(value_compact(&out, buf_all(&in)), 0);
	assert_string_equal(buf_cstr(&out), buf_cstr(&in));
	buf_clear(&in);
}

static void numbers_are_told_by_their_grammar(void **state)
{
	static const char *const yes[] = {"0",   "-0",   "10",      "1.5",
					  "1e5", "1E+5", "-1.0e-10"};
	static const char *const no[] = {"",   "-",  "01", "1.",  ".5",
					 "+1", "1e", "1x", "0x1", "NaN",
					 " 1", "1 ", "1e+"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(yes); i++)
		assert_true(number_valid(slice_str(yes[i])));
	for (size_t i = 0; i < COUNT_OF(no); i++)
		assert_false(number_valid(slice_str(no[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doubles_are_short_and_exact),
		cmocka_unit_test(numbers_read_back_as_themselves),
		cmocka_unit_test(
			numbers_have_the_fewest_digits_and_the_next_ones),
		cmocka_unit_test(floats_are_no_longer_than_floats),
		cmocka_unit_test(strings_are_what_json_escape_makes),
		cmocka_unit_test(bytes_that_are_no_text_are_refused),
		cmocka_unit_test(days_have_four_digits_of_year_or_a_sign),
		cmocka_unit_test(only_plain_forms_of_time_are_taken),
		cmocka_unit_test(json_is_checked_and_compacted),
		cmocka_unit_test(text_is_right_at_each_length),
		cmocka_unit_test(json_is_compacted_at_each_place),
		cmocka_unit_test(json_may_be_wide),
		cmocka_unit_test(numbers_are_told_by_their_grammar),
	};

	return cmocka_run_group_tests(tests, NULL, free_out);
}
