/* watch.h: a call that blocks is left */
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "core/clock.h"
#include "core/tool.h"
#include "query/watch.h"

enum { LONG_MS = 5000 };

/* A call that blocks until it is stopped: whether it was, in time. */
struct call {
	int fd[2];
	atomic_int stopped;
};

static void stop(void *ctx)
{
	struct call *c = ctx;

	c->stopped++;
	(void)!write(c->fd[1], "x", 1);
}

static bool blocks(struct call *c)
{
	struct pollfd f = {.fd = c->fd[0], .events = POLLIN};

	return poll(&f, 1, LONG_MS) == 0;
}

static void leaves_nothing_behind(void **state)
{
	struct call c = {{0}, 0};
	struct err e = {0};
	struct watch *w = watch_start(STDOUT_FILENO, 0, stop, &c, &e);

	(void)state;
	assert_non_null(w);
	watch_leave(w);
	assert_int_equal(watch_end(w, 0, &e), 0);
	assert_int_equal(c.stopped, 0);
}

static void ends_at_the_time_limit(void **state)
{
	struct call c = {{0}, 0};
	struct err e = {0};
	struct watch *w;

	(void)state;
	assert_int_equal(pipe(c.fd), 0);
	w = watch_start(STDOUT_FILENO, 20, stop, &c, &e);
	assert_non_null(w);
	assert_false(blocks(&c));
	watch_leave(w);
	assert_int_equal(watch_end(w, err_set(&e, ERR_DATA, "stopped"), &e),
			 -1);
	assert_int_equal(e.kind, ERR_TEMP);
	assert_string_equal(e.text, "timed out (--timeout)");
}

static void ends_when_the_reader_goes_away(void **state)
{
	struct call c = {{0}, 0};
	struct err e = {0};
	struct watch *w;
	int out[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	tool_start("test");
	assert_int_equal(pipe(c.fd) | pipe(out), 0);
	w = watch_start(out[1], 0, stop, &c, &e);
	assert_non_null(w);
	close(out[0]);
	assert_false(blocks(&c));
	watch_leave(w);
	assert_int_equal(watch_end(w, -1, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
}

static volatile sig_atomic_t caught;

static void note(int sig)
{
	caught = sig;
}

/* A signal that the program handles itself, or ignores, is left to it. */
static void leaves_handled_signals_alone(void **state)
{
	struct call c = {{0}, 0};
	struct err e = {0};
	struct watch *w;

	(void)state;
	signal(SIGTERM, note);
	w = watch_start(STDOUT_FILENO, 0, stop, &c, &e);
	assert_non_null(w);
	raise(SIGTERM);
	watch_leave(w);
	assert_int_equal(watch_end(w, 0, &e), 0);
	assert_int_equal(caught, SIGTERM);
	assert_int_equal(c.stopped, 0);
	signal(SIGTERM, SIG_DFL);
}

/* A library that does not return, whatever stop does: with the second signal,
 * if that is not of the same moment, the process ends as if there was no watch.
 */
static void a_second_signal_ends_the_process(void **state)
{
	struct timespec second = {.tv_sec = 1, .tv_nsec = 50 * 1000 * 1000};
	struct call c = {{0}, 0};
	struct err e = {0};
	int status = 0, ready[2];
	char byte;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(c.fd) | pipe(ready), 0);
	child = fork();
	if (child == 0) {
		(void)signal(SIGPIPE, SIG_DFL);
		if (!watch_start(STDOUT_FILENO, 0, stop, &c, &e))
			_exit(1);
		(void)!write(ready[1], "x", 1);
		(void)poll(NULL, 0, LONG_MS);
		_exit(2);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	kill(child, SIGTERM);
	kill(child, SIGTERM); /* as timeout(1) does */
	assert_int_equal(read(c.fd[0], &byte, 1), 1);
	nanosleep(&second, NULL);
	assert_int_equal(waitpid(child, &status, WNOHANG), 0);
	kill(child, SIGTERM);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_nothing_behind),
		cmocka_unit_test(ends_at_the_time_limit),
		cmocka_unit_test(ends_when_the_reader_goes_away),
		cmocka_unit_test(leaves_handled_signals_alone),
		cmocka_unit_test(a_second_signal_ends_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
