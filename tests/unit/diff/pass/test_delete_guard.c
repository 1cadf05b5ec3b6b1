/* test_delete_guard.c - unit tests of diff/pass/delete_guard.h */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "diff/pass/delete_guard.h"

static const struct {
	const char *label, *max, *allow;
	struct delete_guard_case c;
	uint64_t blocked;
	const char *says; /* a part of the message */
} cases[] = {
	{"nothing is missing", NULL, NULL, {.keys = 500, .rows = 500}, 0, NULL},
	{"nothing is missing, all else is wrong",
	 "0",
	 NULL,
	 {.keys = 5, .unreadable = 1, .trusted_eof = true, .new_model = true},
	 0,
	 NULL},
	/* the default: 10 %, or 10 if that is more, at most half */
	{"ten of a hundred",
	 NULL,
	 NULL,
	 {.deletes = 10, .keys = 100, .rows = 1},
	 0,
	 NULL},
	{"eleven of a hundred",
	 NULL,
	 NULL,
	 {.deletes = 11, .keys = 100, .rows = 1},
	 11,
	 "guard count: more than the limit of 10 (--max-deletes)"},
	{"ten of twenty",
	 NULL,
	 NULL,
	 {.deletes = 10, .keys = 20, .rows = 1},
	 0,
	 NULL},
	{"ten of nineteen are more than half",
	 NULL,
	 NULL,
	 {.deletes = 10, .keys = 19, .rows = 1},
	 10,
	 "guard count"},
	{"one of two",
	 NULL,
	 NULL,
	 {.deletes = 1, .keys = 2, .rows = 1},
	 0,
	 NULL},
	{"two of three",
	 NULL,
	 NULL,
	 {.deletes = 2, .keys = 3, .rows = 1},
	 2,
	 "guard count"},
	{"the only one",
	 NULL,
	 NULL,
	 {.deletes = 1, .keys = 1, .rows = 1},
	 1,
	 "guard count"},
	{"a mistake in a WHERE",
	 NULL,
	 NULL,
	 {.deletes = 99, .keys = 100, .rows = 1},
	 99,
	 "99 of 100 keys (99.0 %) would be deleted"},
	{"ten percent of many",
	 NULL,
	 NULL,
	 {.deletes = 1000, .keys = 10000, .rows = 1},
	 0,
	 NULL},
	{"and no more",
	 NULL,
	 NULL,
	 {.deletes = 1001, .keys = 10000, .rows = 1},
	 1001,
	 "guard count"},
	/* what is given counts literally */
	{"ten percent of nine",
	 "10%",
	 NULL,
	 {.deletes = 1, .keys = 9, .rows = 1},
	 1,
	 "guard count"},
	{"fifty percent",
	 "50%",
	 NULL,
	 {.deletes = 5001, .keys = 10000, .rows = 1},
	 5001,
	 "guard count"},
	{"all of them by percentage",
	 "100%",
	 NULL,
	 {.deletes = 10000, .keys = 10000, .rows = 1},
	 0,
	 NULL},
	{"none by percentage",
	 "0%",
	 NULL,
	 {.deletes = 1, .keys = 10000, .rows = 1},
	 1,
	 "guard count"},
	{"more than a count",
	 "9",
	 NULL,
	 {.deletes = 10, .keys = 10000, .rows = 1},
	 10,
	 "guard count"},
	{"up to the count, all of them",
	 "9",
	 NULL,
	 {.deletes = 9, .keys = 9, .rows = 1},
	 0,
	 NULL},
	{"keys beyond 2^53",
	 "1%",
	 NULL,
	 {.deletes = UINT64_MAX, .keys = UINT64_MAX, .rows = 1},
	 UINT64_MAX,
	 "guard count"},
	/* an input in doubt blocks any */
	{"an input without a row",
	 "100%",
	 NULL,
	 {.deletes = 1, .keys = 1000},
	 1,
	 "guard empty: the input has no rows; check the rows, and to allow "
	 "these deletes run again with --allow-deletes=1,empty"},
	{"an unreadable row",
	 NULL,
	 NULL,
	 {.deletes = 1, .keys = 1000, .rows = 9, .unreadable = 1},
	 1,
	 "guard unreadable: 1 row could not be read, so it is not known which "
	 "keys are missing; check the rows, and to allow these deletes run "
	 "again with --allow-deletes=1,unreadable"},
	{"a row without a key",
	 NULL,
	 NULL,
	 {.deletes = 2,
	  .keys = 4899,
	  .rows = 9,
	  .unreadable = 1,
	  .keyless = 1,
	  .keyless_line = 778,
	  .no_key = "key column 'id' is null"},
	 2,
	 "guard unreadable: 1 row has no key (key column 'id' is null, line "
	 "778), so it is not known which keys are missing; check the rows, "
	 "and to allow these deletes run again with "
	 "--allow-deletes=2,unreadable"},
	{"rows without a key, bad ones, and rejects",
	 NULL,
	 NULL,
	 {.deletes = 1,
	  .keys = 9,
	  .rows = 9,
	  .unreadable = 9,
	  .keyless = 2,
	  .upstream = 4,
	  .keyless_line = 3,
	  .bad_line = 5,
	  .no_key = "key column 'id' is null"},
	 1,
	 "guard unreadable: 2 rows have no key (key column 'id' is null, from "
	 "line 3), 3 rows could not be read (from line 5), 4 rows were "
	 "rejected by an earlier stage, so it is not known which keys are "
	 "missing; check the rows, and to allow these deletes run again with "
	 "--allow-deletes=1,unreadable"},
	{"no end line",
	 NULL,
	 NULL,
	 {.deletes = 1, .keys = 1000, .rows = 9, .trusted_eof = true},
	 1,
	 "--allow-deletes=1,truncated"},
	{"rows left out on purpose",
	 NULL,
	 NULL,
	 {.deletes = 1, .keys = 1000, .rows = 9, .partial = true},
	 1,
	 "--allow-deletes=1,partial"},
	{"a required key",
	 NULL,
	 NULL,
	 {.deletes = 1, .keys = 1000, .rows = 9, .key_missing = true},
	 1,
	 "--allow-deletes=1,require-key"},
	{"several at once",
	 NULL,
	 NULL,
	 {.deletes = 99, .keys = 100, .unreadable = 1, .key_missing = true},
	 99,
	 "guard empty, unreadable, require-key, count: the input has no rows; "
	 "check the rows, and to allow these deletes run again with "
	 "--allow-deletes=99,empty,unreadable,require-key"},
	/* another model: more than 10 and more than 1 % */
	{"ten under another model",
	 NULL,
	 NULL,
	 {.deletes = 10,
	  .missing = 10,
	  .keys = 500,
	  .rows = 1,
	  .new_model = true},
	 0,
	 NULL},
	{"eleven, 2.2 %",
	 NULL,
	 NULL,
	 {.deletes = 11,
	  .missing = 11,
	  .keys = 500,
	  .rows = 1,
	  .new_model = true},
	 11,
	 "guard model: the model differs from that of the last commit"},
	{"eleven, 1 %",
	 NULL,
	 NULL,
	 {.deletes = 11,
	  .missing = 11,
	  .keys = 1100,
	  .rows = 1,
	  .new_model = true},
	 0,
	 NULL},
	{"whatever --max-deletes is",
	 "100%",
	 NULL,
	 {.deletes = 11,
	  .missing = 11,
	  .keys = 500,
	  .rows = 1,
	  .new_model = true},
	 11,
	 "--allow-deletes=11"},
	/* deletes that were sent before have passed the guards */
	{"sent before",
	 "5",
	 NULL,
	 {.deletes = 20, .again = 15, .keys = 20, .rows = 1},
	 0,
	 NULL},
	{"others beside them",
	 "5",
	 NULL,
	 {.deletes = 21, .again = 15, .keys = 21, .rows = 1},
	 6,
	 "--allow-deletes=6"},
	{"sent before, and now the input is in doubt",
	 NULL,
	 NULL,
	 {.deletes = 20, .again = 20, .keys = 40, .rows = 0},
	 20,
	 "--allow-deletes=20,empty"},
	/* what allows them */
	{"the exact number",
	 "0",
	 "7",
	 {.deletes = 7, .keys = 7, .rows = 1},
	 0,
	 NULL},
	{"of another model",
	 NULL,
	 "70",
	 {.deletes = 70,
	  .missing = 70,
	  .keys = 70,
	  .rows = 1,
	  .new_model = true},
	 0,
	 NULL},
	{"the number alone, of an input in doubt",
	 "0",
	 "7",
	 {.deletes = 7, .keys = 7, .rows = 1, .unreadable = 1},
	 7,
	 "--allow-deletes=7,unreadable"},
	{"with the name of the guard",
	 "0",
	 "7,unreadable",
	 {.deletes = 7, .keys = 7, .rows = 1, .unreadable = 1},
	 0,
	 NULL},
	{"with the name of another",
	 "0",
	 "7,empty,count,model",
	 {.deletes = 7, .keys = 7, .rows = 1, .unreadable = 1},
	 7,
	 "--allow-deletes=7,unreadable"},
	{"with one of two names",
	 NULL,
	 "7,truncated",
	 {.deletes = 7,
	  .keys = 7,
	  .unreadable = 1,
	  .rows = 1,
	  .trusted_eof = true},
	 7,
	 "--allow-deletes=7,truncated,unreadable"},
	{"one less", "0", "7", {.deletes = 6, .keys = 7, .rows = 1}, 6, "=6"},
	{"one more", "0", "7", {.deletes = 8, .keys = 9, .rows = 1}, 8, "=8"},
	{"none allows none",
	 "0",
	 "0",
	 {.deletes = 1, .keys = 9, .rows = 1},
	 1,
	 "=1"},
	{"a permit takes no limit away",
	 NULL,
	 "7",
	 {.deletes = 3, .keys = 9, .rows = 1},
	 0,
	 NULL},
};

