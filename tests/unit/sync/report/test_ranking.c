/* test_ranking.c - unit tests of sync/report/ranking.h and last_lines.h */
#include "cmocka_all.h"

#include <stdio.h>

#include "sync/report/last_lines.h"
#include "sync/report/ranking.h"

static void puts_the_most_frequent_first(void **state)
{
	static struct ranking r;
	const char *const words[] = {"b", "a", "c", "a", "b", "a", "d"};

	(void)state;
	r = (struct ranking){0};
	for (size_t i = 0; i < COUNT_OF(words); i++)
		ranking_add(&r, words[i], i);
	ranking_sort(&r);
	assert_int_equal(r.kinds, 4);
	assert_string_equal(r.one[0].text, "a");
	assert_int_equal(r.one[0].n, 3);
	assert_int_equal(r.one[0].newest_ms, 5);
	assert_string_equal(r.one[1].text, "b");
	assert_string_equal(r.one[2].text, "d"); /* newer than c */
	assert_string_equal(r.one[3].text, "c");
}

static void counts_what_it_does_not_keep(void **state)
{
	static struct ranking r;
	static char words[RANKING_KEPT + 2][8];

	(void)state;
	r = (struct ranking){0};
	for (size_t i = 0; i < RANKING_KEPT + 2; i++) {
		snprintf(words[i], sizeof(words[i]), "%zu", i);
		ranking_add(&r, words[i], 0);
	}
	ranking_add(&r, words[0], 0);
	ranking_sort(&r);
	assert_int_equal(r.kinds, RANKING_KEPT);
	assert_int_equal(r.others, 2);
	assert_int_equal(r.one[0].n, 2);
}

static void gives_lines_from_the_end(void **state)
{
	struct slice rest = slice_str("one\n\ntwo\nthree\n"), line;

	(void)state;
	assert_true(last_lines(&rest, &line));
	assert_true(slice_is(line, "three"));
	assert_true(last_lines(&rest, &line));
	assert_true(slice_is(line, "two"));
	assert_true(last_lines(&rest, &line));
	assert_true(slice_is(line, "one"));
	assert_false(last_lines(&rest, &line));
	rest = slice_str("\n\n");
	assert_false(last_lines(&rest, &line));
	rest = slice_str("");
	assert_false(last_lines(&rest, &line));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(puts_the_most_frequent_first),
		cmocka_unit_test(counts_what_it_does_not_keep),
		cmocka_unit_test(gives_lines_from_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
