#include "wire/json/decimal.h"

#include "cmocka_all.h"

#define TEN "1234567890"
#define FORTY                                                                  \
	"1"                                                                    \
	"000000000"                                                            \
	"0000000000"                                                           \
	"0000000000"                                                           \
	"0000000000"

static void writes_integral_numbers_in_plain_form(void **state)
{
	static const char *const ids[][2] = {
		{"1000", "1000"},
		{"1000.0", "1000"},
		{"1000.00", "1000"},
		{"10E2", "1000"},
		{"1e3", "1000"},
		{"1.0e+3", "1000"},
		{"100000e-2", "1000"},
		{"0.1e4", "1000"},
		{"-1000.0", "-1000"},
		{"0", "0"},
		{"-0", "0"},
		{"-0.00e7", "0"},
		{"0e99999999999999999999", "0"},
		{"1e39", FORTY},
		{TEN TEN TEN TEN ".000", TEN TEN TEN TEN},
		{"-0." TEN TEN TEN TEN "e40", "-" TEN TEN TEN TEN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		struct buf b = {0};

		assert_int_equal(decimal_id(&b, slice_str(ids[i][0])), 0);
		assert_string_equal(buf_cstr(&b), ids[i][1]);
		buf_clear(&b);
	}
}

static void leaves_other_numbers_as_they_stand(void **state)
{
	static const char *const ids[] = {
		"1.5",         "1.50",
		"0.1",         "15e-1",
		"1e-1",        "-0.5",
		"1000.000001", "1e-99999999999999999999",
		"1E-3",        TEN TEN TEN TEN TEN ".5",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		struct buf b = {0};

		assert_int_equal(decimal_id(&b, slice_str(ids[i])), 0);
		assert_string_equal(buf_cstr(&b), ids[i]);
		buf_clear(&b);
	}
}

static void refuses_more_than_forty_digits(void **state)
{
	static const char *const ids[] = {
		"1e40",
		"-1e40",
		FORTY "0",
		"1e999",
		TEN TEN TEN TEN "1",
		"1e99999999999999999999",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		struct buf b = {0};

		assert_int_equal(decimal_id(&b, slice_str(ids[i])), -1);
		assert_int_equal(decimal_id(NULL, slice_str(ids[i])), -1);
		assert_int_equal(b.n, 0);
		buf_clear(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_integral_numbers_in_plain_form),
		cmocka_unit_test(leaves_other_numbers_as_they_stand),
		cmocka_unit_test(refuses_more_than_forty_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
