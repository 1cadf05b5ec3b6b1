/* test_cage.c - unit tests of map/cage.h */
#include "cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "map/cage.h"

enum { NO_CAGE = 77 };

/* In a child: 0 when all is as it should be, or which step was not. */
static int caged(void)
{
	char *p;

	if (!cage_enter())
		return NO_CAGE;
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
		_exit(caged());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_CAGE)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_nothing_out_but_what_is_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
