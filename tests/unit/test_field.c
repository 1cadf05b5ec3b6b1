/* test_field.c - unit tests of map/field.h; what each cast takes stands in
 * tests/cli/map/fields.t
 */
#include "cmocka_all.h"

#include <string.h>

#include "map/field.h"

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

static void does_nothing_when_it_is_zero(void **state)
{
	struct scan_member m = member("\"\\u0041\"");
	struct field f = {0};
	struct buf b = {0};
	const char *why;

	(void)state;
	assert_false(field_active(&f));
	assert_int_equal(field_apply(&f, &m, &b, &why), 1);
	assert_string_equal(buf_cstr(&b), "\"\\u0041\"");
	buf_clear(&b);
}

static void judges_nulls_before_all_else(void **state)
{
	struct scan_member m = member("null");
	struct field f = {0};
	struct buf b = {0};
	struct err e;
	const char *why;

	(void)state;
	assert_int_equal(field_set_mask(&f, "sha256", &e), 0);
	assert_int_equal(field_set_cast(&f, "integer", &e), 0);
	assert_int_equal(field_apply(&f, &m, &b, &why), 1);
	assert_string_equal(buf_cstr(&b), "null");
	assert_int_equal(field_set_null(&f, "omit", &e), 0);
	b.n = 0;
	assert_int_equal(field_apply(&f, &m, &b, &why), 0);
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
	const char *why;

	(void)state;
	assert_int_equal(field_set_mask(&f, "sha256", &e), 0);
	assert_int_equal(field_apply(&f, &m, &b, &why), 1);
	assert_string_equal(buf_cstr(&b),
			    "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a"
			    "9cb410ff61f20015ad\"");
	field_clear(&f);
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
