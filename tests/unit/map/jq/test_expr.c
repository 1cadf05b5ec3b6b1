/* test_expr.c - unit tests of map/jq/expr.h */
#include "cmocka_all.h"

#include <string.h>

#include "map/jq/event_wrap.h"
#include "map/jq/expr.h"

static const struct event_wrap_event shell = {
	.type = {"\"identify\"", 10},
	.context = {"{\"sources\":{\"job_id\":\"j\"}}", 26},
	.sources = {"{\"job_id\":\"j\"}", 14},
};

static void add_shells(struct slice text, const struct event_wrap_row *r,
		       size_t n, struct buf *out)
{
	struct event_wrap s = {0};

	for (size_t i = 1; i <= n; i++) {
		const char *lf = memchr(text.p, '\n', text.n);
		size_t size = (size_t)(lf - text.p);
		const char *why = event_wrap_object(&s, slice_of(text.p, size),
						    r, &shell, i, n, out);

		if (why) {
			out->n = 0;
			buf_fmt(out, "%s!", why);
			break;
		}
		text = slice_of(lf + 1, text.n - size - 1);
	}
	event_wrap_clear(&s);
}

static int program_new(struct expr **x, const char *program, struct err *e)
{
	return expr_new(x, NULL, program, NULL, 0, e);
}

/* What a program makes of a row, or the reason why not behind a "!". */
static void run(const char *program, const char *row, struct buf *out)
{
	const struct event_wrap_row r = {
		.id = slice_str("0123456789abcdef0123456789abcdef"),
		.record = slice_str("\"7\""),
		.user_id = slice_str("\"u\""),
	};
	const struct expr_row text = {.row = slice_str(row)};
	struct buf given = {0};
	struct expr *x;
	struct err e;
	uint64_t n;
	bool left;

	out->n = 0;
	assert_int_equal(program_new(&x, program, &e), 0);
	assert_true(expr_load(x));
	if (expr_events(x, &text, &given, &n, &left) < 0) {
		buf_slice(out, buf_all(&given));
		buf_char(out, '!');
	} else {
		add_shells(buf_all(&given), &r, n, out);
	}
	buf_cstr(out);
	buf_clear(&given);
	expr_free(x);
}

static void fills_in_what_is_missing(void **state)
{
	struct buf b = {0};

	(void)state;
	run("{traits: .}", "{\"a\":1}", &b);
	assert_string_equal(
		b.p,
		"{\"channel\":\"sources\",\"context\":{\"sources\":{\"job_id\":"
		"\"j\"}},\"messageId\":\"01234567-89ab-8def-8123-456789abcdef\""
		",\"recordId\":\"7\",\"traits\":{\"a\":1},\"type\":"
		"\"identify\",\"userId\":\"u\"}\n");
	run("empty", "{}", &b);
	assert_int_equal(b.n, 0);
	run("5", "{}", &b);
	assert_string_equal(b.p, "the jq program did not return an object!");
	run("error(\"why\")", "{}", &b);
	assert_string_equal(b.p, "jq: why!");
	buf_clear(&b);
}

static void leaves_nothing_of_a_row_that_fails_late(void **state)
{
	struct buf b = {0};

	(void)state;
	run("{}, 1", "{}", &b);
	assert_string_equal(b.p, "the jq program did not return an object!");
	run("{}, error(\"x\")", "{}", &b);
	assert_string_equal(b.p, "jq: x!");
	buf_clear(&b);
}

/* What a condition and a program make of a row: objects, "-" where it was left
 * out, or the reason.
 */
static int where(const char *condition, const struct expr_row *r,
		 struct buf *out, bool *left)
{
	struct expr *x;
	struct err e;
	uint64_t n = 9;
	int rc;

	assert_int_equal(expr_new(&x, condition, "{a}", NULL, 0, &e), 0);
	assert_true(expr_load(x));
	rc = expr_events(x, r, out, &n, left);
	buf_cstr(out);
	expr_free(x);
	return rc < 0 ? -1 : (int)n;
}

