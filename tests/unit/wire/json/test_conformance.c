/* test_conformance.c - the grammar of JSON, production by production.
 *
 * Source: RFC 8259, sections 2 to 8. Each text is tried as a value by itself
 * and as the member of a record, by the vector code and by the portable code.
 * What the RFC leaves open and rudder decides is in a table of its own.
 */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "core/reader.h"
#include "wire/json/scan.h"

#define TEXT(s)                                                                \
	{                                                                      \
		s, sizeof(s) - 1                                               \
	}

struct text {
	const char *p;
	size_t n;
};

static const struct text valid[] = {
	/* 3. values: the three literal names */
	TEXT("true"),
	TEXT("false"),
	TEXT("null"),
	/* 2. white space around any token */
	TEXT(" true"),
	TEXT("true "),
	TEXT("\ttrue\r"),
	TEXT("[ ]"),
	TEXT("[\t1 ,\r2 ]"),
	TEXT("{ \"a\" : 1 , \"b\" : 2 }"),
	/* 4. objects */
	TEXT("{}"),
	TEXT("{\"\":0}"),
	TEXT("{\"a\":{\"a\":{}}}"),
	TEXT("{\"a\":[],\"b\":\"\",\"c\":null,\"d\":-0,\"e\":true}"),
	TEXT("{\"\\u0061\":1}"),
	TEXT("{\"\xc3\xa9\":1}"),
	/* 5. arrays */
	TEXT("[]"),
	TEXT("[[]]"),
	TEXT("[[],[[]],[]]"),
	TEXT("[null,1,\"\",{}]"),
	TEXT("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]"),
	/* 6. numbers: int, frac, exp */
	TEXT("0"),
	TEXT("-0"),
	TEXT("1"),
	TEXT("-1"),
	TEXT("10"),
	TEXT("9007199254740993"),
	TEXT("123456789012345678901234567890"),
	TEXT("0.0"),
	TEXT("-0.0"),
	TEXT("0.1"),
	TEXT("1.0"),
	TEXT("1.000000000000000000000000000001"),
	TEXT("0e0"),
	TEXT("0E0"),
	TEXT("0e+0"),
	TEXT("0e-0"),
	TEXT("1e1"),
	TEXT("1E+10"),
	TEXT("1e-10"),
	TEXT("1e00"),
	TEXT("1.5e3"),
	TEXT("-1.5E-3"),
	TEXT("1e400"),
	TEXT("1e-400"),
	TEXT("[1.5e3,0,-0.0]"),
	/* 7. strings: unescaped, escapes, \u */
	TEXT("\"\""),
	TEXT("\" \""),
	TEXT("\"a\""),
	TEXT("\"\\\"\""),
	TEXT("\"\\\\\""),
	TEXT("\"\\/\""),
	TEXT("\"\\b\\f\\n\\r\\t\""),
	TEXT("\"\\u0000\""),
	TEXT("\"\\u000A\""),
	TEXT("\"\\uabcd\""),
	TEXT("\"\\uABCD\""),
	TEXT("\"\\ud834\\udd1e\""),
	TEXT("\"/\""),
	TEXT("\"\\\\\\\"\""),
	TEXT("\"\\\\u0000\""),
	TEXT("\"\x7f\""),
	TEXT("\"0123456789abcde\\\"0123456789abcdef\""),
	TEXT("\"0123456789abcdef0123456789abcdef\\\\\""),
	/* 8.1 UTF-8: the first and last of each length, and the holes' edges */
	TEXT("\"\xc2\x80\""),
	TEXT("\"\xdf\xbf\""),
	TEXT("\"\xe0\xa0\x80\""),
	TEXT("\"\xed\x9f\xbf\""),
	TEXT("\"\xee\x80\x80\""),
	TEXT("\"\xef\xbf\xbf\""),
	TEXT("\"\xf0\x90\x80\x80\""),
	TEXT("\"\xf4\x8f\xbf\xbf\""),
	TEXT("\"\xe2\x80\xa8\xe2\x80\xa9\""),
};

