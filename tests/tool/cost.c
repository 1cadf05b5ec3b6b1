/* cost.c - what one command costs: wall seconds, CPU seconds of it and of all
 * it waited for, and the largest process's memory in KiB.
 *
 * Usage: cost FILE COMMAND. The command runs by sh -c, the three figures go to
 * the end of FILE as one line; the exit status is the command's. SIGINT and
 * SIGTERM go on to the command, which may be a timeout(1) in a group of its
 * own.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static volatile sig_atomic_t child; /* its pid, or 0 */

static void pass_on(int signal)
{
	if (child > 0)
		kill((pid_t)child, signal);
}

int main(int argc, char **argv)
{
	struct rusage use;
	double from = now();
	int status;
	struct sigaction on = {.sa_handler = pass_on, .sa_flags = SA_RESTART};
	FILE *f;

	if (argc != 3)
		return 64;
	child = fork();
	if (child == 0) {
		execl("/bin/sh", "sh", "-c", argv[2], (char *)NULL);
		_exit(127);
	}
	sigaction(SIGINT, &on, NULL);
	sigaction(SIGTERM, &on, NULL);
	if (child < 0 || waitpid((pid_t)child, &status, 0) < 0)
		return 71;
	from = now() - from;
	getrusage(RUSAGE_CHILDREN, &use);
	f = fopen(argv[1], "a");
	if (!f)
		return 73;
	fprintf(f, "%.3f %.3f %ld\n", from,
		seconds(use.ru_utime) + seconds(use.ru_stime), use.ru_maxrss);
	if (fclose(f) != 0)
		return 74;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 70;
}
