/* test_condition_hint.c - unit tests of map/jq/condition_hint.h */
#include "cmocka_all.h"

#include "map/jq/condition_hint.h"

static const char other[] = "; a condition is written in jq, as in '.plan == "
			    "\"pro\" and .age > 17'";

static void writes_comparisons_in_jq(void **state)
{
	static const char *const cases[][2] = {
		{"plan = pro", ".plan == \"pro\""},
		{" plan='pro' ", ".plan == \"pro\""},
		{"plan = \"\"", ".plan == \"\""},
		{"a<>'b'", ".a != \"b\""},
		{"a != b", ".a != \"b\""},
		{"a <= 1 AND b>=2.5", ".a <= 1 and .b >= 2.5"},
		{"a < -3 or b > 4", ".a < -3 or .b > 4"},
		{"a is null && b IS NOT NULL", ".a == null and .b != null"},
		{"a = TRUE || vip", ".a == true or .vip"},
		{".a = 1", ".a == 1"},
	};
	struct buf b = {0}, want = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		b.n = want.n = 0;
		condition_hint(&b, cases[i][0]);
		buf_fmt(&want, "; did you mean '%s'?", cases[i][1]);
		assert_string_equal(buf_cstr(&b), buf_cstr(&want));
	}
	buf_clear(&b);
	buf_clear(&want);
}

static void shows_a_condition_where_it_cannot(void **state)
{
	static const char *const cases[] = {
		"",      "a in (1, 2)", "a like 'x%'", "a = 'it''s'", "a = 'x",
		"a =",   "a = 1 and",   "a = -",       "a = \"\\n\"", "1 = 1",
		"not a", "a = 1 b",
	};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		b.n = 0;
		condition_hint(&b, cases[i]);
		assert_string_equal(buf_cstr(&b), other);
	}
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_comparisons_in_jq),
		cmocka_unit_test(shows_a_condition_where_it_cannot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
