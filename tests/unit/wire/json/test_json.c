/* test_json.c - unit tests of wire/json/json.h */
#include "cmocka_all.h"

#include <stdlib.h>

#include "wire/json/json.h"

static const struct {
	const char *text, *json;
} strings[] = {
	{"", "\"\""},
	{"plain", "\"plain\""},
	{"a\"b\\c/", "\"a\\\"b\\\\c/\""},
	{"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
	{"\x01\x1f", "\"\\u0001\\u001f\""},
	{"\x7f", "\"\x7f\""},
	{"\xc3\xa9\xf0\x9f\x98\x80", "\"\xc3\xa9\xf0\x9f\x98\x80\""},
	{"\n\nx\n", "\"\\n\\nx\\n\""},
};

static void writes_strings_with_the_least_of_escapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(strings); i++) {
		struct buf b = {0};

		json_string(&b, slice_str(strings[i].text));
		assert_string_equal(buf_cstr(&b), strings[i].json);
		b.n = 0;
		json_decode(&b, json_inner(slice_str(strings[i].json)));
		assert_string_equal(buf_cstr(&b), strings[i].text);
		buf_clear(&b);
	}
}

/* Byte by byte. */
static void escape_simply(struct buf *b, struct slice s)
{
	static const char short_of[] = "\"\\\b\f\n\r\t";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		const char *at = c != 0 ? strchr(short_of, (char)c) : NULL;

		if (at)
			buf_fmt(b, "\\%c", "\"\\bfnrt"[at - short_of]);
		else if (c < 0x20)
			buf_fmt(b, "\\u%04x", c);
		else
			buf_char(b, (char)c);
	}
}

/* Each byte at each place of texts that are longer than what is looked at and
 * copied at once, or a little shorter.
 */
static void escapes_each_byte_at_each_place(void **state)
{
	static const size_t sizes[] = {1,  7,  8,    9,    15,   16,
				       17, 40, 1023, 1024, 1025, 2050};
	char text[2050];

	(void)state;
	for (size_t k = 0; k < COUNT_OF(sizes); k++) {
		size_t step = sizes[k] > 64 ? 61 : 1;

		for (unsigned c = 0; c < 0x80; c++) {
			for (size_t at = 0; at < sizes[k]; at += step) {
				struct buf b = {0}, want = {0}, back = {0};
				struct slice s = slice_of(text, sizes[k]);

				memset(text, 'x', sizeof(text));
				text[at] = text[sizes[k] - 1 - at] = (char)c;
				json_escape(&b, s);
				escape_simply(&want, s);
				assert_int_equal(b.n, want.n);
				assert_memory_equal(b.p, want.p, b.n);
				assert_true(json_escaped(buf_all(&b)));
				json_decode(&back, buf_all(&b));
				assert_true(slice_eq(buf_all(&back), s));
				buf_clear(&b);
				buf_clear(&want);
				buf_clear(&back);
			}
		}
	}
}

static void knows_which_escapes_it_would_write(void **state)
{
	static const char *const other[] = {
		"\\/",
		"a\\/b",
		"\\u0041",
		"\\u000a",
		"\\u000A",
		"\\u001F",
		"\\u0022",
		"\\u005c",
		"\\u007f",
		"\\u00e9",
		"\\ud83d\\ude00",
		"\\n\\\\\\u0020",
		"\\u0000\\u0008",
	};

	(void)state;
	assert_true(json_escaped(slice_str("")));
	assert_true(json_escaped(slice_str("\\u0000\\u001f\\\\u0041\\\"/")));
	for (size_t i = 0; i < COUNT_OF(other); i++) {
		if (json_escaped(slice_str(other[i])))
			fail_msg("%s", other[i]);
	}
}

static void writes_nul_bytes(void **state)
{
	struct buf b = {0};

	(void)state;
	json_string(&b, slice_of("a\0b", 3));
	assert_string_equal(buf_cstr(&b), "\"a\\u0000b\"");
	b.n = 0;
	json_decode(&b, slice_str("a\\u0000b"));
	assert_int_equal(b.n, 3);
	assert_memory_equal(b.p, "a\0b", 3);
	buf_clear(&b);
}

static const struct {
	const char *inner, *text;
} escapes[] = {
	{"", ""},
	{"abc", "abc"},
	{"\\\"\\\\\\/", "\"\\/"},
	{"\\u0041\\u00e9\\u20AC", "A\xc3\xa9\xe2\x82\xac"},
	{"\\uD83D\\ude00", "\xf0\x9f\x98\x80"},
	{"\\ud800\\udc00", "\xf0\x90\x80\x80"},
	{"\\udbff\\udfff", "\xf4\x8f\xbf\xbf"},
	{"\\ud83d", "\xed\xa0\xbd"},
	{"\\ud83dx", "\xed\xa0\xbdx"},
	{"\\ud83d\\n", "\xed\xa0\xbd\n"},
	{"\\ud83d\\u0041", "\xed\xa0\xbd"
			   "A"},
	{"\\ude00\\ud83d", "\xed\xb8\x80\xed\xa0\xbd"},
	{"\\ud83d\\ud83d\\ude00", "\xed\xa0\xbd\xf0\x9f\x98\x80"},
	{"\\uffff", "\xef\xbf\xbf"},
};

