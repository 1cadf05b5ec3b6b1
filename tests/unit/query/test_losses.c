/* test_losses.c - unit tests of query/losses.h */
#include "cmocka_all.h"

#include "query/losses.h"

static void knows_the_warnings_that_are_losses(void **state)
{
	static const unsigned long losses[] = {1260, 1301, 1931};
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(losses); i++) {
		e = (struct err){0};
		assert_int_equal(losses_check(losses[i], "rows", &e), -1);
		assert_int_equal(e.kind, ERR_DATA);
		assert_non_null(strstr(e.text, "MySQL: rows ("));
	}
	e = (struct err){0};
	assert_int_equal(losses_check(1292, "Truncated", &e), 0);
	assert_int_equal(e.kind, ERR_NONE);
}

static int unseen(const char *text, uint64_t given, struct err *e)
{
	struct model m = {0};
	int rc;

	*e = (struct err){0};
	buf_str(&m.meaning, text);
	rc = losses_unseen(given, 65535, &m, e);
	buf_clear(&m.meaning);
	return rc;
}

static void refuses_a_recursive_model_with_unseen_warnings(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(unseen("WITH RECURSIVE n", 65535, &e), 0);
	assert_int_equal(unseen("with recursive n", 65536, &e), -1);
	assert_int_equal(e.kind, ERR_DATA);
	assert_non_null(strstr(e.text, "65536 warnings"));
	assert_int_equal(unseen("SELECT recursiv", 65536, &e), 0);
	assert_int_equal(unseen("", 65536, &e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_warnings_that_are_losses),
		cmocka_unit_test(
			refuses_a_recursive_model_with_unseen_warnings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
