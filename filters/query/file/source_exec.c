/* source_exec.c - a command that writes JSON lines.
 *
 * Whether the rows are all there, the exit status of the command says: so a
 * producer that was killed is told from one that is done, which the end of a
 * pipe alone cannot tell.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/tool.h"
#include "query/file/json_lines.h"
#include "query/source.h"

/* sh -c, with its standard output into the pipe. */
static int start(const char *text, int out, pid_t *pid, struct err *e)
{
	union {
		const char *in;
		char *out;
	} p = {.in = text}; /* posix_spawn does not write there */
	char sh[] = "sh", dash_c[] = "-c";
	char *argv[] = {sh, dash_c, p.out, NULL};
	char **env = tool_command_env();
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	errno = posix_spawn(pid, "/bin/sh", &actions, NULL, argv, env);
	free(env);
	posix_spawn_file_actions_destroy(&actions);
	return errno ? err_sys(e, ERR_OS, "cannot start a shell") : 0;
}

/* The verdict of the command; one that had to stop early has none. */
static int finish(pid_t pid, bool stopped, struct err *e)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return err_sys(e, ERR_OS, "cannot wait");
	}
	if (stopped || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
		return 0;
	if (WIFSIGNALED(status))
		return err_set(e, ERR_DATA,
			       "the command was killed by "
			       "signal %d",
			       WTERMSIG(status));
	return err_set(e, ERR_DATA, "the command failed with status %d",
		       WEXITSTATUS(status));
}

static int exec_run(const struct source_job *job, struct rows *rows,
		    struct err *e)
{
	int fd[2], rc;
	pid_t pid;
	bool stopped;

	if (*job->where == '\0')
		return err_set(e, ERR_USAGE, "source: no command in 'exec:'");
	if (pipe2(fd, O_CLOEXEC) < 0)
		return err_sys(e, ERR_OS, "cannot make a pipe");
	rc = start(job->where, fd[1], &pid, e);
	close(fd[1]);
	if (rc < 0) {
		close(fd[0]);
		return -1;
	}
	rc = rows_step(rows, ROWS_CONNECTION, "the command runs", e);
	if (rc == 0)
		rc = json_lines_copy(rows, fd[0], e);
	stopped = rc < 0 || rows->partial || rows->check;
	close(fd[0]);
	if (stopped) {
		struct err ignored = {0};

		kill(pid, SIGTERM);
		(void)finish(pid, true, &ignored);
		return rc;
	}
	return finish(pid, false, e);
}

extern const struct source source_exec;
const struct source source_exec = {
	.scheme = {"exec"},
	.help = "command",
	.run = exec_run,
};
