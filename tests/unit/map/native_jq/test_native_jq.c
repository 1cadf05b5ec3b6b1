/* test_lite.c - unit tests of map/native_jq/native_jq.h: libjq is the judge */
#include "cmocka_all.h"

#include <jq.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/reader.h"
#include "lite_cases.h"
#include "map/native_jq/native_jq.h"
#include "wire/jq/jqjson.h"

enum { MADE = 300, PROGRAM = 4000 };

static uint64_t seed = 88172645463325252U;

static uint64_t dice(uint64_t sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % sides;
}

/* ---- programs by dice ------------------------------------------------- */

static void make(struct buf *b, unsigned depth);

static void make_leaf(struct buf *b)
{
	static const char *const leaf[] = {
		".",          ".a",
		".b",         ".a.b",
		".n",         ".s",
		".l",         ".l[0]",
		".l[1].x",    ".o",
		".o.x",       ".o.x?",
		".a?",        ".a.b?",
		".num",       ".num[1]",
		".esc",       ".q",
		"null",       "true",
		"false",      "1",
		"-2.5",       "0",
		"\"x\"",      "\"\\u00e9\\n\"",
		"[]",         "{}",
		"empty",      "1e3",
		".\"a b\".c", ".[\"b\"].c",
	};

	buf_str(b, leaf[dice(COUNT_OF(leaf))]);
}

static void make_pair(struct buf *b, unsigned depth, const char *between)
{
	buf_char(b, '(');
	make(b, depth);
	buf_fmt(b, ") %s (", between);
	make(b, depth);
	buf_char(b, ')');
}

static void make_one(struct buf *b, unsigned depth, const char *before,
		     const char *behind)
{
	buf_str(b, before);
	make(b, depth);
	buf_str(b, behind);
}

static void make(struct buf *b, unsigned depth)
{
	static const char *const infix[] = {
		"//", "//", "+", "==", "!=", "<", "<=", "and",
		"or", "|",  "|", "-",  "*",  ">", ">="};
	static const char *const call[] = {
		"not",
		"tostring",
		"ascii_downcase",
		"type",
		"ascii_upcase",
		"length",
		".a",
		".[0]",
		"startswith(\"a\")",
		".b?",
		"endswith(\"b\")",
		"tostring",
	};
	uint64_t what = depth > 3 ? 0 : dice(12);

	depth++;
	if (what < 3) {
		make_leaf(b);
	} else if (what < 6) {
		make_pair(b, depth, infix[dice(COUNT_OF(infix))]);
	} else if (what == 6) {
		make_one(b, depth, "(", ") | ");
		buf_str(b, call[dice(COUNT_OF(call))]);
	} else if (what == 7) {
		make_one(b, depth, "[(", "), (");
		make_one(b, depth, "", ")]");
	} else if (what == 8) {
		make_one(b, depth, "{a, \"k\\n\": (", "), b: (");
		make_one(b, depth, "", ")}");
	} else if (what == 9) {
		make_one(b, depth, "\"t\\(", ")u\\n\\(");
		make_one(b, depth, "", ")\"");
	} else if (what == 10) {
		make_one(b, depth, "(", dice(2) ? ")?" : ") | select(.)");
	} else {
		make_one(b, depth, "if ", " then ");
		make_one(b, depth, "", " else ");
		make_one(b, depth, "", " end");
	}
}

/* ---- both ------------------------------------------------------------- */

struct both {
	char **program; /* owned */
	size_t n;
	jq_state *jq;
};

static void add_program(struct both *t, const char *text, size_t n)
{
	t->program = mem_resize(t->program, (t->n + 1) * sizeof(*t->program));
	t->program[t->n++] = mem_copy(text, n);
}

/* One program of them all, for to compile one takes libjq some 25 ms. */
static void dispatch(const struct both *t, struct buf *b, size_t from, size_t n)
{
	if (n == 1) {
		buf_fmt(b, "(.r | %s\n)", t->program[from]);
		return;
	}
	buf_fmt(b, "if .i < %zu then ", from + n / 2);
	dispatch(t, b, from, n / 2);
	buf_str(b, " else ");
	dispatch(t, b, from + n / 2, n - n / 2);
	buf_str(b, " end");
}

