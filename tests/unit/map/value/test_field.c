/* test_field.c - unit tests of map/value/field.h; what each cast takes stands
 * in tests/cli/map/fields.t
 */
#include "cmocka_all.h"

#include <string.h>

#include "map/value/field.h"

static struct scan_member member(const char *json)
{
	return (struct scan_member){
		.value = slice_str(json),
		.kind = *json == '"'   ? SCAN_STRING
			: *json == 'n' ? SCAN_NULL
			: *json == '[' ? SCAN_ARRAY
				       : SCAN_NUMBER,
	};
}

static struct field_work work;

static int free_work(void **state)
{
	(void)state;
	field_work_clear(&work);
	return 0;
}

static void does_nothing_when_it_is_zero(void **state)
{
	struct scan_member m = member("\"\\u0041\"");
	struct field f = {0};
	struct buf b = {0};
	struct field_said said;

	(void)state;
	assert_false(field_active(&f));
	assert_int_equal(field_apply(&f, &m, &work, &b, &said), 1);
	assert_string_equal(buf_cstr(&b), "\"\\u0041\"");
	buf_clear(&b);
}

static void judges_nulls_before_all_else(void **state)
{
	struct scan_member m = member("null");
	struct field f = {0};
	struct buf b = {0};
	struct err e;
	struct field_said said;

	(void)state;
	assert_int_equal(field_set_mask(&f, "sha256", &e), 0);
	assert_int_equal(field_set_cast(&f, "integer", &e), 0);
	assert_int_equal(field_apply(&f, &m, &work, &b, &said), 1);
	assert_string_equal(buf_cstr(&b), "null");
	assert_int_equal(field_set_null(&f, "omit", &e), 0);
	b.n = 0;
	assert_int_equal(field_apply(&f, &m, &work, &b, &said), 0);
	assert_int_equal(b.n, 0);
	field_clear(&f);
	buf_clear(&b);
}

static void merges_what_the_later_one_sets(void **state)
{
	struct field f = {0}, more = {0};
	struct err e;

	(void)state;
	assert_int_equal(field_set_mask(&f, "lower", &e), 0);
	assert_int_equal(field_set_null(&f, "omit", &e), 0);
	assert_int_equal(field_set_null(&more, "keep", &e), 0);
	field_merge(&f, &more);
	assert_int_equal(f.null, FIELD_KEEP);
	assert_int_equal(f.n_steps, 1);
	assert_int_equal(field_set_mask(&more, "trim+hmac", &e), 0);
	field_merge(&f, &more);
	assert_int_equal(f.n_steps, 2);
	assert_true(field_needs_key(&f));
	field_clear(&f);
	field_clear(&more);
}

static void refuses_unknown_words(void **state)
{
	struct field f = {0};
	struct err e;

	(void)state;
	assert_int_equal(field_set_null(&f, "", &e), -1);
	assert_int_equal(field_set_cast(&f, "strng", &e), -1);
	assert_string_equal(e.text,
			    "unknown cast 'strng'; did you mean 'string'?");
	assert_int_equal(field_set_mask(&f, "trim+", &e), -1);
	assert_int_equal(field_set_mask(&f, "truncate:-1", &e), -1);
	assert_int_equal(
		field_set_mask(&f,
			       "trim+trim+trim+trim+trim+trim+trim+trim+"
			       "trim",
			       &e),
		-1);
	assert_int_equal(e.kind, ERR_CONFIG);
	field_clear(&f);
}

/* FIPS 180-4's example "abc". */
static void hashes_the_decoded_text(void **state)
{
	struct scan_member m = member("\"a\\u0062c\"");
	struct field f = {0};
	struct buf b = {0};
	struct err e;
	struct field_said said;

	(void)state;
	assert_int_equal(field_set_mask(&f, "sha256", &e), 0);
	assert_int_equal(field_apply(&f, &m, &work, &b, &said), 1);
	assert_string_equal(buf_cstr(&b),
			    "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a"
			    "9cb410ff61f20015ad\"");
	field_clear(&f);
	buf_clear(&b);
}

