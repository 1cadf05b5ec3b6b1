/* test_pgtype.c - unit tests of query/postgres/pgtype.h */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "core/reader.h"
#include "query/postgres/pgshape.h"

static struct pgtype_work work;

static int begin(void **state)
{
	(void)state;
	work.scan = scan_new();
	return 0;
}

static int finish(void **state)
{
	(void)state;
	scan_free(work.scan);
	buf_clear(&work.scratch);
	return 0;
}

static uint64_t next_random(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

/* Whatever a server sends: refused with a reason, or one JSON value. */
static void any_bytes_are_json_or_refused(void **state)
{
	uint64_t x = 88172645463325252;
	struct buf out = {0};

	(void)state;
	for (int i = 0; i < 300000; i++) {
		size_t n = next_random(&x) % 48;
		char *bytes = malloc(n + 1); /* its end is seen by ASan */
		struct pgtype_column c;
		enum scan_kind kind;

		assert_non_null(bytes);
		for (size_t k = 0; k < n; k++)
			bytes[k] = (char)(next_random(&x) %
					  (next_random(&x) % 3 ? 4 : 256));
		if (pgtype_find((uint32_t)(next_random(&x) % 5000), false,
				&c)) {
			out.n = 0;
			work.why = NULL;
			if (pgshape_put(&c, &out, slice_of(bytes, n), &work) <
			    0) {
				assert_non_null(work.why);
			} else if (c.type) {
				memset(buf_room(&out, READER_PAD), 0,
				       READER_PAD);
				if (strcmp(pgtype_word(&c), "json") != 0 &&
				    strcmp(pgtype_word(&c), "array") != 0)
					assert_int_equal(
						scan_value(work.scan,
							   buf_all(&out),
							   &kind),
						0);
			}
		}
		free(bytes);
	}
	buf_clear(&out);
}

static void an_array_is_whole_or_refused(void **state)
{
	static const char two[] = "\0\0\0\1\0\0\0\0\0\0\0\x17"
				  "\0\0\0\2\0\0\0\1"
				  "\0\0\0\4\0\0\0\7\xff\xff\xff\xff";
	struct pgtype_column c;
	struct buf out = {0};

	(void)state;
	assert_int_equal(pgtype_find(1007, false, &c), 1);
	assert_string_equal(pgtype_word(&c), "array");
	assert_int_equal(
		pgshape_put(&c, &out, slice_of(two, sizeof(two) - 1), &work),
		0);
	assert_string_equal(buf_cstr(&out), "[7,null]");
	for (size_t n = 0; n < sizeof(two) - 1; n++) {
		out.n = 0;
		assert_int_equal(pgshape_put(&c, &out, slice_of(two, n), &work),
				 -1);
	}
	buf_clear(&out);
}

/* All of it gives the JSON, anything shorter or longer is refused. */
static void whole_or_refused(const struct pgtype_column *c, const char *bytes,
			     size_t n, const char *json)
{
	struct buf out = {0}, longer = {0};

	assert_int_equal(pgshape_put(c, &out, slice_of(bytes, n), &work), 0);
	assert_string_equal(buf_cstr(&out), json);
	for (size_t k = 0; k < n; k++) {
		out.n = 0;
		work.why = NULL;
		assert_int_equal(
			pgshape_put(c, &out, slice_of(bytes, k), &work), -1);
		assert_non_null(work.why);
	}
	buf_add(&longer, bytes, n);
	buf_char(&longer, '\0');
	assert_int_equal(pgshape_put(c, &out, buf_all(&longer), &work), -1);
	buf_clear(&out);
	buf_clear(&longer);
}

#define MIDNIGHT "\0\0\0\x08\0\0\0\0\0\0\0\0"

static void a_set_of_ranges_is_whole_or_refused(void **state)
{
	static const char two[] = "\0\0\0\2"
				  "\0\0\0\1\1" /* empty */
				  "\0\0\0\x0d\x12" MIDNIGHT;
	struct pgtype_column c;

	(void)state;
	assert_int_equal(pgtype_find(4534, false, &c), 1);
	whole_or_refused(&c, two, sizeof(two) - 1,
			 "\"{empty,[\\\"2000-01-01 00:00:00+00\\\",)}\"");
}

static void a_composite_value_is_whole_or_refused(void **state)
{
	static const char two[] = "\0\0\0\2\0\0\0\x17\0\0\0\4\0\0\0\7"
				  "\0\0\0\x19\xff\xff\xff\xff";
	struct pgshape shape = {.n = 0};
	struct pgtype_column c = {.shape = &shape}, field;

	(void)state;
	assert_int_equal(pgtype_find(23, false, &field), 1);
	pgshape_add(&shape, "a", &field);
	assert_int_equal(pgtype_find(25, false, &field), 1);
	pgshape_add(&shape, "b", &field);
	whole_or_refused(&c, two, sizeof(two) - 1, "{\"a\":7,\"b\":null}");
	for (size_t i = 0; i < shape.n; i++)
		buf_clear(&shape.field[i].name);
	free(shape.field);
}

static void other_types_are_not_known(void **state)
{
	struct pgtype_column c;

	(void)state;
	assert_int_equal(pgtype_find(0, true, &c), 0);
	assert_int_equal(pgtype_find(600, true, &c), 0); /* point */
	assert_int_equal(pgtype_find(PGTYPE_TEXT_ARRAY, false, &c), 1);
	assert_true(c.array);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_bytes_are_json_or_refused),
		cmocka_unit_test(an_array_is_whole_or_refused),
		cmocka_unit_test(a_set_of_ranges_is_whole_or_refused),
		cmocka_unit_test(a_composite_value_is_whole_or_refused),
		cmocka_unit_test(other_types_are_not_known),
	};

	return cmocka_run_group_tests(tests, begin, finish);
}