static void start(struct both *t)
{
	struct buf b = {0};

	*t = (struct both){.jq = jq_init()};
	for (size_t i = 0; i < COUNT_OF(native_jq_programs); i++)
		add_program(t, native_jq_programs[i],
			    strlen(native_jq_programs[i]));
	for (size_t i = 0; i < MADE; i++) {
		b.n = 0;
		make(&b, 0);
		if (b.n < PROGRAM)
			add_program(t, b.p, b.n);
	}
	b.n = 0;
	dispatch(t, &b, 0, t->n);
	assert_true(jq_compile(t->jq, buf_cstr(&b)));
	buf_clear(&b);
}

static void stop(struct both *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->program[i]);
	free(t->program);
	jq_teardown(&t->jq);
}

/* What libjq makes of it: "" for nothing, "error" for that. */
static void by_libjq(struct both *t, size_t i, struct slice row,
		     struct buf *out)
{
	struct buf in = {0};
	jv v;

	out->n = 0;
	buf_fmt(&in, "{\"i\":%zu,\"r\":%.*s}", i, SLICE_FMT(row));
	v = jv_parse_sized(in.p, (int)in.n);
	buf_clear(&in);
	if (!jv_is_valid(v)) {
		jv_free(v);
		buf_str(out, "error");
		return;
	}
	jq_start(t->jq, v, 0);
	while (jv_is_valid(v = jq_next(t->jq)))
		assert_int_equal(jqjson_write(out, v), 0);
	if (jv_invalid_has_msg(jv_copy(v))) {
		out->n = 0;
		buf_str(out, "error");
	}
	jv_free(v);
}

/* The same; false where the row is odd. */
static bool by_lite(struct native_jq *l, struct scan *s, struct buf *out)
{
	struct native_jq_row row = {
		.scan = s, .hidden = -1, .shape = scan_shape(s)};
	struct native_jq_value v;
	enum native_jq_result rc;

	out->n = 0;
	row.member = scan_members(s, &row.n);
	for (size_t i = 0; i < row.n; i++) {
		if (!native_jq_fits(&row.member[i]))
			return false;
	}
	rc = native_jq_run(l, &row, &v);
	if (rc == NATIVE_JQ_ONE && native_jq_put(l, &row, &v, out) < 0)
		return false;
	return rc != NATIVE_JQ_ODD;
}

static struct buf padded(const char *text)
{
	struct buf b = {0};

	buf_str(&b, text);
	memset(buf_room(&b, READER_PAD), 0, READER_PAD);
	return b;
}

/* All programs over one row; how many were done here goes to *done. */
static void compare(struct both *t, struct native_jq **l, struct scan *s,
		    const char *text, size_t *done)
{
	struct buf b = padded(text), want = {0}, got = {0};

	assert_int_equal(scan_object(s, buf_all(&b)), 0);
	for (size_t i = 0; i < t->n; i++) {
		if (!by_lite(l[i], s, &got))
			continue;
		++*done;
		by_libjq(t, i, buf_all(&b), &want);
		buf_cstr(&want);
		buf_cstr(&got);
		if (strcmp(want.p, got.p) != 0)
			fail_msg("%s of %s: %s, libjq: %s", t->program[i], text,
				 got.p, want.p);
	}
	buf_clear(&b);
	buf_clear(&want);
	buf_clear(&got);
}