/* What happens to a string under one cast or mask; NULL where it is refused. */
static const char *applied(const char *json, const char *cast, const char *mask,
			   struct buf *b)
{
	struct scan_member m = member(json);
	struct field f = {0};
	struct err e;
	struct field_said said;
	int rc;

	if (cast)
		assert_int_equal(field_set_cast(&f, cast, &e), 0);
	if (mask)
		assert_int_equal(field_set_mask(&f, mask, &e), 0);
	b->n = 0;
	rc = field_apply(&f, &m, &work, b, &said);
	field_clear(&f);
	return rc == 1 ? buf_cstr(b) : NULL;
}

static void takes_times_as_people_and_databases_write_them(void **state)
{
	static const char *const cases[][2] = {
		{"\"2024-05-07\"", "2024-05-07T00:00:00Z"},
		{"\"2024-05-07 00:00:00\"", "2024-05-07T00:00:00Z"},
		{"\"2024-05-07T23:59:59\"", "2024-05-07T23:59:59Z"},
		{"\"2024-05-07T23:59:60Z\"", "2024-05-07T23:59:60Z"},
		{"\"2024-05-08 01:59:60+02\"", "2024-05-08T01:59:60+02:00"},
		{"\"2024-05-07 12:30:60\"", NULL},
		{"\"2024-05-07 23:59:60+02\"", NULL},
		{"\"2024-05-07T23:59:61Z\"", NULL},
		{"\"2024-05-07T23:60:00Z\"", NULL},
		{"\"2024-05-07T24:00:00Z\"", NULL},
		{"\"2024-05-07T10:00:00+23:59\"", "2024-05-07T10:00:00+23:59"},
		{"\"2024-05-07T10:00:00+24:00\"", NULL},
		{"\"2024-05-07T10:00:00+10:60\"", NULL},
		/* days that are not there */
		{"\"2024-02-29\"", "2024-02-29T00:00:00Z"},
		{"\"2000-02-29\"", "2000-02-29T00:00:00Z"},
		{"\"2024-02-30\"", NULL},
		{"\"2023-02-29\"", NULL},
		{"\"1900-02-29\"", NULL},
		{"\"2024-04-31\"", NULL},
		{"\"2024-12-31\"", "2024-12-31T00:00:00Z"},
		{"\"2024-00-10\"", NULL},
		{"\"2024-13-10\"", NULL},
		{"\"2024-10-00\"", NULL},
		{"\"0000-01-01\"", NULL},
		{"\"0001-01-01\"", "0001-01-01T00:00:00Z"},
		/* without seconds, with zones */
		{"\"2024-03-10T02:30Z\"", "2024-03-10T02:30:00Z"},
		{"\"2024-03-10 02:30\"", "2024-03-10T02:30:00Z"},
		{"\"2024-03-10 02:30-0130\"", "2024-03-10T02:30:00-01:30"},
		{"\"2024-03-10 02:30:00.000 +0000\"",
		 "2024-03-10T02:30:00.000Z"},
		{"\"2024-03-10 02:30:00 +0000 UTC\"", "2024-03-10T02:30:00Z"},
		{"\"2024-03-10 02:30:00.5 +0200 CEST\"",
		 "2024-03-10T02:30:00.5+02:00"},
		{"\"2024-03-10 02:30:00 UTC\"", "2024-03-10T02:30:00Z"},
		{"\"2024-03-10 02:30:00 GMT\"", "2024-03-10T02:30:00Z"},
		{"\"2024-03-10 02:30:00 Z\"", "2024-03-10T02:30:00Z"},
		{"\"2024-03-10 02:30:00+05:30\"", "2024-03-10T02:30:00+05:30"},
		{"\"2024-03-10 02:30:00 CEST\"", NULL},
		{"\"2024-03-10 02:30:00 \"", "2024-03-10T02:30:00Z"},
		{"\"2024-03-10 02:30:\"", NULL},
		{"\"2024-03-10 02:30:00.\"", NULL},
		{"\"2024-03-10 02:30.5\"", NULL},
		{"\"2024-03-10 02:30:00+0\"", NULL},
		{"\"2024-03-10 02:30:00+020\"", NULL},
		{"\"2024-03-10 02:30:00 +0000 a b\"", NULL},
		{"\"2024-03-10 0\"", NULL},
		{"\"2024-03-10T\"", NULL},
		{"\"2024-03-1\"", NULL},
		{"\"10.03.2024\"", NULL},
		/* numbers */
		{"0", "1970-01-01T00:00:00.000Z"},
		{"-0.0", "1970-01-01T00:00:00.000Z"},
		{"1710037800", "2024-03-10T02:30:00.000Z"},
		{"1710037800.25", "2024-03-10T02:30:00.250Z"},
		{"1.7100378e9", "2024-03-10T02:30:00.000Z"},
		{"1710037800123.5", "2024-03-10T02:30:00.123500Z"},
		{"1710037800123456", "2024-03-10T02:30:00.123456Z"},
		{"1710037800123456789", "2024-03-10T02:30:00.123456789Z"},
		{"1710037800.0000000019", "2024-03-10T02:30:00.000000001Z"},
		{"-86400", "1969-12-31T00:00:00.000Z"},
		{"-0.5", "1969-12-31T23:59:59.500Z"},
		{"-86400000000", NULL},
		{"-864000000000", "1942-08-16T00:00:00.000Z"},
		{"99999999999", "5138-11-16T09:46:39.000Z"},
		{"100000000000", "1973-03-03T09:46:40.000Z"},
		{"99999999999999", "5138-11-16T09:46:39.999Z"},
		{"100000000000000", "1973-03-03T09:46:40.000Z"},
		{"1e20", NULL},
		{"1e-30", "1970-01-01T00:00:00.000Z"},
		{"-62135596800", "0001-01-01T00:00:00.000Z"},
		{"-62135596801", NULL},
		{"1e999999999999999999999", NULL},
		{"true", NULL},
	};
	struct buf b = {0}, want = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *got = applied(cases[i][0], "timestamp", NULL, &b);

		want.n = 0;
		if (!cases[i][1]) {
			assert_null(got);
			continue;
		}
		buf_fmt(&want, "\"%s\"", cases[i][1]);
		assert_string_equal(got, buf_cstr(&want));
	}
	buf_clear(&b);
	buf_clear(&want);
}

