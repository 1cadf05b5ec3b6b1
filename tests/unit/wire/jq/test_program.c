/* test_program.c - unit tests of wire/jq/program.h and wire/jq/compile.h */
#include "cmocka_all.h"

#include <string.h>

#include "core/buf.h"
#include "wire/jq/compile.h"
#include "wire/jq/program.h"

static void refuses_what_reaches_outside(void **state)
{
	static const char *const bad[] = {
		"{$ENV}",
		"{a: 1, $ENV}",
		"{ $ENV, a}",
		"$ ENV",
		"$\n\tENV.HOME",
		"$ # a comment\nENV",
		"\"\\($ENV)\"",
		"\"\\($ ENV)\"",
		"@json \"\\(env)\"",
		". as {$ENV} | 1",
		"$__prog_args",
		"{$__prog_args}",
		"{$ __prog_args}",
		"$__prog_name",
		"if 1then env else 2end",
		"if . then 1else env end",
		"1,env",
		"1.|env",
		"{a: if . then 1, env, 2 else 3 end}",
		"{a: def f: 1, env, 2; f}",
		"{a: 1 | env}",
		"{(\"a\", env): 1}",
		"{\"a\\(env)\": 1}",
		"[.a, {b: env}]",
		"# x\n env",
		"env # x",
		"debug(\"x\")",
		"halt_error(1)",
		"input_line_number",
		"def f($x): input; f(1)",
		"try env catch .",
		"reduce env as $x (0; 1)",
		"label $x | env",
		"{a:\"}\", b: env}",
		"env::x",
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		e = (struct err){0};
		if (program_check(bad[i], &e) == 0)
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_non_null(strstr(e.text, "is not allowed"));
	}
}

static void takes_names_that_only_look_like_it(void **state)
{
	static const char *const good[] = {
		".env",
		".a.env.input",
		"{env}",
		"{env, input: 1}",
		"{env: .debug}",
		"\"env $ENV\"",
		"\"a\\\"env\"",
		"# env\n.",
		"{\"$ENV\": 1}",
		". as $env | $env",
		". as {$input} | $input",
		".[\"env\"]",
		"environment, inputs_, $ENVX",
		"@env \"x\"",
		"{if: 1, def: 2, env}",
		"1.5e3, .5, 1e5",
		"# ends with CR LF\r\n.",
		"[now, localtime]",
		"getpath([\"env\"])",
	};
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		if (program_check(good[i], &e) != 0)
			fail_msg("refused: %s", good[i]);
	}
}

static void does_not_guess_where_versions_of_jq_differ(void **state)
{
	static const char *const bad[] = {
		". # ends here in jq 1.7\r | env",
		". # goes on in jq 1.7.1 \\\n \"",
		". # the same \\\r\n .",
	};
	struct buf deep = {0};
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_int_equal(program_check(bad[i], &e), -1);
	for (size_t i = 0; i < 300; i++)
		buf_str(&deep, "{a:(");
	buf_str(&deep, "1, env");
	assert_int_equal(program_check(buf_cstr(&deep), &e), -1);
	assert_non_null(strstr(e.text, "nested too deep"));
	buf_clear(&deep);
}

static void compiles_each_and_names_the_wrong_one(void **state)
{
	const char *const fine[] = {". as $x | $x.a", NULL, "[.[] | error]"};
	const char *const one_is_not[] = {".", ".[", "."};
	struct err e = {0};
	size_t which;

	(void)state;
	assert_int_equal(compile_check(fine, COUNT_OF(fine), &which, &e), 0);
	assert_int_equal(compile_check(one_is_not, 3, &which, &e), -1);
	assert_int_equal(which, 1);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_non_null(strstr(e.text, "line 1, column 3: syntax error"));
}

static void refuses_what_it_cannot_follow(void **state)
{
	static const struct {
		const char *again; /* 300 times, then the rest */
		const char *rest, *why;
	} cases[] = {
		{"(", "1", "nested too deep"},
		{"if . then ", "1", "nested too deep"},
		{"def f: ", "1", "nested too deep"},
		{"\"\\(", "1", "nested too deep"},
		{"", "$ # x\\\n y", "a comment that jq versions end in"},
		{"", ". # x\\\n | env", "a comment that jq versions end in"},
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf b = {0};

		for (int k = 0; *cases[i].again && k < 300; k++)
			buf_str(&b, cases[i].again);
		buf_str(&b, cases[i].rest);
		e = (struct err){0};
		assert_int_equal(program_check(buf_cstr(&b), &e), -1);
		if (!strstr(e.text, cases[i].why))
			fail_msg("case %zu: %s", i, e.text);
		buf_clear(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_it_cannot_follow),
		cmocka_unit_test(refuses_what_reaches_outside),
		cmocka_unit_test(takes_names_that_only_look_like_it),
		cmocka_unit_test(does_not_guess_where_versions_of_jq_differ),
		cmocka_unit_test(compiles_each_and_names_the_wrong_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
