/* test_model.c - unit tests of query/model.h */
#include "cmocka_all.h"

#include <string.h>

#include "query/model.h"

static const struct model_sql pg = {.quote = '"',
				    .nested_comments = true,
				    .dollar_quotes = true,
				    .marks = "$"};
static const struct model_sql duck = {
	.quote = '"', .dollar_quotes = true, .marks = "?$"};
static const struct model_sql lite = {
	.quote = '"', .brackets = true, .marks = "?$@", .only_params = true};
static const struct model_sql my = {.quote = '`',
				    .backslash = true,
				    .hash_comments = true,
				    .dash_blank = true,
				    .marks = "?",
				    .only_params = true};

static const struct model_sql ch = {.quote = '`',
				    .backslash = true,
				    .hash_comments = true,
				    .braces = true,
				    .own_cursor = true};
static const struct model_sql odbc = {.quote = '"', .bare = true};

static const struct {
	const struct model_sql *sql;
	const char *text;
	const char *left; /* of the model, or NULL: refused */
	const char *why;
} cases[] = {
	{&pg, "SELECT 1", "SELECT 1", NULL},
	{&pg, "SELECT 1;", "SELECT 1 ", NULL},
	{&pg, "select 1 ; ; -- x\n;\n", "select 1     -- x\n \n", NULL},
	{&pg, "/* a; /* b; */ c; */ (SELECT 1)",
	 "/* a; /* b; */ c; */ (SELECT 1)", NULL},
	{&lite, "/* a; /* b; */ SELECT 1", "/* a; /* b; */ SELECT 1", NULL},
	{&pg, "-- a;'\nWITH x AS (SELECT 1) TABLE x",
	 "-- a;'\nWITH x AS (SELECT 1) TABLE x", NULL},
	{&pg, "SELECT ';', \";\", ''';'", "SELECT ';', \";\", ''';'", NULL},
	{&pg, "SELECT E'\\';', e';\\\\'", "SELECT E'\\';', e';\\\\'", NULL},
	{&pg, "SELECT '\\', ';'", "SELECT '\\', ';'", NULL},
	{&pg, "SELECT $$;$$, $a$ $$ ; $a$", "SELECT $$;$$, $a$ $$ ; $a$", NULL},
	{&pg, "SELECT a$1, a$b$ FROM t", "SELECT a$1, a$b$ FROM t", NULL},
	{&pg, "SELECT a ? 'k', a ?| b, a @? c, a[1:n]",
	 "SELECT a ? 'k', a ?| b, a @? c, a[1:n]", NULL},
	{&duck, "SELECT $$?$$, $a$ $1 ? $a$, '?' AS \"?\" -- ?",
	 "SELECT $$?$$, $a$ $1 ? $a$, '?' AS \"?\" -- ?", NULL},
	{&lite, "SELECT '?', \"$x\", [@], a$b /* ? */",
	 "SELECT '?', \"$x\", [@], a$b /* ? */", NULL},
	{&my, "SELECT '?', `?`, @x, $y # ?", "SELECT '?', `?`, @x, $y # ?",
	 NULL},
	{&ch, "SELECT a ? b : c", "SELECT a ? b : c", NULL},
	{&pg, "SELECT a[1] FROM t", "SELECT a[1] FROM t", NULL},
	{&lite, "SELECT [a;b] FROM `c;d`", "SELECT [a;b] FROM `c;d`", NULL},
	{&my, "SELECT '\\';' # ;\n", "SELECT '\\';' # ;\n", NULL},
	{&my, "SELECT `a``;`", "SELECT `a``;`", NULL},
	{&my, "SELECT (5--1) -- )\n--\t)\n--\n--",
	 "SELECT (5--1) -- )\n--\t)\n--\n--", NULL},
	{&my, "SELECT (5 -- )", NULL, "a '(' without a ')'"},
	{&ch, "SELECT 1 --it's\n, 2", "SELECT 1 --it's\n, 2", NULL},
	{&odbc, "SELECT 1 /* a */--b\n/*+ c *//*! d *//*M! e */",
	 "SELECT 1   \n/*+ c *//*! d *//*M! e */", NULL},
	{&pg, "SELECT (5--1)", NULL, "a '(' without a ')'"},
	{&pg, "VALUES (1), (2)", "VALUES (1), (2)", NULL},

	{&pg, "", NULL, "is empty"},
	{&pg, " ; -- x", NULL, "is empty"},
	{&pg, "SELECT 1; SELECT 2", NULL, "more than one statement"},
	{&pg, "SELECT 1; --\n DROP TABLE t", NULL,
	 "line 2: more than one statement"},
	{&pg, "SELECT E'\\'; DROP TABLE t --", NULL, "unterminated string"},
	{&pg, "SELECT '\\'; DROP TABLE t --'", NULL, "more than one"},
	{&pg, "SELECT $$ ; $a$", NULL, "an unterminated string"},
	{&pg, "SELECT 'a", NULL, "an unterminated string"},
	{&pg, "SELECT \"a", NULL, "an unterminated quoted name"},
	{&pg, "SELECT 1 /* /* */", NULL, "an unterminated comment"},
	{&pg, "SELECT 1) AS t; DROP TABLE t; --", NULL, "a ')' without"},
	{&pg, "SELECT (1", NULL, "a '(' without a ')'"},
	{&pg, "SELECT (1;)", NULL, "a '(' without a ')'"},
	{&pg, "INSERT INTO t VALUES (1)", NULL, "not a SELECT"},
	{&pg, "1", NULL, "not a SELECT"},
	{&pg, "selector", NULL, "not a SELECT"},
	{&pg, "SELECT a -- x\r\nFROM t --\r", "SELECT a -- x\r\nFROM t --\r",
	 NULL},
	{&pg, "SELECT 1 -- x\rFROM t", NULL, "a carriage return in a comment"},
	{&my, "SELECT 1 # x\rFROM t\n", NULL, "line 1: a carriage return"},
	{&lite, "SELECT '\r', 1 /* \r */\rFROM t",
	 "SELECT '\r', 1 /* \r */\rFROM t", NULL},
	{&pg, "SELECT\n$1", NULL, "line 2: this parameter has no name"},
	{&pg, "SELECT $a", NULL, "this parameter has no name"},
	{&duck, "SELECT ?", NULL, "this parameter has no name"},
	{&duck, "SELECT ?1", NULL, "this parameter has no name"},
	{&duck, "SELECT $1", NULL, "this parameter has no name"},
	{&duck, "SELECT $a", NULL, "this parameter has no name"},
	{&lite, "SELECT a=?", NULL, "this parameter has no name"},
	{&lite, "SELECT ?1", NULL, "this parameter has no name"},
	{&lite, "SELECT @a", NULL, "this parameter has no name"},
	{&lite, "SELECT $a", NULL, "this parameter has no name"},
	{&lite, "SELECT:a", NULL, "':a': this parameter has no value"},
	{&my, "SELECT ?", NULL, "this parameter has no name"},
	{&my, "SELECT:a", NULL, "':a': this parameter has no value"},
};

