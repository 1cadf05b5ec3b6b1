/* test_myvalue.c - unit tests of query/mysql/myvalue.h */
#include "cmocka_all.h"

#include "query/mysql/myvalue.h"

#ifdef WITH_MYSQL
#include <mysql.h>
#include <stdio.h>
#include <string.h>

/* The JSON of a value, or "-" and why it is refused. */
static const char *put(enum myvalue kind, const void *p, size_t n)
{
	static struct buf b;
	static char text[256];
	struct myvalue_work w = {.scan = scan_new()};

	b.n = 0;
	if (myvalue_put(&b, kind, slice_of(p, n), &w) == 0)
		snprintf(text, sizeof(text), "%s", buf_cstr(&b));
	else
		snprintf(text, sizeof(text), "- %s", w.why);
	buf_clear(&b);
	buf_clear(&w.scratch);
	scan_free(w.scan);
	return text;
}

/* A server may send any numbers as a time. */
static void writes_each_time(void **state)
{
	static const struct {
		enum myvalue kind;
		MYSQL_TIME t;
		const char *json;
	} times[] = {
		{MYVALUE_CLOCK,
		 {.hour = 23, .minute = 59, .second = 59, .second_part = 1},
		 "\"0000-01-01T23:59:59.000001Z\""},
		{MYVALUE_CLOCK, {.hour = 1, .neg = 1}, "\"-01:00:00\""},
		{MYVALUE_CLOCK, {.day = 1, .hour = 1}, "\"25:00:00\""},
		{MYVALUE_CLOCK, {.hour = 24}, "\"24:00:00\""},
		{MYVALUE_CLOCK, {.minute = 60}, "\"00:60:00\""},
		{MYVALUE_CLOCK, {.second = 60}, "\"00:00:60\""},
		{MYVALUE_CLOCK,
		 {.second_part = 1000000},
		 "\"00:00:00.1000000\""},
		{MYVALUE_STAMP,
		 {.year = 2024,
		  .month = 2,
		  .day = 29,
		  .hour = 1,
		  .minute = 2,
		  .second = 3,
		  .second_part = 40},
		 "\"2024-02-29T01:02:03.00004Z\""},
		{MYVALUE_STAMP,
		 {.year = 2023, .month = 2, .day = 29},
		 "\"2023-02-29 00:00:00\""},
		{MYVALUE_STAMP,
		 {.year = 2023, .month = 0, .day = 1, .second_part = 5},
		 "\"2023-00-01 00:00:00.000005\""},
		{MYVALUE_STAMP,
		 {.year = 12345, .month = 1, .day = 1},
		 "\"12345-01-01 00:00:00\""},
		{MYVALUE_STAMP,
		 {.year = 1, .month = 123, .day = 1},
		 "\"0001-123-01 00:00:00\""},
		{MYVALUE_STAMP,
		 {.year = 1, .month = 1, .day = 1, .second_part = 1000000},
		 "\"0001-01-01 00:00:00.1000000\""},
		{MYVALUE_DAY,
		 {.year = 2024, .month = 2, .day = 29},
		 "\"2024-02-29T00:00:00Z\""},
		{MYVALUE_DAY,
		 {.year = 2023, .month = 2, .day = 29},
		 "\"2023-02-29\""},
		{MYVALUE_DAY, {0}, "\"0000-00-00\""},
		{MYVALUE_DAY,
		 {.year = 12345, .month = 1, .day = 1},
		 "\"12345-01-01\""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(times); i++)
		assert_string_equal(
			put(times[i].kind, &times[i].t, sizeof(times[i].t)),
			times[i].json);
}

static void writes_each_text(void **state)
{
	static const struct {
		enum myvalue kind;
		const char *text, *json;
	} texts[] = {
		{MYVALUE_MOMENT, "1700000000", "\"2023-11-14T22:13:20Z\""},
		{MYVALUE_MOMENT, "1700000000.250000",
		 "\"2023-11-14T22:13:20.25Z\""},
		{MYVALUE_MOMENT, "1700000000.2x", "\"2023-11-14T22:13:20.2Z\""},
		{MYVALUE_MOMENT, "0.000000", "\"0000-00-00 00:00:00\""},
		{MYVALUE_MOMENT, "0.5", "\"1970-01-01T00:00:00.5Z\""},
		{MYVALUE_MOMENT, "-1", "\"-1\""},
		{MYVALUE_MOMENT, "", "\"\""},
		{MYVALUE_MOMENT, "9999999999999999", "\"9999999999999999\""},
		{MYVALUE_DECIMAL, "-1.50", "-1.50"},
		{MYVALUE_DECIMAL, "00012", "12"},
		{MYVALUE_DECIMAL, "-000.5", "-0.5"},
		{MYVALUE_DECIMAL, "0", "0"},
		{MYVALUE_DECIMAL, "", "\"\""},
		{MYVALUE_DECIMAL, "-", "\"-\""},
		{MYVALUE_DECIMAL, "--1", "\"--1\""},
		{MYVALUE_DECIMAL, "1x", "\"1x\""},
		{MYVALUE_TEXT, "a\"b", "\"a\\\"b\""},
		{MYVALUE_TEXT, "\xff", "- invalid UTF-8"},
		{MYVALUE_JSON, "{\"a\": [1]}", "{\"a\":[1]}"},
		{MYVALUE_JSON, "{\"a\":1,\"a\":2}",
		 "- a name twice in one object"},
		{MYVALUE_BYTES, "ab", "\"YWI=\""},
		{MYVALUE_BITS, "\x01\x02", "258"},
		{MYVALUE_BITS, "", "0"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		assert_string_equal(put(texts[i].kind, texts[i].text,
					strlen(texts[i].text)),
				    texts[i].json);
}

static void writes_each_number(void **state)
{
	const int64_t least = INT64_MIN, minus = -1, year = 1999;
	const float single = 0.1f, vector[] = {0.5f, -2};
	const double real = 0.1;

	(void)state;
	assert_string_equal(put(MYVALUE_INT, &least, 8),
			    "-9223372036854775808");
	assert_string_equal(put(MYVALUE_UINT, &minus, 8),
			    "18446744073709551615");
	assert_string_equal(put(MYVALUE_YEAR, &year, 8),
			    "\"1999-01-01T00:00:00Z\"");
	assert_string_equal(put(MYVALUE_FLOAT, &single, 4), "0.1");
	assert_string_equal(put(MYVALUE_DOUBLE, &real, 8), "0.1");
	assert_string_equal(put(MYVALUE_VECTOR, vector, 8), "[0.5,-2]");
	assert_string_equal(put(MYVALUE_VECTOR, vector, 7), "[0.5]");
	assert_string_equal(put(MYVALUE_VECTOR, vector, 0), "[]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_each_time),
		cmocka_unit_test(writes_each_text),
		cmocka_unit_test(writes_each_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
	return 77;
}

#endif
