/* test_jqjson.c - unit tests of wire/jq/jqjson.h */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/jq/jqjson.h"
#include "wire/json/scan.h"

static uint64_t seed = 88172645463325252U;

static uint64_t dice(uint64_t sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % sides;
}

static void put_number(struct buf *b)
{
	static const char *const odd[] = {
		"-0",     "0.0",    "-0.0",    "1e2",        "1E-7",
		"1.50",   "0.0001", "0.00001", "123456e-20", "1e16",
		"1e17",   "1e300",  "-1e-300", "0.1e1",      "9007199254740992",
		"100000", "1e400",  "5e-324",
	};
	size_t digits = dice(18) + 1, point = dice(3) ? 0 : dice(digits);

	if (dice(6) == 0) {
		buf_str(b, odd[dice(COUNT_OF(odd))]);
		return;
	}
	if (dice(4) == 0)
		buf_char(b, '-');
	buf_char(b, (char)('1' + dice(9)));
	for (size_t i = 1; i < digits; i++) {
		if (i == point)
			buf_char(b, '.');
		buf_char(b, (char)('0' + dice(dice(3) ? 10 : 1)));
	}
}

static void put_string(struct buf *b)
{
	static const char *const parts[] = {
		"a",
		"\\n",
		"\\u0000",
		"\\\"",
		"\\/",
		"\\\\",
		"\\u00e9",
		"\xc3\xa9",
		"\\ud83d\\ude00",
		"<",
		"\\u001f",
		"\\b",
		"\xf0\x9f\x98\x80",
		" ",
		"\\u20AC",
	};

	buf_char(b, '"');
	for (size_t n = dice(6); n > 0; n--)
		buf_str(b, parts[dice(COUNT_OF(parts))]);
	buf_char(b, '"');
}

static void put_blank(struct buf *b)
{
	if (dice(8) == 0)
		buf_char(b, " \t"[dice(2)]);
}

static void put_value(struct buf *b, unsigned depth)
{
	uint64_t what = dice(depth < 5 ? 8 : 5);
	uint64_t n = dice(5);

	put_blank(b);
	if (what < 3) {
		static const char *const words[] = {"null", "true", "false"};

		buf_str(b, words[what]);
	} else if (what == 3) {
		put_number(b);
	} else if (what == 4) {
		put_string(b);
	} else if (what == 5) {
		buf_char(b, '[');
		for (uint64_t i = 0; i < n; i++) {
			if (i > 0)
				buf_char(b, ',');
			put_value(b, depth + 1);
		}
		put_blank(b);
		buf_char(b, ']');
	} else {
		buf_char(b, '{');
		for (uint64_t i = 0; i < n; i++) {
			buf_fmt(b, "%s\"k%s%ju\"", i > 0 ? "," : "",
				dice(4) ? "" : "\\u0041\\n", (uintmax_t)i);
			put_blank(b);
			buf_char(b, ':');
			put_value(b, depth + 1);
		}
		put_blank(b);
		buf_char(b, '}');
	}
	put_blank(b);
}

static void reads_and_writes_as_libjq_does(void **state)
{
	struct buf in = {0}, out = {0};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		jv want;

		in.n = 0;
		out.n = 0;
		put_value(&in, 0);
		want = jv_dump_string(jv_parse_sized(in.p, (int)in.n), 0);
		assert_int_equal(jqjson_write(&out, jqjson_read(buf_all(&in))),
				 0);
		assert_string_equal(buf_cstr(&out), jv_string_value(want));
		jv_free(want);
	}
	buf_clear(&in);
	buf_clear(&out);
}

static double some_double(void)
{
	union {
		uint64_t bits;
		double d;
	} any = {.bits = 0};
	double v = (double)(int64_t)(dice(2000000) - 1000000);

	switch (dice(6)) {
	case 0:
		do {
			any.bits = dice(UINT64_MAX);
		} while (any.d != any.d);
		return any.d;
	case 1:
		return v;
	case 2:
		return v / 100;
	case 3:
		return v / 1e9;
	case 4:
		return v * 1e10;
	default:
		return v / 3;
	}
}

static void writes_numbers_as_libjq_does(void **state)
{
	struct buf out = {0};

	(void)state;
	for (int i = 0; i < 200000; i++) {
		double d = some_double();
		jv want = jv_dump_string(jv_number(d), 0);

		out.n = 0;
		jqjson_number(&out, d);
		assert_string_equal(buf_cstr(&out), jv_string_value(want));
		jv_free(want);
	}
	buf_clear(&out);
}

static void nested(struct buf *b, size_t depth)
{
	b->n = 0;
	for (size_t i = 0; i < depth; i++)
		buf_str(b, i % 2 ? "[" : "{\"a\":");
	buf_char(b, '1');
	for (size_t i = depth; i-- > 0;)
		buf_char(b, i % 2 ? ']' : '}');
}

static void refuses_to_write_what_is_too_deep(void **state)
{
	struct buf in = {0}, out = {0};

	(void)state;
	nested(&in, JQJSON_DEPTH);
	assert_int_equal(jqjson_write(&out, jqjson_read(buf_all(&in))), 0);
	assert_string_equal(buf_cstr(&out), buf_cstr(&in));
	nested(&in, JQJSON_DEPTH + 1);
	assert_int_equal(jqjson_write(&out, jqjson_read(buf_all(&in))), -1);
	nested(&in, SCAN_DEPTH);
	assert_int_equal(jqjson_write(&out, jqjson_read(buf_all(&in))), -1);
	buf_clear(&in);
	buf_clear(&out);
}

static void says_what_libjq_says_of_half_a_pair(void **state)
{
	jv v = jqjson_read(slice_str("{\"a\":\"\\ud800x\"}"));
	jv whole = jqjson_read(slice_str("\"\\uD83D\\uDE00\""));

	(void)state;
	if (!jv_is_valid(v)) {
		v = jv_invalid_get_msg(v);
		assert_non_null(strstr(jv_string_value(v), "surrogate"));
	}
	assert_string_equal(jv_string_value(whole), "\xf0\x9f\x98\x80");
	jv_free(v);
	jv_free(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_writes_as_libjq_does),
		cmocka_unit_test(writes_numbers_as_libjq_does),
		cmocka_unit_test(refuses_to_write_what_is_too_deep),
		cmocka_unit_test(says_what_libjq_says_of_half_a_pair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