static void gives_what_libjq_gives(void **state)
{
	struct scan *s = scan_new();
	struct both t;
	struct native_jq **l;
	struct native_jq_no why;
	size_t done = 0;

	(void)state;
	start(&t);
	l = mem_zero(t.n * sizeof(*l));
	for (size_t i = 0; i < t.n; i++) {
		l[i] = native_jq_new(t.program[i], &why);
		if (!l[i])
			fail_msg("%s: not simple for %s", t.program[i],
				 why.what);
	}
	for (size_t i = 0; i < COUNT_OF(native_jq_rows); i++)
		compare(&t, l, s, native_jq_rows[i], &done);
	print_message("%zu programs, %zu results\n", t.n, done);
	assert_true(done > t.n * COUNT_OF(native_jq_rows) / 2);
	for (size_t i = 0; i < t.n; i++)
		native_jq_free(l[i]);
	free(l);
	scan_free(s);
	stop(&t);
}

/* All else is as libjq has it too, only slower. */
static void needs_no_libjq_for_usual_programs(void **state)
{
	static const char *const programs[] = {
		".n + 1",
		".s + \"x\"",
		".n == 1",
		".s < \"b\"",
		".n >= 2",
		".n > 0 and .s != \"\"",
		".none // .s",
		"{a: .s, n}",
		"if .n > 1 then 1 else [.s] end",
		".s | ascii_downcase",
	};
	struct buf b = padded("{\"n\":1,\"s\":\"a\"}"), out = {0};
	struct scan *s = scan_new();
	struct native_jq_no why;

	(void)state;
	assert_int_equal(scan_object(s, buf_all(&b)), 0);
	for (size_t i = 0; i < COUNT_OF(programs); i++) {
		struct native_jq *l = native_jq_new(programs[i], &why);

		if (!l || !by_lite(l, s, &out))
			fail_msg("%s", programs[i]);
		native_jq_free(l);
	}
	scan_free(s);
	buf_clear(&b);
	buf_clear(&out);
}

/* What a change is, in the row, is first. */
static void counts_what_a_program_sees(void **state)
{
	struct buf b = padded("{\"_rudder\":{},\"a\":1,\"b\":2}"), out = {0};
	struct scan *s = scan_new();
	struct native_jq_row row = {.scan = s};
	struct native_jq_value v;
	struct native_jq_no why;
	struct native_jq *l = native_jq_new("length", &why);

	(void)state;
	assert_int_equal(scan_object(s, buf_all(&b)), 0);
	row.shape = scan_shape(s);
	row.member = scan_members(s, &row.n);
	for (row.hidden = -1; row.hidden < 3; row.hidden++) {
		out.n = 0;
		assert_int_equal(native_jq_run(l, &row, &v), NATIVE_JQ_ONE);
		assert_int_equal(native_jq_put(l, &row, &v, &out), 0);
		assert_string_equal(buf_cstr(&out), row.hidden < 0 ? "3" : "2");
	}
	native_jq_free(l);
	scan_free(s);
	buf_clear(&b);
	buf_clear(&out);
}

static void says_what_is_not_simple(void **state)
{
	struct native_jq_no why;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(native_jq_others); i++) {
		struct native_jq *l =
			native_jq_new(native_jq_others[i].program, &why);

		if (l)
			fail_msg("%s: taken", native_jq_others[i].program);
		if (!native_jq_others[i].column)
			continue;
		assert_string_equal(why.what, native_jq_others[i].why);
		assert_int_equal(why.line, 1);
		assert_int_equal(why.column, native_jq_others[i].column);
	}
}

static void bounds_the_nesting_of_programs(void **state)
{
	struct buf b = {0};
	struct native_jq_no why;

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		buf_char(&b, '[');
	assert_null(native_jq_new(buf_cstr(&b), &why));
	assert_string_equal(why.what, "its nesting");
	b.n = 0;
	for (size_t i = 0; i < 100000; i++)
		buf_str(&b, "if 1 then 1 el");
	assert_null(native_jq_new(buf_cstr(&b), &why));
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_what_libjq_gives),
		cmocka_unit_test(needs_no_libjq_for_usual_programs),
		cmocka_unit_test(counts_what_a_program_sees),
		cmocka_unit_test(says_what_is_not_simple),
		cmocka_unit_test(bounds_the_nesting_of_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
