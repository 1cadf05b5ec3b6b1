#include "sync/report/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/writer.h"

static const char *pager(void)
{
	const char *own = getenv("RUDDER_PAGER"), *usual = getenv("PAGER");

	if (own && own[0])
		return own;
	return usual && usual[0] ? usual : "less";
}

static NO_RETURN void become(int in)
{
	/* less: ends if the text fits the screen, shows colors, does not clear
	 * the screen
	 */
	setenv("LESS", "FRX", 0);
	if (dup2(in, STDIN_FILENO) >= 0)
		execl("/bin/sh", "sh", "-c", pager(), (char *)NULL);
	_exit(127);
}

/* Whether a pager has shown the text; it may quit before the end. */
static bool paged(struct slice text)
{
	struct err ignored;
	int p[2], status = 127;
	pid_t pid;

	if (pipe2(p, O_CLOEXEC) < 0)
		return false;
	pid = fork();
	if (pid == 0)
		become(p[0]);
	close(p[0]);
	if (pid > 0) {
		(void)signal(SIGPIPE, SIG_IGN);
		(void)!writer_all(p[1], text.p, text.n, &ignored);
	}
	close(p[1]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) != 127;
}

int pager_show(int fd, struct slice text, struct err *e)
{
	if (isatty(fd) == 1 && strcmp(pager(), "cat") != 0 && paged(text))
		return 0;
	return writer_all(fd, text.p, text.n, e);
}
