/* test_order.c - unit tests of diff/keys/order.h */
#include "cmocka_all.h"

#include <string.h>

#include "diff/keys/order.h"
#include "wire/json/hash.h"

static struct buf scratch;

static int order(const char *a, const char *b)
{
	return order_keys(slice_str(a), slice_str(b), &scratch);
}

/* Each comes before all below it. */
static const char *const rising[] = {
	"false",
	"true",
	"-1e400",
	"-1e30",
	"-99999999999999999999",
	"-10",
	"-9.5",
	"-1e-400",
	"0",
	"1e-400",
	"0.09",
	"0.1",
	"9",
	"10",
	"10.000000000000000000000000001",
	"99999999999999999998",
	"99999999999999999999",
	"1e20",
	"\"\"",
	"\"\\u0000\"",
	"\"\\n\"",
	"\" \"",
	"\"\\\"\"",
	"\"1\"",
	"\"A\"",
	"\"\\\\\"",
	"\"a\"",
	"\"a \"",
	"\"aa\"",
	"\"b\"",
	"\"\xc3\xa9\"",
	"\"\xf0\x9f\x98\x80\"",
};

static void orders_values_as_jq_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rising); i++) {
		for (size_t k = 0; k < COUNT_OF(rising); k++) {
			if (order(rising[i], rising[k]) != (i > k) - (i < k))
				fail_msg("%s and %s", rising[i], rising[k]);
		}
	}
}

static void takes_columns_one_after_the_other(void **state)
{
	static const char *const columns[] = {
		"[1,\"a,]\"]", "[1,\"b\"]", "[1,\"b\\\",\"]", "[2,\"a\"]",
		"[10,true]",   "[10,2]",    "[10,10]",        "[\"\",1]",
		"[\",\",0]",   "[\",\",1]", "[\"a\",\"\"]",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		for (size_t k = 0; k < COUNT_OF(columns); k++) {
			if (order(columns[i], columns[k]) != (i > k) - (i < k))
				fail_msg("%s and %s", columns[i], columns[k]);
		}
	}
}

static void numbers_of_one_value_are_equal(void **state)
{
	static const char *const same[][2] = {
		{"0", "-0"},         {"0", "0e5"},       {"1", "1.0"},
		{"1", "10e-1"},      {"1500", "1.5e3"},  {"-0.5", "-5E-1"},
		{"1e400", "10e399"}, {"0.0001", "1e-4"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(same); i++) {
		assert_int_equal(hash_number_order(slice_str(same[i][0]),
						   slice_str(same[i][1])),
				 0);
		assert_int_equal(order(same[i][1], same[i][0]), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_values_as_jq_does),
		cmocka_unit_test(takes_columns_one_after_the_other),
		cmocka_unit_test(numbers_of_one_value_are_equal),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_clear(&scratch);
	return failed;
}
