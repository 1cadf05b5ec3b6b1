/* test_control.c - unit tests of wire/stream/control.h */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/reader.h"
#include "wire/stream/control.h"

#define ID "0123456789abcdef0123456789abcdef"

/* The value inside a line, as control_read gets it; the caller frees it. */
static char *value_of(const char *text)
{
	size_t n = strlen(text);
	char *p = mem_zero(n + 2 + READER_PAD);

	memcpy(p, text, n);
	memcpy(p + n, "}\n", 2);
	return p;
}

static const struct {
	const char *text;
	enum control_type type;
	const char *wrong; /* NULL: good */
} cases[] = {
	{"{\"type\":\"begin\"}", CONTROL_BEGIN, NULL},
	{"{\"type\":\"end\",\"rows\":3}", CONTROL_END, NULL},
	{"{\"type\":\"change\",\"change\":\"" ID "\"}", CONTROL_CHANGE, NULL},
	{"{\"type\":\"reject\"}", CONTROL_REJECT, NULL},
	{"{\"type\":\"skip\"}", CONTROL_SKIP, NULL},
	{"{\"x\":[1],\"type\":\"later\"}", CONTROL_OTHER, NULL},
	{"{ \"type\" : \"begin\" }", CONTROL_BEGIN, NULL},
	{"{\"t\\u0079pe\":\"end\"}", CONTROL_END, NULL},
	{"{}", CONTROL_OTHER, "member '_rudder' has no type"},
	{"{\"type\":\"\"}", CONTROL_OTHER, "member '_rudder' has no type"},
	{"{\"type\":1}", CONTROL_OTHER, "member '_rudder' has no type"},
	{"{\"type\":null}", CONTROL_OTHER, "member '_rudder' has no type"},
	{"1", CONTROL_OTHER, "member '_rudder' is not an object"},
	{"null", CONTROL_OTHER, "member '_rudder' is not an object"},
	{"\"begin\"", CONTROL_OTHER, "member '_rudder' is not an object"},
	{"[{\"type\":\"end\"}]", CONTROL_OTHER,
	 "member '_rudder' is not an object"},
	{"{\"type\":\"change\",\"change\":\"0123\"}", CONTROL_OTHER,
	 "member 'change' of '_rudder' is not 32 hex digits"},
	{"{\"type\":\"change\",\"change\":"
	 "\"0123456789abcdef0123456789abcdeX\"}",
	 CONTROL_OTHER, "member 'change' of '_rudder' is not 32 hex digits"},
	{"{\"type\":\"change\",\"change\":\"" ID "0\"}", CONTROL_OTHER,
	 "member 'change' of '_rudder' is not 32 hex digits"},
};

/* Twice, since the fields of one shape are looked up once. */
static void tells_the_types_apart(void **state)
{
	struct control_reader *r = control_reader_new();

	(void)state;
	for (size_t i = 0; i < 2 * COUNT_OF(cases); i++) {
		const char *text = cases[i / 2].text, *wrong;
		char *value = value_of(text);
		struct control c;
		struct err e = {0};
		int rc = control_read(r, slice_of(value, strlen(text)), &c, &e);

		wrong = cases[i / 2].wrong;
		if (rc != (wrong ? -1 : 0))
			fail_msg("%s: %s", text, e.text);
		if (wrong) {
			assert_string_equal(e.text, wrong);
			assert_int_equal(e.kind, ERR_DATA);
		}
		assert_int_equal(c.type, cases[i / 2].type);
		free(value);
	}
	control_reader_free(r);
	control_reader_free(NULL);
}

