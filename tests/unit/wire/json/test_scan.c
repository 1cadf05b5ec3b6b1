/* test_scan.c - unit tests of wire/json/scan.h */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/mem.h"
#include "core/reader.h"
#include "wire/json/scan.h"

/* The text as reader_next gives a line: LF and the pad behind it, and not a
 * byte more, so that the sanitizers see a read beyond. The caller frees it.
 */
static char *line_of(const char *text, size_t n)
{
	char *p = mem_zero(n + READER_PAD);

	memcpy(p, text, n);
	p[n] = '\n';
	return p;
}

/* scan_object of a line that must be good; NULL frees the last one. */
static const struct scan_member *good(struct scan *s, const char *text,
				      size_t *n)
{
	static char *line;

	free(line);
	line = NULL;
	if (!text)
		return NULL;
	line = line_of(text, strlen(text));
	if (scan_object(s, slice_of(line, strlen(text))) < 0)
		fail_msg("%s: byte %zu: %s", text, scan_at(s), scan_why(s));
	return scan_members(s, n);
}

static void same_members(const struct scan *s, const struct scan *t)
{
	size_t n, m;
	const struct scan_member *a = scan_members(s, &n);
	const struct scan_member *b = scan_members(t, &m);

	assert_int_equal(n, m);
	for (size_t i = 0; i < n; i++) {
		assert_true(slice_eq(a[i].key, b[i].key));
		assert_true(slice_eq(a[i].value, b[i].value));
		assert_int_equal(a[i].kind, b[i].kind);
		assert_int_equal(a[i].plain, b[i].plain);
		assert_int_equal(a[i].tight, b[i].tight);
		assert_int_equal(a[i].long_number, b[i].long_number);
	}
}

static int scanned(struct scan *s, const char *text)
{
	char *line = line_of(text, strlen(text));
	int rc = scan_object(s, slice_of(line, strlen(text)));

	free(line);
	return rc;
}

static const struct {
	const char *text;
	const char *why; /* NULL: good */
	size_t at;
} cases[] = {
	{"{}", NULL, 0},
	{" { } ", NULL, 0},
	{"\t{\r}\t\r ", NULL, 0},
	{"{\"a\":1}", NULL, 0},
	{"{ \"a\" : 1 , \"b\" : [ ] , \"c\" : { } }", NULL, 0},
	{"{\"\":\"\"}", NULL, 0},
	{"{\"a\":[[],{},[{}],[1,\"x\",null,true,false,-0.5e+7]]}", NULL, 0},
	{"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"}", NULL,
	 0},
	{"{\"a\":\"\\ud800\"}", NULL, 0}, /* RFC 8259, 8.2 leaves it open */
	{"{\"a\":\"\x7f\"}", NULL, 0},

	{"", "unexpected end of line", 0},
	{"  ", "unexpected end of line", 2},
	{"[]", "not an object", 0},
	{"\"a\"", "not an object", 0},
	{"\xef\xbb\xbf{}", "not an object", 0},
	{"{", "unexpected end of line", 1},
	{"{\"a", "unexpected end of line", 3},
	{"{\"a\"", "unexpected end of line", 4},
	{"{\"a\":", "unexpected end of line", 5},
	{"{\"a\":1", "unexpected end of line", 6},
	{"{\"a\":1,", "unexpected end of line", 7},
	{"{\"a\":[1,", "unexpected end of line", 8},
	{"{\"a\":{\"b\"", "unexpected end of line", 9},
	{"{\"a\":tru", "invalid value", 5},
	{"{a:1}", "expected a name in double quotes", 1},
	{"{\"a\":1,}", "expected a name in double quotes", 7},
	{"{,}", "expected a name in double quotes", 1},
	{"{\"a\":{b:1}}", "expected a name in double quotes", 6},
	{"{\"a\":{\"b\":1,}}", "expected a name in double quotes", 12},
	{"{\"a\" 1}", "expected ':'", 5},
	{"{\"a\":{\"b\" 1}}", "expected ':'", 10},
	{"{\"a\":1 2}", "expected ',' or '}'", 7},
	{"{\"a\":{\"b\":1 2}}", "expected ',' or '}'", 12},
	{"{\"a\":[1 2]}", "expected ',' or ']'", 8},
	{"{\"a\":[1}}", "expected ',' or ']'", 7},
	{"{\"a\":{\"b\":1]}", "expected ',' or '}'", 11},
	{"{\"a\":[1,]}", "invalid value", 8},
	{"{\"a\":[,1]}", "invalid value", 6},
	{"{\"a\":}", "invalid value", 5},
	{"{\"a\":nul}", "invalid value", 5},
	{"{\"a\":True}", "invalid value", 5},
	{"{\"a\":NaN}", "invalid value", 5},
	{"{\"a\":'x'}", "invalid value", 5},
	{"{} {}", "text after the object", 3},
	{"{}x", "text after the object", 2},
	{"{\"a\":1}}", "text after the object", 7},

	{"{\"a\":01}", "number with a leading zero", 6},
	{"{\"a\":-01}", "number with a leading zero", 7},
	{"{\"a\":00}", "number with a leading zero", 6},
	{"{\"a\":+1}", "invalid value", 5},
	{"{\"a\":.5}", "invalid value", 5},
	{"{\"a\":-}", "invalid number", 6},
	{"{\"a\":1.}", "invalid number", 7},
	{"{\"a\":1.e3}", "invalid number", 7},
	{"{\"a\":1e}", "invalid number", 7},
	{"{\"a\":1e+}", "invalid number", 8},
	{"{\"a\":0x1}", "expected ',' or '}'", 6},
	{"{\"a\":1", "unexpected end of line", 6},
	{"{\"a\":-", "unexpected end of line", 6},

	{"{\"a\":\"\t\"}", "control character in a string", 6},
	{"{\"a\":\"\x1f\"}", "control character in a string", 6},
	{"{\"a\x01\":1}", "control character in a string", 3},
	{"{\"a\":\"\\x\"}", "invalid escape", 6},
	{"{\"a\":\"\\", "invalid escape", 6},
	{"{\"a\":\"\\u12g4\"}", "invalid \\u escape", 6},
	{"{\"a\":\"\\u123\"}", "invalid \\u escape", 6},
	{"{\"a\":\"\\u12", "invalid \\u escape", 6},
	{"{\"a\":\"\\U0041\"}", "invalid escape", 6},
};

