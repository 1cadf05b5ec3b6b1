/* test_span.c - unit tests of wire/json/span.h */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "wire/json/span.h"

/* A copy of exactly n bytes, so that sanitizers see a step behind its end. */
static char *exact(const char *text, size_t n)
{
	char *p = malloc(n > 0 ? n : 1);

	assert_non_null(p);
	memcpy(p, text, n);
	return p;
}

/* A string with that many bytes before and behind one escape. */
static void step(size_t before, const char *escape, size_t behind)
{
	char text[128] = "\"";
	size_t n = 1, k = strlen(escape);
	char *p;

	memset(text + n, 'a', before);
	memcpy(text + n + before, escape, k);
	memset(text + n + before + k, 'b', behind);
	n += before + k + behind;
	text[n++] = '"';
	text[n++] = ',';
	p = exact(text, n);
	assert_ptr_equal(span_string(p, p + n), p + n - 1);
	assert_ptr_equal(span_value(p, p + n), p + n - 1);
	free(p);
}

static void finds_the_end_of_a_string_of_any_length(void **state)
{
	static const char *const escapes[] = {"", "\\\"", "\\\\", "\\\\\\\"",
					      "\\u0022"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(escapes); i++) {
		for (size_t before = 0; before < 36; before++) {
			for (size_t behind = 0; behind < 36; behind++)
				step(before, escapes[i], behind);
		}
	}
}

static void takes_lf_as_white_space(void **state)
{
	static const char text[] = "{\n\"a\"\n:\n[1\n,\n2\n]\n,\n\"b\":3\n}";
	struct span s = span_open(slice_of(text, sizeof(text) - 1)), in;
	struct slice key, value, v;

	(void)state;
	assert_true(span_member(&s, &key, &value));
	assert_true(slice_is(key, "a"));
	in = span_open(value);
	assert_true(span_element(&in, &v) && slice_is(v, "1"));
	assert_true(span_element(&in, &v) && slice_is(v, "2"));
	assert_false(span_element(&in, &v));
	assert_true(span_member(&s, &key, &value));
	assert_true(slice_is(key, "b") && slice_is(value, "3"));
	assert_false(span_member(&s, &key, &value));
}

/* Every prefix of a text that is cut anywhere. */
static void never_steps_behind_the_end(void **state)
{
	static const char text[] =
		"{\"a\\\\\":[1,\"0123456789012345678901\\\"\",{\"b\":null}]}";

	(void)state;
	for (size_t n = 1; n < sizeof(text) - 1; n++) {
		char *p = exact(text, n);

		assert_ptr_equal(span_value(p, p + n), p + n);
		for (size_t i = 0; i < n; i++)
			assert_true(span_string(p + i, p + n) <= p + n);
		free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_end_of_a_string_of_any_length),
		cmocka_unit_test(takes_lf_as_white_space),
		cmocka_unit_test(never_steps_behind_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
