/* test_spool.c - unit tests of diff/keys/spool.h */
#include "cmocka_all.h"

#include <sys/stat.h>

#include "core/reader.h"
#include "core/temp.h"
#include "diff/keys/spool.h"
#include "scratch.h"

enum { PARTS = 7 };

/* Record i: some bytes that tell it from all others. */
static void make(struct buf *b, uint64_t i)
{
	b->n = 0;
	buf_uint(b, i);
	for (uint64_t k = 0; k < i * 7919 % 1500; k++)
		buf_char(b, (char)(i + k));
}

static void gives_back_each_part_in_order(void **state)
{
	static const size_t memory[] = {1, 64 * 1024, 16 * 1024 * 1024};
	/* nothing, a part, or all is held in memory */
	static const uint64_t hold[] = {0, 300 * 1000, UINT64_MAX};
	struct buf want = {0};
	struct err e;

	(void)state;
	for (size_t k = 0; k < COUNT_OF(memory) * COUNT_OF(hold); k++) {
		size_t m = k % COUNT_OF(memory), h = k / COUNT_OF(memory);
		struct spool s;
		struct slice x;

		spool_init(&s, ".", PARTS, memory[m], 0);
		spool_hold(&s, hold[h]);
		for (uint64_t i = 0; i < 2000; i++) {
			unsigned part = (unsigned)(i * i % PARTS);

			make(&want, i);
			buf_slice(spool_record(&s, part), buf_all(&want));
			assert_int_equal(spool_add(&s, part, &e), 0);
		}
		assert_int_equal(spool_spilled(&s), h < 2);
		for (int again = 0; again < 2; again++) {
			for (unsigned part = 0; part < PARTS; part++) {
				spool_rewind(&s, part);
				for (uint64_t i = 0; i < 2000; i++) {
					if (i * i % PARTS != part)
						continue;
					make(&want, i);
					assert_int_equal(spool_next(&s, &x, &e),
							 1);
					assert_true(
						slice_eq(x, buf_all(&want)));
				}
				assert_int_equal(spool_next(&s, &x, &e), 0);
				/* 3 is no square modulo 7 */
				assert_int_equal(spool_empty(&s, part),
						 part == 3 || part == 5 ||
							 part == 6);
			}
		}
		spool_clear(&s);
	}
	buf_clear(&want);
}

static void counts_the_bytes_of_records_of_one_length(void **state)
{
	struct spool s;
	struct slice x;
	struct err e;
	uint64_t got;

	(void)state;
	spool_init(&s, ".", 1, 0, sizeof(got));
	for (uint64_t i = 0; i < 1000; i++) {
		buf_add(spool_record(&s, 0), &i, sizeof(i));
		assert_int_equal(spool_add(&s, 0, &e), 0);
	}
	assert_int_equal(spool_bytes(&s, 0), 8000);
	spool_rewind(&s, 0);
	for (uint64_t i = 0; i < 1000; i++) {
		assert_int_equal(spool_next(&s, &x, &e), 1);
		memcpy(&got, x.p, sizeof(got));
		assert_int_equal(got, i);
	}
	assert_int_equal(spool_next(&s, &x, &e), 0);
	spool_clear(&s);
}

/* Where the memory for them is asked for in another way. */
static void holds_many_megabytes(void **state)
{
	enum { N = 3 * 1000 * 1000, MANY = 3 };
	struct spool s;
	struct slice all;
	struct err e;

	(void)state;
	spool_init(&s, ".", MANY, 64 * 1024, sizeof(uint64_t));
	spool_hold(&s, UINT64_MAX);
	for (uint64_t i = 0; i < N; i++) {
		unsigned part = (unsigned)(i % MANY);

		buf_add(spool_record(&s, part), &i, sizeof(i));
		assert_int_equal(spool_add(&s, part, &e), 0);
	}
	assert_false(spool_spilled(&s));
	for (unsigned part = 0; part < MANY; part++) {
		uint64_t got, i = part;

		assert_int_equal(spool_all(&s, part, &all, &e), 0);
		assert_int_equal(all.n, N / MANY * sizeof(got));
		for (size_t at = 0; at < all.n; at += sizeof(got), i += MANY) {
			memcpy(&got, all.p + at, sizeof(got));
			assert_int_equal(got, i);
		}
	}
	spool_clear(&s);
}

static void says_where_it_cannot_write(void **state)
{
	char big[1024] = {0};
	struct spool s;
	struct err e;

	(void)state;
	spool_init(&s, "no-such-folder", 1, 0, 0);
	buf_add(spool_record(&s, 0), big, sizeof(big));
	assert_int_equal(spool_add(&s, 0, &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	assert_non_null(strstr(e.text, "'no-such-folder'"));
	spool_clear(&s);
}

static void leaves_no_name_and_no_others_in(void **state)
{
	struct stat st;
	struct err e;
	int fd = temp_file(".", &e);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_nlink, 0);
	assert_int_equal(st.st_mode & 077, 0);
	close(fd);
}

static void goes_where_it_is_told(void **state)
{
	(void)state;
	unsetenv("TMPDIR");
	assert_string_equal(temp_dir("st"), "st");
	assert_string_equal(temp_dir(NULL), "/tmp");
	setenv("TMPDIR", "", 1);
	assert_string_equal(temp_dir("st"), "st");
	setenv("TMPDIR", "here", 1);
	assert_string_equal(temp_dir("st"), "here");
	unsetenv("TMPDIR");
}

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

/* Records of 4 bytes in 3 parts. */
static void holds_so_much_in_memory(void **state)
{
	struct spool s;
	struct slice all;
	struct err e;

	(void)state;
	spool_init(&s, ".", 3, 1, sizeof(uint32_t));
	spool_hold(&s, 3000);
	for (uint32_t i = 0; i < 3000; i++) {
		buf_add(spool_record(&s, i % 3), &i, sizeof(i));
		assert_int_equal(spool_add(&s, i % 3, &e), 0);
		if (i < 750 || i >= 750 + 3 * 512 / sizeof(i))
			assert_int_equal(spool_spilled(&s), i >= 750);
		if (i != 749 && i != 2999)
			continue;
		for (uint32_t part = 0; part < 3; part++) {
			assert_int_equal(spool_all(&s, part, &all, &e), 0);
			assert_int_equal(all.n, (i + 1) / 3 * sizeof(i));
			for (uint32_t k = 0; k < (i + 1) / 3; k++) {
				uint32_t got;

				memcpy(&got, all.p + k * sizeof(got),
				       sizeof(got));
				assert_int_equal(got, 3 * k + part);
			}
		}
	}
	spool_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_so_much_in_memory),
		cmocka_unit_test(gives_back_each_part_in_order),
		cmocka_unit_test(counts_the_bytes_of_records_of_one_length),
		cmocka_unit_test(holds_many_megabytes),
		cmocka_unit_test(says_where_it_cannot_write),
		cmocka_unit_test(leaves_no_name_and_no_others_in),
		cmocka_unit_test(goes_where_it_is_told),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
