/* test_myending.c - unit tests of query/mysql/myending.h */
#include "cmocka_all.h"

#include <string.h>

#include "query/mysql/myending.h"

static const struct model_sql my = {.quote = '`',
				    .backslash = true,
				    .hash_comments = true,
				    .dash_blank = true};

#define ALL "\nLIMIT 18446744073709551615\n"

static const struct {
	const char *text, *put;
} cases[] = {
	{"SELECT a", "SELECT a"},
	{"SELECT a ORDER BY a", "SELECT a ORDER BY a" ALL},
	{"SELECT a ORDER BY a -- x", "SELECT a ORDER BY a -- x" ALL},
	{"(SELECT a ORDER BY a)", "(SELECT a ORDER BY a)" ALL},
	{"SELECT a ORDER BY a limit 1, 2", "SELECT a ORDER BY a limit 1, 2"},
	{"SELECT a ORDER BY a FETCH FIRST ROW ONLY",
	 "SELECT a ORDER BY a FETCH FIRST ROW ONLY"},
	{"SELECT a ORDER BY a LOCK IN SHARE MODE",
	 "SELECT a ORDER BY a " ALL "LOCK IN SHARE MODE"},
	{"SELECT a ORDER BY a for/**/update OF t NOWAIT",
	 "SELECT a ORDER BY a " ALL "for/**/update OF t NOWAIT"},
	{"SELECT a ORDER BY a FOR SHARE SKIP LOCKED",
	 "SELECT a ORDER BY a " ALL "FOR SHARE SKIP LOCKED"},
	{"SELECT a ORDER BY a LIMIT 1 FOR SHARE",
	 "SELECT a ORDER BY a LIMIT 1 FOR SHARE"},
	{"SELECT a FOR UPDATE", "SELECT a FOR UPDATE"},
	{"SELECT t.limit, @fetch, t.lock in (1) ORDER BY 1",
	 "SELECT t.limit, @fetch, t.lock in (1) ORDER BY 1" ALL},
	{"SELECT (SELECT 1 LIMIT 1), 'FOR UPDATE' ORDER BY `LIMIT`",
	 "SELECT (SELECT 1 LIMIT 1), 'FOR UPDATE' ORDER BY `LIMIT`" ALL},
	{"SELECT a FROM t USE INDEX FOR ORDER BY (i) ORDER BY a",
	 "SELECT a FROM t USE INDEX FOR ORDER BY (i) ORDER BY a" ALL},
};

static void an_order_gets_a_limit_before_its_locks(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf b = {0};

		myending_put(&b, slice_str(cases[i].text), &my);
		assert_string_equal(buf_cstr(&b), cases[i].put);
		buf_clear(&b);
	}
}

static const struct {
	const char *text, *why;
} checks[] = {
	{"SELECT a LIMIT ROWS EXAMINED 9", "ROWS EXAMINED leaves out"},
	{"SELECT a LIMIT 9 rows examined 9", "ROWS EXAMINED leaves out"},
	{"SELECT * FROM (SELECT a LIMIT ROWS EXAMINED 9) x", "ROWS EXAMINED"},
	{"SELECT a ORDER BY a OFFSET 1 ROWS", "OFFSET without FETCH"},
	{"SELECT a OFFSET 1 ROW LOCK IN SHARE MODE", "OFFSET without FETCH"},
	{"SELECT a OFFSET ? ROWS", "OFFSET without FETCH"},
	{"SELECT a OFFSET 1 ROWS FETCH NEXT ROW ONLY", NULL},
	{"SELECT a LIMIT 2 OFFSET 1", NULL},
	{"SELECT offset, sum(a) OVER (ORDER BY offset ROWS 1 PRECEDING)", NULL},
	{"SELECT 'ROWS EXAMINED', rows -- ROWS EXAMINED", NULL},
};

static void an_ending_that_leaves_out_rows_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(checks); i++) {
		struct model m = {.name = "m"};
		struct err e = {0};
		int rc;

		buf_str(&m.base, checks[i].text);
		rc = myending_check(&m, &my, &e);
		assert_int_equal(rc, checks[i].why ? -1 : 0);
		if (checks[i].why) {
			assert_int_equal(e.kind, ERR_CONFIG);
			assert_non_null(strstr(e.text, checks[i].why));
		}
		buf_clear(&m.base);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_order_gets_a_limit_before_its_locks),
		cmocka_unit_test(an_ending_that_leaves_out_rows_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