static const struct text invalid[] = {
	/* 2. nothing, more than one value, other white space, comments */
	TEXT(""),
	TEXT(" "),
	TEXT("1 2"),
	TEXT("{}{}"),
	TEXT("[]1"),
	TEXT("\"a\"\"b\""),
	TEXT("\f1"),
	TEXT("\v1"),
	TEXT("\xc2\xa0"
	     "1"),
	TEXT("/**/1"),
	TEXT("1//"),
	TEXT("#\r1"),
	TEXT("\xef\xbb\xbf"
	     "1"),
	/* 3. other names */
	TEXT("True"),
	TEXT("TRUE"),
	TEXT("tru"),
	TEXT("truee"),
	TEXT("nul"),
	TEXT("nulll"),
	TEXT("fals"),
	TEXT("falsee"),
	TEXT("undefined"),
	TEXT("NaN"),
	TEXT("Infinity"),
	TEXT("-Infinity"),
	TEXT("nan"),
	TEXT("a"),
	/* 4. objects */
	TEXT("{"),
	TEXT("}"),
	TEXT("{\"a\"}"),
	TEXT("{\"a\":}"),
	TEXT("{:1}"),
	TEXT("{\"a\":1,}"),
	TEXT("{,\"a\":1}"),
	TEXT("{\"a\":1,,\"b\":2}"),
	TEXT("{\"a\":1 \"b\":2}"),
	TEXT("{\"a\"::1}"),
	TEXT("{\"a\",1}"),
	TEXT("{a:1}"),
	TEXT("{'a':1}"),
	TEXT("{1:1}"),
	TEXT("{null:1}"),
	TEXT("{[]:1}"),
	TEXT("{\"a\":1"),
	TEXT("{\"a\":1]"),
	TEXT("{\"a\":1}}"),
	TEXT("{\"a\":1;\"b\":2}"),
	TEXT("{\"a\" 1}"),
	TEXT("{\"a"),
	/* 5. arrays */
	TEXT("["),
	TEXT("]"),
	TEXT("[1"),
	TEXT("[1,"),
	TEXT("[1,]"),
	TEXT("[,1]"),
	TEXT("[,]"),
	TEXT("[1,,2]"),
	TEXT("[1 2]"),
	TEXT("[1:2]"),
	TEXT("[1}"),
	TEXT("[[]"),
	TEXT("[]]"),
	TEXT("[\"a\""),
	TEXT("[1;2]"),
	TEXT("[-]"),
	/* 6. numbers */
	TEXT("-"),
	TEXT("+1"),
	TEXT("+"),
	TEXT("--1"),
	TEXT("- 1"),
	TEXT("00"),
	TEXT("01"),
	TEXT("-01"),
	TEXT("-00"),
	TEXT("1."),
	TEXT("1.e1"),
	TEXT(".1"),
	TEXT("-.1"),
	TEXT("1.2.3"),
	TEXT("1e"),
	TEXT("1e+"),
	TEXT("1e-"),
	TEXT("1e1.5"),
	TEXT("1ee1"),
	TEXT("1E1E1"),
	TEXT("e1"),
	TEXT("0x1"),
	TEXT("0b1"),
	TEXT("0o1"),
	TEXT("1_000"),
	TEXT("1,000"),
	TEXT("1 000"),
	TEXT("1a"),
	TEXT("1f"),
	TEXT("\xef\xbc\x91"),
	TEXT("1e1e"),
	TEXT("[1.]"),
	TEXT("[01]"),
	TEXT("[1e]"),
	TEXT("[-01,2]"),
	/* 7. strings */
	TEXT("\""),
	TEXT("\"a"),
	TEXT("a\""),
	TEXT("'a'"),
	TEXT("`a`"),
	TEXT("\"\\\""),
	TEXT("\"\\a\""),
	TEXT("\"\\x41\""),
	TEXT("\"\\0\""),
	TEXT("\"\\'\""),
	TEXT("\"\\ \""),
	TEXT("\"\\U0041\""),
	TEXT("\"\\u\""),
	TEXT("\"\\u0\""),
	TEXT("\"\\u00\""),
	TEXT("\"\\u000\""),
	TEXT("\"\\u000g\""),
	TEXT("\"\\u 041\""),
	TEXT("\"\\u+041\""),
	TEXT("\"\x00\""),
	TEXT("\"\x01\""),
	TEXT("\"\t\""),
	TEXT("\"\r\""),
	TEXT("\"\x1f\""),
	TEXT("\"0123456789abcdef\x1f\""),
	TEXT("\"0123456789abcdef\\\""),
	TEXT("\\u0061"),
	TEXT("\"a\" \\n"),
	/* 8.1 what is not UTF-8 */
	TEXT("\"\x80\""),
	TEXT("\"\xbf\""),
	TEXT("\"\xc0\x80\""),
	TEXT("\"\xc1\xbf\""),
	TEXT("\"\xc3\""),
	TEXT("\"\xc3\xc3\""),
	TEXT("\"\xe0\x80\x80\""),
	TEXT("\"\xe0\x9f\xbf\""),
	TEXT("\"\xe2\x80\""),
	TEXT("\"\xed\xa0\x80\""),
	TEXT("\"\xed\xbf\xbf\""),
	TEXT("\"\xf0\x80\x80\x80\""),
	TEXT("\"\xf0\x8f\xbf\xbf\""),
	TEXT("\"\xf0\x9f\x98\""),
	TEXT("\"\xf4\x90\x80\x80\""),
	TEXT("\"\xf5\x80\x80\x80\""),
	TEXT("\"\xf8\x88\x80\x80\x80\""),
	TEXT("\"\xfe\""),
	TEXT("\"\xff\""),
	TEXT("\"0123456789abcdef\xff\""),
	TEXT("\xff"),
	TEXT("\xfe\xff\x00\x31"),
	TEXT("1\x00"),
	TEXT("\x00"
	     "1"),
};

