/* test_file_compression.c - unit tests of send/dest/file_compression.h */
#include "cmocka_all.h"

#include <stdio.h>
#include <unistd.h>

#include "core/temp.h"
#include "send/dest/file_compression.h"

static const char *const suffixes[] = {".gz", ".zst"};

/* NULL: built without the library. */
static struct file_compression *compression_of(const char *suffix)
{
	struct file_compression *c = NULL;
	char name[16];
	struct err e;

	snprintf(name, sizeof(name), "a%s", suffix);
	if (file_compression_new(&c, slice_str(name), &e) < 0) {
		assert_int_equal(e.kind, ERR_CONFIG);
		return NULL;
	}
	assert_non_null(c);
	return c;
}

static int file_with(struct slice bytes)
{
	struct err e;
	int fd = temp_file(temp_dir(NULL), &e);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes.p, bytes.n, 0), (ssize_t)bytes.n);
	return fd;
}

/* The bytes of it that are complete pieces, or -1 with the kind of error. */
static off_t complete(struct file_compression *c, struct slice bytes,
		      enum err_kind *kind)
{
	int fd = file_with(bytes);
	struct err e = {0};
	off_t n = -1;

	if (file_compression_check(c, fd, (off_t)bytes.n, &n, &e) < 0)
		n = -1;
	*kind = e.kind;
	close(fd);
	return n;
}

static void goes_by_the_end_of_the_name(void **state)
{
	static const char *const others[] = {"",     "gz",   "a",      "a.gz.b",
					     "a.zs", "a.GZ", "a.zstd", ".gz"};
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		struct file_compression *c = (void *)&e;

		assert_int_equal(
			file_compression_new(&c, slice_str(others[i]), &e), 0);
		assert_null(c);
	}
	assert_string_equal(file_compression_suffix(NULL), "");
	file_compression_free(NULL);
	for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
		struct file_compression *c = compression_of(suffixes[i]);

		if (c)
			assert_string_equal(file_compression_suffix(c),
					    suffixes[i]);
		file_compression_free(c);
	}
}

/* Three pieces: an empty one, one that does not compress, a long one. */
static void put_pieces(struct file_compression *c, struct buf *to,
		       size_t end[3])
{
	char noise[700];
	struct buf same = {0};

	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)(i * i * 31 + i / 7);
	for (size_t i = 0; i < 100000; i++)
		buf_char(&same, 'a');
	file_compression_pack(c, slice_str(""), to);
	end[0] = to->n;
	file_compression_pack(c, slice_of(noise, sizeof(noise)), to);
	end[1] = to->n;
	file_compression_pack(c, buf_all(&same), to);
	end[2] = to->n;
	buf_clear(&same);
}

static void finds_the_last_complete_piece_wherever_it_is_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
		struct file_compression *c = compression_of(suffixes[i]);
		size_t end[3], want = 0;
		enum err_kind kind;
		struct buf all = {0};

		if (!c)
			continue;
		put_pieces(c, &all, end);
		for (size_t n = 0; n <= all.n; n++) {
			for (size_t k = 0; k < COUNT_OF(end); k++)
				want = n >= end[k] ? end[k] : want;
			assert_int_equal(complete(c, slice_of(all.p, n), &kind),
					 want);
			assert_int_equal(kind, ERR_NONE);
		}
		buf_clear(&all);
		file_compression_free(c);
	}
}

/* A power cut leaves the length of a file without its bytes. */
static void a_last_piece_that_does_not_decompress_is_incomplete(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
		struct file_compression *c = compression_of(suffixes[i]);
		struct buf all = {0};
		enum err_kind kind;
		size_t end[3];

		if (!c)
			continue;
		put_pieces(c, &all, end);
		for (size_t at = end[1] + 24; at < end[2]; at += 7) {
			char was = all.p[at];

			all.p[at] = (char)~was;
			assert_int_equal(complete(c, buf_all(&all), &kind),
					 end[1]);
			all.p[at] = was;
		}
		memset(all.p + end[1] + 20, 0, end[2] - end[1] - 20);
		assert_int_equal(complete(c, buf_all(&all), &kind), end[1]);
		buf_clear(&all);
		file_compression_free(c);
	}
}

static void leaves_what_somebody_else_wrote_alone(void **state)
{
	static const char gzip[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0"
				   "\0\0\0\0";
	static const char text[] = "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
		struct file_compression *c = compression_of(suffixes[i]);
		struct slice foreign[] = {slice_of(gzip, sizeof(gzip) - 1),
					  slice_str(text), slice_str("x")};
		struct buf all = {0};
		enum err_kind kind;
		size_t end[3];

		if (!c)
			continue;
		put_pieces(c, &all, end);
		for (size_t k = 0; k < COUNT_OF(foreign); k++) {
			assert_int_equal(complete(c, foreign[k], &kind), -1);
			assert_int_equal(kind, ERR_CONFIG);
			all.n = end[2];
			buf_slice(&all, foreign[k]);
			assert_int_equal(complete(c, buf_all(&all), &kind), -1);
			assert_int_equal(kind, ERR_CONFIG);
		}
		buf_clear(&all);
		file_compression_free(c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_by_the_end_of_the_name),
		cmocka_unit_test(
			finds_the_last_complete_piece_wherever_it_is_cut),
		cmocka_unit_test(
			a_last_piece_that_does_not_decompress_is_incomplete),
		cmocka_unit_test(leaves_what_somebody_else_wrote_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
