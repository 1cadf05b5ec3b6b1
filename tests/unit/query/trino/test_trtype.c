/* test_trtype.c - unit tests of query/trino/trtype.h and trvalue.h */
#include "cmocka_all.h"

#include "query/trino/trvalue.h"

/* Values in the words of Trino's protocol. */
static const struct {
	const char *type, *word, *value, *json; /* json NULL: a reject */
} values[] = {
	{"boolean", "boolean", "true", "true"},
	{"boolean", "boolean", "null", "null"},
	{"tinyint", "int", "-128", "-128"},
	{"smallint", "int", "32767", "32767"},
	{"integer", "int", "-2147483648", "-2147483648"},
	{"bigint", "int", "9223372036854775807", "9223372036854775807"},
	{"real", "float", "3.4028235E38", "3.4028235e+38"},
	{"real", "float", "0.1", "0.1"},
	{"real", "float", "\"NaN\"", "\"NaN\""},
	{"double", "float", "1.0E10", "10000000000"},
	{"double", "float", "4.9E-324", "5e-324"},
	{"double", "float", "2.0", "2"},
	{"double", "float", "0.30000000000000004", "0.30000000000000004"},
	{"double", "float", "1234567.25", "1234567.25"},
	{"double", "float", "100", "100"},
	{"real", "float", "0.30000001192092896", "0.3"},
	{"double", "float", "-0.0", "-0"},
	{"double", "float", "1.7976931348623157E308",
	 "1.7976931348623157e+308"},
	{"double", "float", "\"-Infinity\"", "\"-Infinity\""},
	{"decimal(38,2)", "decimal",
	 "\"-999999999999999999999999999999999999.90\"",
	 "-999999999999999999999999999999999999.90"},
	{"decimal(3,1)", "decimal", "\"x\"", NULL},
	{"varchar", "string", "\"Zo\\u00eb \xf0\x9f\x9a\x80 \\\"\\n\"",
	 "\"Zo\\u00eb \xf0\x9f\x9a\x80 \\\"\\n\""},
	{"varchar(3)", "string", "\"\"", "\"\""},
	{"char(5)", "string", "\"ab   \"", "\"ab   \""},
	{"varbinary", "binary", "\"AP8Q\"", "\"AP8Q\""},
	{"json", "json", "\"{\\\"a\\\": [1, null, \\\"x\\\"]}\"",
	 "{\"a\":[1,null,\"x\"]}"},
	{"json", "json", "\"null\"", "null"},
	{"json", "json", "\"{\"", NULL},
	{"json", "json", "\"{\\\"a\\\":1,\\\"a\\\":2}\"", NULL},
	{"date", "date", "\"2001-08-22\"", "\"2001-08-22T00:00:00Z\""},
	{"date", "date", "\"0001-01-01\"", "\"0001-01-01T00:00:00Z\""},
	{"date", "date", "\"+12345-01-01\"", "\"+12345-01-01\""},
	{"time(3)", "time", "\"01:02:03.450\"", "\"0000-01-01T01:02:03.45Z\""},
	{"time(12)", "time", "\"01:02:03.000000000001\"",
	 "\"0000-01-01T01:02:03.000000000001Z\""},
	{"time(3) with time zone", "time", "\"01:02:03.450+05:30\"",
	 "\"0000-01-01T01:02:03.45+05:30\""},
	{"time with time zone", "time", "\"01:02:03-08:00\"",
	 "\"0000-01-01T01:02:03-08:00\""},
	{"timestamp(3)", "datetime", "\"2001-08-22 03:04:05.320\"",
	 "\"2001-08-22T03:04:05.32Z\""},
	{"timestamp(0)", "datetime", "\"9999-12-31 23:59:59\"",
	 "\"9999-12-31T23:59:59Z\""},
	{"timestamp(12)", "datetime", "\"2001-08-22 03:04:05.123456789012\"",
	 "\"2001-08-22T03:04:05.123456789012Z\""},
	{"timestamp(3) with time zone", "datetime",
	 "\"2001-08-22 03:04:05.321 UTC\"", "\"2001-08-22T03:04:05.321Z\""},
	{"timestamp(3) with time zone", "datetime",
	 "\"2000-03-01 00:04:05.320 +00:05\"", "\"2000-02-29T23:59:05.32Z\""},
	{"timestamp(12) with time zone", "datetime",
	 "\"1969-12-31 23:30:59.123456789012 -01:00\"",
	 "\"1970-01-01T00:30:59.123456789012Z\""},
	{"timestamp(0) with time zone", "datetime",
	 "\"0001-01-01 00:00:00 -14:00\"", "\"0001-01-01T14:00:00Z\""},
	{"timestamp with time zone", "datetime",
	 "\"2001-08-22 03:04:05.321 Europe/Berlin\"", NULL},
	{"timestamp(3) with time zone", "datetime",
	 "\"+10000-01-01 00:00:00.000 UTC\"",
	 "\"+10000-01-01 00:00:00.000 UTC\""},
	{"interval day to second", "string", "\"2 03:04:05.600\"",
	 "\"P2DT3H4M5.6S\""},
	{"interval day to second", "string", "\"-0 00:00:00.001\"",
	 "\"PT-0.001S\""},
	{"interval day to second", "string", "\"0 00:00:00.000\"", "\"PT0S\""},
	{"interval day to second", "string", "\"-12 00:00:00.000\"",
	 "\"P-12D\""},
	{"INTERVAL DAY TO SECOND", "string", "\"1 00:00:00.000\"", "\"P1D\""},
	{"array(INTERVAL DAY TO SECOND)", "array", "[\"1 00:00:00.000\",null]",
	 "[\"P1D\",null]"},
	{"row(x INTERVAL YEAR TO MONTH, y date)", "json",
	 "[\"0-1\",\"2020-01-01\"]",
	 "{\"x\":\"P1M\",\"y\":\"2020-01-01T00:00:00Z\"}"},
	{"row(INTERVAL YEAR TO MONTH)", "array", "[\"0-1\"]", "[\"P1M\"]"},
	{"interval day to second", "string", "\"x\"", NULL},
	{"interval year to month", "string", "\"3-11\"", "\"P3Y11M\""},
	{"interval year to month", "string", "\"-0-1\"", "\"P-1M\""},
	{"interval year to month", "string", "\"0-0\"", "\"PT0S\""},
	{"uuid", "string", "\"12151fd2-7586-11e9-8f9e-2a86e4085a59\"",
	 "\"12151fd2-7586-11e9-8f9e-2a86e4085a59\""},
	{"ipaddress", "string", "\"2001:db8::1\"", "\"2001:db8::1\""},
	{"unknown", "any", "null", "null"},
	{"Geometry", "any", "\"POINT (1 2)\"", "\"POINT (1 2)\""},
	{"HyperLogLog", "any", "\"AgwB\"", "\"AgwB\""},
	{"something(new)", "any", "{\"a\" : [1, 2]}", "{\"a\":[1,2]}"},
	{"array(decimal(3,1))", "array", "[\"1.0\", null]", "[1.0,null]"},
	{"array(array(varchar))", "array", "[[\"],[\"],[],null]",
	 "[[\"],[\"],[],null]"},
	{"array(bigint)", "array", "5", NULL},
	{"map(bigint,date)", "json", "{\"1\":\"2001-08-22\",\"2\":null}",
	 "{\"1\":\"2001-08-22T00:00:00Z\",\"2\":null}"},
	{"map(varchar(3), array(double))", "json", "{ \"a:\" : [ 1.0 ] }",
	 "{\"a:\":[1]}"},
	{"map(varchar,bigint)", "json", "{}", "{}"},
	{"row(a bigint, b timestamp(3) with time zone)", "json",
	 "[1,\"2001-08-22 03:04:05.321 UTC\"]",
	 "{\"a\":1,\"b\":\"2001-08-22T03:04:05.321Z\"}"},
	{"row(\"a \"\"b\"\", c\" bigint, \"d\" row(e varchar))", "json",
	 "[1,[\"x\"]]", "{\"a \\\"b\\\", c\":1,\"d\":{\"e\":\"x\"}}"},
	{"row(bigint, varchar(5))", "array", "[1,\"x\"]", "[1,\"x\"]"},
	{"row(timestamp(3) with time zone, interval day to second)", "array",
	 "[\"2001-08-22 03:04:05 UTC\",\"1 00:00:00.000\"]",
	 "[\"2001-08-22T03:04:05Z\",\"P1D\"]"},
	{"row(a bigint, a bigint)", "array", "[1,2]", "[1,2]"},
	{"row(a bigint)", "json", "[1,2]", NULL},
	{"row(a bigint)", "json", "null", "null"},
	{"array(row(x bigint, y double))", "array", "[[1,2.0],null]",
	 "[{\"x\":1,\"y\":2},null]"},
	{"bigint", "int", "[1]", NULL},
	/* what is not of the form that Trino has */
	{"real", "float", "true", NULL},
	{"double", "float",
	 "1234567890123456789012345678901234567890123456789012345678901234",
	 NULL},
	{"double", "float", "1e2", "100"},
	{"timestamp(0) with time zone", "datetime",
	 "\"2001-01-01 00:00:00 GMT\"", "\"2001-01-01T00:00:00Z\""},
	{"timestamp(0) with time zone", "datetime", "\"2001-01-01 00:00:00 Z\"",
	 "\"2001-01-01T00:00:00Z\""},
	{"timestamp(0) with time zone", "datetime",
	 "\"2001-01-01 00:00:00 +14:59\"", "\"2000-12-31T09:01:00Z\""},
	{"timestamp(0) with time zone", "datetime",
	 "\"2001-01-01 00:00:00 +15:00\"", NULL},
	{"timestamp(0) with time zone", "datetime",
	 "\"2001-01-01 00:00:00 -01:60\"", NULL},
	{"timestamp(0) with time zone", "datetime",
	 "\"2001-01-01 00:00:00 +01.30\"", NULL},
	{"timestamp(0) with time zone", "datetime",
	 "\"2001-01-01 00:00:00 +0x:30\"", NULL},
	{"timestamp(0) with time zone", "datetime",
	 "\"2001-01-01 00:00:00 +01:3x\"", NULL},
	{"timestamp(0) with time zone", "datetime",
	 "\"2001-01-01 00:00:00 Europe/A-Name-Longer-Than-Any-Zone-Has\"",
	 NULL},
	{"timestamp(0) with time zone", "datetime", "\"2001-01-01 UTC\"",
	 "\"2001-01-01 UTC\""},
	{"timestamp(0) with time zone", "datetime",
	 "\"2001-0x-01 00:00:00 UTC\"", "\"2001-0x-01 00:00:00 UTC\""},
	{"time(3) with time zone", "time", "\"01:02:03.450 +05:30\"",
	 "\"0000-01-01T01:02:03.45+05:30\""},
	{"time with time zone", "time", "\"01:02\"", "\"01:02\""},
	{"time with time zone", "time", "\"25:02:03+01:00\"",
	 "\"25:02:03+01:00\""},
	{"interval day to second", "string", "\"\"", NULL},
	{"interval day to second", "string", "\"2 3:4\"", NULL},
	{"interval day to second", "string", "\"2 03.04:05.0\"", NULL},
	{"interval day to second", "string", "\"2 03:04.05.0\"", NULL},
	{"interval year to month", "string", "\"3-\"", NULL},
	{"interval year to month", "string", "\"--3\"", NULL},
	{"interval year to month", "string", "\"003-01\"", "\"P3Y1M\""},
	{"array(integer)", "array", "[1,\t2 ,\r\n3]", "[1,2,3]"},
	{" bigint ", "int", "7", "7"},
	{"row(time with time zone)", "array", "[\"01:02:03+01:00\"]",
	 "[\"0000-01-01T01:02:03+01:00\"]"},
	{"row(timestamp with time zone, interval year to month)", "array",
	 "[\"2001-01-01 00:00:00 UTC\",\"1-0\"]",
	 "[\"2001-01-01T00:00:00Z\",\"P1Y\"]"},
	{"row(interval varchar, time date)", "json", "[\"x\",\"2001-08-22\"]",
	 "{\"interval\":\"x\",\"time\":\"2001-08-22T00:00:00Z\"}"},
	{"row(\"\xff\" bigint)", "array", "[1]", "[1]"},
};

