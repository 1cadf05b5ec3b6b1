/* test_parquet_types.c - unit tests of query/duckdb/parquet_types.h */
#include "cmocka_all.h"

#include "query/duckdb/parquet_types.h"

static const struct {
	const char *one, *two;
	bool within, utc;
	const char *why; /* a part of it, or NULL: values do not change */
} cases[] = {
	{"INTEGER", "BIGINT", false, false, NULL},
	{"INTEGER", "VARCHAR", false, false, NULL},
	{"SMALLINT", "FLOAT", true, false, NULL},
	{"BIGINT", "DOUBLE", false, false, NULL}, /* the view has a guard */
	{"BIGINT", "DOUBLE", true, false, "several number types"},
	{"DECIMAL(9,2)", "DOUBLE", false, false, "several number types"},
	{"VARCHAR", "VARCHAR", false, false, NULL},
	{"VARCHAR", "BLOB", false, true, "text in one file and bytes"},
	{"TIMESTAMP", "TIMESTAMP_NS", false, false, NULL},
	{"DATE", "TIMESTAMP", false, false, NULL},
	{"TIMESTAMP_NS WITH TIME ZONE", "TIMESTAMP WITH TIME ZONE", false,
	 false, NULL},
	{"TIMESTAMP", "TIMESTAMP WITH TIME ZONE", false, false, "a time zone"},
	{"TIMESTAMP WITH TIME ZONE", "DATE", true, false, "a time zone"},
	{"TIMESTAMP", "TIMESTAMP WITH TIME ZONE", false, true, NULL},
};

static void says_why_a_common_type_changes_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct parquet_types t = {0};
		const char *why;

		parquet_types_add(&t, slice_str(cases[i].one), 9, 2);
		parquet_types_add(&t, slice_str(cases[i].two), 9, 2);
		why = parquet_types_mixed(&t, cases[i].within, cases[i].utc);
		print_message("%s, %s\n", cases[i].one, cases[i].two);
		assert_true(cases[i].why ? why && strstr(why, cases[i].why)
					 : !why);
	}
}

static void refuses_more_digits_than_a_decimal_has(void **state)
{
	struct parquet_types t = {0};

	(void)state;
	parquet_types_add(&t, slice_str("DECIMAL(38,0)"), 38, 0);
	assert_null(parquet_types_mixed(&t, false, false));
	parquet_types_add(&t, slice_str("DECIMAL(2,1)"), 2, 1);
	assert_non_null(parquet_types_mixed(&t, false, false));
}

static void finds_integers_that_a_float_cannot_hold(void **state)
{
	struct parquet_types small = {0}, large = {0};

	(void)state;
	parquet_types_add(&small, slice_str("SMALLINT"), 0, 0);
	parquet_types_add(&small, slice_str("FLOAT"), 0, 0);
	assert_false(parquet_types_is_inexact(&small));
	parquet_types_add(&large, slice_str("INTEGER"), 0, 0);
	assert_false(parquet_types_is_inexact(&large));
	parquet_types_add(&large, slice_str("FLOAT"), 0, 0);
	assert_true(parquet_types_is_inexact(&large));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_why_a_common_type_changes_values),
		cmocka_unit_test(refuses_more_digits_than_a_decimal_has),
		cmocka_unit_test(finds_integers_that_a_float_cannot_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