static void asks_the_condition_first(void **state)
{
	struct expr_row r = {.row = slice_str("{\"a\":1}")};
	struct buf b = {0};
	bool left;

	(void)state;
	assert_int_equal(where("select(.a == 1)", &r, &b, &left), 1);
	assert_string_equal(b.p, "{\"a\":1}\n");
	assert_false(left);
	assert_int_equal(where("select(.a == 2)", &r, &b, &left), 0);
	assert_true(left);
	/* one that fails is no answer */
	assert_int_equal(where("error(\"why\")", &r, &b, &left), -1);
	assert_string_equal(b.p, "jq: why");
	assert_int_equal(where("{} | keys | .[0].x.y | error", &r, &b, &left),
			 -1);
	/* nor is it asked of all */
	r.pass = true;
	assert_int_equal(where("error(\"why\")", &r, &b, &left), 1);
	r.pass = false;
	r.removal = slice_str("{\"a\":2}");
	assert_int_equal(where("select(.a == 2)", &r, &b, &left), 1);
	assert_string_equal(b.p, "{\"a\":2}\n");
	assert_true(left);
	buf_clear(&b);
}

static void tells_calls_from_names(void **state)
{
	static const char *const good[] = {
		".env",        "{env}",
		"{env: 1}",    ".a.input | {input}",
		"\"env\"",     "\"\\(.env)\"",
		"1 # env",     "{\"env\": .x}",
		"{a: 1, env}", "{env, b: 1}",
		".[\"env\"]",  "{a: {env}}",
	};
	static const char *const bad[] = {
		"env",
		"[env]",
		"{a: env}",
		"\"\\(env)\"",
		"$ENV",
		"$ENV.HOME",
		"{(env): 1}",
		". | input",
		"input_filename",
		"def f: env; 1",
		"\"a\\(\"b\\(env)\")\"",
		"halt",
		"debug",
		"{a:env}",
		"1|env",
		"-env",
		"{a:1|env}",
		".a,env",
		"{a,b:input}",
		"[.[]|{a:env}]",
		"{\"a\":env}",
	};
	struct expr *x;
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		assert_int_equal(program_new(&x, good[i], &e), 0);
		expr_free(x);
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_int_equal(program_new(&x, bad[i], &e), -1);
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_non_null(strstr(e.text, "is not allowed"));
	}
}

static void knows_which_members_are_read(void **state)
{
	static const struct {
		const char *program;
		bool all, b;
	} cases[] = {
		{".a", false, false},
		{"{a, x: .c}", false, false},
		{"{type: \"b\", u: (.a | tostring), t: {a}}", false, false},
		{".a | select(.b > 1.5)", false, true},
		{"if .a then .b else null end", false, true},
		{"{b: 1} | .a", false, false},
		{"[.a, .c] | join(\",\")", false, false},
		{".", true, true},
		{"..", true, true},
		{".[]", true, true},
		{".[\"b\"]", true, true},
		{".\"b\"", true, true},
		{"{\"b\"}", true, true},
		{"{a, \"b\" }", true, true},
		{"\"\\(.b)\"", true, true},
		{"tostring", true, true},
		{"keys", true, true},
		{"{x: tojson}", true, true},
		{"select(.a)", true, true},
		{".a as $x | keys", true, true},
		{"def f: keys; .a", true, true},
		{"@json", true, true},
		{"[.[]?]", true, true},
		{".a, (. | keys)", true, true},
		{"(.a, keys)", true, true},
		{"{a: 1, b: length}", true, true},
	};
	struct expr *x;
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(program_new(&x, cases[i].program, &e), 0);
		assert_int_equal(expr_reads_all(x), cases[i].all);
		assert_int_equal(expr_reads(x, slice_str("b")), cases[i].b);
		assert_int_equal(expr_reads_key(x, slice_str("b")), cases[i].b);
		assert_int_equal(expr_reads_key(x, slice_str("\\u0062")),
				 cases[i].b);
		assert_int_equal(expr_reads_key(x, slice_str("\\u00622")),
				 cases[i].all);
		expr_free(x);
	}
}

static void says_where_a_program_is_wrong(void **state)
{
	static const struct {
		const char *program, *want;
	} cases[] = {
		{".a }", "jq program, line 1, column 4: syntax error"},
		{"{a:\n  foo(1)}",
		 "jq program, line 2, column 3: foo/1 is not defined"},
		{"{a", "jq program, line 1, column 3: syntax error"},
		{".\xff", "the jq program is not UTF-8"},
	};
	struct expr *x;
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(program_new(&x, cases[i].program, &e), -1);
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_memory_equal(e.text, cases[i].want,
				    strlen(cases[i].want));
	}
	expr_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_in_what_is_missing),
		cmocka_unit_test(leaves_nothing_of_a_row_that_fails_late),
		cmocka_unit_test(tells_calls_from_names),
		cmocka_unit_test(knows_which_members_are_read),
		cmocka_unit_test(asks_the_condition_first),
		cmocka_unit_test(says_where_a_program_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
