/* test_reader.c - unit tests of core/reader.h */
#include "cmocka_all.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/reader.h"

/* The read end of a pipe that holds these bytes and then end of input. */
static int pipe_with(const char *bytes, size_t n)
{
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], bytes, n), (ssize_t)n);
	close(fd[1]);
	return fd[0];
}

static void put(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static const struct {
	const char *label, *in;
	const char *out; /* each line in brackets, in braces where too long */
	size_t max, tail;
} cases[] = {
	{"nothing", "", "", 8, 0},
	{"one line", "ab\n", "[ab]", 8, 0},
	{"no LF at the end is no line", "ab\ncd", "[ab]", 8, 2},
	{"nor is the only one", "ab", "", 8, 2},
	{"empty lines count", "\n\na\n", "[][][a]", 8, 0},
	{"CR is kept", "a\r\n", "[a\r]", 8, 0},
	{"line of exactly max bytes", "abcd\nef\n", "[abcd][ef]", 4, 0},
	{"lines across refills", "abc\ndef\nghi\n", "[abc][def][ghi]", 4, 0},
	{"a line one byte too long", "abcde\nf\n", "{abcd}[f]", 4, 0},
	{"one much too long", "abcdefghijklmn\nf\n", "{abcd}[f]", 4, 0},
	{"two of them", "abcdefgh\nABCDEFGHIJ\nf\n", "{abcd}{ABCD}[f]", 4, 0},
	{"one of max 1", "a\nbcdefgh\n\nc\n", "[a]{b}[][c]", 1, 0},
	{"cut inside a line too long", "a\nabcdefghijk", "[a]", 4, 11},
};

/* A caller that finds the LF itself; a NUL stands behind what was read. */
static bool take_whole(struct reader *r, struct slice *line)
{
	struct slice rest = reader_rest(r);
	const char *lf = rest.n > 0 ? memchr(rest.p, '\n', rest.n) : NULL;

	if (rest.n > 0)
		assert_int_equal(rest.p[rest.n], '\0');
	return lf && reader_take(r, (size_t)(lf - rest.p), line);
}

static void split_all(bool take)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int fd = pipe_with(cases[i].in, strlen(cases[i].in));
		struct reader *r = reader_new(fd, cases[i].max, NULL, NULL);
		struct slice line;
		struct err e = {0};
		char got[64] = "";
		size_t n = 0;

		print_message("    %s\n", cases[i].label);
		while ((take && take_whole(r, &line)) ||
		       reader_next(r, &line, &e) > 0)
			n += (size_t)snprintf(got + n, sizeof(got) - n,
					      reader_too_long(r) ? "{%.*s}"
								 : "[%.*s]",
					      SLICE_FMT(line));
		assert_int_equal(e.kind, ERR_NONE);
		assert_string_equal(got, cases[i].out);
		assert_int_equal(reader_tail(r), cases[i].tail);
		assert_int_equal(reader_next(r, &line, &e), 0);
		reader_free(r);
		close(fd);
	}
}

static void splits_lines(void **state)
{
	(void)state;
	split_all(false);
	split_all(true);
}

static void keeps_nul_bytes(void **state)
{
	int fd = pipe_with("a\0b\n", 4);
	struct reader *r = reader_new(fd, 8, NULL, NULL);
	struct slice line;
	struct err e = {0};

	(void)state;
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_int_equal(line.n, 3);
	assert_memory_equal(line.p, "a\0b", 3);
	reader_free(r);
	close(fd);
}

static void numbers_lines(void **state)
{
	int fd = pipe_with("ok\nabcdefghi\nx\n", 15);
	struct reader *r = reader_new(fd, 4, NULL, NULL);
	struct slice line;
	struct err e = {0};

	(void)state;
	assert_int_equal(reader_lineno(r), 0);
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_int_equal(reader_lineno(r), 1);
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_true(reader_too_long(r));
	assert_int_equal(reader_lineno(r), 2);
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_false(reader_too_long(r));
	assert_int_equal(reader_lineno(r), 3);
	assert_int_equal(reader_tail(r), 0);
	reader_free(r);
	close(fd);
}

static int count(void *ctx, struct err *e)
{
	(void)e;
	++*(int *)ctx;
	return 0;
}

static void does_not_wait_for_what_is_there(void **state)
{
	int waits = 0, fd = pipe_with("a\nb\n", 4);
	struct reader *r = reader_new(fd, 8, count, &waits);
	struct slice line;
	struct err e = {0};

	(void)state;
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_int_equal(reader_next(r, &line, &e), 0);
	assert_int_equal(waits, 0); /* the end is there as well */
	reader_free(r);
	close(fd);
}

