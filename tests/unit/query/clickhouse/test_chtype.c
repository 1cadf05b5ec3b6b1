/* test_chtype.c - unit tests of query/clickhouse/chtype.h and chvalue.h */
#include "cmocka_all.h"

#include "query/clickhouse/chvalue.h"

/* What a server of today says, by its manual; those that Debian's server has
 * are tested on it, in tests/cli/query/clickhouse.sh.
 */
static const struct {
	const char *type, *word, *field, *json;
} values[] = {
	{"Int256", "int",
	 "-57896044618658097711785492504343953926634992332820282019728792003956"
	 "564819968",
	 "-57896044618658097711785492504343953926634992332820282019728792003956"
	 "564819968"},
	{"UInt128", "int", "340282366920938463463374607431768211455",
	 "340282366920938463463374607431768211455"},
	{"Bool", "boolean", "true", "true"},
	{"Nullable(Bool)", "boolean", "\\N", "null"},
	{"Bool", "boolean", "yes", "\"yes\""},
	{"Decimal(76, 3)", "decimal", "1.1", "1.100"},
	{"Decimal(9, 2)", "decimal", "-5", "-5.00"},
	{"Decimal(9, 0)", "decimal", "5", "5"},
	{"Decimal(9)", "decimal", "5", "5"},
	{"Float32", "float", "3.4028235e38", "3.4028235e+38"},
	{"Float64", "float", "5e-324", "5e-324"},
	{"Float64", "float", "-nan", "\"NaN\""},
	{"BFloat16", "float", "inf", "\"Infinity\""},
	{"Date32", "date", "1900-01-01", "\"1900-01-01T00:00:00Z\""},
	{"Date32", "date", "2299-12-31", "\"2299-12-31T00:00:00Z\""},
	{"DateTime64(9, 'UTC')", "datetime", "1900-01-01 00:00:00.000000001",
	 "\"1900-01-01T00:00:00.000000001Z\""},
	{"DateTime64(3, 'UTC')", "datetime", "2299-12-31 23:59:59.990",
	 "\"2299-12-31T23:59:59.99Z\""},
	{"Time", "time", "10:23:54", "\"0000-01-01T10:23:54Z\""},
	{"Time64(3)", "time", "-999:59:59.999", "\"-999:59:59.999\""},
	{"IPv4", "string", "127.0.0.1", "\"127.0.0.1\""},
	{"IPv6", "string", "2a02:6b8::11", "\"2a02:6b8::11\""},
	{"Enum16('a\\'b' = 1)", "string", "a\\'b", "\"a'b\""},
	{"IntervalMillisecond", "string", "-1005", "\"PT-1.005S\""},
	{"IntervalQuarter", "string", "2", "\"P6M\""},
	{"JSON", "json", "{\"a\" : [1, \"x\\\\ny\"]}", "{\"a\":[1,\"x\\ny\"]}"},
	{"JSON(max_dynamic_paths=8, a.b DateTime)", "json", "{\"a\":1}",
	 "{\"a\":1}"},
	{"Variant(String, UInt8)", "string", "a\\tb", "\"a\\tb\""},
	{"Dynamic", "string", "1", "\"1\""},
	{"SomethingNew(1, 'x')", "string", "x", "\"x\""},
	{"AggregateFunction(max, DateTime)", "binary", "\\0\xff\\n",
	 "\"AP8K\""},
	{"SimpleAggregateFunction(sum, UInt64)", "int", "7", "7"},
	{"LowCardinality(Nullable(FixedString(2)))", "string", "a\\0",
	 "\"a\\u0000\""},
	{"Array(Bool)", "array", "[true,false]", "[true,false]"},
	{"Array(Nullable(UUID))", "array",
	 "['61f0c404-5cb3-11e7-907b-a6006ad3dba0',NULL]",
	 "[\"61f0c404-5cb3-11e7-907b-a6006ad3dba0\",null]"},
	{"Array(JSON)", "array", "['{\"a\":\\'x\\n\\'}']", NULL},
	{"Array(JSON)", "array", "['{\"a\":\"it\\'s\"}']",
	 "[{\"a\":\"it's\"}]"},
	{"Array(Array(Decimal(9, 1)))", "array", "[[1,2.5],[]]",
	 "[[1.0,2.5],[]]"},
	{"Tuple(String, UInt8)", "array", "('a',1)", "[\"a\",1]"},
	{"Tuple(UInt8)", "array", "(1)", "[1]"},
	{"Tuple(UInt8)", "array", "(1,)", "[1]"},
	{"Tuple()", "array", "()", "[]"},
	{"Tuple(a String, `b c` Array(UInt8))", "json", "('x',[1,2])",
	 "{\"a\":\"x\",\"b c\":[1,2]}"},
	{"Tuple(\n    x UInt8,\n    y Nullable(Tuple(\n        `b c` String)))",
	 "json", "(1,('a'))", "{\"x\":1,\"y\":{\"b c\":\"a\"}}"},
	{"Nullable(\n    Tuple(\n    a Int8))", "json", "(1)", "{\"a\":1}"},
	{"Array(\n    Nested(\n    a Int8))", "array", "[[(1)]]",
	 "[[{\"a\":1}]]"},
	{"Tuple(a UInt8, a UInt8)", "array", "(1,2)", "[1,2]"},
	{"Tuple(a Tuple(b Date32))", "json", "(('2000-02-29'))",
	 "{\"a\":{\"b\":\"2000-02-29T00:00:00Z\"}}"},
	{"Map(String, UInt64)", "json", "{'a':1,'b\\'':18446744073709551615}",
	 "{\"a\":1,\"b'\":18446744073709551615}"},
	{"Map(UInt8, Array(String))", "json", "{1:['x'],2:[]}",
	 "{\"1\":[\"x\"],\"2\":[]}"},
	{"Map(String, UInt8)", "json", "{}", "{}"},
	{"Nested(a UInt8, b String)", "array", "[(1,'x'),(2,'y')]",
	 "[{\"a\":1,\"b\":\"x\"},{\"a\":2,\"b\":\"y\"}]"},
	{"Point", "array", "(1.5,-2)", "[1.5,-2]"},
	{"Polygon", "array", "[[(0,0),(1e30,0)]]", "[[[0,0],[1e30,0]]]"},
	{"Array(Nothing)", "array", "[]", "[]"},
	{"Array(String)", "array", "['\\xF0\\x9F\\x9A\\x80','NULL']",
	 "[\"\xf0\x9f\x9a\x80\",\"NULL\"]"},
	/* what cannot be represented */
	{"String", "string", "\xff", NULL},
	{"Array(String)", "array", "['a\xff']", NULL},
	{"Array(String)", "array", "['a'", NULL},
	{"Array(String)", "array", "['a',", NULL},
	{"Array(String)", "array", "['a']]", NULL},
	{"Array(String)", "array", "['a", NULL},
	{"Tuple(UInt8)", "array", "(1,2)", NULL},
	{"Map(String, UInt8)", "json", "{'a':1,'a':2}", NULL},
	{"Map(String, UInt8)", "json", "{'a'}", NULL},
	{"UInt8", "int", "", NULL},
	{"UInt8", "int", "Code: 1", NULL},
	{"Decimal(9, 2)", "decimal", "x", NULL},
	{"Float64", "float", "0x1", NULL},
	{"IntervalDay", "string", "1.5", NULL},
	{"JSON", "json", "{", NULL},
};

