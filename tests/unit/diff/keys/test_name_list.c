#include "cmocka_all.h"

#include "diff/keys/columns.h"
#include "diff/keys/name_list.h"

static void takes(const char *list, const char *name, size_t n)
{
	struct buf b = {0};

	assert_int_equal(name_list_take(&b, list), n);
	if (n > 0 || *list != '"')
		assert_string_equal(buf_cstr(&b), name);
	buf_clear(&b);
}

static void ends_a_name_at_a_comma(void **state)
{
	(void)state;
	takes("a", "a", 1);
	takes("ab,c", "ab", 2);
	takes(",c", "", 0);
	takes("", "", 0);
	takes("a\"b\\,c", "a\"b\\", 4);
}

static void reads_commas_and_quotes_in_quotes(void **state)
{
	(void)state;
	takes("\"a,b\",c", "a,b", 5);
	takes("\"a,b\"", "a,b", 5);
	takes("\"a\"\"b\",c", "a\"b", 6);
	takes("\"a\\\"b\\\\\"", "a\"b\\", 8);
	takes("\"\"", "", 2);
	takes("\"\"\"\"", "\"", 4);
}

static void refuses_wrong_quotes(void **state)
{
	(void)state;
	takes("\"a,b", "", 0);
	takes("\"a\"b,c", "", 0);
	takes("\"a\\\"", "", 0);
	takes("\"", "", 0);
	takes("\"\"\"", "", 0);
}

static void finds_a_name_by_its_quoted_pattern(void **state)
{
	(void)state;
	assert_true(columns_listed("x,\"a,b\"", "a,b"));
	assert_false(columns_listed("x,\"a,b\"", "a"));
	assert_false(columns_listed("x,\"a,b\"", "b\""));
	assert_true(columns_listed("\"a,*\"", "a,z"));
	assert_true(columns_listed("\"a\"\"b\",c", "a\"b"));
	assert_true(columns_listed("\"a\"\"b\",c", "c"));
	/* a name that begins with a quote, as it is */
	assert_true(columns_listed("\"a,b", "\"a"));
	assert_true(columns_listed("\"a,b", "b"));
	assert_false(columns_listed("", "a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_a_name_at_a_comma),
		cmocka_unit_test(reads_commas_and_quotes_in_quotes),
		cmocka_unit_test(refuses_wrong_quotes),
		cmocka_unit_test(finds_a_name_by_its_quoted_pattern),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
