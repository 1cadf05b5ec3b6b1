/* test_near_table.c - unit tests of query/near_table.h */
#include "cmocka_all.h"

#include "query/near_table.h"

static const struct {
	const char *message, *want;
} cases[] = {
	{"model 'usres' line 1: PostgreSQL: relation \"usres\" does not exist "
	 "(SQLSTATE 42P01)",
	 "usres"},
	{"PostgreSQL: relation \"shop.ordres\" does not exist", "ordres"},
	{"PostgreSQL: schema \"shpo\" does not exist", ""},
	{"PostgreSQL: column \"usres\" does not exist", ""},
	{"MySQL: Table 'd.usres' doesn't exist (1146)", "usres"},
	{"Trino: line 1:15: Table 'memory.default.usres' does not exist "
	 "(TABLE_NOT_FOUND)",
	 "usres"},
	{"Trino: line 1:15: Schema 'defalt' does not exist", ""},
	{"SQLite: no such table: main.usres", "usres"},
	{"SQLite: no such table: usres (line 2)", "usres"},
	{"DuckDB: Catalog Error: Table with name usres does not exist! LINE 1",
	 "usres"},
	{"DuckDB: Catalog Error: Table with name usres does not exist! Did "
	 "you mean \"users\"? LINE 1",
	 ""},
	{"ClickHouse: Unknown table expression identifier 'usres' in scope "
	 "SELECT * FROM usres (60)",
	 "usres"},
	{"ClickHouse: Unknown table expression identifier 'usres'. Maybe you "
	 "meant: ['users']",
	 ""},
	{"ClickHouse: Table default.usres doesn't exist. (60)", "usres"},
	{"ClickHouse: Table default.usres does not exist (UNKNOWN_TABLE)",
	 "usres"},
	{"the table of two words does not exist", ""},
	{"relation \"", ""},
	{"", ""},
};

static void finds_the_name_of_a_table_that_is_missing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf name = {0};

		near_table_missing(&name, cases[i].message);
		assert_string_equal(buf_cstr(&name), cases[i].want);
		buf_clear(&name);
	}
}

static void takes_no_name_of_a_thousand_bytes(void **state)
{
	(void)state;
	for (int n = 999; n <= 1000; n++) {
		struct buf message = {0}, name = {0};

		buf_fmt(&message, "Table 'd.%0*d' does not exist", n - 2, 1);
		near_table_missing(&name, buf_cstr(&message));
		assert_int_equal(name.n, n == 999 ? 997 : 0);
		buf_clear(&message);
		buf_clear(&name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_name_of_a_table_that_is_missing),
		cmocka_unit_test(takes_no_name_of_a_thousand_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