static void blocks_what_is_too_much_or_in_doubt(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct delete_guard b;
		struct err e = {0};
		uint64_t n;

		assert_int_equal(
			delete_guard_init(&b, cases[i].max, cases[i].allow, &e),
			0);
		n = delete_guard_blocks(&b, &cases[i].c, &e);
		if (n != cases[i].blocked)
			fail_msg("%s: %ju: %s", cases[i].label, (uintmax_t)n,
				 e.text);
		assert_int_equal(e.kind, n > 0 ? ERR_BLOCKED : ERR_NONE);
		if (cases[i].says && !strstr(e.text, cases[i].says))
			fail_msg("%s: %s", cases[i].label, e.text);
	}
}

static void refuses_options_that_are_no_numbers(void **state)
{
	static const char *const bad[] = {
		"",     "%",    "x",   "101%", "-1",
		"1.5%", "10 %", "%10", "10%%", "18446744073709551616"};
	struct delete_guard b;
	struct err e = {0};
	char want[160];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		e.kind = ERR_NONE;
		if (delete_guard_init(&b, bad[i], NULL, &e) == 0)
			fail_msg("took '%s'", bad[i]);
		assert_int_equal(e.kind, ERR_USAGE);
		snprintf(want, sizeof(want),
			 "option '--max-deletes': '%s' is not a count or a "
			 "percentage like 10%%",
			 bad[i]);
		assert_string_equal(e.text, want);
		if (delete_guard_init(&b, "5", bad[i], &e) == 0)
			fail_msg("took '%s'", bad[i]);
		assert_int_equal(e.kind, ERR_USAGE);
		snprintf(want, sizeof(want),
			 "option '--allow-deletes': '%s' is not a count, or a "
			 "count and the names of delete guards like 90,empty",
			 bad[i]);
		assert_string_equal(e.text, want);
	}
}

static void refuses_names_that_are_no_guards(void **state)
{
	static const char *const bad[] = {"5,", "5,emptyy", "5,empty,",
					  "5,,empty", "5, empty"};
	struct delete_guard b;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct err e = {0};

		if (delete_guard_init(&b, NULL, bad[i], &e) == 0)
			fail_msg("took '%s'", bad[i]);
		assert_int_equal(e.kind, ERR_USAGE);
		assert_non_null(strstr(e.text, "they are truncated, partial, "
					       "empty, unreadable, "
					       "require-key, model, count"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_what_is_too_much_or_in_doubt),
		cmocka_unit_test(refuses_options_that_are_no_numbers),
		cmocka_unit_test(refuses_names_that_are_no_guards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