static void takes_what_rfc_8259_allows_and_says_why_not(void **state)
{
	struct scan *s = scan_new();

	(void)state;
	for (size_t i = 0; i < 2 * COUNT_OF(cases); i++) {
		const char *why = cases[i / 2].why;

		scan_portable(s, i % 2);
		if (scanned(s, cases[i / 2].text) != (why ? -1 : 0))
			fail_msg("%s: wrongly %s", cases[i / 2].text,
				 why ? "accepted" : scan_why(s));
		if (!why)
			continue;
		if (scan_at(s) != cases[i / 2].at)
			fail_msg("%s: byte %zu: %s", cases[i / 2].text,
				 scan_at(s), scan_why(s));
		assert_string_equal(scan_why(s), why);
	}
	scan_free(s);
	scan_free(NULL);
}

static void gives_the_spans_of_members(void **state)
{
	static const struct {
		const char *key, *value;
		enum scan_kind kind;
		bool plain, tight;
	} want[] = {
		{"a", "-12.5", SCAN_NUMBER, true, true},
		{"b\\u0062", "\"x\"", SCAN_STRING, true, false},
		{"c", "null", SCAN_NULL, true, true},
		{"d", "true", SCAN_TRUE, true, false},
		{"e", "false", SCAN_FALSE, true, false},
		{"f", "[1,\"a\"]", SCAN_ARRAY, true, true},
		{"g", "[ 1]", SCAN_ARRAY, false, true},
		{"h", "{\"i\":2}", SCAN_OBJECT, false, true},
		{"j", "\"a\\nb\"", SCAN_STRING, false, true},
	};
	const struct scan_member *m;
	struct scan *s = scan_new();
	size_t n;

	(void)state;
	m = good(s,
		 "{ \"a\":-12.5, \"b\\u0062\":\"x\",\"c\":null ,\"d\" :true,"
		 "\"e\": false,\"f\":[1,\"a\"],\"g\":[ 1],\"h\":{\"i\":2},"
		 "\"j\":\"a\\nb\"}",
		 &n);
	assert_int_equal(n, COUNT_OF(want));
	for (size_t i = 0; i < n; i++) {
		assert_true(slice_is(m[i].key, want[i].key));
		assert_true(slice_is(m[i].value, want[i].value));
		assert_int_equal(m[i].kind, want[i].kind);
		assert_int_equal(m[i].plain, want[i].plain);
		assert_int_equal(m[i].tight, want[i].tight);
	}
	good(s, NULL, &n);
	scan_free(s);
}

