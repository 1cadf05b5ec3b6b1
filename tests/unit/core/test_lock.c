/* test_lock.c - unit tests of core/lock.h */
#include "cmocka_all.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/lock.h"
#include "scratch.h"

static void sees_a_lock_of_either_kind(void **state)
{
	int fd, look, other;

	(void)state;
	scratch_enter();
	fd = open("a", O_RDWR | O_CREAT, 0600);
	look = open("a", O_RDONLY);
	other = open("b", O_RDWR | O_CREAT, 0600);
	assert_true(fd >= 0 && look >= 0 && other >= 0);
	if (access("/proc/locks", R_OK) != 0)
		skip();
	assert_false(lock_held(look));
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_true(lock_held(look));
	assert_false(lock_held(other));
	assert_int_equal(flock(fd, LOCK_SH), 0);
	assert_true(lock_held(look));
	assert_int_equal(flock(fd, LOCK_UN), 0);
	assert_false(lock_held(look));
	close(fd);
	close(look);
	close(other);
	scratch_leave();
}

static void has_no_lock_on_what_is_not_open(void **state)
{
	(void)state;
	assert_false(lock_held(-1));
}

/* A process that takes the lock, says so, and holds it till killed. */
static pid_t holder(bool exclusive)
{
	int ready[2];
	char c;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct err e;
		int fd = open("lock", O_RDWR);

		alarm(10);
		if (lock_take(fd, exclusive, 0, &e) == 1)
			(void)!write(ready[1], "x", 1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	return pid;
}

static void end(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

static void locks_against_other_processes(void **state)
{
	struct err e = {0};
	uint64_t start;
	pid_t pid;
	int fd;

	(void)state;
	scratch_enter();
	scratch_file("lock", "");
	fd = open("lock", O_RDWR);
	pid = holder(true);
	assert_int_equal(lock_take(fd, true, 0, &e), 0);
	assert_int_equal(lock_take(fd, false, 0, &e), 0);
	start = clock_mono_ms();
	assert_int_equal(lock_take(fd, false, 60, &e), 0);
	assert_true(clock_mono_ms() - start >= 60);
	end(pid);
	assert_int_equal(lock_take(fd, true, UINT64_MAX, &e), 1);
	assert_int_equal(lock_take(fd, false, 0, &e), 1);
	pid = holder(false);
	assert_int_equal(lock_take(fd, true, 0, &e), 0);
	end(pid);
	close(fd);
	assert_int_equal(lock_take(-1, true, 0, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	scratch_leave();
}

static void waits_for_a_lock_without_end_if_asked(void **state)
{
	struct err e = {0};
	int fd, other, status;
	pid_t pid;

	(void)state;
	scratch_enter();
	scratch_file("lock", "");
	fd = open("lock", O_RDWR);
	other = open("lock", O_RDWR);
	assert_int_equal(lock_take(other, true, 0, &e), 1);
	pid = fork();
	if (pid == 0) {
		close(other);
		alarm(10);
		_exit(lock_take(fd, true, UINT64_MAX, &e) == 1 ? 0 : 1);
	}
	usleep(50000);
	close(other);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(fd);
	scratch_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(locks_against_other_processes),
		cmocka_unit_test(waits_for_a_lock_without_end_if_asked),
		cmocka_unit_test(sees_a_lock_of_either_kind),
		cmocka_unit_test(has_no_lock_on_what_is_not_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
