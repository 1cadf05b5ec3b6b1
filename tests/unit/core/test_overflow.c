/* test_overflow.c - unit tests of core/overflow.h */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "core/overflow.h"

static void add(struct overflow *o, const char *text)
{
	struct err e = {0};

	assert_int_equal(overflow_add(o, slice_str(text), &e), 0);
}

static struct slice next(struct overflow *o)
{
	struct slice s;
	struct err e = {0};

	assert_int_equal(overflow_next(o, &s, &e), 0);
	return s;
}

static void gives_back_what_came_first(void **state)
{
	struct overflow *o = overflow_new(100);

	(void)state;
	assert_int_equal(next(o).n, 0);
	overflow_take(o, 0); /* of no file yet */
	add(o, "one");
	assert_true(slice_is(next(o), "one"));
	overflow_take(o, 2);
	add(o, "two");
	assert_int_equal(overflow_left(o), 4);
	assert_true(slice_is(next(o), "etwo"));
	overflow_take(o, 4);
	assert_int_equal(next(o).n, 0);
	overflow_free(o);
	overflow_free(NULL);
}

static void has_a_bound_that_starts_anew_when_empty(void **state)
{
	struct overflow *o = overflow_new(4);
	struct err e = {0};

	(void)state;
	add(o, "abc");
	overflow_take(o, 1);
	assert_int_equal(overflow_add(o, slice_str("de"), &e), -1);
	assert_int_equal(e.kind, ERR_TEMP);
	assert_true(slice_is(next(o), "bc"));
	overflow_take(o, 2);
	add(o, "defg");
	assert_true(slice_is(next(o), "defg"));
	overflow_free(o);
}

static void says_where_no_file_can_be_made(void **state)
{
	struct overflow *o = overflow_new(4);
	const char *was = getenv("TMPDIR");
	struct err e = {0};

	(void)state;
	setenv("TMPDIR", "/dev/null/nowhere", 1);
	assert_int_equal(overflow_add(o, slice_str("a"), &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	assert_int_equal(overflow_left(o), 0);
	if (was)
		setenv("TMPDIR", was, 1);
	else
		unsetenv("TMPDIR");
	overflow_free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_back_what_came_first),
		cmocka_unit_test(has_a_bound_that_starts_anew_when_empty),
		cmocka_unit_test(says_where_no_file_can_be_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