static void knows_what_is_its_own_canonical_form(void **state)
{
	static const struct {
		const char *value;
		bool plain;
	} want[] = {
		{"0", true},        {"7", true},
		{"-7", true},       {"100", true},
		{"0.5", true},      {"-0.5", true},
		{"10.05", true},    {"12345678901234567890", true},
		{"-0", false},      {"0.0", false},
		{"1.0", false},     {"1.50", false},
		{"0.05", false},    {"1e3", false},
		{"1E3", false},     {"123456789012345678901", false},
		{"\"\"", true},     {"\"\xc3\xa9\"", true},
		{"\"\\/\"", false}, {"[]", true},
		{"[[1],[]]", true}, {"[1, 2]", false},
		{"[1 ]", false},    {"[ ]", false},
		{"[1.0]", false},   {"{}", false},
		{"[{}]", false},
	};
	struct scan *s = scan_new();
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		const struct scan_member *m;
		char text[64];

		snprintf(text, sizeof(text), "{\"a\":%s}", want[i].value);
		m = good(s, text, &n);
		if (m->plain != want[i].plain)
			fail_msg("%s", want[i].value);
	}
	good(s, NULL, &n);
	scan_free(s);
}

/* The names of one record predict those of the next; what stands around them
 * may change all the same.
 */
static void takes_a_record_whatever_came_before(void **state)
{
	static const char *const lines[] = {
		"{\"a\":1,\"b\":2}",
		"{\"a\": 1,\"b\":2}",
		"{\"a\":1,\"b\":  2}",
		"{\"a\" : 1,\"b\" : 2}",
		"{\"a\" :1,\"b\" :2}",
		"{ \"a\":1, \"b\":2 }",
		"{\"a\": 1, \"b\": 2}",
		"{\"a\":\t[],\"b\": {}}",
		"{\"a\":1}",
		"{}",
		"{\"a\":1,\"b\":2,\"c\":3}",
		"{\"b\":1,\"a\":2}",
		"{\"aa\":1,\"b\":2}",
		"{\"a\":1,\"bb\":2}",
		"{\"a_name_longer_than_a_vector\":1,\"b\":2}",
		"{\"a_name_longer_than_a_vectoR\":1,\"b\":2}",
		"{\"a_name_of_fourt\":1}",
		"{\"a_name_of_fifte\":1}",
	};
	static const char *const bad[] = {
		"}",
		"{\"a\": 1,\"b\"2}",
		"{\"a\" :1,\"bb\":x}",
		"{\"a name of another length\" :1,}",
	};
	struct scan *s = scan_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		for (size_t j = 0; j < COUNT_OF(lines); j++) {
			struct scan *fresh = scan_new();
			char *line = line_of(lines[j], strlen(lines[j]));
			size_t k = (i + j) % (COUNT_OF(bad) + 1);

			assert_int_equal(scanned(s, lines[i]), 0);
			if (k < COUNT_OF(bad))
				assert_int_equal(scanned(s, bad[k]), -1);
			assert_int_equal(
				scan_object(s,
					    slice_of(line, strlen(lines[j]))),
				0);
			assert_int_equal(
				scan_object(fresh,
					    slice_of(line, strlen(lines[j]))),
				0);
			same_members(s, fresh);
			scan_free(fresh);
			free(line);
		}
	}
	scan_free(s);
}

static void gives_one_shape_to_one_list_of_names(void **state)
{
	static const char *const lists[] = {
		"{}",
		"{\"a\":1}",
		"{\"b\":1}",
		"{\"a\":1,\"b\":2}",
		"{\"b\":1,\"a\":2}",
		"{\"ab\":1}",
		"{\"\\u0061\":1}",
		"{\"a\":1,\"b\":2,\"c\":3}",
	};
	struct scan *s = scan_new();
	uint64_t a, b;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		for (size_t j = 0; j < COUNT_OF(lists); j++) {
			assert_int_equal(scanned(s, lists[i]), 0);
			a = scan_shape(s);
			assert_int_equal(scanned(s, lists[j]), 0);
			b = scan_shape(s);
			assert_int_not_equal(a, 0);
			if (i == j)
				assert_int_equal(a, b);
			else
				assert_int_not_equal(a, b);
		}
	}
	scan_free(s);
}