/* Left open by the RFC. Section 4: names SHOULD be unique; rudder refuses a
 * name twice. Section 8.2: unpaired surrogates; rudder keeps their escapes.
 */
static const struct text taken[] = {
	TEXT("\"\\ud800\""),        TEXT("\"\\udc00\""),
	TEXT("\"\\ud800\\ud800\""), TEXT("\"\\udc00\\ud800\""),
	TEXT("\"\\ud800a\""),       TEXT("\"\\ud800\\n\""),
};
static const struct text refused[] = {
	TEXT("{\"a\":1,\"a\":1}"),
	TEXT("{\"a\":1,\"b\":2,\"a\":3}"),
	TEXT("{\"a\":1,\"\\u0061\":2}"),
	TEXT("[{\"a\":1,\"a\":2}]"),
};

/* The text as a value by itself, and as the member of a record. */
static bool takes(struct scan *s, const struct text *t, bool record)
{
	size_t n = record ? t->n + 6 : t->n;
	char *p = calloc(1, n + 1 + READER_PAD);
	enum scan_kind kind;
	int rc;

	assert_non_null(p);
	if (record) {
		memcpy(p, "{\"k\":", 5);
		memcpy(p + 5, t->p, t->n);
		p[n - 1] = '}';
	} else {
		memcpy(p, t->p, t->n);
	}
	p[n] = '\n';
	rc = record ? scan_object(s, slice_of(p, n))
		    : scan_value(s, slice_of(p, n), &kind);
	if (rc < 0) {
		assert_true(scan_at(s) <= n);
		assert_non_null(scan_why(s));
	}
	free(p);
	return rc == 0;
}

static void all(const struct text *t, size_t n, bool wanted)
{
	struct scan *s = scan_new();

	for (size_t i = 0; i < n; i++) {
		for (int how = 0; how < 4; how++) {
			scan_portable(s, how & 1);
			if (takes(s, &t[i], how & 2) != wanted)
				fail_msg("wrongly %s%s: '%s'",
					 wanted ? "refused, " : "accepted",
					 wanted ? scan_why(s) : "", t[i].p);
		}
	}
	scan_free(s);
}

/* LF is white space too, but in a stream it is the end of the line. Between the
 * quotes of a string it is as wrong as every control.
 */
static void takes_lf_around_the_tokens_of_a_value(void **state)
{
	static const struct text spread[] = {
		TEXT("\ntrue\n"),
		TEXT("[\n]"),
		TEXT("[\n1\n,\n\"a\"\n]\n"),
		TEXT("{\n\"a\"\n:\n1\n,\n\"b\"\n:\n{\n}\n}"),
	};
	static const struct text within[] = {
		TEXT("\"a\nb\""), TEXT("tr\nue"),       TEXT("1\n2"),
		TEXT("\n"),       TEXT("{\"a\nb\":1}"),
	};
	struct scan *s = scan_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(spread); i++) {
		assert_true(takes(s, &spread[i], false));
		assert_false(takes(s, &spread[i], true));
	}
	scan_free(s);
	all(within, COUNT_OF(within), false);
}

static void takes_every_production(void **state)
{
	(void)state;
	all(valid, COUNT_OF(valid), true);
}

static void refuses_what_the_grammar_does_not_have(void **state)
{
	(void)state;
	all(invalid, COUNT_OF(invalid), false);
}

static void decides_what_the_rfc_leaves_open(void **state)
{
	(void)state;
	all(taken, COUNT_OF(taken), true);
	all(refused, COUNT_OF(refused), false);
}

/* A text that was cut anywhere is refused, but for numbers, of which a part may
 * be a number.
 */
static void refuses_every_cut(void **state)
{
	struct scan *s = scan_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(valid); i++) {
		struct text t = valid[i];

		if (!strchr("{[\"tfn", t.p[0]))
			continue;
		while (t.n > 1 && strchr(" \r\t", t.p[t.n - 1]))
			t.n--;
		while (--t.n > 0)
			assert_false(takes(s, &t, false));
	}
	scan_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_every_production),
		cmocka_unit_test(takes_lf_around_the_tokens_of_a_value),
		cmocka_unit_test(refuses_what_the_grammar_does_not_have),
		cmocka_unit_test(decides_what_the_rfc_leaves_open),
		cmocka_unit_test(refuses_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