static void one_statement_is_let_through(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct model_from from = {.sql = cases[i].text};
		struct model m;
		struct err e = {0};
		int rc = model_read(&m, &from, cases[i].sql, &e);

		if (cases[i].left) {
			assert_int_equal(rc, 0);
			assert_string_equal(buf_cstr(&m.text), cases[i].left);
		} else {
			assert_int_equal(rc, -1);
			assert_int_equal(e.kind, ERR_CONFIG);
			assert_non_null(strstr(e.text, cases[i].why));
		}
		model_clear(&m);
	}
}

static const struct {
	const struct model_sql *sql;
	const char *table, *text;
} tables[] = {
	{&pg, "t", "SELECT * FROM \"t\""},
	{&pg, "s.t", "SELECT * FROM \"s\".\"t\""},
	{&my, "d.t", "SELECT * FROM `d`.`t`"},
	{&my, "a`b", "SELECT * FROM `a``b`"},
	{&pg, "\"a.b\".\"c\"\"d\"", "SELECT * FROM \"a.b\".\"c\"\"d\""},
	{&pg, "t; DROP TABLE t", "SELECT * FROM \"t; DROP TABLE t\""},
	{&pg, "a..b", NULL},
	{&pg, ".b", NULL},
	{&pg, "a.", NULL},
	{&pg, "\"a", NULL},
	{&pg, "\"a\"b", NULL},
	{&pg, "a\"b\"", NULL},
	{&pg, "", NULL},
};

static void a_parameter_in_braces_keeps_its_type(void **state)
{
	struct model_param param[3] = {
		{.name = {"a", 1}, .value = "1"},
		{.name = {"b", 1}, .value = "2"},
	};
	const struct model_from from = {
		.sql = "SELECT {a:Array(UInt8)}, :b, :b, :c, {'k':1}, ':b'",
		.param = param,
		.n = 2,
	};
	struct model m;
	struct err e = {0};

	(void)state;
	assert_int_equal(model_read(&m, &from, &ch, &e), 0);
	assert_string_equal(buf_cstr(&m.text),
			    "SELECT {a:Array(UInt8)}, {b:String}, {b:String}, "
			    ":c, {'k':1}, ':b'");
	model_since(&m, &ch, "x", "3", true);
	assert_string_equal(buf_cstr(&m.text), buf_cstr(&m.base));
	assert_string_equal(m.cursor, "x");
	assert_string_equal(m.since, "3");
	assert_int_equal(m.n, 2);
	model_clear(&m);
}

