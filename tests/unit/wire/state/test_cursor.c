/* test_cursor.c - unit tests of wire/state/cursor.h */
#include "cmocka_all.h"

#include "core/file.h"
#include "scratch.h"
#include "wire/state/cursor.h"

static const char object[] =
	"{\"column\":\"a\\\"t\",\"type\":\"int\",\"since\":\"7\",\"value\":"
	"\"18446744073709551616\",\"by\":\"upsert//\",\"new\":[1]}";

static int enter(void **state)
{
	(void)state;
	scratch_enter();
	return 0;
}

static int leave(void **state)
{
	(void)state;
	scratch_leave();
	return 0;
}

static void is(struct slice got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static void write_text(const char *text, size_t n)
{
	FILE *f = fopen("c", "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static struct buf stored(void)
{
	struct cursor c;
	struct buf b = {0};
	struct err e;

	assert_int_equal(cursor_parse(&c, slice_str(object)), 0);
	c.model = slice_str("\"m\"");
	c.state = slice_str("\"s\"");
	c.generation = 9;
	assert_int_equal(cursor_store(&c, "c", &e), 0);
	cursor_clear(&c);
	assert_int_equal(file_read("c", 4096, &b, &e), 0);
	return b;
}

static void reads_back_what_it_stores(void **state)
{
	struct buf b = stored();
	struct cursor c;
	struct err e;

	(void)state;
	assert_int_equal(cursor_load(&c, "c", &e), 1);
	is(c.column, "\"a\\\"t\"");
	is(c.type, "\"int\"");
	is(c.since, "\"7\"");
	is(c.value, "\"18446744073709551616\"");
	is(c.by, "\"upsert//\"");
	is(c.model, "\"m\"");
	is(c.state, "\"s\"");
	assert_int_equal(c.generation, 9);
	cursor_clear(&c);
	buf_clear(&b);
}

static void no_file_is_no_cursor(void **state)
{
	struct cursor c;
	struct err e;

	(void)state;
	assert_int_equal(cursor_load(&c, "nosuch", &e), 0);
	cursor_clear(&c);
}

static void refuses_every_cut_and_every_flip(void **state)
{
	struct buf b = stored();
	struct cursor c;
	struct err e;

	(void)state;
	for (size_t i = 0; i < b.n; i++) {
		write_text(b.p, i);
		assert_int_equal(cursor_load(&c, "c", &e), -1);
		assert_int_equal(e.kind, ERR_CONFIG);
		b.p[i] ^= 4;
		write_text(b.p, b.n);
		assert_int_equal(cursor_load(&c, "c", &e), -1);
		assert_int_equal(e.kind, ERR_CONFIG);
		b.p[i] ^= 4;
	}
	buf_clear(&b);
}

static void says_that_a_file_is_newer(void **state)
{
	static const char newer[] = "{\"rudder_cursor\":2,\"column\":\"a\"}\n";
	struct cursor c;
	struct err e;

	(void)state;
	write_text(newer, sizeof(newer) - 1);
	assert_int_equal(cursor_load(&c, "c", &e), -1);
	assert_non_null(strstr(e.text, "newer rudder"));
}

static void takes_only_an_object_with_a_column(void **state)
{
	static const char *const wrong[] = {"",  "7",  "[]",
					    "{", "{}", "{\"column\":7}"};
	struct cursor c;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		assert_int_equal(cursor_parse(&c, slice_str(wrong[i])), -1);
		cursor_clear(&c);
	}
}

/* Neither the file nor the stream has the fingerprint itself. */
static void knows_a_sealed_fingerprint_again(void **state)
{
	struct buf key = {0}, other = {0}, sealed = {0}, quoted = {0};
	struct cursor c = {0};

	(void)state;
	cursor_key(&key, 7);
	cursor_key(&other, 8);
	assert_int_equal(key.n, 64);
	assert_false(slice_eq(buf_all(&key), buf_all(&other)));
	cursor_seal(&sealed, buf_all(&key), slice_str("print"));
	buf_fmt(&quoted, "\"%s\"\"%s\"", buf_cstr(&key), buf_cstr(&sealed));
	c.key = slice_of(quoted.p, 66);
	c.model = slice_of(quoted.p + 66, 66);
	assert_true(cursor_is_of(&c, slice_str("print")));
	assert_false(cursor_is_of(&c, slice_str("Print")));
	c.key = slice_of(NULL, 0); /* of 0.1 */
	assert_true(cursor_is_of(&c, buf_all(&sealed)));
	assert_false(cursor_is_of(&c, slice_str("print")));
	c.model = slice_of(NULL, 0);
	assert_false(cursor_is_of(&c, slice_str("print")));
	buf_clear(&key);
	buf_clear(&other);
	buf_clear(&sealed);
	buf_clear(&quoted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_back_what_it_stores),
		cmocka_unit_test(knows_a_sealed_fingerprint_again),
		cmocka_unit_test(no_file_is_no_cursor),
		cmocka_unit_test(refuses_every_cut_and_every_flip),
		cmocka_unit_test(says_that_a_file_is_newer),
		cmocka_unit_test(takes_only_an_object_with_a_column),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