static void every_type_becomes_json(void **state)
{
	struct trvalue_work w = {.scan = scan_new()};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		struct trtype *t = trtype_parse(slice_str(values[i].type));
		const char *p = values[i].value;
		int rc;

		b.n = 0;
		w.why[0] = '\0';
		w.end = p + strlen(p);
		rc = trvalue_put(&b, t, &p, &w);
		if (strcmp(trtype_word(t), values[i].word) != 0)
			fail_msg("%s is %s", values[i].type, trtype_word(t));
		if (!values[i].json) {
			assert_int_equal(rc, -1);
			assert_true(w.why[0] != '\0');
		} else if (rc < 0) {
			fail_msg("%s: %s", values[i].type, w.why);
		} else {
			assert_string_equal(buf_cstr(&b), values[i].json);
			assert_string_equal(p, "");
		}
		trtype_free(t);
	}
	buf_clear(&b);
	buf_clear(&w.plain);
	buf_clear(&w.scratch);
	scan_free(w.scan);
}

static void a_broken_or_deep_type_is_any(void **state)
{
	static const char *const odd[] = {
		"",         "(",           "array", "array(",  "map(bigint)",
		"row(\"a",  "row(a)",      ")(x)",  "array()", "row( )",
		"varchar(", "row(\"a\"\"",
	};
	struct buf deep = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(odd); i++)
		trtype_free(trtype_parse(slice_str(odd[i])));
	for (int i = 0; i < 10000; i++)
		buf_str(&deep, "array(");
	buf_str(&deep, "bigint");
	trtype_free(trtype_parse(buf_all(&deep)));
	buf_clear(&deep);
	trtype_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_becomes_json),
		cmocka_unit_test(a_broken_or_deep_type_is_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