static void a_table_is_quoted_part_by_part(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(tables); i++) {
		struct model_from from = {.table = tables[i].table};
		struct model m;
		struct err e = {0};
		int rc = model_read(&m, &from, tables[i].sql, &e);

		assert_int_equal(rc, tables[i].text ? 0 : -1);
		if (rc == 0)
			assert_string_equal(buf_cstr(&m.text), tables[i].text);
		else
			assert_int_equal(e.kind, ERR_USAGE);
		model_clear(&m);
	}
}

static void columns_of_a_table_are_quoted_one_by_one(void **state)
{
	static const struct {
		const struct model_sql *sql;
		const char *columns, *text;
	} wanted[] = {
		{&pg, "a", "SELECT \"a\" FROM \"t\""},
		{&pg, "a,B", "SELECT \"a\",\"B\" FROM \"t\""},
		{&my, "a, b", "SELECT `a`,`b` FROM `t`"},
		{&my, "a`", "SELECT `a``` FROM `t`"},
		{&pg, "\"a,b\",\"c\"\"d\"",
		 "SELECT \"a,b\",\"c\"\"d\" FROM \"t\""},
		{&pg, "a.b", "SELECT \"a.b\" FROM \"t\""},
		{&pg, "1; DROP", "SELECT \"1; DROP\" FROM \"t\""},
		{&pg, "", NULL},
		{&pg, "a,", NULL},
		{&pg, "a,,b", NULL},
		{&pg, "\"a", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		struct model_from from = {.table = "t",
					  .columns = wanted[i].columns};
		struct model m;
		struct err e = {0};
		int rc = model_read(&m, &from, wanted[i].sql, &e);

		assert_int_equal(rc, wanted[i].text ? 0 : -1);
		if (rc == 0)
			assert_string_equal(buf_cstr(&m.text), wanted[i].text);
		model_clear(&m);
	}
}

static void a_cursor_is_put_around_and_taken_off(void **state)
{
	static const struct model_sql named = {
		.quote = '"', .param = '?', .nulls_first = true};
	struct model_param param[2] = {{.name = slice_str("n"), .value = "1"}};
	struct model_from from = {
		.sql = "SELECT :n AS a -- x", .param = param, .n = 1};
	struct model m;
	struct err e = {0};

	(void)state;
	assert_int_equal(model_read(&m, &from, &named, &e), 0);
	model_since(&m, &named, "a\"b", "7", true);
	assert_string_equal(
		buf_cstr(&m.text),
		"SELECT * FROM (SELECT ? AS a -- x\n) rudder_model WHERE "
		"\"a\"\"b\" >= ? OR \"a\"\"b\" IS NULL ORDER BY \"a\"\"b\" IS "
		"NULL, \"a\"\"b\"");
	assert_int_equal(m.uses, 2);
	assert_int_equal(m.n, 2);
	assert_true(m.param[1].number);
	model_since(&m, &named, "a", NULL, false);
	assert_string_equal(
		buf_cstr(&m.text),
		"SELECT * FROM (SELECT ? AS a -- x\n) rudder_model ORDER "
		"BY \"a\"");
	assert_int_equal(m.uses, 1);
	assert_int_equal(m.n, 1);
	model_since(&m, &named, "a", "x", false);
	assert_false(m.param[1].number);
	model_clear(&m);
}

static void comments_are_left_out_where_they_harm(void **state)
{
	static const struct model_sql bare = {
		.quote = '"', .bare = true, .param = '?'};
	struct model_from from = {.sql = "SELECT /*+ hint */ '--' /* ; ? */ AS "
					 "a -- ;\n, 2 AS b -- end"};
	struct model m;
	struct err e = {0};

	(void)state;
	assert_int_equal(model_read(&m, &from, &bare, &e), 0);
	assert_string_equal(buf_cstr(&m.text),
			    "SELECT /*+ hint */ '--'   AS a  \n, 2 AS b  ");
	model_clear(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_statement_is_let_through),
		cmocka_unit_test(a_parameter_in_braces_keeps_its_type),
		cmocka_unit_test(a_table_is_quoted_part_by_part),
		cmocka_unit_test(columns_of_a_table_are_quoted_one_by_one),
		cmocka_unit_test(a_cursor_is_put_around_and_taken_off),
		cmocka_unit_test(comments_are_left_out_where_they_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
