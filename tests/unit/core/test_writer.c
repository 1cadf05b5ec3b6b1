/* test_writer.c - unit tests of core/writer.h */
#include "cmocka_all.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/writer.h"

static int pipe_of(int fd[2])
{
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(fcntl(fd[0], F_SETFL, O_NONBLOCK), 0);
	return fd[1];
}

/* What can be read now, as a string that lives until the next call. */
static const char *arrived(int fd)
{
	static char text[256];
	ssize_t n = read(fd, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void line(struct writer *w, const char *text)
{
	struct err e = {0};

	buf_str(writer_buf(w), text);
	assert_int_equal(writer_line(w, &e), 0);
}

static void sends_closed_records_only(void **state)
{
	int fd[2];
	struct writer *w = writer_new(pipe_of(fd), 1024);
	struct err e = {0};

	(void)state;
	line(w, "one");
	buf_str(writer_buf(w), "tw");
	assert_string_equal(arrived(fd[0]), "");
	assert_int_equal(writer_flush(w, &e), 0);
	assert_string_equal(arrived(fd[0]), "one\n");
	assert_int_equal(writer_flush(w, &e), 0);
	assert_string_equal(arrived(fd[0]), "");
	line(w, "o");
	assert_int_equal(writer_wait(w, &e), 0);
	assert_string_equal(arrived(fd[0]), "two\n");
	assert_int_equal(writer_close(w, &e), 0);
	assert_int_equal(fcntl(fd[1], F_GETFD), -1);
	writer_free(w);
	writer_free(NULL);
	close(fd[0]);
}

static void flushes_by_itself_when_enough_waits(void **state)
{
	int fd[2];
	struct writer *w = writer_new(pipe_of(fd), 8);

	(void)state;
	line(w, "123");
	assert_string_equal(arrived(fd[0]), "");
	line(w, "567");
	assert_string_equal(arrived(fd[0]), "123\n567\n");
	line(w, "longer than eight");
	assert_string_equal(arrived(fd[0]), "longer than eight\n");
	writer_free(w);
	close(fd[0]);
	close(fd[1]);
}

static void forgets_the_record_in_work(void **state)
{
	int fd[2];
	struct writer *w = writer_new(pipe_of(fd), 1024);
	struct err e = {0};

	(void)state;
	writer_undo(w);
	line(w, "one");
	buf_str(writer_buf(w), "wrong");
	writer_undo(w);
	line(w, "two");
	buf_str(writer_buf(w), "half");
	assert_int_equal(writer_close(w, &e), 0);
	assert_string_equal(arrived(fd[0]), "one\ntwo\n");
	writer_free(w);
	close(fd[0]);
}

static void frees_without_flushing(void **state)
{
	int fd[2];
	struct writer *w = writer_new(pipe_of(fd), 1024);

	(void)state;
	line(w, "one");
	writer_free(w);
	assert_string_equal(arrived(fd[0]), "");
	close(fd[0]);
	close(fd[1]);
}

/* Notes how often each step ran; nothing has arrived by then. */
struct before {
	int begun, ended, fd;
	bool refuse_begin, refuse_end;
};

static int before_begin(void *ctx, struct err *e)
{
	struct before *b = ctx;

	assert_int_equal(b->begun, b->ended);
	b->begun++;
	return b->refuse_begin ? err_set(e, ERR_CREATE, "no intents") : 0;
}

static int before_end(void *ctx, struct err *e)
{
	struct before *b = ctx;

	b->ended++;
	assert_int_equal(b->begun, b->ended);
	assert_string_equal(arrived(b->fd), "");
	return b->refuse_end ? err_set(e, ERR_IO, "no disk") : 0;
}

static void asks_before_bytes_leave(void **state)
{
	int fd[2];
	struct writer *w = writer_new(pipe_of(fd), 1024);
	struct before b = {.fd = fd[0]};
	struct err e = {0};

	(void)state;
	writer_before(w, before_begin, before_end, &b);
	assert_int_equal(writer_flush(w, &e), 0);
	assert_int_equal(b.begun, 0); /* nothing to send */
	line(w, "one");
	buf_str(writer_buf(w), "t");
	assert_int_equal(writer_flush(w, &e), 0);
	assert_int_equal(b.ended, 1);
	assert_string_equal(arrived(fd[0]), "one\n");
	b.refuse_begin = true;
	line(w, "wo");
	assert_int_equal(writer_flush(w, &e), -1);
	assert_int_equal(e.kind, ERR_CREATE);
	assert_string_equal(arrived(fd[0]), "");
	writer_free(w);
	close(fd[0]);
	close(fd[1]);
}

static void holds_what_has_begun_to_leave(void **state)
{
	int fd[2];
	struct writer *w = writer_new(pipe_of(fd), 8);
	struct before b = {.fd = fd[0]};
	struct err e = {0};

	(void)state;
	writer_before(w, before_begin, before_end, &b);
	line(w, "the first");
	assert_int_equal(b.begun, 1);
	assert_int_equal(b.ended, 0);
	assert_string_equal(arrived(fd[0]), "");
	line(w, "two");
	assert_string_equal(arrived(fd[0]), "");
	line(w, "more of it");
	assert_int_equal(b.begun, 2);
	assert_int_equal(b.ended, 1);
	assert_string_equal(arrived(fd[0]), "the first\n");
	buf_str(writer_buf(w), "th");
	assert_int_equal(writer_flush(w, &e), 0);
	assert_int_equal(b.ended, 2);
	assert_string_equal(arrived(fd[0]), "two\nmore of it\n");
	line(w, "ree");
	b.refuse_end = true;
	assert_int_equal(writer_flush(w, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	assert_string_equal(arrived(fd[0]), "");
	b.refuse_end = false;
	b.begun++; /* the end is asked for again */
	assert_int_equal(writer_close(w, &e), 0);
	assert_string_equal(arrived(fd[0]), "three\n");
	writer_free(w);
	close(fd[0]);
}

static void notices_a_full_disk(void **state)
{
	int fd = open("/dev/full", O_WRONLY);
	struct writer *w = writer_new(fd, 4);
	struct err e = {0};

	(void)state;
	assert_true(fd >= 0);
	buf_str(writer_buf(w), "x");
	assert_int_equal(writer_line(w, &e), 0);
	assert_int_equal(writer_close(w, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	assert_string_equal(e.text,
			    "cannot write output: No space left on device");
	writer_free(w);
	close(fd);
}

static void notices_a_descriptor_that_is_not_open(void **state)
{
	struct writer *w = writer_new(-1, 1);
	struct err e = {0};

	(void)state;
	buf_str(writer_buf(w), "x");
	assert_int_equal(writer_line(w, &e), -1);
	assert_int_equal(err_in(&e, "'a.csv'"), -1); /* which is not to blame */
	assert_string_equal(e.text, "cannot write output: Bad file descriptor");
	assert_int_equal(writer_line(w, &e), -1);
	err_in(&e, "'a.csv'");
	assert_string_equal(e.text, "cannot write output");
	writer_free(w);
	w = writer_new(-1, 1);
	assert_int_equal(writer_close(w, &e), -1);
	assert_string_equal(e.text, "cannot close output: Bad file descriptor");
	writer_free(w);
}

/* A signal handler asks for any number, also of what is no stream. */
static void says_of_each_descriptor_how_it_is(void **state)
{
	(void)state;
	assert_false(writer_busy(-1));
	assert_false(writer_failed(-1));
	assert_false(writer_busy(30));
	assert_false(writer_failed(30));
	assert_false(writer_busy(1000));
	assert_false(writer_failed(1000));
}

static void notices_a_reader_that_is_gone(void **state)
{
	int fd[2];
	struct writer *w = writer_new(pipe_of(fd), 1);
	struct err e = {0};

	(void)state;
	close(fd[0]);
	signal(SIGPIPE, SIG_IGN);
	buf_str(writer_buf(w), "x");
	assert_int_equal(writer_line(w, &e), -1);
	assert_string_equal(e.text, "cannot write output: Broken pipe");
	signal(SIGPIPE, SIG_DFL);
	writer_free(w);
	close(fd[1]);
}

/* More than the pipe holds, through a descriptor that does not block. */
static void waits_for_a_slow_reader(void **state)
{
	enum { LINES = 30000 };
	int fd[2], status;
	struct writer *w;
	struct err e = {0};
	pid_t pid;

	(void)state;
	assert_int_equal(pipe2(fd, 0), 0);
	pid = fork();
	if (pid == 0) {
		char text[4096];
		size_t sum = 0;
		ssize_t n;

		close(fd[1]);
		while ((n = read(fd[0], text, sizeof(text))) > 0) {
			for (ssize_t i = 0; i < n; i++)
				sum += text[i] == '\n';
		}
		_exit(sum == LINES ? 0 : 1);
	}
	close(fd[0]);
	assert_int_equal(fcntl(fd[1], F_SETFL, O_NONBLOCK), 0);
	w = writer_new(fd[1], 1 << 20);
	for (int i = 0; i < LINES; i++) {
		buf_fmt(writer_buf(w), "%0100d", i);
		assert_int_equal(writer_line(w, &e), 0);
	}
	assert_int_equal(writer_close(w, &e), 0);
	writer_free(w);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* More than a pipe holds, and nobody reads. */
static void leaves_a_full_pipe_when_told(void **state)
{
	int fd[2], quit[2];
	struct writer *w = writer_new(pipe_of(fd), 4 << 20);
	struct err e = {0};

	(void)state;
	assert_int_equal(pipe(quit), 0);
	writer_quit(w, quit[0]);
	buf_str(writer_buf(w), "first");
	assert_int_equal(writer_line(w, &e), 0);
	assert_int_equal(writer_flush(w, &e), 0);
	assert_string_equal(arrived(fd[0]), "first\n");
	assert_int_equal(write(quit[1], "x", 1), 1);
	memset(buf_room(writer_buf(w), 2 << 20), 'a', 2 << 20);
	writer_buf(w)->n = 2 << 20;
	assert_int_equal(writer_line(w, &e), 0);
	assert_int_equal(writer_flush(w, &e), -1);
	assert_int_equal(e.kind, ERR_TEMP);
	assert_string_equal(e.text, "interrupted");
	assert_false(fcntl(fd[1], F_GETFL) & O_NONBLOCK);
	writer_free(w);
	close(fd[0]);
	close(fd[1]);
	close(quit[0]);
	close(quit[1]);
}

/* Reads all that fd has until its end, in a process of its own: exits with 0
 * where that is n lines "000000001\n" and so on.
 */
static int count_lines(int fd, unsigned long n)
{
	FILE *in = fdopen(fd, "r");
	char text[32];
	unsigned long i = 0;

	while (fgets(text, sizeof(text), in)) {
		if (strtoul(text, NULL, 10) != ++i || strlen(text) != 10)
			return 1;
	}
	return i != n;
}

/* Nobody reads at first, and no call waits for ever; then all comes. */
static void goes_on_while_the_reader_stalls(void **state)
{
	enum { LINES = 120000 }; /* more than a pipe holds */
	int fd[2], go[2], status = -1;
	struct writer *w;
	struct err e = {0};
	pid_t child;
	char c;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(pipe(go), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(fd[1]);
		close(go[1]);
		_exit(read(go[0], &c, 1) < 0 || count_lines(fd[0], LINES + 1));
	}
	close(fd[0]);
	close(go[0]);
	w = writer_new(fd[1], 256 * 1024);
	writer_slack(w, true);
	for (unsigned i = 1; i <= LINES; i++) {
		buf_fmt(writer_buf(w), "%09u", i);
		assert_int_equal(writer_line(w, &e), 0);
	}
	assert_int_equal(writer_flush(w, &e), 0);
	assert_true(writer_busy(fd[1]));
	close(go[1]);
	buf_fmt(writer_buf(w), "%09u", LINES + 1);
	assert_int_equal(writer_line(w, &e), 0);
	writer_slack(w, false);
	assert_int_equal(writer_flush(w, &e), 0);
	assert_false(writer_busy(fd[1]));
	assert_int_equal(writer_close(w, &e), 0);
	writer_free(w);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sends_closed_records_only),
		cmocka_unit_test(flushes_by_itself_when_enough_waits),
		cmocka_unit_test(forgets_the_record_in_work),
		cmocka_unit_test(frees_without_flushing),
		cmocka_unit_test(asks_before_bytes_leave),
		cmocka_unit_test(holds_what_has_begun_to_leave),
		cmocka_unit_test(notices_a_full_disk),
		cmocka_unit_test(notices_a_descriptor_that_is_not_open),
		cmocka_unit_test(says_of_each_descriptor_how_it_is),
		cmocka_unit_test(notices_a_reader_that_is_gone),
		cmocka_unit_test(waits_for_a_slow_reader),
		cmocka_unit_test(leaves_a_full_pipe_when_told),
		cmocka_unit_test(goes_on_while_the_reader_stalls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
