/* source_exec.c - a command that writes JSON lines.
 *
 * The exit status of the command shows whether all rows arrived: the end of a
 * pipe cannot tell whether the producer was killed or has finished.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/secrets.h"
#include "query/file/json_lines.h"
#include "query/source.h"

enum { LOOK_MS = 20, MERCY_MS = 2000 };

/* Starts sh -c with its standard output in the pipe. A process group of its own
 * allows ending all that it starts, but separates it from the terminal.
 */
static int start(const char *text, int out, bool group, pid_t *pid,
		 struct err *e)
{
	union {
		const char *in;
		char *out;
	} p = {.in = text}; /* posix_spawn does not change it */
	char sh[] = "sh", dash_c[] = "-c";
	char *argv[] = {sh, dash_c, p.out, NULL};
	char **env = secrets_command_env();
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;

	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, group ? POSIX_SPAWN_SETPGROUP : 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	errno = posix_spawn(pid, "/bin/sh", &actions, &attr, argv, env);
	free(env);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return errno ? err_sys(e, ERR_OS, "cannot start a shell") : 0;
}

/* Whether the command ends within this time; -1: no limit. */
static bool ends_within(pid_t pid, int ms, int *status)
{
	uint64_t until = clock_mono_ms() + (uint64_t)(ms > 0 ? ms : 0);

	for (;;) {
		pid_t got = waitpid(pid, status, ms < 0 ? 0 : WNOHANG);

		if (got == pid || (got < 0 && errno != EINTR))
			return true;
		if (got == 0 && clock_mono_ms() >= until)
			return false;
		if (got == 0)
			(void)poll(NULL, 0, LOOK_MS);
	}
}

/* Ends the command and, if it has its own group, everything it has started. */
static void stop(pid_t pid, bool group)
{
	pid_t whom = group ? -pid : pid;
	int status;

	kill(whom, SIGTERM);
	if (!group) {
		(void)ends_within(pid, -1, &status);
		return;
	}
	if (!ends_within(pid, MERCY_MS, &status)) {
		kill(whom, SIGKILL);
		(void)ends_within(pid, -1, &status);
	}
	kill(whom, SIGKILL); /* processes that outlived the command */
}

/* Waits for the command and checks its exit status. */
static int finish(pid_t pid, const struct rows *rows, struct err *e)
{
	int status = 0;

	if (!ends_within(pid, rows_left_ms(rows), &status)) {
		stop(pid, true);
		return err_set(e, ERR_TEMP, "timed out (--timeout)");
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFSIGNALED(status))
		return err_names(e, ERR_DATA,
				 "the command was killed by "
				 "signal %d",
				 WTERMSIG(status));
	return err_names(e, ERR_DATA, "the command failed with status %d",
			 WEXITSTATUS(status));
}

static int exec_run(const struct source_job *job, struct rows *rows,
		    struct err *e)
{
	bool group = job->timeout_ms > 0;
	int fd[2], rc;
	pid_t pid;

	if (*job->where == '\0')
		return err_names(e, ERR_USAGE, "source: no command in 'exec:'");
	if (pipe2(fd, O_CLOEXEC) < 0)
		return err_sys(e, ERR_OS, "cannot make a pipe");
	rc = start(job->where, fd[1], group, &pid, e);
	close(fd[1]);
	if (rc < 0) {
		close(fd[0]);
		return -1;
	}
	rc = rows_step(rows, ROWS_CONNECTION, "running the command", e);
	if (rc == 0)
		rc = json_lines_copy(rows, fd[0], e);
	close(fd[0]);
	if (rc == 0 && !rows->partial && !rows->check)
		return finish(pid, rows, e);
	stop(pid, group);
	return rc;
}

extern const struct source source_exec;
const struct source source_exec = {
	.scheme = {"exec"},
	.help = "command",
	.run = exec_run,
};