static void keeps_the_shape_over_failures(void **state)
{
	static const char *const broken[] = {
		"{\"a\":1,\"x\":2,",
		"{\"x\":1,\"y\":!}",
		"{\"a\":1,\"b\":2,\"a\":3}",
		"{\"longer_than_before\":1,\"b\":",
		"[]",
		"",
	};
	struct scan *s = scan_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(broken); i++) {
		const struct scan_member *m;
		uint64_t shape;
		size_t n;

		good(s, "{\"a\":1,\"b\":2}", &n);
		shape = scan_shape(s);
		assert_int_equal(scanned(s, broken[i]), -1);
		m = good(s, "{\"a\":3,\"b\":4}", &n);
		assert_int_equal(n, 2);
		assert_true(slice_is(m[0].key, "a"));
		assert_true(slice_is(m[0].value, "3"));
		assert_true(slice_is(m[1].key, "b"));
		assert_true(slice_is(m[1].value, "4"));
		assert_int_equal(scan_shape(s), shape);
		good(s, NULL, &n);
	}
	scan_free(s);
}

static void keeps_shapes_apart_over_a_single_value(void **state)
{
	struct scan *s = scan_new();
	enum scan_kind kind;
	uint64_t shape;
	char *text = line_of("[1]", 3);

	(void)state;
	assert_int_equal(scanned(s, "{\"a\":1}"), 0);
	shape = scan_shape(s);
	assert_int_equal(scan_value(s, slice_of(text, 3), &kind), 0);
	assert_int_equal(scanned(s, "{}"), 0);
	assert_int_not_equal(scan_shape(s), shape);
	free(text);
	scan_free(s);
}

static void refuses_a_name_twice_in_one_object(void **state)
{
	static const char *const twice[] = {
		"{\"a\":1,\"a\":2}",
		"{\"a\":1,\"b\":2,\"a\":3}",
		"{\"\":1,\"\":2}",
		"{\"a\":1,\"\\u0061\":2}",
		"{\"\\u0061\":1,\"a\":2}",
		"{\"\\/\":1,\"/\":2}",
		"{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}",
		"{\"a\":{\"b\":1,\"b\":2}}",
		"{\"a\":{\"b\":1,\"c\":2,\"b\":3}}",
		"{\"a\":{\"b\":1,\"\\u0062\":2}}",
		"{\"a\":[{\"b\":1},{\"b\":1,\"b\":2}]}",
		"{\"a\":{\"b\":{\"c\":{\"d\":1,\"d\":2}}}}",
		"{\"a\":{\"b\":{\"x\":1},\"c\":[{\"y\":1}],\"b\":2}}",
		"{\"a\":{\"x\":1,\"b\":{\"x\":1,\"y\":2},\"x\":3}}",
	};
	static const char *const once[] = {
		"{\"a\":1,\"A\":2}",
		"{\"a\":{\"a\":{\"a\":1}}}",
		"{\"a\":[{\"b\":1},{\"b\":1}]}",
		"{\"a\":{\"b\":{\"x\":1},\"x\":{\"b\":1}},\"b\":1}",
		"{\"a\":{\"\\u0062\":1,\"c\":2},\"d\":{\"\\u0062\":1,\"c\":2}}",
		"{\"\\ud83d\":1,\"\\ude00\":2}",
		"{\"ab\":1,\"a\":2,\"b\":3,\"ba\":4}",
	};
	struct scan *s = scan_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(twice); i++) {
		if (scanned(s, twice[i]) == 0)
			fail_msg("accepted %s", twice[i]);
		assert_string_equal(scan_why(s), "a name twice in one object");
		assert_int_equal(scanned(s, once[i % COUNT_OF(once)]), 0);
	}
	scan_free(s);
}

/* An object of n names in falling or mixed order, the last one of them again
 * at the end if twice; inside "o" if nested, else as the record itself.
 */