static void decodes_escapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(escapes); i++) {
		/* exactly as long, so that a read beyond is seen */
		size_t n = strlen(escapes[i].inner);
		char *exact = malloc(n > 0 ? n : 1);
		struct buf b = {0};

		assert_non_null(exact);
		memcpy(exact, escapes[i].inner, n);
		buf_str(&b, "<");
		json_decode(&b, slice_of(exact, n));
		assert_string_equal(buf_cstr(&b) + 1, escapes[i].text);
		buf_clear(&b);
		free(exact);
	}
}

static const struct {
	const char *text;
	size_t bad; /* index of the first wrong byte; the length if none */
} utf8[] = {
	{"", 0},
	{"0123456789abcdefg", 17},
	{"\xc2\x80\xdf\xbf", 4},
	{"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", 12},
	{"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8},
	{"01234567\x80", 8},
	{"0123456789\xff", 10},
	{"\xc0\x80", 0},
	{"\xc1\xbf", 0},
	{"a\xc2", 1},
	{"\xc2\x41", 0},
	{"\xe0\x9f\xbf", 0},
	{"\xe2\x82", 0},
	{"\xed\xa0\x80", 0},
	{"\xf0\x8f\xbf\xbf", 0},
	{"\xf0\x9f\x98", 0},
	{"\xf4\x90\x80\x80", 0},
	{"\xf5\x80\x80\x80", 0},
	{"\xfe", 0},
};

static void finds_the_first_byte_that_is_not_utf_8(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(utf8); i++)
		assert_int_equal(json_utf8(slice_str(utf8[i].text)),
				 utf8[i].bad);
	assert_int_equal(json_utf8(slice_of(NULL, 0)), 0);
}

static const struct {
	const char *text;
	size_t max;
	const char *json;
} lossy[] = {
	{"", 8, "\"\""},
	{"a\nb", 8, "\"a\\nb\""},
	{"\xff\xfe", 8, "\"\xef\xbf\xbd\xef\xbf\xbd\""},
	{"a\xe2\x82", 8, "\"a\xef\xbf\xbd\xef\xbf\xbd\""},
	{"abcd", 4, "\"abcd\""},
	{"abcde", 4, "\"abcd\""},
	{"abc\xc3\xa9", 4, "\"abc\""},
	{"abcd\xff", 4, "\"abcd\""},
	{"abc\xff", 4, "\"abc\xef\xbf\xbd\""},
	{"abc", 0, "\"\""},
	{"\xff", 0, "\"\""},
};

static void quotes_any_bytes_up_to_a_limit(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lossy); i++) {
		struct buf b = {0};

		json_lossy(&b, slice_str(lossy[i].text), lossy[i].max);
		assert_string_equal(buf_cstr(&b), lossy[i].json);
		buf_clear(&b);
	}
}

static const struct {
	const char *number;
	bool safe;
} doubles[] = {
	{"0", true},
	{"-0", true},
	{"1", true},
	{"-1.5", true},
	{"123456789012345", true},
	{"0.123456789012345", true},
	{"9007199254740992", true},
	{"-9007199254740992", true},
	{"9007199254740993", false},
	{"-9007199254740993", false},
	{"9999999999999999", false},
	{"1234567890123456.5", false},
	{"0.1234567890123456", false},
	{"12345678901234567890", false},
	{"12345678901234500000", true},
	{"1e10", true},
	{"1E-10", true},
	{"1.5e300", false},
	{"1e299", true},
	{"1e308", false},
	{"1e309", false},
	{"1e-310", false},
	{"-1e400", false},
	{"0e400", true},
	{"1.00000000000000000000", true},
	{"0.00000000000000000001", true},
};

static void knows_what_a_double_carries(void **state)
{
	char tiny[360] = "0.", huge[360];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(doubles); i++) {
		if (json_double_safe(slice_str(doubles[i].number)) !=
		    doubles[i].safe)
			fail_msg("%s", doubles[i].number);
	}
	memset(tiny + 2, '0', 340);
	tiny[342] = '1'; /* 1e-341, which a double makes 0 */
	assert_false(json_double_safe(slice_of(tiny, 343)));
	memset(huge, '0', sizeof(huge));
	huge[0] = '1';
	assert_false(json_double_safe(slice_of(huge, 320)));
	assert_true(json_double_safe(slice_of(huge, 290)));
}

static void puts_the_escapes_of_lone_surrogates_back(void **state)
{
	static const char *const texts[][2] = {
		{"", ""},
		{"a", "a"},
		{"\\ud800", "\\ud800"},
		{"x\\udfff\xc3\xa9\\udbff.", "x\\udfff\xc3\xa9\\udbff."},
		{"\\ude80\\ud83d", "\\ude80\\ud83d"},
		{"\\ud83d\\ude80", "\xf0\x9f\x9a\x80"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct buf b = {0};

		buf_str(&b, "\xff");
		json_decode(&b, slice_str(texts[i][0]));
		json_surrogates(&b, 1);
		assert_string_equal(buf_cstr(&b) + 1, texts[i][1]);
		buf_clear(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_strings_with_the_least_of_escapes),
		cmocka_unit_test(escapes_each_byte_at_each_place),
		cmocka_unit_test(knows_which_escapes_it_would_write),
		cmocka_unit_test(writes_nul_bytes),
		cmocka_unit_test(decodes_escapes),
		cmocka_unit_test(finds_the_first_byte_that_is_not_utf_8),
		cmocka_unit_test(quotes_any_bytes_up_to_a_limit),
		cmocka_unit_test(knows_what_a_double_carries),
		cmocka_unit_test(puts_the_escapes_of_lone_surrogates_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
