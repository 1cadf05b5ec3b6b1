/* test_since_float.c - unit tests of query/since_float.h */
#include "cmocka_all.h"

#include "query/since_float.h"

static const struct {
	const char *since, *value;
} cases[] = {
	{"0.7", "0.699999988079071"}, /* below the double 0.7 */
	{"0.8", "0.800000011920929"},
	{"0.70001", "0.7000100016593933"},
	{"16777217", "16777216"},
	{"-0.5", "-0.5"},
	{"1e39", "1e39"}, /* no float */
	{"soon", "soon"},
	{"2024-01-03T10:00:00Z", "2024-01-03T10:00:00Z"},
};

static void gives_all_digits_of_the_float(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct model_param param[2] = {{.value = "a"},
					       {.value = cases[i].since}};
		struct model m = {
			.param = param, .n = 2, .since = cases[i].since};
		struct buf b = {0};

		since_float_take(&m, &b);
		assert_string_equal(param[1].value, cases[i].value);
		assert_string_equal(param[0].value, "a");
		buf_clear(&b);
	}
}

static void does_nothing_without_since(void **state)
{
	struct model_param param = {.value = "0.7"};
	struct model m = {.param = &param, .n = 1};
	struct buf b = {0};

	(void)state;
	since_float_take(&m, &b);
	assert_string_equal(param.value, "0.7");
	assert_int_equal(b.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_all_digits_of_the_float),
		cmocka_unit_test(does_nothing_without_since),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
