/* test_delta_base.c - unit tests of wire/state/delta_base.h */
#include "cmocka_all.h"

#include "core/file.h"
#include "scratch.h"
#include "wire/state/delta_base.h"

static const char object[] =
	"{\"id\":\"00112233445566aa\",\"schema\":\"a\\\"b\",\"run\":"
	"\"d4f3a1b2c3d4e5f6a7b8\",\"of\":\"f\",\"file\":\"s\",\"all\":true,"
	"\"total\":7,\"keys\":3,\"new\":[1]}";

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

static void store(enum delta_base_open open)
{
	const struct delta_base b = {
		.id = slice_str("00112233445566aa"),
		.run = slice_str("d4f3a1b2c3d4e5f6a7b8"),
		.schema = slice_str("\"a\\\"b\""),
		.of = slice_str("f"),
		.key = slice_str("k"),
		.by = slice_str("\"mirror//\""),
		.state = slice_str("m"),
		.generation = 9,
		.rows = UINT64_MAX,
		.keys = 5,
		.open = open,
	};
	struct err e;

	assert_int_equal(delta_base_store(&b, "b", &e), 0);
}

static void write_text(struct slice text)
{
	FILE *f = fopen("b", "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
	assert_int_equal(fclose(f), 0);
}

static void reads_back_what_it_stores(void **state)
{
	(void)state;
	for (int open = DELTA_BASE_SETTLED; open <= DELTA_BASE_VOID; open++) {
		struct delta_base b;
		struct err e;

		store((enum delta_base_open)open);
		assert_int_equal(delta_base_load(&b, "b", &e), 1);
		is(b.id, "00112233445566aa");
		is(b.run, "d4f3a1b2c3d4e5f6a7b8");
		is(b.schema, "\"a\\\"b\"");
		is(b.of, "f");
		is(b.key, "k");
		is(b.by, "\"mirror//\"");
		is(b.state, "m");
		assert_int_equal(b.generation, 9);
		assert_true(b.rows == UINT64_MAX);
		assert_int_equal(b.keys, 5);
		assert_int_equal(b.open, open);
		assert_int_equal(b.sum.n, 32);
		delta_base_clear(&b);
	}
}

static void each_file_has_a_sum_of_its_own(void **state)
{
	struct delta_base a, b;
	struct err e;

	(void)state;
	store(DELTA_BASE_KEYS);
	assert_int_equal(delta_base_load(&a, "b", &e), 1);
	store(DELTA_BASE_SETTLED);
	assert_int_equal(delta_base_load(&b, "b", &e), 1);
	assert_false(slice_eq(a.sum, b.sum));
	delta_base_clear(&a);
	delta_base_clear(&b);
}

static void no_file_is_no_base(void **state)
{
	struct delta_base b;
	struct err e;

	(void)state;
	assert_int_equal(delta_base_load(&b, "b", &e), 0);
	assert_int_equal(b.sum.n, 0);
}

/* Or one of a newer version, where its number is damaged. */
static void is_no_base(void)
{
	struct delta_base b;
	struct err e = {0};
	int rc = delta_base_load(&b, "b", &e);

	assert_true(rc == 0 || (rc < 0 && e.kind == ERR_CONFIG));
}

/* Each byte changed, and each length. */
static void a_damaged_file_is_no_base(void **state)
{
	struct buf whole = {0};
	struct err e = {0};

	(void)state;
	store(DELTA_BASE_SETTLED);
	assert_int_equal(file_read("b", 4096, &whole, &e), 0);
	for (size_t i = 0; i < whole.n; i++) {
		whole.p[i] ^= 2;
		write_text(buf_all(&whole));
		is_no_base();
		whole.p[i] ^= 2;
		write_text(slice_of(whole.p, i));
		is_no_base();
	}
	buf_clear(&whole);
}

static void refuses_a_newer_file(void **state)
{
	struct delta_base b;
	struct err e = {0};

	(void)state;
	write_text(slice_str("{\"rudder_base\":2,\"id\":\"a\"}\n"));
	assert_int_equal(delta_base_load(&b, "b", &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
}

static void a_begin_line_is_read_as_it_was_written(void **state)
{
	struct delta_begin d, again;
	struct buf b = {0};

	(void)state;
	assert_int_equal(delta_base_parse_begin(&d, slice_str(object)), 0);
	delta_base_put_begin(&d, &b);
	is(slice_of(b.p, 9), ",\"delta\":");
	assert_int_equal(
		delta_base_parse_begin(&again, slice_of(b.p + 9, b.n - 9)), 0);
	is(again.id, "00112233445566aa");
	is(again.schema, "\"a\\\"b\"");
	is(again.run, "d4f3a1b2c3d4e5f6a7b8");
	is(again.of, "f");
	is(again.file, "s");
	assert_true(again.all);
	assert_int_equal(again.total, 7);
	assert_int_equal(again.keys, 3);
	delta_base_clear_begin(&d);
	delta_base_clear_begin(&again);
	buf_clear(&b);
}

static void refuses_a_begin_line_without_what_it_needs(void **state)
{
	static const char *const wrong[] = {
		"{}",
		"[]",
		"1",
		"{\"id\":\"0011\",\"schema\":\"a\",\"run\":"
		"\"d4f3a1b2c3d4e5f6a7b8\",\"of\":\"f\",\"total\":7,\"keys\":0}",
		"{\"id\":\"00112233445566aa\",\"schema\":\"a\",\"run\":"
		"\"no/run\",\"of\":\"f\",\"total\":7,\"keys\":0}",
		"{\"id\":\"00112233445566aa\",\"schema\":\"\",\"run\":"
		"\"d4f3a1b2c3d4e5f6a7b8\",\"of\":\"f\",\"total\":7,\"keys\":0}",
		"{\"id\":\"00112233445566aa\",\"schema\":\"a\",\"run\":"
		"\"d4f3a1b2c3d4e5f6a7b8\",\"of\":\"f\",\"total\":-1,\"keys\":"
		"0}",
		"{\"id\":\"00112233445566aa\",\"schema\":\"a\",\"run\":"
		"\"d4f3a1b2c3d4e5f6a7b8\",\"total\":1,\"keys\":0}",
	};
	struct delta_begin d;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_int_equal(
			delta_base_parse_begin(&d, slice_str(wrong[i])), -1);
		delta_base_clear_begin(&d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_back_what_it_stores,
						enter, leave),
		cmocka_unit_test_setup_teardown(each_file_has_a_sum_of_its_own,
						enter, leave),
		cmocka_unit_test_setup_teardown(no_file_is_no_base, enter,
						leave),
		cmocka_unit_test_setup_teardown(a_damaged_file_is_no_base,
						enter, leave),
		cmocka_unit_test_setup_teardown(refuses_a_newer_file, enter,
						leave),
		cmocka_unit_test(a_begin_line_is_read_as_it_was_written),
		cmocka_unit_test(refuses_a_begin_line_without_what_it_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
