/* test_pgtext.c - unit tests of query/postgres/pgtext.h, as far as no
 * PostgreSQL can show it: Redshift's own types, and text that is broken
 */
#include "cmocka_all.h"

#include "query/postgres/pgrows.h"
#include "query/postgres/pgtext.h"

static const struct {
	uint32_t oid;
	const char *text, *json; /* NULL: refused */
} values[] = {
	{4000, "{\"a\": [1.10, null]}", "{\"a\":[1.10,null]}"},
	{4000, "\"x\"", "\"x\""},
	{4000, "null", "null"},
	{4000, "{\"a\":1,\"a\":2}", NULL},
	{4000, "{", NULL},
	{6551, "616263", "\"YWJj\""},
	{6551, "00FFff", "\"AP//\""},
	{6551, "", "\"\""},
	{6551, "6", NULL},
	{6551, "6g", NULL},
	{17, "\\x00ff", "\"AP8=\""},
	{16, "t", "true"},
	{16, "f", "false"},
	{16, "true", NULL},
	{16, "", NULL},
	{20, "-9223372036854775808", "-9223372036854775808"},
	{1700, "99999999999999999999999999999999999999.10",
	 "99999999999999999999999999999999999999.10"},
	{1700, "NaN", "\"NaN\""},
	{700, "0.10000000149011612", "0.1"},
	{701, "0.1", "0.1"},
	{701, "1e+20", "100000000000000000000"},
	{701, "Infinity", "\"Infinity\""},
	{701, "NaN", "\"NaN\""},
	{701, "", NULL},
	{701, "1x", NULL},
	{1082, "2004-10-19", "\"2004-10-19T00:00:00Z\""},
	{1082, "infinity", "\"infinity\""},
	{1082, "2004-10-1", NULL},
	{1082, "2004-10-19x", NULL},
	{1082, "2004-13-19", NULL},
	{1082, "2004-10-00", NULL},
	{1082, "2004-10-190", NULL},
	{1082, "12004-10-19 BC", "\"-12003-10-19T00:00:00Z\""},
	{1083, "24:00:00", "\"0000-01-01T24:00:00Z\""},
	{1083, "110:80:00.5", NULL},
	{1083, "10:23:61", NULL},
	{1266, "10:23:54+15:59:59", "\"0000-01-01T10:23:54+15:59:59\""},
	{1266, "10:23:54+16", NULL},
	{1185, "{\"\"}", NULL},
	{1082, "", NULL},
	{1114, "2004-10-19 10:23:54.25", "\"2004-10-19T10:23:54.25Z\""},
	{1114, "2004-10-19", NULL},
	{1114, "2004-10-19 10:23", NULL},
	{1184, "2004-10-19 10:23:54+00", "\"2004-10-19T10:23:54Z\""},
	{1184, "2004-10-19 10:23:54+02", "\"2004-10-19T08:23:54Z\""},
	{1184, "2004-01-01 00:23:54+01", "\"2003-12-31T23:23:54Z\""},
	{1184, "2003-12-31 23:23:54.5-03:30", "\"2004-01-01T02:53:54.5Z\""},
	{1184, "0044-03-15 00:53:28+00:53:28 BC", "\"-0043-03-15T00:00:00Z\""},
	{1184, "2004-10-19 10:23:54+0", NULL},
	{1083, "10:23:54", "\"0000-01-01T10:23:54Z\""},
	{1083, "10:23:54+02", NULL},
	{1266, "10:23:54.5-03:30", "\"0000-01-01T10:23:54.5-03:30\""},
	{1266, "10:23:54+x", NULL},
	{25, "a\"b", "\"a\\\"b\""},
	{25, "\xff", NULL},
	{1188, "1-2", "\"1-2\""}, /* interval year to month: text */
	{1007, "{1,NULL,3}", "[1,null,3]"},
	{1007, "{}", "[]"},
	{1007, "", NULL},
	{1007, "1", NULL},
	{1007, "12", NULL},
	{1007, "{1", NULL},
	{1007, "[0:1]", NULL},
	{1009, "{\"a", NULL},
	{1009, "{\"a\"\"b\"}", NULL},
	{1009, "{a}b}", NULL},
	{1007, "{{1,2},{3,4}}", "[[1,2],[3,4]]"},
	{1007, "[0:1]={1,2}", "[1,2]"},
	{1009, "{\"\",\"NULL\",NULL,\"{,}\"}", "[\"\",\"NULL\",null,\"{,}\"]"},
	{1007, "{1,}", NULL},
	{1007, "{,1}", NULL},
	{1007, "{1,,2}", NULL},
	{1007, "{{1},,{2}}", NULL},
	{1007, "{1}{2}", NULL},
	{1007, "{1}}", NULL},
	{1007, "{1},", NULL},
	{1007, "{{1}{2}}", NULL},
	{1007, "{1{2}}", NULL},
};

static void text_is_as_the_binary_value_would_be(void **state)
{
	struct pgtype_work w = {.scan = scan_new()};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		struct pgtype_column c;
		struct buf b = {0};
		int rc;

		if (!pgtype_find(values[i].oid, true, &c))
			assert_true(pgtype_find(PGTYPE_TEXT, true, &c));
		w.why = NULL;
		rc = pgtext_put(&c, &b, slice_str(values[i].text), &w);
		if ((rc == 0) != (values[i].json != NULL))
			fail_msg("%u '%s': %d", values[i].oid, values[i].text,
				 rc);
		if (rc == 0)
			assert_string_equal(buf_cstr(&b), values[i].json);
		else
			assert_non_null(w.why);
		buf_clear(&b);
	}
	scan_free(w.scan);
	buf_clear(&w.scratch);
}

static void types_of_redshift_are_not_read_as_binary(void **state)
{
	struct pgtype_column c;

	(void)state;
	assert_int_equal(pgtype_find(4000, false, &c), 0);
	assert_int_equal(pgtype_find(6551, false, &c), 0);
	assert_int_equal(pgtype_find(4000, true, &c), 1);
	assert_string_equal(pgtype_word(&c), "json");
	assert_int_equal(pgtype_oid(&c), 4000);
}

/* Redshift's last word is "SELECT", PostgreSQL's "SELECT 3". */
static void rows_may_be_uncounted(void **state)
{
	(void)state;
	assert_true(pgrows_fits("", 0));
	assert_true(pgrows_fits("", 3));
	assert_true(pgrows_fits("3", 3));
	assert_true(pgrows_fits("18446744073709551615", UINT64_MAX));
	assert_false(pgrows_fits("3", 2));
	assert_false(pgrows_fits("0", 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_as_the_binary_value_would_be),
		cmocka_unit_test(types_of_redshift_are_not_read_as_binary),
		cmocka_unit_test(rows_may_be_uncounted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
