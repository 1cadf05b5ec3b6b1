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

static void words_go_with_their_number(void **state)
{
	(void)state;
	assert_string_equal(counts_word(1, "is", "are"), "is");
	assert_string_equal(counts_word(0, "is", "are"), "are");
	assert_string_equal(COUNTS_S(2), "s");
	assert_int_equal(counts_noun(1, "rows"), 3);
	assert_int_equal(counts_noun(2, "rows"), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_has_no_plural),
		cmocka_unit_test(leaves_out_zero_but_first),
		cmocka_unit_test(words_go_with_their_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
