/* test_sandbox.c - unit tests of core/sandbox.h */
#include "cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/sandbox.h"
#include "scratch.h"

enum { NO_FILTER = 77 };

/* In a child: 0 when all is as it should be, or which step was not. */
static int filtered(void)
{
	char *p;

	if (!sandbox_filter())
		return NO_FILTER;
	p = malloc(1 << 22); /* memory is still to be had */
	if (!p)
		return 1;
	p[0] = 1;
	free(p);
	if (open("/etc/passwd", O_RDONLY) >= 0 || errno != EPERM)
		return 2;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM)
		return 3;
	if (fork() >= 0 || errno != EPERM)
		return 4;
	if (kill(getppid(), 0) == 0)
		return 5;
	return write(STDOUT_FILENO, "", 0) == 0 ? 0 : 6;
}

static void lets_nothing_out_but_what_is_open(void **state)
{
	pid_t pid = fork();
	int status = 0;

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(filtered());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_FILTER)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* In a child of which the variable is at secret: 0, or which step failed. */
static int entered(int fd, const char *secret)
{
	sandbox_enter(&(struct sandbox){.fd = fd, .memory = 64 << 20});
	if (!environ || environ[0] || getenv("SANDBOX_SECRET"))
		return 1;
	for (size_t i = 0; i < 6; i++) {
		if (secret[i])
			return 2;
	}
	if (CONFINED && open("/dev/null", O_RDONLY) >= 0)
		return 3;
	if (read(STDIN_FILENO, &(char){0}, 1) != 0)
		return 4;
	if (fcntl(fd + 1, F_GETFD) >= 0)
		return 5;
	if (!SANITIZED && malloc((size_t)128 << 20))
		return 6;
	if (syscall(SYS_tgkill, getppid(), getppid(), 0) == 0)
		return SANITIZED || !CONFINED ? 0 : 7;
	return write(fd, "", 1) == 1 ? 0 : 8;
}

static void leaves_no_environment_file_or_neighbour(void **state)
{
	int pair[2], other[2], status = 0;
	pid_t pid;

	(void)state;
	assert_int_equal(setenv("SANDBOX_SECRET", "canary", 1), 0);
	assert_int_equal(pipe(pair), 0);
	assert_int_equal(pipe(other), 0);
	pid = fork();
	if (pid == 0)
		_exit(entered(pair[1], getenv("SANDBOX_SECRET")));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_string_equal(getenv("SANDBOX_SECRET"), "canary");
	for (size_t i = 0; i < 2; i++) {
		close(pair[i]);
		close(other[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_nothing_out_but_what_is_open),
		cmocka_unit_test(leaves_no_environment_file_or_neighbour),
	};

	if (scratch_by_valgrind())
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