static bool accepted(struct scan *s, unsigned n, bool twice, bool nested,
		     const char *prefix)
{
	struct buf b = {0};
	char *line;
	int rc;

	buf_str(&b, nested ? "{\"o\":{" : "{");
	for (unsigned i = 0; i < n; i++) {
		buf_str(&b, i > 0 ? ",\"" : "\"");
		buf_fmt(&b, "%s%u", prefix, (i * 7919u + 13) % 65521);
		buf_str(&b, "\":1");
	}
	if (twice) {
		buf_str(&b, ",\"");
		buf_fmt(&b, "%s%u", prefix, (n / 2 * 7919u + 13) % 65521);
		buf_str(&b, "\":1");
	}
	buf_str(&b, nested ? "}}" : "}");
	line = line_of(b.p, b.n);
	rc = scan_object(s, slice_of(line, b.n));
	free(line);
	buf_clear(&b);
	return rc == 0;
}

static void finds_a_name_twice_among_many(void **state)
{
	static const unsigned sizes[] = {1,  2,  11, 12,  13,
					 14, 32, 33, 200, 20000};
	struct scan *s = scan_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		for (int nested = 0; nested < 2; nested++) {
			assert_true(accepted(s, sizes[i], false, nested, "c"));
			assert_false(accepted(s, sizes[i], true, nested, "c"));
			assert_true(accepted(s, sizes[i], false, nested,
					     "\\u0063"));
			assert_false(
				accepted(s, sizes[i], true, nested, "\\u0063"));
		}
	}
	scan_free(s);
}

/* {"a": with levels - 1 more of open and close inside. */
static int nested(struct scan *s, unsigned levels, const char *open,
		  const char *core, const char *close)
{
	struct buf b = {0};
	char *line;
	int rc;

	buf_str(&b, "{\"a\":");
	for (unsigned i = 1; i < levels; i++)
		buf_str(&b, open);
	buf_str(&b, core);
	for (unsigned i = 1; i < levels; i++)
		buf_str(&b, close);
	buf_str(&b, "}");
	line = line_of(b.p, b.n);
	rc = scan_object(s, slice_of(line, b.n));
	free(line);
	buf_clear(&b);
	return rc;
}

static void goes_256_levels_deep_and_no_deeper(void **state)
{
	struct scan *s = scan_new();

	(void)state;
	assert_int_equal(nested(s, SCAN_DEPTH, "[", "", "]"), 0);
	assert_int_equal(nested(s, SCAN_DEPTH, "{\"b\":", "1", "}"), 0);
	assert_int_equal(nested(s, SCAN_DEPTH + 1, "[", "", "]"), -1);
	assert_string_equal(scan_why(s), "nested deeper than 256 levels");
	assert_int_equal(scan_at(s), 5 + SCAN_DEPTH - 1);
	assert_int_equal(nested(s, SCAN_DEPTH + 1, "{\"b\":", "1", "}"), -1);
	assert_int_equal(nested(s, 100000, "[", "", "]"), -1);
	assert_int_equal(nested(s, 5, "[", "", "]"), 0);
	scan_free(s);
}

static void takes_single_values(void **state)
{
	static const struct {
		const char *text;
		enum scan_kind kind;
	} want[] = {
		{"null", SCAN_NULL},         {"true", SCAN_TRUE},
		{"false", SCAN_FALSE},       {" 1 ", SCAN_NUMBER},
		{"\"a\"", SCAN_STRING},      {"[1,[2]]", SCAN_ARRAY},
		{"{\"a\":{}}", SCAN_OBJECT},
	};
	struct scan *s = scan_new();
	enum scan_kind kind;
	struct buf deep = {0};
	char *line;
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		n = strlen(want[i].text);
		line = line_of(want[i].text, n);
		assert_int_equal(scan_value(s, slice_of(line, n), &kind), 0);
		assert_int_equal(kind, want[i].kind);
		scan_members(s, &n);
		assert_int_equal(n, 0);
		free(line);
	}
	line = line_of("1 2", 3);
	assert_int_equal(scan_value(s, slice_of(line, 3), &kind), -1);
	assert_string_equal(scan_why(s), "text after the value");
	assert_int_equal(scan_at(s), 2);
	free(line);
	for (unsigned i = 0; i < SCAN_DEPTH; i++)
		buf_char(&deep, '[');
	for (unsigned i = 0; i < SCAN_DEPTH; i++)
		buf_char(&deep, ']');
	line = line_of(deep.p, deep.n);
	assert_int_equal(scan_value(s, slice_of(line, deep.n), &kind), 0);
	free(line);
	buf_clear(&deep);
	scan_free(s);
}

