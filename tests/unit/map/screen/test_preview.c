/* test_preview.c - unit tests of map/screen/preview.h */
#include "cmocka_all.h"

#include <string.h>

#include "core/width.h"
#include "map/screen/preview.h"

static void lays_out_and_keeps_bytes(void **state)
{
	static const struct {
		const char *json, *want;
	} cases[] = {
		{"{}", "{}"},
		{"{\"a\":1.50,\"b\" : [ ] , \"c\":{ }}",
		 "{\n  \"a\": 1.50,\n  \"b\": [],\n  \"c\": {}\n}"},
		{"{\"a\":[1,{\"k\":\"{\\\",}\"}]}",
		 "{\n  \"a\": [\n    1,\n    {\n      \"k\": "
		 "\"{\\\",}\"\n    }\n  ]\n}"},
		{"no json {", "no json {"},
		{"", ""},
		{"{\"cut", "{\n  \"cut"},
		{"{\"a\\", "{\n  \"a\\"},
		{"{\"\033[2J\"\x7f", "{\n  \"?[2J\"?"},
		{"\033]0;x\a", "?]0;x?"},
		{"{\"\xc2\x9b"
		 "2J\xc2\xa0\"}",
		 "{\n  \"?2J\xc2\xa0\"\n}"},
		{"{]}]}", "{]\n}\n]\n}"},
	};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		b.n = 0;
		preview_pretty(&b, slice_str(cases[i].json));
		assert_string_equal(buf_cstr(&b), cases[i].want);
	}
	buf_clear(&b);
}

static void puts_texts_beside_each_other(void **state)
{
	struct buf b = {0};

	(void)state;
	preview_columns(&b,
			(const struct slice[]){slice_str("a\n\xc3\xa9\xc3\xa9"),
					       slice_str("1\n2\n3")},
			2, 40, false);
	assert_string_equal(buf_cstr(&b),
			    "a    1\n\xc3\xa9\xc3\xa9   2\n     3\n");
	b.n = 0;
	preview_columns(
		&b,
		(const struct slice[]){slice_str("0123456789abcdefghijklm"),
				       slice_str("0123456789abcdefghijklmnop")},
		2, 40, false);
	assert_string_equal(buf_cstr(&b), "0123456789abcdef\xe2\x80\xa6   "
					  "0123456789abcdefghi\xe2\x80\xa6\n");
	b.n = 0;
	preview_columns(
		&b, (const struct slice[]){slice_str("x\ny"), slice_str("")}, 2,
		40, false);
	assert_string_equal(buf_cstr(&b), "x\ny\n");
	buf_clear(&b);
}

/* East Asian letters and pictures take two columns, accents none. */
static void knows_how_wide_letters_are(void **state)
{
	static const struct {
		const char *text;
		size_t width;
	} cases[] = {
		{"", 0},
		{"abc", 3},
		{"\xc3\xa9", 1},
		{"e\xcc\x81", 1},
		{"\xe6\xbc\xa2\xe5\xad\x97", 4},
		{"\xf0\x9f\x9a\x80", 2},
		{"\xef\xbd\xb1", 1},
		{"\xea\xb0\x80", 2},
		{"\xff\xe6\xbc", 2}, /* two invalid ones */
	};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (width_of(slice_str(cases[i].text)) != cases[i].width)
			fail_msg("'%s'", cases[i].text);
	}
	assert_int_equal(width_bytes(slice_str("a\xe6\xbc\xa2z"), 0), 0);
	assert_int_equal(width_bytes(slice_str("a\xe6\xbc\xa2z"), 2), 1);
	assert_int_equal(width_bytes(slice_str("a\xe6\xbc\xa2z"), 3), 4);
	preview_columns(&b,
			(const struct slice[]){
				slice_str("\xe6\xbc\xa2\nab\n"
					  "12345\xe6\xbc\xa2\xe6\xbc\xa2"),
				slice_str("1\n2\n3")},
			2, 20, false);
	assert_string_equal(buf_cstr(&b), "\xe6\xbc\xa2        1\n"
					  "ab        2\n"
					  "12345\xe2\x80\xa6    3\n");
	buf_clear(&b);
}

static void colours_names_strings_and_nulls(void **state)
{
	struct buf b = {0};

	(void)state;
	preview_columns(
		&b,
		(const struct slice[]){slice_str(""),
				       slice_str("\"a\": null, \"b\" 1 null")},
		2, 80, true);
	assert_string_equal(buf_cstr(&b), "   \033[34;1m\"a\"\033[0m: "
					  "\033[1;30mnull\033[0m, "
					  "\033[0;32m\"b\"\033[0m 1 "
					  "\033[1;30mnull\033[0m\n");
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lays_out_and_keeps_bytes),
		cmocka_unit_test(puts_texts_beside_each_other),
		cmocka_unit_test(knows_how_wide_letters_are),
		cmocka_unit_test(colours_names_strings_and_nulls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
