/* test_linux.c - unit tests of core/linux.h */
#include "cmocka_all.h"

#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/linux.h"

static bool readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

static void takes_one_signal_and_then_none(void **state)
{
	sigset_t set, before;
	int fd;

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &before);
	fd = linux_signals(&set);
	assert_true(fd >= 0);
	assert_false(readable(fd));
	assert_int_equal(linux_signal(fd), 0);
	raise(SIGUSR1);
	assert_true(readable(fd));
	assert_int_equal(linux_signal(fd), SIGUSR1);
	assert_int_equal(linux_signal(fd), 0);
	close(fd);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void an_event_wakes_a_poll(void **state)
{
	uint64_t one = 1;
	int fd = linux_event();

	(void)state;
	assert_false(readable(fd));
	assert_int_equal(write(fd, &one, sizeof(one)), sizeof(one));
	assert_true(readable(fd));
	close(fd);
}

static void a_process_is_readable_when_it_ended(void **state)
{
	pid_t child = fork();
	struct pollfd p = {.events = POLLIN};

	(void)state;
	if (child == 0)
		pause();
	p.fd = linux_process(child);
	assert_true(p.fd >= 0);
	assert_false(readable(p.fd));
	kill(child, SIGKILL);
	assert_int_equal(poll(&p, 1, 10 * 1000), 1);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(p.fd);
}

static void knows_the_folder_of_the_program(void **state)
{
	struct buf path = {0};

	(void)state;
	linux_program_folder(&path);
	assert_int_equal(path.p[path.n - 1], '/');
	buf_str(&path, "test_linux");
	assert_int_equal(access(buf_cstr(&path), X_OK), 0);
	buf_clear(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_one_signal_and_then_none),
		cmocka_unit_test(an_event_wakes_a_poll),
		cmocka_unit_test(a_process_is_readable_when_it_ended),
		cmocka_unit_test(knows_the_folder_of_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