static void every_type_becomes_json(void **state)
{
	struct chvalue_work w = {.scan = scan_new()};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		struct chtype *t = chtype_parse(slice_str(values[i].type));
		int rc;

		b.n = 0;
		assert_string_equal(chtype_word(t), values[i].word);
		w.why = NULL;
		rc = chvalue_put(&b, t, slice_str(values[i].field), &w);
		if (!values[i].json) {
			assert_int_equal(rc, -1);
			assert_non_null(w.why);
		} else if (rc < 0) {
			fail_msg("%s: %s: %s", values[i].type, values[i].field,
				 w.why);
		} else {
			assert_string_equal(buf_cstr(&b), values[i].json);
		}
		chtype_free(t);
	}
	buf_clear(&b);
	buf_clear(&w.plain);
	buf_clear(&w.scratch);
	scan_free(w.scan);
}

static const struct {
	const char *type, *cast; /* NULL: needs none, or cannot be */
} casts[] = {
	{"DateTime", "DateTime('UTC')"},
	{"DateTime('Europe/Berlin')", "DateTime('UTC')"},
	{"DateTime('UTC')", NULL},
	{"DateTime64(3)", "DateTime64(3, 'UTC')"},
	{"DateTime64(6, 'Asia/Tokyo')", "DateTime64(6, 'UTC')"},
	{"DateTime64(6, 'UTC')", NULL},
	{"Date", NULL},
	{"Enum8('DateTime(' = 1)", NULL},
	{"LowCardinality(Nullable(DateTime))", "Nullable(DateTime('UTC'))"},
	{"SimpleAggregateFunction(max, DateTime)", "DateTime('UTC')"},
	{"Array(Tuple(String, Nullable(DateTime)))",
	 "Array(Tuple(String, Nullable(DateTime('UTC'))))"},
	{"Tuple(`a b` DateTime, c Enum8('x)' = 1))",
	 "Tuple(`a b` DateTime('UTC'), `c` Enum8('x)' = 1))"},
	{"Map(LowCardinality(String), DateTime64(0))",
	 "Map(String, DateTime64(0, 'UTC'))"},
	{"Nested(a DateTime)", "Array(Tuple(`a` DateTime('UTC')))"},
	{"Variant(DateTime, String)", NULL},
	{"AggregateFunction(max, DateTime)", NULL},
	{"Tuple(DateTime, JSON)", NULL},
};

