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
		int rc = part_parse(&p, cases[i].text, NULL, &e);

		assert_int_equal(rc, cases[i].n > 0 ? 0 : -1);
		assert_int_equal(p.i, cases[i].i);
		assert_int_equal(p.n, cases[i].n);
		if (rc < 0)
			assert_int_equal(e.kind, ERR_USAGE);
	}
	assert_int_equal(part_parse(&p, NULL, NULL, &e), 0);
	assert_int_equal(p.n, 0);
	assert_int_equal(part_parse(&p, "0/2", "text", &e), 0);
	assert_false(p.number);
	assert_int_equal(part_parse(&p, "0/2", "number", &e), 0);
	assert_true(p.number);
	assert_int_equal(part_parse(&p, NULL, "text", &e), -1);
	assert_int_equal(e.kind, ERR_USAGE);
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

static const struct part_sql words = {"H(", "T(", ")", "+", ") % ", "W(", ")"};
static const struct model_sql sql = {
	.quote = '"', .param = '?', .part = &words};

static void leaves_a_part_of_the_model(void **state)
{
	static const struct model_part p = {2, 8, false};
	struct model_param param[2] = {
		{.name = slice_of("x", 1), .value = "7"}};
	const struct model_from from = {
		.sql = "SELECT :x AS a", .param = param, .n = 1};
	struct model m;
	struct err e;

	(void)state;
	assert_int_equal(model_read(&m, &from, &sql, &e), 0);
	assert_int_equal(
		part_wrap(&p, slice_str("[\"a\",\"b\\\"c\"]"), &m, &sql, &e),
		0);
	assert_string_equal(
		buf_cstr(&m.base),
		"SELECT * FROM (SELECT ? AS a\n) rudder_part WHERE CASE WHEN "
		"\"a\" IS NULL OR \"b\"\"c\" IS NULL THEN 0 ELSE "
		"H(T(\"a\")+T(\"b\"\"c\")) % 8 END = 2");
	assert_true(slice_eq(buf_all(&m.base), buf_all(&m.text)));
	assert_int_equal(m.text.p[m.use[0].at], '?');
	model_clear(&m);
}

static void leaves_a_part_by_number(void **state)
{
	static const struct model_part p = {2, 8, true};
	const struct model_from from = {.sql = "SELECT 1 AS a"};
	struct buf b = {0};
	struct model m;
	struct err e;

	(void)state;
	assert_int_equal(model_read(&m, &from, &sql, &e), 0);
	assert_int_equal(part_wrap(&p, slice_str("[\"a\"]"), &m, &sql, &e), 0);
	assert_string_equal(
		buf_cstr(&m.base),
		"SELECT * FROM (SELECT 1 AS a\n) rudder_part WHERE CASE WHEN "
		"\"a\" IS NULL THEN 0 ELSE (W(\"a\") % 2147483647 + "
		"2147483647) * 742938285 % 2147483647 % 8 END = "
		"2");
	model_clear(&m);
	assert_int_equal(model_read(&m, &from, &sql, &e), 0);
	assert_int_equal(
		part_wrap(&p, slice_str("[\"a\",\"b\"]"), &m, &sql, &e), -1);
	assert_int_equal(e.kind, ERR_USAGE);
	model_clear(&m);
	part_show(&p, &b);
	assert_string_equal(buf_cstr(&b),
			    "{\"i\":2,\"n\":8,\"by\":\"number\"}");
	buf_clear(&b);
}

/* How many of the keys that grow by step are in each of n parts: as the SQL
 * above says it.
 */
static void spread(uint64_t step, unsigned n, unsigned *count)
{
	const uint64_t prime = 2147483647;

	for (uint64_t i = 0; i < 20000; i++)
		count[i * step % prime * 742938285 % prime % n]++;
}

static void parts_by_number_are_of_one_size(void **state)
{
	static const uint64_t steps[] = {1,  2,  3,   4,    8,
					 10, 64, 100, 1024, 1000000};

	(void)state;
	for (unsigned n = 2; n <= 64; n *= 2) {
		for (size_t i = 0; i < COUNT_OF(steps); i++) {
			unsigned count[64] = {0};

			spread(steps[i], n, count);
			for (unsigned j = 0; j < n; j++)
				assert_in_range(count[j], 20000 / n * 9 / 10,
						20000 / n * 11 / 10);
		}
	}
}

static void refuses_keys_whose_text_differs(void **state)
{
	static const struct rows_column c[] = {
		{.name = "id", .type = "int"},
		{.name = "x", .type = "float"},
		{.name = "s", .type = "string"},
	};
	static const struct model_part text = {0, 2, false},
				       number = {0, 2, true};
	const struct slice id = slice_str("[\"id\"]"), s = slice_str("[\"s\"]"),
			   x = slice_str("[\"x\"]");
	struct err e;

	(void)state;
	assert_int_equal(
		part_check(slice_str("[\"id\",\"s\"]"), c, 3, &text, &e), 0);
	assert_int_equal(part_check(x, c, 3, &text, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_int_equal(part_check(x, c, 3, NULL, &e), 0);
	assert_int_equal(part_check(id, c, 3, &number, &e), 0);
	assert_int_equal(part_check(s, c, 3, &number, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_int_equal(part_check(slice_str("[\"idd\"]"), c, 3, NULL, &e),
			 -1);
	assert_non_null(strstr(e.text, "did you mean 'id'?"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_part_of_several),
		cmocka_unit_test(takes_lists_of_columns),
		cmocka_unit_test(leaves_a_part_of_the_model),
		cmocka_unit_test(leaves_a_part_by_number),
		cmocka_unit_test(parts_by_number_are_of_one_size),
		cmocka_unit_test(refuses_keys_whose_text_differs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
