/* test_part.c - unit tests of query/part.h */
#include "cmocka_all.h"

#include <string.h>

#include "query/model.h"
#include "query/part.h"

static const struct {
	const char *text;
	unsigned i, n; /* n 0: refused */
} cases[] = {
	{"0/1", 0, 1},
	{"3/4", 3, 4},
	{"65535/65536", 65535, 65536},
	{"0/65537", 0, 0},
	{"4/4", 0, 0},
	{"0/0", 0, 0},
	{"1", 0, 0},
	{"/4", 0, 0},
	{"1/", 0, 0},
	{"-1/4", 0, 0},
	{"1/4/5", 0, 0},
	{"1 /4", 0, 0},
	{"4294967296/4", 0, 0},
	{"a/b", 0, 0},
};

static void takes_a_part_of_several(void **state)
{
	struct model_part p;
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int rc = part_parse(&p, cases[i].text, &e);

		assert_int_equal(rc, cases[i].n > 0 ? 0 : -1);
		assert_int_equal(p.i, cases[i].i);
		assert_int_equal(p.n, cases[i].n);
		if (rc < 0)
			assert_int_equal(e.kind, ERR_USAGE);
	}
	assert_int_equal(part_parse(&p, NULL, &e), 0);
	assert_int_equal(p.n, 0);
}

static void takes_lists_of_columns(void **state)
{
	static const struct {
		const char *list, *json;
	} lists[] = {
		{"id", "[\"id\"]"},
		{"a, b", "[\"a\",\"b\"]"},
		{"\"a,b\"", "[\"a,b\"]"},
		{"", NULL},
		{"a,", NULL},
	};
	struct buf b = {0};
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		b.n = 0;
		assert_int_equal(part_key(&b, lists[i].list, &e),
				 lists[i].json ? 0 : -1);
		if (lists[i].json)
			assert_string_equal(buf_cstr(&b), lists[i].json);
	}
	buf_clear(&b);
}

static void leaves_a_part_of_the_model(void **state)
{
	static const struct part_sql words = {"H(", "T(", ")", "+", ") % "};
	static const struct model_sql sql = {
		.quote = '"', .param = '?', .part = &words};
	static const struct model_part p = {2, 8};
	struct model_param param[2] = {
		{.name = slice_of("x", 1), .value = "7"}};
	const struct model_from from = {
		.sql = "SELECT :x AS a", .param = param, .n = 1};
	struct model m;
	struct err e;

	(void)state;
	assert_int_equal(model_read(&m, &from, &sql, &e), 0);
	part_wrap(&p, slice_str("[\"a\",\"b\\\"c\"]"), &m, &sql);
	assert_string_equal(
		buf_cstr(&m.base),
		"SELECT * FROM (SELECT ? AS a\n) rudder_part WHERE CASE WHEN "
		"\"a\" IS NULL OR \"b\"\"c\" IS NULL THEN 0 ELSE "
		"H(T(\"a\")+T(\"b\"\"c\")) % 8 END = 2");
	assert_true(slice_eq(buf_all(&m.base), buf_all(&m.text)));
	assert_int_equal(m.text.p[m.use[0].at], '?');
	model_clear(&m);
}

static void refuses_keys_whose_text_differs(void **state)
{
	static const struct rows_column c[] = {
		{.name = "id", .type = "int"},
		{.name = "x", .type = "float"},
		{.name = "s", .type = "string"},
	};
	struct err e;

	(void)state;
	assert_int_equal(
		part_check(slice_str("[\"id\",\"s\"]"), c, 3, true, &e), 0);
	assert_int_equal(part_check(slice_str("[\"x\"]"), c, 3, true, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_int_equal(part_check(slice_str("[\"x\"]"), c, 3, false, &e), 0);
	assert_int_equal(part_check(slice_str("[\"idd\"]"), c, 3, false, &e),
			 -1);
	assert_non_null(strstr(e.text, "did you mean 'id'?"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_part_of_several),
		cmocka_unit_test(takes_lists_of_columns),
		cmocka_unit_test(leaves_a_part_of_the_model),
		cmocka_unit_test(refuses_keys_whose_text_differs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
