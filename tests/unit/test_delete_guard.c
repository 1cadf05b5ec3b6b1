/* test_delete_guard.c - unit tests of diff/delete_guard.h */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "diff/delete_guard.h"

static const struct {
	const char *label, *max, *allow;
	struct delete_guard_case c;
	const char *why; /* NULL: the deletes pass */
} cases[] = {
	{"nothing is gone", NULL, NULL, {.keys = 500, .rows = 500}, NULL},
	{"nothing is gone, all else is wrong",
	 "0",
	 NULL,
	 {.keys = 5, .unreadable = 1, .trusted_eof = true},
	 NULL},
	{"a hundred may always go",
	 NULL,
	 NULL,
	 {.deletes = 100, .keys = 100, .rows = 1},
	 NULL},
	{"one more is too many of a few",
	 NULL,
	 NULL,
	 {.deletes = 101, .keys = 1000, .rows = 1},
	 "too many at once"},
	{"ten percent of many may go",
	 NULL,
	 NULL,
	 {.deletes = 1000, .keys = 10000, .rows = 1},
	 NULL},
	{"and no more",
	 NULL,
	 NULL,
	 {.deletes = 1001, .keys = 10000, .rows = 1},
	 "too many at once"},
	{"a percentage of one's own",
	 "50%",
	 NULL,
	 {.deletes = 5001, .keys = 10000, .rows = 1},
	 "too many at once"},
	{"all of them by percentage",
	 "100%",
	 NULL,
	 {.deletes = 10000, .keys = 10000, .rows = 1},
	 NULL},
	{"none by percentage has no free ones",
	 "0%",
	 NULL,
	 {.deletes = 1, .keys = 10000, .rows = 1},
	 "too many at once"},
	{"a count has no free ones",
	 "9",
	 NULL,
	 {.deletes = 10, .keys = 10000, .rows = 1},
	 "too many at once"},
	{"up to the count",
	 "9",
	 NULL,
	 {.deletes = 9, .keys = 9, .rows = 1},
	 NULL},
	{"an input without a row",
	 "100%",
	 NULL,
	 {.deletes = 1, .keys = 1000},
	 "the input had no rows at all"},
	{"a refused row",
	 NULL,
	 NULL,
	 {.deletes = 1, .keys = 1000, .rows = 9, .unreadable = 1},
	 "the keys of refused rows are not known"},
	{"no end line",
	 NULL,
	 NULL,
	 {.deletes = 1, .keys = 1000, .rows = 9, .trusted_eof = true},
	 "without an end line nobody knows that these rows are all"},
	{"rows left out on purpose",
	 NULL,
	 NULL,
	 {.deletes = 1, .keys = 1000, .rows = 9, .partial = true},
	 "rows were left out on purpose (--limit, --since)"},
	{"a canary that did not come",
	 NULL,
	 NULL,
	 {.deletes = 1, .keys = 1000, .rows = 9, .canary_gone = true},
	 "a key of --require-key did not come"},
	{"the exact number is permitted",
	 "0",
	 "7",
	 {.deletes = 7, .keys = 7, .trusted_eof = true, .unreadable = 1},
	 NULL},
	{"one less is not",
	 "0",
	 "7",
	 {.deletes = 6, .keys = 7, .rows = 1},
	 "too many at once"},
	{"one more is not",
	 "0",
	 "7",
	 {.deletes = 8, .keys = 9, .rows = 1},
	 "too many at once"},
	{"a permit of none permits nothing",
	 "0",
	 "0",
	 {.deletes = 1, .keys = 9, .rows = 1},
	 "too many at once"},
	{"a permit takes no limit away",
	 NULL,
	 "7",
	 {.deletes = 3, .keys = 9, .rows = 1},
	 NULL},
	{"keys beyond 2^53",
	 "1%",
	 NULL,
	 {.deletes = UINT64_MAX, .keys = UINT64_MAX, .rows = 1},
	 "too many at once"},
};

static void holds_what_is_too_much(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct delete_guard b;
		struct err e = {0};

		assert_int_equal(
			delete_guard_init(&b, cases[i].max, cases[i].allow, &e),
			0);
		if (delete_guard_blocks(&b, &cases[i].c, &e) !=
		    (cases[i].why != NULL))
			fail_msg("%s: %s", cases[i].label, e.text);
		assert_int_equal(e.kind, cases[i].why ? ERR_BLOCKED : ERR_NONE);
		if (cases[i].why && !strstr(e.text, cases[i].why))
			fail_msg("%s: %s", cases[i].label, e.text);
	}
}

static void says_what_lets_the_deletes_pass(void **state)
{
	const struct delete_guard_case c = {
		.deletes = 499, .keys = 2000, .rows = 1501};
	const struct delete_guard_case none = {.deletes = 3};
	struct delete_guard b;
	struct err e = {0};

	(void)state;
	assert_int_equal(delete_guard_init(&b, NULL, NULL, &e), 0);
	assert_true(delete_guard_blocks(&b, &c, &e));
	assert_string_equal(e.text,
			    "499 of 2000 keys (24.9 %) would be deleted, and "
			    "are held back: too many at once; to let them "
			    "pass: --allow-deletes=499");
	assert_true(delete_guard_blocks(&b, &none, &e));
	assert_non_null(strstr(e.text, "3 of 0 keys (0.0 %)"));
}

static void refuses_options_that_are_no_numbers(void **state)
{
	static const char *const bad[] = {
		"",     "%",    "x",   "101%", "-1",
		"1.5%", "10 %", "%10", "10%%", "18446744073709551616"};
	struct delete_guard b;
	struct err e = {0};
	char want[128];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		e.kind = ERR_NONE;
		if (delete_guard_init(&b, bad[i], NULL, &e) == 0)
			fail_msg("took '%s'", bad[i]);
		assert_int_equal(e.kind, ERR_USAGE);
		snprintf(want, sizeof(want),
			 "option '--max-deletes': '%s' is no count and no "
			 "percentage",
			 bad[i]);
		assert_string_equal(e.text, want);
		if (delete_guard_init(&b, "5", bad[i], &e) == 0)
			fail_msg("took '%s'", bad[i]);
		assert_int_equal(e.kind, ERR_USAGE);
		snprintf(want, sizeof(want),
			 "option '--allow-deletes': '%s' is not a count",
			 bad[i]);
		assert_string_equal(e.text, want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_what_is_too_much),
		cmocka_unit_test(says_what_lets_the_deletes_pass),
		cmocka_unit_test(refuses_options_that_are_no_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