/* First and last character of each length, and their neighbours. RFC 3629. */
static const struct {
	const char *bytes;
	bool good;
} utf8[] = {
	{"\x7f", true},
	{"\xc2\x80", true},
	{"\xdf\xbf", true},
	{"\xe0\xa0\x80", true},
	{"\xed\x9f\xbf", true},
	{"\xee\x80\x80", true},
	{"\xef\xbf\xbf", true},
	{"\xf0\x90\x80\x80", true},
	{"\xf4\x8f\xbf\xbf", true},
	{"\x80", false},
	{"\xbf", false},
	{"\xc0\x80", false},
	{"\xc1\xbf", false},
	{"\xc2", false},
	{"\xc2\x7f", false},
	{"\xc2\xc0", false},
	{"\xe0\x9f\xbf", false},
	{"\xe0\xa0", false},
	{"\xe1\x80\x7f", false},
	{"\xed\xa0\x80", false},
	{"\xed\xbf\xbf", false},
	{"\xf0\x8f\xbf\xbf", false},
	{"\xf0\x90\x80", false},
	{"\xf1\x80\x80\x41", false},
	{"\xf4\x90\x80\x80", false},
	{"\xf5\x80\x80\x80", false},
	{"\xfe", false},
	{"\xff", false},
};

static void takes_utf_8_and_nothing_else(void **state)
{
	struct scan *s = scan_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(utf8); i++) {
		/* at each place of a vector, as a value and as a name */
		for (int before = 0; before < 20; before++) {
			char text[64];

			snprintf(text, sizeof(text), "{\"a\":\"%.*s%s\"}",
				 before, "0123456789abcdefghij", utf8[i].bytes);
			if (scanned(s, text) != (utf8[i].good ? 0 : -1))
				fail_msg("utf8[%zu] behind %d bytes", i,
					 before);
			if (!utf8[i].good) {
				assert_string_equal(scan_why(s),
						    "invalid UTF-8");
				assert_int_equal(scan_at(s), 6 + before);
			}
			snprintf(text, sizeof(text), "{\"%.*s%s\":1}", before,
				 "0123456789abcdefghij", utf8[i].bytes);
			assert_int_equal(scanned(s, text),
					 utf8[i].good ? 0 : -1);
		}
		/* truncated by the end of the line */
		{
			char text[16];

			snprintf(text, sizeof(text), "{\"a\":\"%s",
				 utf8[i].bytes);
			assert_int_equal(scanned(s, text), -1);
		}
	}
	scan_free(s);
}

/* Every prefix of a line, each in a buffer that ends with the pad. */
static void stays_inside_the_pad(void **state)
{
	static const char text[] =
		"{\"id\":-12.5e+3,\"a\\u00e9\":\"\xf0\x9f\x98\x80\\ud83d\","
		"\"t\":"
		"true,"
		"\"f\":[false,null,{\"b\":[]}],\"a long name of a column\":0}";
	struct scan *s = scan_new();

	(void)state;
	assert_int_equal(scanned(s, text), 0);
	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		char *line = line_of(text, n);

		for (int p = 0; p < 2; p++) {
			scan_portable(s, p);
			assert_int_equal(scan_object(s, slice_of(line, n)), -1);
			assert_true(scan_at(s) <= n);
			line[n] = '\0'; /* the other end of a line */
			assert_int_equal(scan_object(s, slice_of(line, n)), -1);
			line[n] = '\n';
		}
		free(line);
	}
	scan_free(s);
}

static void refuses_nul_bytes(void **state)
{
	static const char *const places[] = {"{#}", "{\"a#\":1}", "{\"a\":#1}",
					     "{\"a\":\"#\"}", "{\"a\":1}#"};
	struct scan *s = scan_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		size_t n = strlen(places[i]);
		char *line = line_of(places[i], n);
		char *at = strchr(line, '#');

		*at = '\0';
		assert_int_equal(scan_object(s, slice_of(line, n)), -1);
		assert_int_equal(scan_at(s), at - line);
		free(line);
	}
	scan_free(s);
}