static void gives_what_each_line_says(void **state)
{
	static const char text[] =
		"{\"type\":\"begin\",\"action\":\"update\",\"id\":\"7\\u0061\","
		"\"change\":\"" ID
		"\",\"stage\":\"map\",\"reason\":\"a \\\"b\","
		"\"stream\":\"rows\",\"run\":\"r1000000000000000000\","
		"\"model\":\"m\","
		"\"state\":\"/s "
		"\\n\",\"attempt\":\"a1\",\"rows\":18446744073709551615,"
		"\"held\":-1,\"n\":\"5\",\"f\":1.0}";
	struct control_reader *r = control_reader_new();
	char *value = value_of(text);
	struct control c;
	struct err e = {0};
	uint64_t n = 3;

	(void)state;
	assert_int_equal(control_read(r, slice_of(value, strlen(text)), &c, &e),
			 0);
	assert_true(slice_is(c.action, "update"));
	assert_true(slice_is(c.id, "\"7\\u0061\""));
	assert_true(slice_is(c.change, ID));
	assert_true(slice_is(c.stage, "map"));
	assert_true(slice_is(c.reason, "\"a \\\"b\""));
	assert_true(slice_is(c.stream, "rows"));
	assert_true(slice_is(c.run, "r1000000000000000000"));
	assert_true(slice_is(c.model, "m"));
	assert_true(slice_is(c.state, "\"/s \\n\""));
	assert_true(slice_is(c.attempt, "a1"));
	assert_true(slice_is(c.body, text));
	assert_int_equal(control_count(r, "rejects", &n), 0);
	assert_int_equal(control_count(r, "held", &n), -1);
	assert_int_equal(control_count(r, "n", &n), -1);
	assert_int_equal(control_count(r, "f", &n), -1);
	assert_int_equal(n, 3);
	assert_int_equal(control_count(r, "rows", &n), 1);
	assert_true(n == UINT64_MAX);
	assert_true(slice_is(control_member(r, "held"), "-1"));
	assert_int_equal(control_member(r, "none").n, 0);
	free(value);
	control_reader_free(r);
}

static void leaves_out_what_is_no_text(void **state)
{
	static const char text[] =
		"{\"type\":\"skip\",\"id\":7,\"reason\":null,\"run\":{}}";
	struct control_reader *r = control_reader_new();
	char *value = value_of(text);
	struct control c;
	struct err e = {0};

	(void)state;
	assert_int_equal(control_read(r, slice_of(value, strlen(text)), &c, &e),
			 0);
	assert_int_equal(c.id.n, 0);
	assert_int_equal(c.reason.n, 0);
	assert_int_equal(c.run.n, 0);
	free(value);
	control_reader_free(r);
}

static void writes_notes(void **state)
{
	struct buf b = {0};

	(void)state;
	control_note(&b, &(struct control_note){.type = "reject",
						.stage = "map",
						.reason = "no \"user\" id"});
	assert_string_equal(
		buf_cstr(&b),
		"{\"_rudder\":{\"type\":\"reject\",\"stage\":\"map\","
		"\"reason\":\"no \\\"user\\\" id\"}}");
	b.n = 0;
	control_note(&b,
		     &(struct control_note){.type = "skip",
					    .stage = "map",
					    .line = 12,
					    .reason = "r",
					    .action = slice_str("delete"),
					    .id = slice_str("\"7\\n\""),
					    .change = slice_str(ID),
					    .record = slice_of("{\xff", 2)});
	assert_string_equal(buf_cstr(&b),
			    "{\"_rudder\":{\"type\":\"skip\",\"stage\":\"map\","
			    "\"id\":\"7\\n\","
			    "\"action\":\"delete\",\"change\":\"" ID
			    "\",\"line\":12,"
			    "\"reason\":\"r\",\"record\":\"{\xef\xbf\xbd\"}}");
	buf_clear(&b);
}

static void cuts_the_record_of_a_note(void **state)
{
	enum { LONG = 100000, KEPT = 64 * 1024 };
	char *record = mem_zero(LONG);
	struct buf b = {0};

	(void)state;
	memset(record, 'x', LONG);
	control_note(&b,
		     &(struct control_note){.type = "reject",
					    .stage = "diff",
					    .reason = "",
					    .record = slice_of(record, LONG)});
	assert_true(b.n > KEPT && b.n < KEPT + 100);
	b.n = 0;
	control_note(&b, &(struct control_note){.type = "reject",
						.stage = "diff",
						.reason = "",
						.record = slice_of(record, 0)});
	assert_string_equal(
		buf_cstr(&b),
		"{\"_rudder\":{\"type\":\"reject\",\"stage\":\"diff\","
		"\"reason\":\"\",\"record\":\"\"}}");
	buf_clear(&b);
	free(record);
}

