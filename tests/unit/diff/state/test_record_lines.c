/* test_record_lines.c - unit tests of diff/state/record_lines.h */
#include "cmocka_all.h"

#include "core/reader.h"
#include "diff/state/record_lines.h"

static void gives_lines_and_what_is_cut(void **state)
{
	struct slice rest = slice_str("a\n\nbc"), line;
	bool whole = false;

	(void)state;
	assert_true(record_lines_next(&rest, &line, &whole));
	assert_true(slice_is(line, "a") && whole);
	assert_true(record_lines_next(&rest, &line, &whole));
	assert_true(slice_is(line, "") && whole);
	assert_true(record_lines_next(&rest, &line, &whole));
	assert_true(slice_is(line, "bc") && !whole);
	assert_false(record_lines_next(&rest, &line, &whole));
	rest = slice_str("\n");
	assert_true(record_lines_next(&rest, &line, &whole));
	assert_true(slice_is(line, "") && whole);
	assert_false(record_lines_next(&rest, &line, &whole));
	rest = slice_of(NULL, 0);
	assert_false(record_lines_next(&rest, &line, &whole));
}

static void reads_members(void **state)
{
	static const char json[] = "{\"t\":\"a\\u00e9b\",\"e\":\"\",\"n\":7,"
				   "\"x\":\"7\"}";
	char text[sizeof(json) + READER_PAD] = "", to[8], little[3];
	struct scan *s = scan_new();
	uint64_t n = 5;

	(void)state;
	memcpy(text, json, sizeof(json));
	assert_int_equal(scan_object(s, slice_of(text, sizeof(json) - 1)), 0);
	record_lines_text(s, "t", to, sizeof(to));
	assert_string_equal(to, "a\xc3\xa9"
				"b");
	record_lines_text(s, "t", little, sizeof(little)); /* at a character */
	assert_string_equal(little, "a");
	record_lines_text(s, "e", to, sizeof(to));
	assert_string_equal(to, "");
	record_lines_text(s, "n", to, sizeof(to));
	assert_string_equal(to, "");
	assert_true(record_lines_count(s, "n", &n));
	assert_int_equal(n, 7);
	assert_false(record_lines_count(s, "x", &n));
	assert_false(record_lines_count(s, "none", &n));
	assert_int_equal(n, 7);
	scan_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_lines_and_what_is_cut),
		cmocka_unit_test(reads_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