static void finds_a_member_by_its_decoded_name(void **state)
{
	struct scan *s = scan_new();
	size_t n;

	(void)state;
	good(s, "{\"a\":1,\"\\u0062\\n\":2,\"\":3}", &n);
	assert_int_equal(scan_find(s, slice_str("a")), 0);
	assert_int_equal(scan_find(s, slice_str("b\n")), 1);
	assert_int_equal(scan_find(s, slice_str("")), 2);
	assert_int_equal(scan_find(s, slice_str("c")), -1);
	assert_int_equal(scan_find(s, slice_str("\\u0062\\n")), -1);
	good(s, NULL, &n);
	scan_free(s);
}

static uint64_t chance_state;

static unsigned chance(unsigned below)
{
	chance_state =
		chance_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(chance_state >> 33) % below;
}

static const char *const pieces[] = {
	"{",
	"}",
	"[",
	"]",
	",",
	":",
	"\"a\":",
	"\"b\"",
	"\"a\"",
	"1",
	"-0.5e3",
	"0",
	"true",
	"null",
	"false",
	" ",
	"\t",
	"\"\\u00e9\"",
	"\"\\\"",
	"\xc3",
	"\xa9",
	"\xf0\x9f",
	"\x80",
	"\x01",
	"\"0123456789abcde\"",
	"\"0123456789abcdef\"",
	"\\",
	"\"",
	"{\"k\":1}",
	"[1,2]",
	"[",
	"],",
	"12,",
	"345",
	"0,",
	"012",
	"123456789012345",
	"{\"a\":1,\"b\":[1]}",
	"\x7f",
	"\x1f",
	"\x20",
	"!",
	"#",
};

static void agrees_with_the_portable_code(void **state)
{
	struct scan *v = scan_new(), *p = scan_new();
	struct buf b = {0};

	(void)state;
	chance_state = 1;
	scan_portable(p, true);
	for (int round = 0; round < 60000; round++) {
		char *line;
		int rc;

		b.n = 0;
		buf_str(&b, "{\"a\":");
		for (unsigned k = chance(12); k > 0; k--)
			buf_str(&b, pieces[chance(COUNT_OF(pieces))]);
		if (chance(4) > 0)
			buf_str(&b, "}");
		line = line_of(b.p, b.n);
		rc = scan_object(v, slice_of(line, b.n));
		assert_int_equal(scan_object(p, slice_of(line, b.n)), rc);
		if (rc < 0) {
			assert_int_equal(scan_at(v), scan_at(p));
			assert_string_equal(scan_why(v), scan_why(p));
			assert_true(scan_at(v) <= b.n);
		} else {
			same_members(v, p);
			assert_int_equal(scan_shape(v), scan_shape(p));
		}
		free(line);
	}
	buf_clear(&b);
	scan_free(v);
	scan_free(p);
}

/* The line as the first of a text, and without its LF. */
static void finds_its_end(struct scan *s, const char *text, int rc)
{
	size_t n = strlen(text), found;
	struct buf b = {0};

	buf_fmt(&b, "%s \t\r\n{}\n", text);
	memset(buf_room(&b, READER_PAD), 0, READER_PAD);
	assert_int_equal(scan_line(s, buf_all(&b), &found), rc);
	if (rc == 0)
		assert_int_equal(found, n + 3);
	b.n = n;
	memset(buf_room(&b, READER_PAD), 0, READER_PAD);
	assert_int_equal(scan_line(s, buf_all(&b), &found), -1);
	memset(b.p + n, '\n', READER_PAD); /* one that is not of the text */
	assert_int_equal(scan_line(s, buf_all(&b), &found), -1);
	buf_clear(&b);
}

/* One line through a scanner with a past and one without vectors or a past. */
static void same_as_without_a_past(struct scan *s, const char *text)
{
	struct scan *t = scan_new();
	size_t n = strlen(text);
	char *line = line_of(text, n);
	int rc;

	scan_portable(t, true);
	rc = scan_object(s, slice_of(line, n));
	assert_int_equal(scan_object(t, slice_of(line, n)), rc);
	if (rc == 0) {
		same_members(s, t);
	} else {
		assert_int_equal(scan_at(s), scan_at(t));
		assert_string_equal(scan_why(s), scan_why(t));
	}
	finds_its_end(s, text, rc);
	free(line);
	scan_free(t);
}