/* Stands for a filter whose output makes the producer go on. */
static int feed(void *ctx, struct err *e)
{
	int *fd = ctx;

	(void)e;
	put(*fd, "b\n");
	return 0;
}

static void waits_before_a_read_that_would_block(void **state)
{
	struct reader *r;
	struct slice line;
	struct err e = {0};
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	put(fd[1], "a\n");
	r = reader_new(fd[0], 8, feed, &fd[1]);
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_memory_equal(line.p, "a\n", 2);
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_memory_equal(line.p, "b\n", 2);
	reader_free(r);
	close(fd[0]);
	close(fd[1]);
}

static int refuse(void *ctx, struct err *e)
{
	(void)ctx;
	return err_set(e, ERR_IO, "cannot write output");
}

static void hands_on_what_wait_says(void **state)
{
	struct reader *r;
	struct slice line;
	struct err e = {0};
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	r = reader_new(fd[0], 8, refuse, NULL);
	assert_int_equal(reader_next(r, &line, &e), -1);
	assert_string_equal(e.text, "cannot write output");
	reader_free(r);
	close(fd[0]);
	close(fd[1]);
}

static void reads_from_a_non_blocking_descriptor(void **state)
{
	struct reader *r;
	struct slice line;
	struct err e = {0};
	int fd[2];

	(void)state;
	assert_int_equal(pipe2(fd, O_NONBLOCK), 0);
	put(fd[1], "a");
	r = reader_new(fd[0], 8, feed, &fd[1]);
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_memory_equal(line.p, "ab\n", 3);
	reader_free(r);
	close(fd[0]);
	close(fd[1]);
}

static int late; /* where the signal handler writes */

static void write_late(int signo)
{
	ssize_t n = write(late, "z\n", 2);

	(void)signo;
	(void)n;
}

static void goes_on_after_a_signal(void **state)
{
	const struct itimerval soon = {.it_value = {.tv_usec = 20000}};
	struct sigaction act = {.sa_handler = write_late};
	struct reader *r;
	struct slice line;
	struct err e = {0};
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	late = fd[1];
	sigaction(SIGALRM, &act, NULL);
	r = reader_new(fd[0], 8, NULL, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_memory_equal(line.p, "z\n", 2);
	act.sa_handler = SIG_DFL;
	sigaction(SIGALRM, &act, NULL);
	reader_free(r);
	close(fd[0]);
	close(fd[1]);
}

static void keeps_lines_while_it_is_ready(void **state)
{
	int fd = pipe_with("a\nb\nc", 5);
	struct reader *r = reader_new(fd, 8, NULL, NULL);
	struct slice a, b;
	struct err e = {0};

	(void)state;
	assert_false(reader_ready(r));
	assert_int_equal(reader_next(r, &a, &e), 1);
	assert_true(reader_ready(r));
	assert_int_equal(reader_next(r, &b, &e), 1);
	assert_memory_equal(a.p, "a\nb\n", 4);
	assert_ptr_equal(b.p, a.p + 2);
	assert_false(reader_ready(r));
	reader_free(r);
	close(fd);
}

/* All lines by reader_more and reader_ready, as rudder-send reads. */
static void reads_once_for_a_caller_that_polls(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int fd = pipe_with(cases[i].in, strlen(cases[i].in)), rc;
		struct reader *r = reader_new(fd, cases[i].max, NULL, NULL);
		struct slice line;
		struct err e = {0};
		char got[64] = "";
		size_t n = 0;

		print_message("    %s\n", cases[i].label);
		do {
			rc = reader_more(r, &e);
			while (reader_ready(r)) {
				assert_int_equal(reader_next(r, &line, &e), 1);
				n += (size_t)snprintf(got + n, sizeof(got) - n,
						      reader_too_long(r)
							      ? "{%.*s}"
							      : "[%.*s]",
						      SLICE_FMT(line));
			}
		} while (rc > 0);
		assert_int_equal(rc, 0);
		assert_string_equal(got, cases[i].out);
		assert_int_equal(reader_tail(r), cases[i].tail);
		reader_free(r);
		close(fd);
	}
}