/* An emoji, and the Deseret letters U+10400 and U+10428. */
static void lowers_letters_of_any_length(void **state)
{
	struct buf b = {0};

	(void)state;
	assert_string_equal(
		applied("\"A\\u00c4\xe1\xba\x9e\"", NULL, "lower", &b),
		"\"a\xc3\xa4\xc3\x9f\"");
	assert_string_equal(
		applied("\"A\xf0\x9f\x98\x80Z\"", NULL, "lower", &b),
		"\"a\xf0\x9f\x98\x80z\"");
	assert_string_equal(applied("\"\xf0\x90\x90\x80\"", NULL, "lower", &b),
			    "\"\xf0\x90\x90\xa8\"");
	buf_clear(&b);
}

static void masks_what_a_cast_made(void **state)
{
	struct buf b = {0};

	(void)state;
	/* of "true" */
	assert_string_equal(
		applied("\"YES\"", "boolean", "sha256", &b),
		"\"b5bea41b6c623f7c09f1bf24dcae58ebab3c0cdd90ad966bc"
		"43a45b44867e12b\"");
	assert_string_equal(
		applied("\"1.0\"", "boolean", "sha256", &b),
		"\"b5bea41b6c623f7c09f1bf24dcae58ebab3c0cdd90ad966bc"
		"43a45b44867e12b\"");
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(does_nothing_when_it_is_zero),
		cmocka_unit_test(judges_nulls_before_all_else),
		cmocka_unit_test(merges_what_the_later_one_sets),
		cmocka_unit_test(refuses_unknown_words),
		cmocka_unit_test(hashes_the_decoded_text),
		cmocka_unit_test(
			takes_times_as_people_and_databases_write_them),
		cmocka_unit_test(lowers_letters_of_any_length),
		cmocka_unit_test(masks_what_a_cast_made),
	};

	return cmocka_run_group_tests(tests, NULL, free_work);
}
