#include "sync/filter_child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/secrets.h"
#include "sync/jq_errors.h"

/* Pipes: the first end is read, the second is written. */
struct pipes {
	int to[2], from[2];
	int failed[2]; /* errno, if the program could not start */
	int errors[2]; /* standard error, or -1 */
};

static void close_both(int p[2])
{
	for (int i = 0; i < 2; i++) {
		if (p[i] >= 0)
			close(p[i]);
		p[i] = -1;
	}
}

/* Runs the command in the child, which must not touch the stream. */
static NO_RETURN void become(char **command, const struct pipes *p)
{
	int why;

	environ = secrets_command_env();
	if (dup2(p->to[0], STDIN_FILENO) >= 0 &&
	    dup2(p->from[1], STDOUT_FILENO) >= 0 &&
	    (p->errors[1] < 0 || dup2(p->errors[1], STDERR_FILENO) >= 0))
		execvp(command[0], command);
	why = errno;
	(void)!write(p->failed[1], &why, sizeof(why));
	_exit(127);
}

/* Checks that the child has started the program. */
static int started(const char *command, int failed, struct err *e)
{
	int why;

	if (read(failed, &why, sizeof(why)) != (ssize_t)sizeof(why))
		return 0;
	errno = why;
	return err_sys(e, ERR_CONFIG, "cannot run '%s'", command);
}

static int make_pipes(struct pipes *p, bool errors, struct err *e)
{
	if (pipe2(p->to, O_CLOEXEC) == 0 && pipe2(p->from, O_CLOEXEC) == 0 &&
	    pipe2(p->failed, O_CLOEXEC) == 0 &&
	    (!errors || pipe2(p->errors, O_CLOEXEC) == 0))
		return 0;
	(void)err_sys(e, ERR_OS, "cannot make a pipe");
	close_both(p->to);
	close_both(p->from);
	close_both(p->failed);
	return -1;
}

int filter_child_start(struct filter_child *c, char **command, struct err *e)
{
	struct pipes p = {{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
	int rc;

	if (make_pipes(&p, jq_errors_of(command[0]), e) < 0)
		return -1;
	c->pid = fork();
	if (c->pid == 0)
		become(command, &p);
	c->to = p.to[1];
	c->from = p.from[0];
	c->errors = p.errors[0];
	p.to[1] = p.from[0] = p.errors[0] = -1;
	close_both(p.to);
	close_both(p.from);
	close_both(p.errors);
	(void)fcntl(c->to, F_SETFL, O_NONBLOCK);
	rc = c->pid < 0 ? err_sys(e, ERR_OS, "cannot start a process") : 0;
	close(p.failed[1]);
	if (rc == 0)
		rc = started(command[0], p.failed[0], e);
	close(p.failed[0]);
	return rc;
}