static void grows_up_to_max(void **state)
{
	enum { LONG = 700000 };
	FILE *f = tmpfile();
	struct reader *r;
	struct slice line;
	struct err e = {0};

	(void)state;
	assert_non_null(f);
	for (int i = 0; i < LONG; i++)
		fputc('x', f);
	fputs("\ny\n", f);
	for (int i = 0; i < 3 * LONG; i++)
		fputc('x', f);
	fputs("\nz\n", f);
	rewind(f);
	r = reader_new(fileno(f), LONG, NULL, NULL);
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_int_equal(line.n, LONG);
	assert_false(reader_too_long(r));
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_memory_equal(line.p, "y\n", 2);
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_int_equal(line.n, LONG);
	assert_true(reader_too_long(r));
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_memory_equal(line.p, "z\n", 2);
	reader_free(r);
	fclose(f);
}

/* One that looks for the LF itself gets no line that is too long. */
static void takes_no_line_that_is_too_long(void **state)
{
	int fd = pipe_with("abcde\nf\n", 8);
	struct reader *r = reader_new(fd, 4, NULL, NULL);
	struct slice line;
	struct err e = {0};

	(void)state;
	assert_int_equal(reader_more(r, &e), 1);
	assert_false(reader_take(r, 5, &line));
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_true(reader_too_long(r));
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_true(slice_is(line, "f"));
	assert_int_equal(reader_next(r, &line, &e), 0);
	assert_int_equal(reader_more(r, &e), 0); /* and reads no more */
	reader_free(r);
	close(fd);
}

/* A mark, white space and half a mark at the start. */
static void skips_the_start(void **state)
{
	static const struct {
		const char *text, *line;
		uint64_t number;
	} starts[] = {
		{"\xef\xbb\xbf{}\n", "{}", 1},
		{"\xef\xbb\xbf \n\r\n\t{}\n", "\t{}", 3},
		{"a\n", "a", 1},
		{"\xef\xbb\n", "\xef\xbb", 1},
		{"\n\xef\xbb\xbf{}\n", "\xef\xbb\xbf{}", 2},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(starts); i++) {
		int fd = pipe_with(starts[i].text, strlen(starts[i].text));
		struct reader *r = reader_new(fd, 99, NULL, NULL);
		struct slice line;
		struct err e = {0};

		reader_skip_start(r);
		assert_int_equal(reader_next(r, &line, &e), 1);
		assert_true(slice_is(line, starts[i].line));
		assert_int_equal(reader_lineno(r), starts[i].number);
		reader_free(r);
		close(fd);
	}
}

static void takes_any_limit(void **state)
{
	int fd = pipe_with("abc\n", 4);
	struct reader *r = reader_new(fd, SIZE_MAX, NULL, NULL);
	struct slice line;
	struct err e = {0};

	(void)state;
	assert_int_equal(reader_next(r, &line, &e), 1);
	assert_int_equal(line.n, 3);
	reader_free(r);
	close(fd);
}

/* Under the sanitizers a read beyond the buffer would be caught. */
static void leaves_a_pad_behind_each_line(void **state)
{
	int fd = pipe_with("abc\n", 4);
	struct reader *r = reader_new(fd, 3, NULL, NULL);
	struct slice line;
	struct err e = {0};
	char pad[READER_PAD];

	(void)state;
	assert_int_equal(reader_next(r, &line, &e), 1);
	memcpy(pad, line.p + line.n, sizeof(pad));
	assert_int_equal(pad[0], '\n');
	reader_free(r);
	close(fd);
}

static void reports_a_failed_read(void **state)
{
	struct reader *r = reader_new(-1, 8, NULL, NULL);
	struct slice line;
	struct err e = {0};

	(void)state;
	assert_int_equal(reader_next(r, &line, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	assert_string_equal(e.text, "cannot read input: Bad file descriptor");
	reader_free(r);
	reader_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_lines),
		cmocka_unit_test(keeps_nul_bytes),
		cmocka_unit_test(numbers_lines),
		cmocka_unit_test(does_not_wait_for_what_is_there),
		cmocka_unit_test(waits_before_a_read_that_would_block),
		cmocka_unit_test(hands_on_what_wait_says),
		cmocka_unit_test(reads_from_a_non_blocking_descriptor),
		cmocka_unit_test(goes_on_after_a_signal),
		cmocka_unit_test(keeps_lines_while_it_is_ready),
		cmocka_unit_test(reads_once_for_a_caller_that_polls),
		cmocka_unit_test(grows_up_to_max),
		cmocka_unit_test(takes_no_line_that_is_too_long),
		cmocka_unit_test(skips_the_start),
		cmocka_unit_test(takes_any_limit),
		cmocka_unit_test(leaves_a_pad_behind_each_line),
		cmocka_unit_test(reports_a_failed_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
