/* test_doc.c - unit tests of wire/settings/doc.h */
#include "cmocka_all.h"

#include <string.h>

#include "wire/settings/doc.h"

static void keeps_texts_lines_and_order(void **state)
{
	static const char text[] =
		"{\n \"a\": [1.50, {\"k\" : \"\\u0041\\n\"}],\n"
		" \"b\\\"\": null , \"c\": {}\n}\n";
	const struct doc *a, *k;
	struct doc *d;
	struct err e;

	(void)state;
	assert_int_equal(doc_parse(&d, slice_str(text), &e), 0);
	assert_int_equal(d->kind, SCAN_OBJECT);
	a = doc_get(d, "a");
	assert_int_equal(a->line, 2);
	assert_true(slice_is(a->first->raw, "1.50"));
	k = doc_get(a->first->next, "k");
	assert_string_equal(k->text, "A\n");
	assert_int_equal(k->text_n, 2);
	assert_int_equal(doc_get(d, "b\"")->kind, SCAN_NULL);
	assert_int_equal(doc_get(d, "c")->line, 3);
	assert_null(doc_get(d, "c")->first);
	assert_null(doc_get(d, "none"));
	assert_null(doc_get(k, "none"));
	doc_free(d);
	doc_free(NULL);
}

static void says_line_and_column_of_an_error(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"{\"a\": 1,\n  \"b\" 2}", "line 2, column 7: expected ':'"},
		{"{\"\xc3\xa9\": x}", "line 1, column 7: invalid value"},
		{"\"a\nb\"", "line 1, column 3: control character in a string"},
		{"", "line 1, column 1: unexpected end of line"},
		{"{\"a\": 1,\n\"a\": 2}",
		 "line 2: the key 'a' is already in line 1"},
		/* behind the name that is there twice all may be wrong */
		{"[{\"x\": {\"a\": 1, \"a\": 2}, {]}] \"", "line 1: duplicate "
							   "key 'a'"},
		{"{\"a\": 1, \"a\": 2}}]b\": [{\"c\":",
		 "line 1: duplicate key 'a'"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct doc *d;
		struct err e;

		assert_int_equal(doc_parse(&d, slice_str(cases[i].text), &e),
				 -1);
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_string_equal(e.text, cases[i].want);
	}
}

static void suggests_the_nearest_key(void **state)
{
	static const char *const names[] = {"type", "columns", NULL};
	struct doc *d;
	struct err e;

	(void)state;
	assert_int_equal(doc_parse(&d, slice_str("{\"type\":1}"), &e), 0);
	assert_int_equal(doc_only(d, names, &e), 0);
	doc_free(d);
	assert_int_equal(doc_parse(&d, slice_str("{\n\"colums\":1}"), &e), 0);
	assert_int_equal(doc_only(d, names, &e), -1);
	assert_string_equal(
		e.text,
		"line 2: unknown key 'colums'; did you mean 'columns'?");
	doc_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_texts_lines_and_order),
		cmocka_unit_test(says_line_and_column_of_an_error),
		cmocka_unit_test(suggests_the_nearest_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
