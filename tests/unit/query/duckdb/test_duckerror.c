/* test_duckerror.c - unit tests of query/duckdb/duckerror.h */
#include "cmocka_all.h"

#include "query/duckdb/duckerror.h"

static const struct {
	const char *why;
	enum err_kind kind;
	const char *said;
} errors[] = {
	{"Conversion Error: Could not convert string 'x' to INT32\n\n"
	 "LINE 1: SELECT 'x'::INT\n               ^",
	 ERR_DATA,
	 "DuckDB: Conversion Error: Could not convert string 'x' to INT32"},
	{"IO Error: Could not set lock on file \"d.db\"", ERR_TEMP,
	 "DuckDB: IO Error: Could not set lock on file \"d.db\""},
	{"IO Error: Extension \"x\" not found.", ERR_CONFIG,
	 "DuckDB: IO Error: Extension \"x\" not found."},
	{"IO Error: disk", ERR_IO, "DuckDB: IO Error: disk"},
	{"Parser Error: syntax", ERR_CONFIG, "DuckDB: Parser Error: syntax"},
	/* not a reason to try again: nobody else has asked for it */
	{"INTERRUPT Error: Interrupted!", ERR_DATA,
	 "DuckDB: INTERRUPT Error: Interrupted! Stopped by DuckDB because one "
	 "of its threads failed; add '?threads=1' to the source to see why"},
	{"Invalid Input Error: rudder: column 'd' is DECIMAL(50,2)", ERR_CONFIG,
	 "column 'd' is DECIMAL(50,2)"},
	{"", ERR_DATA, "DuckDB: "},
	{NULL, ERR_DATA, "DuckDB: no reason given"},
};

static void test_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(errors); i++) {
		struct err e = {0};

		assert_int_equal(duckerror_set(errors[i].why, &e), -1);
		assert_int_equal(e.kind, errors[i].kind);
		assert_string_equal(e.text, errors[i].said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_kinds)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
