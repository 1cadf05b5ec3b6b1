#include "sync/report/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/linux.h"
#include "core/reader.h"
#include "sync/report/worst_status.h"

enum { MESSAGES_MAX = 4096, ROUND = 64 * 1024 };

static NO_RETURN void become(const char *const *argv, int out, int err)
{
	struct buf path = {0};
	int in = open("/dev/null", O_RDONLY);
	char **words = (char **)(uintptr_t)argv;

	linux_program_folder(&path); /* prefer the filter of the same build */
	buf_str(&path, argv[0]);
	if (in >= 0 && dup2(in, STDIN_FILENO) >= 0 &&
	    dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0) {
		execv(buf_cstr(&path), words);
		execvp(argv[0], words);
	}
	_exit(127);
}

/* Appends what the pipe has to b; drops what exceeds max. False at the end. */
static bool take(int fd, struct buf *b, size_t max)
{
	ssize_t n = read(fd, buf_room(b, ROUND), ROUND);

	if (n < 0)
		return errno == EINTR;
	b->n += (size_t)n;
	if (b->n > max)
		b->n = max;
	return n > 0;
}

static int collect(struct capture *c, int out, int err, struct err *e)
{
	struct pollfd p[] = {{.fd = out, .events = POLLIN},
			     {.fd = err, .events = POLLIN}};

	while (p[0].fd >= 0 || p[1].fd >= 0) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return err_sys(e, ERR_OS, "cannot wait for a filter");
		if (p[0].revents && !take(out, &c->out, CAPTURE_MAX))
			p[0].fd = -1;
		if (p[1].revents && !take(err, &c->said, MESSAGES_MAX))
			p[1].fd = -1;
		p[0].revents = p[1].revents = 0;
	}
	return 0;
}

/* The last line of its messages, without "rudder-diff: " or "rudder-diff[STATE
 * RUN]: ".
 */
static struct slice last_words(const struct capture *c, const char *name)
{
	struct slice s = buf_all(&c->said);
	const char *lf;

	while (s.n > 0 && s.p[s.n - 1] == '\n')
		s.n--;
	lf = s.n > 0 ? memrchr(s.p, '\n', s.n) : NULL;
	if (lf)
		s = slice_of(lf + 1, s.n - (size_t)(lf + 1 - s.p));
	if (slice_starts(s, name)) {
		bool owned = s.n > strlen(name) && s.p[strlen(name)] == '[';
		const char *end = owned ? "]: " : ": ";
		const char *at = memmem(s.p, s.n, end, strlen(end));

		if (at)
			s = slice_of(at + strlen(end),
				     s.n - (size_t)(at - s.p) - strlen(end));
	}
	return s;
}

static int verdict(const struct capture *c, const char *name, int status,
		   struct err *e)
{
	struct slice s = last_words(c, name);

	if (status == 0 && c->out.n < CAPTURE_MAX)
		return 0;
	if (status == 0)
		return err_set(e, ERR_DATA, "%s printed more than 64 MiB",
			       name);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return err_names(
			e, ERR_CONFIG,
			"cannot start '%s': it is neither beside rudder "
			"nor in PATH",
			name);
	if (!WIFEXITED(status))
		return err_names(e, ERR_DATA, "%s was killed by signal %d",
				 name, WTERMSIG(status));
	return err_set(e, worst_status_kind(WEXITSTATUS(status)), "%.*s",
		       SLICE_FMT(s));
}

int capture_run(struct capture *c, const char *const *argv, struct err *e)
{
	int out[2] = {-1, -1}, err[2] = {-1, -1}, status = 0, rc = -1;
	pid_t pid = -1;

	*c = (struct capture){0};
	if (pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0)
		pid = fork();
	if (pid == 0)
		become(argv, out[1], err[1]);
	if (pid < 0)
		err_sys(e, ERR_OS, "cannot start '%s'", argv[0]);
	close(out[1]);
	close(err[1]);
	if (pid > 0) {
		rc = collect(c, out[0], err[0], e);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	close(out[0]);
	close(err[0]);
	memset(buf_room(&c->out, READER_PAD), 0, READER_PAD);
	return rc < 0 ? -1 : verdict(c, argv[0], status, e);
}

void capture_clear(struct capture *c)
{
	buf_clear(&c->out);
	buf_clear(&c->said);
}
