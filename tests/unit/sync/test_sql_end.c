/* test_sql_end.c - unit tests of sync/sql_end.h */
#include "cmocka_all.h"

#include "sync/sql_end.h"

static void ends_where_the_statement_does(void **state)
{
	static const struct {
		const char *sql, *rest; /* what is left out */
		bool mysql;
	} cases[] = {
		{"", "", false},
		{" ;\n", " ;\n", false},
		{"SELECT 1", "", false},
		{"SELECT 1;", ";", false},
		{"SELECT 1 ;; \r\n\t", " ;; \r\n\t", false},
		{"SELECT 1; -- done\n", "; -- done\n", false},
		{"SELECT 1 /* a */ ; /* b;*/\n-- c", " /* a */ ; /* b;*/\n-- c",
		 false},
		{"SELECT 1 -- all; of it", "", false},
		{"SELECT 1 -- a\n;", "\n;", false},
		{"SELECT ' ; -- ' AS a", "", false},
		{"SELECT ' ; -- ' AS a; -- b", "; -- b", false},
		{"SELECT 'it''s' AS a; -- '", "; -- '", false},
		{"SELECT \"; --\" FROM a; -- b", "; -- b", false},
		{"SELECT `; --` FROM a; -- b", "; -- b", true},
		{"SELECT 'a\\' AS a; -- b", "; -- b", false},
		{"SELECT 'a\\'; -- ' AS a", "", true},
		{"SELECT `a\\` FROM a; # b", "; # b", true},
		{"SELECT 1 # 2; -- b", "; -- b", false},
		{"SELECT 1; # b", "", false}, /* two statements, and refused */
		{"SELECT 5 - -1; - 2", "", false},
		{"SELECT 1; SELECT 2; -- b", "; -- b", false},
		{"SELECT $$it's; -- $$; -- b", "", false},
		{"SELECT 1; /* b", "", false},
		{"SELECT 1; /*/", "", false},
		{"SELECT 'a", "", false},
		{"SELECT 'a\\", "", true},
		{"SELECT 6/2; -", "", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct slice sql = slice_str(cases[i].sql);
		size_t n = sql_end(sql, cases[i].mysql);

		assert_true(n <= sql.n);
		assert_string_equal(cases[i].sql + n, cases[i].rest);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_where_the_statement_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
