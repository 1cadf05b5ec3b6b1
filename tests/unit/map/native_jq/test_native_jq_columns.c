/* test_native_jq_columns.c - unit tests of map/native_jq/native_jq_columns.h */
#include "cmocka_all.h"

#include "map/native_jq/native_jq_columns.h"

#define WHOLE "the row"

static const struct {
	const char *program;
	const char *value; /* what is read where its value counts */
	const char *truth; /* and where only its truth does; NULL: the same */
} cases[] = {
	{"1", "", NULL},
	{"empty", "", NULL},
	{".", WHOLE, ""},
	{".a", "a ", NULL},
	{".a.b[0]", "a ", NULL},
	{".[\"a b\"]", "a b ", NULL},
	{".\"\\u00e9\"", "\xc3\xa9 ", NULL},
	{".a | .b", "a ", NULL},
	{". | .b", "b ", NULL},
	{"{x: .a, y: [.b]}", "a b ", NULL},
	{"{x: .}", WHOLE, NULL},
	{".a // .b", "a b ", NULL},
	{".a // .", WHOLE, "a "},
	{". // .a", WHOLE, "a "},
	{".a?", "a ", NULL},
	{"(.)?", WHOLE, ""},
	{"(.a // .)?", WHOLE, "a "},
	{"select(.a)", WHOLE, "a "},
	{"select(.a) | .b", "a b ", NULL},
	{"select(.) | .b", "b ", NULL},
	{"select(.a == 1).b", "a b ", NULL},
	{"select(. == {}).b", WHOLE, NULL},
	{"if .a then .b else .c end", "a b c ", NULL},
	{"if .a then .b else . end", WHOLE, "a b "},
	{"if . then .b else .c end", "b c ", NULL},
	{"if .a then . else .c end", WHOLE, "a c "},
	{"if .a then . else .c end | .d", "a c d ", NULL},
	{".a and .b", "a b ", NULL},
	{". and .b", "b ", NULL},
	{".a or .", "a ", NULL},
	{".a == .b", "a b ", NULL},
	{". == .b", WHOLE, NULL},
	{".a + .b", "a b ", NULL},
	{".a | not", "a ", NULL},
	{".a | type", "a ", NULL},
	{"type", "", NULL},
	{".a | length", "a ", NULL},
	{"length", WHOLE, NULL},
	{"tostring", WHOLE, NULL},
	{"ascii_downcase", WHOLE, NULL},
	{".a | ascii_downcase", "a ", NULL},
	{".a | startswith(\"x\")", "a ", NULL},
	{"startswith(\"x\")", WHOLE, NULL},
	{"\"\\(.a) and \\(.b)\"", "a b ", NULL},
	{"\"\\(.)\"", WHOLE, NULL},
	{".a, .b", WHOLE, NULL}, /* not simple */
	{"keys", WHOLE, NULL},
};

static void note(void *ctx, struct slice name)
{
	buf_fmt(ctx, "%.*s ", SLICE_FMT(name));
}

static void check(const char *program, bool value, const char *wanted)
{
	struct buf b = {0};

	if (!native_jq_columns(program, value, note, &b)) {
		b.n = 0;
		buf_str(&b, WHOLE);
	}
	if (strcmp(buf_cstr(&b), wanted) != 0)
		print_error("%s (%s): %s, not %s\n", program,
			    value ? "value" : "truth", buf_cstr(&b), wanted);
	assert_string_equal(buf_cstr(&b), wanted);
	buf_clear(&b);
}

static void names_all_that_a_program_reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		check(cases[i].program, true, cases[i].value);
		check(cases[i].program, false,
		      cases[i].truth ? cases[i].truth : cases[i].value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_all_that_a_program_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
