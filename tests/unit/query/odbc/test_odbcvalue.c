/* test_odbcvalue.c - unit tests of query/odbc/odbcvalue.h */
#include "cmocka_all.h"

#include "query/odbc/odbcvalue.h"

#ifdef WITH_ODBC

#define NUMBER(x)                                                              \
	{                                                                      \
		(const char *)&(x), sizeof(x)                                  \
	}

static const int64_t least = INT64_MIN, all_bits = -1;
static const double single = 0.1f; /* 0.10000000149011612 */
static const double tenth = 0.1;

static const struct {
	enum odbcvalue kind;
	struct slice text;
	const char *json; /* NULL: refused */
} cases[] = {
	{ODBCVALUE_WHOLE, NUMBER(least), "-9223372036854775808"},
	{ODBCVALUE_NATURAL, NUMBER(all_bits), "18446744073709551615"},
	{ODBCVALUE_SINGLE, NUMBER(single), "0.1"},
	{ODBCVALUE_DOUBLE, NUMBER(tenth), "0.1"},
	{ODBCVALUE_BIT, {"\1", 1}, "true"},
	{ODBCVALUE_BIT, {"\0", 1}, "false"},
	{ODBCVALUE_BYTES, {"\0\xff\x10", 3}, "\"AP8Q\""},
	{ODBCVALUE_TEXT, {"a\"b", 3}, "\"a\\\"b\""},
	{ODBCVALUE_TEXT, {"\xff", 1}, NULL},
	/* databases that leave out the zero, and what is not a number */
	{ODBCVALUE_DECIMAL, {"1.50", 4}, "1.50"},
	{ODBCVALUE_DECIMAL, {".5", 2}, "0.5"},
	{ODBCVALUE_DECIMAL, {"-.5", 3}, "-0.5"},
	{ODBCVALUE_DECIMAL, {"-", 1}, "\"-\""},
	{ODBCVALUE_DECIMAL, {"", 0}, "\"\""},
	{ODBCVALUE_DECIMAL, {".", 1}, "\".\""},
	{ODBCVALUE_DECIMAL, {"NaN", 3}, "\"NaN\""},
	{ODBCVALUE_DECIMAL, {"1,5", 3}, "\"1,5\""},
	{ODBCVALUE_DECIMAL, {"+1", 2}, "\"+1\""},
	{ODBCVALUE_DECIMAL, {"\xff", 1}, NULL},
	{ODBCVALUE_DATE, {"2004-10-19", 10}, "\"2004-10-19T00:00:00Z\""},
	{ODBCVALUE_DATE, {"0000-00-00", 10}, "\"0000-00-00\""},
	{ODBCVALUE_TIME, {"10:23:54", 8}, "\"0000-01-01T10:23:54Z\""},
	{ODBCVALUE_TIME, {"-838:59:59", 10}, "\"-838:59:59\""},
	{ODBCVALUE_STAMP,
	 {"2004-10-19 10:23:54.25", 22},
	 "\"2004-10-19T10:23:54.25Z\""},
	{ODBCVALUE_STAMP, {"soon", 4}, "\"soon\""},
	{ODBCVALUE_UUID, {"A0EEBC99", 8}, "\"a0eebc99\""},
	{ODBCVALUE_UUID, {"\xff", 1}, NULL},
	{ODBCVALUE_TRUTH, {"1", 1}, "true"},
	{ODBCVALUE_TRUTH, {"T", 1}, "true"},
	{ODBCVALUE_TRUTH, {"true", 4}, "true"},
	{ODBCVALUE_TRUTH, {"0", 1}, "false"},
	{ODBCVALUE_TRUTH, {"F", 1}, "false"},
	{ODBCVALUE_TRUTH, {"False", 5}, "false"},
	{ODBCVALUE_TRUTH, {"maybe", 5}, "\"maybe\""},
	{ODBCVALUE_TRUTH, {"", 0}, "\"\""},
	{ODBCVALUE_JSON, {"[1.10]", 6}, "[1.10]"},
	{ODBCVALUE_JSON, {"[1", 2}, "\"[1\""},
	{ODBCVALUE_JSON, {"{\"a\":1,\"a\":2}", 13}, NULL},
};

static void writes_each_kind_or_its_text(void **state)
{
	struct odbcvalue_work w = {.scan = scan_new()};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf b = {0};
		int rc = odbcvalue_put(cases[i].kind, false, &b, cases[i].text,
				       &w);

		if (rc != (cases[i].json ? 0 : -1) ||
		    (cases[i].json && strcmp(buf_cstr(&b), cases[i].json) != 0))
			fail_msg("case %zu: %d %s", i, rc, buf_cstr(&b));
		buf_clear(&b);
	}
	scan_free(w.scan);
	buf_clear(&w.narrow);
	buf_clear(&w.scratch);
}

static void reads_wide_text(void **state)
{
	struct odbcvalue_work w = {.scan = scan_new()};
	struct buf b = {0};

	(void)state;
	assert_int_equal(odbcvalue_put(ODBCVALUE_DECIMAL, true, &b,
				       slice_of(".\0"
						"5\0",
						4),
				       &w),
			 0);
	assert_string_equal(buf_cstr(&b), "0.5");
	/* half of a pair */
	assert_int_equal(odbcvalue_put(ODBCVALUE_TEXT, true, &b,
				       slice_of("\0\xd8", 2), &w),
			 -1);
	assert_string_equal(w.why, "invalid text");
	scan_free(w.scan);
	buf_clear(&w.narrow);
	buf_clear(&w.scratch);
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_each_kind_or_its_text),
		cmocka_unit_test(reads_wide_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
	return 77;
}
#endif
