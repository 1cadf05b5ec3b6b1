/* test_path.c - unit tests of map/value/path.h */
#include "cmocka_all.h"

#include <string.h>

#include "core/buf.h"
#include "map/value/path.h"

/* A path as text again: names in brackets, places with a sharp. */
static void spell(const struct path *p, struct buf *b)
{
	b->n = 0;
	if (p->root)
		buf_char(b, '/');
	for (size_t i = 0; i < p->n; i++) {
		if (p->step[i].name)
			buf_fmt(b, "<%.*s>", (int)p->step[i].n,
				p->step[i].name);
		else
			buf_fmt(b, "#%zu", p->step[i].index);
	}
}

static void reads_names_places_and_quotes(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"email", "<email>"},
		{"profile.full", "<profile><full>"},
		{".context.ip", "/<context><ip>"},
		{"a[0].b[12][3]", "<a>#0<b>#12#3"},
		{"\"a.b\".\"c\\\"d\"", "<a.b><c\"d>"},
		{"\"\\u00e9\"", "<\xc3\xa9>"},
		{"with blank", "<with blank>"},
		{"a[99]", "<a>#99"},
		{"\"\"", "<>"},
	};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct path p;
		struct err e;

		assert_int_equal(path_parse(&p, slice_str(cases[i].text), &e),
				 0);
		spell(&p, &b);
		assert_string_equal(buf_cstr(&b), cases[i].want);
		path_clear(&p);
	}
	buf_clear(&b);
}

static void refuses_what_is_no_path(void **state)
{
	static const char *const cases[] = {
		"",       ".",     "a.",   "a..b", "[0]",     "a[]",
		"a[100]", "a[-1]", "a[0",  "a]",   "\"a",     "\"a\"b",
		"a\"b\"", "a\tb",  "\xff", ".[0]", "\"\\x\"", "a[0]b",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct path p;
		struct err e;

		assert_int_equal(path_parse(&p, slice_str(cases[i]), &e), -1);
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_null(p.step);
	}
}

static void refuses_a_path_of_too_many_steps(void **state)
{
	struct buf b = {0};
	struct path p;
	struct err e;

	(void)state;
	for (int i = 0; i < PATH_MAX_STEPS; i++)
		buf_str(&b, i > 0 ? ".a" : "a");
	assert_int_equal(path_parse(&p, buf_all(&b), &e), 0);
	path_clear(&p);
	buf_str(&b, ".a");
	assert_int_equal(path_parse(&p, buf_all(&b), &e), -1);
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_names_places_and_quotes),
		cmocka_unit_test(refuses_what_is_no_path),
		cmocka_unit_test(refuses_a_path_of_too_many_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
