/* test_option_keys.c - unit tests of core/option_keys.h */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "core/option_keys.h"

static const char table[] = "file syncs/users.yaml\n"
			    "rudder-diff max-deletes deletes.max 9 v\n"
			    "rudder-diff mode mode 0 v upsert|mirror\n"
			    "rudder-diff max-changes max_changes 4 v\n"
			    "rudder-diff k key 0 v\n"
			    "rudder-query delimiter delimiter 0 v\n"
			    "rudder-query delta delta 3 v\n"
			    "rudder-query P params 0 v\n"
			    "run full - 0 v\n"
			    "rudder-send http2 http2 5 f\n";

static const struct {
	const char *command, *text, *want;
} cases[] = {
	{"rudder-diff", "", ""},
	{"rudder-diff", "nothing - or -- here", "nothing - or -- here"},
	{"rudder-diff", "option '--max-deletes': '10x' is not a count",
	 "key 'deletes.max' in line 9 of 'syncs/users.yaml': '10x' is not a "
	 "count"},
	{"rudder-diff", "option '--mode': 'x' is not upsert",
	 "key 'mode': 'x' is not upsert"},
	{"rudder-diff", "options '--mode' and '--max-changes' exclude",
	 "keys 'mode' and 'max_changes' exclude"},
	{"rudder-diff", "5 postponed by --max-changes",
	 "5 postponed by 'max_changes'"},
	{"rudder-diff", "more than 5 (--max-deletes)",
	 "more than 5 ('deletes.max')"},
	{"rudder-diff", "use --mode mirror", "use 'mode: mirror'"},
	{"rudder-diff", "use --mode mirrors", "use 'mode' mirrors"},
	{"rudder-diff", "--max-deletes 10% is low",
	 "'deletes: {max: 10%}' is low"},
	{"rudder-diff", "the key: -k COLUMN", "the key: 'key: COLUMN'"},
	{"rudder-diff", "the key: -k, or none", "the key: 'key', or none"},
	{"rudder-diff", "run with --max-deletes-x, --full, a--mode, -kx",
	 "run with --max-deletes-x, --full, a--mode, -kx"},
	{"rudder-diff", "rows of rudder-query --delta",
	 "rows of rudder-query --delta"},
	{"rudder-query", "use --delimiter ';', or --delimiter '\t' if",
	 "use 'delimiter: \";\"', or 'delimiter: \"\t\"' if"},
	{"rudder-query", "--delta needs --delta <schema>",
	 "'delta' needs 'delta: <schema>'"},
	{"rudder-query", "--delta: there is no schema 'x'",
	 "'delta': there is no schema 'x'"},
	{"rudder-query", "no value; use -P NAME=VALUE",
	 "no value; use 'params: {NAME: VALUE}'"},
	{"rudder-query", "a dash, -PX and -P", "a dash, -PX and 'params'"},
	{"rudder-send", "--http2 10 times", "'http2' 10 times"},
	{"rudder-send", "ends with --http2", "ends with 'http2'"},
	{"rudder-map", "accept once with rudder-diff --full",
	 "accept once with rudder run --full"},
	{"rudder-map",
	 "rudder-query --fuller, a-rudder-diff --full, rudder-map",
	 "rudder-query --fuller, a-rudder-diff --full, rudder-map"},
	{"rudder-diff",
	 "no key: use -k COLUMN (key: COLUMN in a mapping file); x",
	 "no key: use 'key: COLUMN'; x"},
	{"rudder-diff", "no key (key: COLUMN in a mapping file)",
	 "no key (key: COLUMN in a mapping file)"},
	{"rudder-diff", "use -k COLUMN (of a table)",
	 "use 'key: COLUMN' (of a table)"},
	{"rudder-send", "an end --", "an end --"},
	{"rudder-diff", "use --mode", "use 'mode'"},
	{"rudder-diff", "use --mode ", "use 'mode' "},
	{"rudder-diff", "use --mode- or --mode, --mode--",
	 "use 'mode'- or 'mode', 'mode'--"},
	{"rudder-diff", "option '--mode", "option ''mode'"},
	{"rudder-diff", "use --max-changes 'x", "use 'max_changes' 'x"},
	{"rudder-diff", "use --max-changes 'a=b'",
	 "use 'max_changes: \"a=b\"'"},
	{"rudder-diff", "use --max-changes N or Nobody",
	 "use 'max_changes: N' or Nobody"},
	{"rudder-diff", "use --max-changes Nobody, --max-changes (5)",
	 "use 'max_changes' Nobody, 'max_changes' (5)"},
	{"rudder-query", "--delta <schema", "'delta' <schema"},
	{"rudder-query", "-P", "'params'"},
	{"rudder-query", "-P-x, -P9, -Px", "-P-x, -P9, -Px"},
	{"rudder-query", "-9 and --9delta and -delta",
	 "-9 and --9delta and -delta"},
	{"rudder-send", "--http22 and --http2", "--http22 and 'http2'"},
	{"rudder-map", "run it with rudder-diff --full.",
	 "run it with rudder run --full."},
	{"rudder-map", "rudder-diff -f, rudder-diff --, rudder-diff",
	 "rudder-diff -f, rudder-diff --, rudder-diff"},
	{"rudder-diff", "no key: -k (", "no key: 'key' ("},
};

static void names_keys_instead_of_options(void **state)
{
	struct buf b = {0};

	(void)state;
	setenv(OPTION_KEYS, table, 1);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		b.n = 0;
		option_keys_put(&b, cases[i].command, slice_str(cases[i].text));
		assert_string_equal(buf_cstr(&b), cases[i].want);
	}
	buf_clear(&b);
}

static void names_no_file_that_it_does_not_know(void **state)
{
	struct buf b = {0};

	(void)state;
	/* a line that ends early names no key and no line */
	setenv(OPTION_KEYS,
	       "rudder-diff max-deletes deletes.max 9 v\nrudder-diff\n"
	       "\nrudder-diff mode mode",
	       1);
	option_keys_put(&b, "rudder-diff",
			slice_str("option '--max-deletes': no; --mode x"));
	assert_string_equal(buf_cstr(&b),
			    "key 'deletes.max' in line 9: no; 'mode' x");
	b.n = 0;
	setenv(OPTION_KEYS, "", 1);
	option_keys_put(&b, "rudder-diff", slice_str("use --mode mirror"));
	assert_string_equal(buf_cstr(&b), "use --mode mirror");
	buf_clear(&b);
}

static void leaves_all_as_it_is_without_a_table(void **state)
{
	struct buf b = {0};

	(void)state;
	unsetenv(OPTION_KEYS);
	option_keys_put(&b, "rudder-diff", slice_str("use --mode mirror"));
	assert_string_equal(buf_cstr(&b), "use --mode mirror");
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_keys_instead_of_options),
		cmocka_unit_test(names_no_file_that_it_does_not_know),
		cmocka_unit_test(leaves_all_as_it_is_without_a_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