static void moments_are_cast_to_utc(void **state)
{
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(casts); i++) {
		struct chtype *t = chtype_parse(slice_str(casts[i].type));

		assert_int_equal(chtype_zoned(t), casts[i].cast != NULL);
		b.n = 0;
		chtype_cast(&b, t);
		if (casts[i].cast)
			assert_string_equal(buf_cstr(&b), casts[i].cast);
		chtype_free(t);
	}
	buf_clear(&b);
}

static void a_broken_or_deep_type_is_a_string(void **state)
{
	static const char *const odd[] = {"",
					  "(",
					  "Array",
					  "Nullable",
					  "Nullable(",
					  "Map(x)",
					  "Tuple(`a",
					  "Enum8('",
					  ")(",
					  "Decimal(,)",
					  "DateTime64(99999999"};
	struct chvalue_work w = {.scan = scan_new()};
	struct buf b = {0}, deep = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(odd); i++) {
		struct chtype *t = chtype_parse(slice_str(odd[i]));

		(void)!chvalue_put(&b, t, slice_str("x"), &w);
		chtype_cast(&b, t);
		chtype_free(t);
	}
	for (int i = 0; i < 10000; i++)
		buf_str(&deep, "Array(");
	buf_str(&deep, "UInt8");
	for (int i = 0; i < 10000; i++)
		buf_char(&deep, ')');
	chtype_free(chtype_parse(buf_all(&deep)));
	buf_clear(&deep);
	buf_clear(&b);
	buf_clear(&w.plain);
	buf_clear(&w.scratch);
	scan_free(w.scan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_becomes_json),
		cmocka_unit_test(moments_are_cast_to_utc),
		cmocka_unit_test(a_broken_or_deep_type_is_a_string),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