/* Arrays of integers have a way of their own. */
static void takes_arrays_of_integers(void **state)
{
	static const char *const arrays[] = {
		"[]",
		"[0]",
		"[1]",
		"[1,2,3]",
		"[0,0]",
		"[10,0,7]",
		"[00]",
		"[1,02]",
		"[1,-2]",
		"[1,2.5]",
		"[1,2e3]",
		"[,]",
		"[1,]",
		"[,1]",
		"[1,,2]",
		"[1",
		"[1,",
		"[1,2}",
		"[1 ,2]",
		"[1,\"a\"]",
		"[1,[2]]",
		"[123456789012345]",
		"[1234567890123456]",
		"[123456789012345,123456789012345]",
		"[1234567890123456,12345678901234]",
		"[1,12345678901234567]",
		"[9007199254740993]",
		"[12345678901234567890123456789]",
		"[111,222,333,444,555,666,777,8]",
		"[111,222,333,444,555,666,777,88]",
		"[111,222,333,444,555,666,777,888]",
		"[111,222,333,444,555,666,777,888,9]",
		"[111,222,333,444,555,666,777,888,09]",
	};
	struct scan *s = scan_new();
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(arrays); i++) {
		b.n = 0;
		buf_fmt(&b, "{\"a\":%s,\"b\":{\"c\":%s}}", arrays[i],
			arrays[i]);
		same_as_without_a_past(s, b.p);
		b.n = 0;
		buf_fmt(&b, "{\"a\":1,\"b\":%s}", arrays[i]);
		same_as_without_a_past(s, b.p);
	}
	buf_clear(&b);
	scan_free(s);
}

/* Places whose values were of one length long enough to be counted on. */
static void is_not_misled_by_lengths(void **state)
{
	static const char *const odd[] = {
		"{\"a\":\"123\",\"b\":{\"c\":\"45\"},\"d\":true}",
		"{\"a\":\"12345\",\"b\":{\"c\":\"4\"},\"d\":false}",
		"{\"a\":\"12\\\"4\",\"b\":{\"c\":45},\"d\":1}",
		"{\"a\":\"12\\\",\"b\":{\"c\":\"45\"},\"d\":true}",
		"{\"a\":\"1\\u0022\",\"b\":{\"c\":\"4\\n\"},\"d\":nul}",
		"{\"a\":\"12\xc3\xa9\",\"b\":{\"c\":\"\xc3\xa9\"},\"d\":null}",
		"{\"a\":\"12\",\"\":{\"c\":\"45\"},\"d\":true}",
		"{\"a\":\"1\" ,\"b\":{\"c\":\"45\"},\"d\":true}",
		"{\"a\":123456,\"b\":{\"c\":1234},\"d\":tru}",
		"{\"a\":\"1234\",\"b\":{\"c\":\"45\"},\"d\":true",
	};
	struct scan *s = scan_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(odd); i++) {
		for (int k = 0; k < 100; k++)
			same_as_without_a_past(s,
					       "{\"a\":\"1234\",\"b\":{\"c\":"
					       "\"45\"},\"d\":true}");
		for (int k = 0; k < 3; k++)
			same_as_without_a_past(s, odd[i]);
	}
	scan_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_rfc_8259_allows_and_says_why_not),
		cmocka_unit_test(gives_the_spans_of_members),
		cmocka_unit_test(knows_what_is_its_own_canonical_form),
		cmocka_unit_test(takes_a_record_whatever_came_before),
		cmocka_unit_test(gives_one_shape_to_one_list_of_names),
		cmocka_unit_test(keeps_the_shape_over_failures),
		cmocka_unit_test(keeps_shapes_apart_over_a_single_value),
		cmocka_unit_test(refuses_a_name_twice_in_one_object),
		cmocka_unit_test(finds_a_name_twice_among_many),
		cmocka_unit_test(goes_256_levels_deep_and_no_deeper),
		cmocka_unit_test(takes_single_values),
		cmocka_unit_test(takes_utf_8_and_nothing_else),
		cmocka_unit_test(stays_inside_the_pad),
		cmocka_unit_test(refuses_nul_bytes),
		cmocka_unit_test(finds_a_member_by_its_decoded_name),
		cmocka_unit_test(agrees_with_the_portable_code),
		cmocka_unit_test(takes_arrays_of_integers),
		cmocka_unit_test(is_not_misled_by_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