static void passes_on_what_it_does_not_know(void **state)
{
	static const char *const drop[] = {"rows", "rejects", NULL};
	static const char *const bodies[][2] = {
		{"{\"type\":\"end\",\"stream\":\"rows\",\"rows\":3,\"rejects\":"
		 "1,"
		 "\"held\":[2, {\"x\":1.0}],\"a\\u0062\":\"\\u0063\"}",
		 "{\"_rudder\":{\"type\":\"end\",\"stream\":\"changes\","
		 "\"held\":[2, {\"x\":1.0}],\"a\\u0062\":\"\\u0063\""},
		{"{ \"v\" : 1 , \"type\" : \"begin\" }",
		 "{\"_rudder\":{\"type\":\"begin\",\"stream\":\"changes\","
		 "\"v\":1"},
		{"{\"type\":\"end\",\"str\\u0065am\":\"rows\",\"\\u0072ows\":"
		 "3}",
		 "{\"_rudder\":{\"type\":\"end\",\"stream\":\"changes\""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		char *value = value_of(bodies[i][0]);
		struct buf b = {0};

		control_rewrite(&b, slice_of(value, strlen(bodies[i][0])),
				"changes", drop);
		assert_string_equal(buf_cstr(&b), bodies[i][1]);
		buf_clear(&b);
		free(value);
	}
}

static void drops_nothing_but_the_stream_if_not_asked(void **state)
{
	char *value = value_of("{\"type\":\"begin\",\"v\":1}");
	struct buf b = {0};

	(void)state;
	control_rewrite(&b, slice_of(value, 22), "rows", NULL);
	control_add_text(&b, "run", slice_str("r\"1"));
	control_add_text(&b, "model", slice_str(""));
	control_close(&b);
	assert_string_equal(buf_cstr(&b),
			    "{\"_rudder\":{\"type\":\"begin\",\"stream\":"
			    "\"rows\",\"v\":1,\"run\":\"r\\\"1\"}}");
	buf_clear(&b);
	free(value);
}

/* A stage writes a begin of its own from a literal. */
static void rewrites_a_body_without_a_pad(void **state)
{
	static const char text[] = "{\"type\":\"begin\",\"v\":1}";
	char *exact = mem_resize(NULL, sizeof(text) - 1);
	struct buf b = {0};

	(void)state;
	memcpy(exact, text, sizeof(text) - 1);
	control_rewrite(&b, slice_of(exact, sizeof(text) - 1), "rows", NULL);
	assert_string_equal(buf_cstr(&b),
			    "{\"_rudder\":{\"type\":\"begin\",\"stream\":"
			    "\"rows\",\"v\":1");
	buf_clear(&b);
	free(exact);
}

static void writes_an_end(void **state)
{
	struct buf b = {0};

	(void)state;
	control_end(&b, "rows");
	control_add_count(&b, "rows", UINT64_MAX);
	control_add_count(&b, "skips", 0);
	control_close(&b);
	assert_string_equal(
		buf_cstr(&b),
		"{\"_rudder\":{\"type\":\"end\",\"stream\":\"rows\","
		"\"rows\":18446744073709551615,\"skips\":0}}");
	buf_clear(&b);
}

static void makes_message_ids_of_changes_and_back(void **state)
{
	static const char change_id[] = "0123456789ab8def8123456789abcdef";
	static const struct {
		size_t i, n;
		uint32_t mix;
		const char *id;
	} ids[] = {
		{1, 1, 0, "01234567-89ab-8def-8123-456789abcdef"},
		{1, 2, 0, "01234567-89ab-8def-8123-456789abcdef-1-2"},
		{10, 12, 0, "01234567-89ab-8def-8123-456789abcdef-10-12"},
		{1, 1, 1, "01234567-89ab-8def-8123-456789abcdee"},
		{1, 1, 0xffffffff, "01234567-89ab-8def-8123-456776543210"},
		{2, 2, 0x80000000, "01234567-89ab-8def-8123-456709abcdef-2-2"},
	};

	(void)state;
	for (size_t k = 0; k < COUNT_OF(ids); k++) {
		struct buf b = {0};
		char change[32];
		uint64_t i = 0, n = 0;

		control_message_id(&b, slice_str(change_id), ids[k].mix,
				   ids[k].i, ids[k].n);
		assert_string_equal(buf_cstr(&b), ids[k].id);
		assert_int_equal(control_change_of(buf_all(&b), change, &i, &n),
				 1);
		assert_memory_equal(change, change_id, CONTROL_FOUND_BY);
		assert_int_equal(i, ids[k].i);
		assert_int_equal(n, ids[k].n);
		buf_clear(&b);
	}
}

/* RFC 9562, 5.8: version 8 in digit 12, variant 10 in the high bits of 16. */
static void makes_a_uuid_of_any_change_id(void **state)
{
	static const char *const ids[][2] = {
		{"00000000000000000000000000000000",
		 "00000000-0000-8000-8000-000000000000"},
		{"ffffffffffffffffffffffffffffffff",
		 "ffffffff-ffff-8fff-bfff-ffffffffffff"},
		{"0123456789abcdef0123456789abcdef",
		 "01234567-89ab-8def-8123-456789abcdef"},
	};

	(void)state;
	for (size_t k = 0; k < COUNT_OF(ids); k++) {
		struct buf b = {0};

		control_message_id(&b, slice_str(ids[k][0]), 0, 1, 1);
		assert_string_equal(buf_cstr(&b), ids[k][1]);
		buf_clear(&b);
	}
}

static void knows_its_own_ids_from_others(void **state)
{
	static const char *const others[] = {
		"",
		"01234567-89ab-cdef-0123-456789abcde",
		"0123456789abcdef0123456789abcdef0123",
		"01234567-89AB-cdef-0123-456789abcdef",
		"01234567x89ab-cdef-0123-456789abcdef",
		"01234567-89ab-cdef-0123-456789abcdeg",
		"01234567-89ab-cdef-0123-456789abcdef-",
		"01234567-89ab-cdef-0123-456789abcdef-1",
		"01234567-89ab-cdef-0123-456789abcdef-1-",
		"01234567-89ab-cdef-0123-456789abcdef--1",
		"01234567-89ab-cdef-0123-456789abcdef-0-2",
		"01234567-89ab-cdef-0123-456789abcdef-3-2",
		"01234567-89ab-cdef-0123-456789abcdef-1-1",
		"01234567-89ab-cdef-0123-456789abcdef-1-2-3",
		"01234567-89ab-cdef-0123-456789abcdef 1-2",
		"01234567-89ab-cdef-0123-456789abcdef-1-99999999999999999999",
		"01234567-89ab-cdef-0123-456789abcdef-1-4294967297",
	};

	(void)state;
	for (size_t k = 0; k < COUNT_OF(others); k++) {
		char change[32];
		uint64_t i, n;

		assert_int_equal(
			control_change_of(slice_of(NULL, 0), change, &i, &n),
			0);
		if (control_change_of(slice_str(others[k]), change, &i, &n))
			fail_msg("took '%s'", others[k]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_the_types_apart),
		cmocka_unit_test(gives_what_each_line_says),
		cmocka_unit_test(leaves_out_what_is_no_text),
		cmocka_unit_test(writes_notes),
		cmocka_unit_test(cuts_the_record_of_a_note),
		cmocka_unit_test(passes_on_what_it_does_not_know),
		cmocka_unit_test(drops_nothing_but_the_stream_if_not_asked),
		cmocka_unit_test(rewrites_a_body_without_a_pad),
		cmocka_unit_test(writes_an_end),
		cmocka_unit_test(makes_message_ids_of_changes_and_back),
		cmocka_unit_test(makes_a_uuid_of_any_change_id),
		cmocka_unit_test(knows_its_own_ids_from_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
