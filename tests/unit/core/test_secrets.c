/* test_secrets.c - unit tests of core/secrets.h */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/secrets.h"

/* In a process of its own: whoever is like this stays so. */
static void leaves_secrets_in_no_core(void **state)
{
	struct rlimit limit;
	int status;
	pid_t pid;

	(void)state;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		secrets_hold();
		if (getrlimit(RLIMIT_CORE, &limit) < 0 || limit.rlim_cur != 0)
			_exit(1);
		if (!SANITIZED && prctl(PR_GET_DUMPABLE) != 0)
			_exit(2);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static bool has(char *const *list, const char *variable)
{
	for (; *list; list++) {
		if (strcmp(*list, variable) == 0)
			return true;
	}
	return false;
}

static void hands_no_secret_of_its_own_to_a_command(void **state)
{
	char **env;

	(void)state;
	assert_int_equal(setenv("RUDDER_WRITE_KEY", "k", 1), 0);
	assert_int_equal(setenv("RUDDER_SOURCE", "s", 1), 0);
	assert_int_equal(setenv("RUDDER_WRITE_KEY_OF_MINE", "m", 1), 0);
	env = secrets_command_env();
	assert_false(has(env, "RUDDER_WRITE_KEY=k"));
	assert_false(has(env, "RUDDER_SOURCE=s"));
	assert_true(has(env, "RUDDER_WRITE_KEY_OF_MINE=m"));
	free(env);
	assert_string_equal(getenv("RUDDER_WRITE_KEY"), "k");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_secrets_in_no_core),
		cmocka_unit_test(hands_no_secret_of_its_own_to_a_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
