/* test_buf.c - unit tests of core/buf.h and core/slice.h */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/mem.h"

static void starts_empty_and_usable(void **state)
{
	struct buf b = {0};

	(void)state;
	assert_int_equal(buf_all(&b).n, 0);
	assert_non_null(buf_room(&b, 0));
	buf_add(&b, NULL, 0);
	buf_slice(&b, slice_of(NULL, 0));
	buf_str(&b, "");
	assert_int_equal(b.n, 0);
	assert_string_equal(buf_cstr(&b), "");
	buf_clear(&b);
	assert_null(b.p);
	buf_clear(&b);
	buf_str(&b, "again");
	assert_string_equal(buf_cstr(&b), "again");
	buf_clear(&b);
}

static void grows_and_keeps_what_it_has(void **state)
{
	struct buf b = {0};

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_char(&b, (char)('a' + i % 26));
	buf_str(&b, "tail");
	assert_int_equal(b.n, 100004);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(b.p[i], 'a' + i % 26);
	assert_memory_equal(b.p + 100000, "tail", 4);
	buf_clear(&b);
}

static void gives_the_room_asked_for(void **state)
{
	static const size_t sizes[] = {1, 255, 256, 257, 511, 512, 100000};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct buf b = {0};

		memset(buf_room(&b, sizes[i]), 'x', sizes[i]);
		b.n += sizes[i];
		assert_int_equal(strlen(buf_cstr(&b)), sizes[i]);
		assert_true(b.size > b.n);
		buf_clear(&b);
	}
}

static void ends_the_program_when_memory_is_gone(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	if (SANITIZED)
		skip(); /* its malloc ends the program itself */
	pid = fork();
	if (pid == 0) {
		struct buf b = {0};

		(void)!freopen("/dev/null", "w", stderr);
		buf_str(&b, "x");
		buf_grow(&b, SIZE_MAX - 8);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 71);
}

static void formats(void **state)
{
	struct buf b = {0};
	char longer[1000];

	(void)state;
	memset(longer, 'y', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	buf_fmt(&b, "%d-%s.", -7, "x");
	buf_fmt(&b, "%s", "");
	assert_string_equal(buf_cstr(&b), "-7-x.");
	buf_fmt(&b, "%s", longer);
	assert_int_equal(b.n, 5 + sizeof(longer) - 1);
	buf_clear(&b);
}

static void writes_numbers(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_uint(&b, 0);
	buf_char(&b, ' ');
	buf_uint(&b, 10);
	buf_char(&b, ' ');
	buf_uint(&b, UINT64_MAX);
	assert_string_equal(buf_cstr(&b), "0 10 18446744073709551615");
	buf_clear(&b);
}

static void writes_hex(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_hex(&b, "\x00\x7f\xff\xa5", 4);
	buf_hex(&b, "", 0);
	assert_string_equal(buf_cstr(&b), "007fffa5");
	buf_clear(&b);
}

/* RFC 4648, 10 */
static void writes_base64(void **state)
{
	static const char *const cases[][2] = {
		{"", ""},
		{"f", "Zg=="},
		{"fo", "Zm8="},
		{"foo", "Zm9v"},
		{"foob", "Zm9vYg=="},
		{"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"},
		{"\xfb\xff\xfe", "+//+"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf b = {0};

		buf_base64(&b, cases[i][0], strlen(cases[i][0]));
		assert_string_equal(buf_cstr(&b), cases[i][1]);
		buf_clear(&b);
	}
}

static void slices_compare_as_bytes(void **state)
{
	const struct slice none = {0};

	(void)state;
	assert_true(slice_eq(none, slice_str("")));
	assert_true(slice_eq(none, slice_str(NULL)));
	assert_true(slice_eq(slice_of("a\0b", 3), slice_of("a\0b", 3)));
	assert_false(slice_eq(slice_of("a\0b", 3), slice_of("a\0c", 3)));
	assert_false(slice_is(slice_str("a"), "ab"));
	assert_true(slice_is(slice_of("abc", 2), "ab"));
	assert_true(slice_starts(none, ""));
	assert_true(slice_starts(slice_str("abc"), "ab"));
	assert_false(slice_starts(slice_of("abc", 1), "ab"));
}

static void memory_of_no_size_is_no_null(void **state)
{
	void *p = mem_zero(0), *q = mem_resize(NULL, 0);
	char *s = mem_copy(NULL, 0);

	(void)state;
	assert_non_null(p);
	q = mem_resize(q, 0);
	assert_non_null(q);
	assert_string_equal(s, "");
	free(p);
	free(q);
	free(s);
	s = mem_copy("a\0b", 3);
	assert_memory_equal(s, "a\0b", 4);
	free(s);
}

/* From two huge pages on they lie where one begins. */
static void tables_are_zero(void **state)
{
	static const size_t sizes[] = {1, MEM_HUGE, 2 * MEM_HUGE + 1,
				       5 * (size_t)MEM_HUGE};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		char *p = mem_table(sizes[i]);
		bool zero = true;

		for (size_t k = 0; k < sizes[i]; k++)
			zero = zero && p[k] == 0;
		assert_true(zero);
		assert_true(sizes[i] < 2 * MEM_HUGE ||
			    (uintptr_t)p % MEM_HUGE == 0);
		memset(p, 1, sizes[i]);
		free(p);
	}
}

static void huge_memory_begins_where_a_page_does(void **state)
{
	char *p[3];

	(void)state;
	for (size_t i = 0; i < 3; i++) { /* not all lie well by luck */
		p[i] = mem_huge(MEM_HUGE * (1 + i));
		assert_int_equal((uintptr_t)p[i] % MEM_HUGE, 0);
		memset(p[i], 1, MEM_HUGE * (1 + i));
	}
	for (size_t i = 0; i < 3; i++)
		mem_huge_free(p[i], MEM_HUGE * (1 + i));
	mem_huge_free(NULL, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_empty_and_usable),
		cmocka_unit_test(grows_and_keeps_what_it_has),
		cmocka_unit_test(gives_the_room_asked_for),
		cmocka_unit_test(ends_the_program_when_memory_is_gone),
		cmocka_unit_test(formats),
		cmocka_unit_test(writes_numbers),
		cmocka_unit_test(writes_hex),
		cmocka_unit_test(writes_base64),
		cmocka_unit_test(slices_compare_as_bytes),
		cmocka_unit_test(memory_of_no_size_is_no_null),
		cmocka_unit_test(tables_are_zero),
		cmocka_unit_test(huge_memory_begins_where_a_page_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
