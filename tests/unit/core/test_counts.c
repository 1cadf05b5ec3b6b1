/* test_counts.c - unit tests of core/counts.h */
#include "cmocka_all.h"

#include "core/counts.h"

static void one_has_no_plural(void **state)
{
	struct buf b = {0};

	(void)state;
	counts_add(&b, 1, "row");
	counts_also(&b, 1, "insert");
	counts_as(&b, 1, "rejected");
	assert_string_equal(buf_cstr(&b), "1 row, 1 insert, 1 rejected");
	buf_clear(&b);
}

static void leaves_out_zero_but_first(void **state)
{
	struct buf b = {0};

	(void)state;
	counts_add(&b, 0, "row");
	counts_also(&b, 0, "insert");
	counts_also(&b, 2, "update");
	counts_as(&b, 0, "rejected");
	assert_string_equal(buf_cstr(&b), "0 rows, 2 updates");
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_has_no_plural),
		cmocka_unit_test(leaves_out_zero_but_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
