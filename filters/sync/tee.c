#include "sync/tee.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/tool.h"
#include "core/writer.h"
#include "sync/backlog.h"
#include "sync/report/worst_status.h"
#include "wire/stream/abort.h"

enum { ABORT_MS = 3000 }; /* time to write the rest before an abort line */

struct command {
	const char *text;
	pid_t pid;
	int to; /* standard input of the command; -1: closed */
};

struct tee {
	int in;
	struct command *command;
	size_t n;
	struct backlog *backlog;
	struct pollfd *poll; /* input, then one entry per command */
	bool eof;
};

/* ---- signals ----------------------------------------------------------- */

static volatile sig_atomic_t stops;

static void on_signal(int sig)
{
	(void)sig;
	stops++;
}

/* A handler, so that the end of a command interrupts sigsuspend. */
static void on_child(int sig)
{
	(void)sig;
}

static void catch_signals(void)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction now, ours = {.sa_handler = on_signal};

	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (sigaction(ends[i], NULL, &now) == 0 &&
		    now.sa_handler == SIG_DFL)
			sigaction(ends[i], &ours, NULL);
	}
	ours.sa_handler = on_child;
	sigaction(SIGCHLD, &ours, NULL);
}

/* ---- commands ---------------------------------------------------------- */

static NO_RETURN void become(const char *text, int in)
{
	if (dup2(in, STDIN_FILENO) >= 0)
		execl("/bin/sh", "sh", "-c", text, (char *)NULL);
	_exit(127);
}

static int start(struct command *c, struct err *e)
{
	int p[2];

	if (pipe2(p, O_CLOEXEC) < 0)
		return err_sys(e, ERR_OS, "cannot make a pipe");
	c->pid = fork();
	if (c->pid == 0)
		become(c->text, p[0]);
	close(p[0]);
	c->to = p[1];
	(void)fcntl(c->to, F_SETFL, O_NONBLOCK);
	if (c->pid < 0)
		return err_sys(e, ERR_OS, "cannot start a process");
	return 0;
}

static void close_to(struct tee *t, size_t i)
{
	backlog_leave(t->backlog, i);
	close(t->command[i].to);
	t->command[i].to = -1;
}

/* Whether fd accepts bytes before the deadline. */
static bool has_room(int fd, uint64_t deadline_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	uint64_t now = clock_mono_ms();

	return now < deadline_ms && poll(&p, 1, (int)(deadline_ms - now)) == 1;
}

/* Ends the stream of all commands with an abort line. A command that does not
 * accept the rest in time sees a stream without an end line.
 */
static void abort_all(struct tee *t, const struct err *e)
{
	struct abort_line a = {.status = err_status(e->kind), .stage = "tee"};
	uint64_t deadline_ms = clock_mono_ms() + ABORT_MS;
	char text[1 + ABORT_TEXT] = "\n";
	struct err ignored;
	size_t n, skip;

	abort_reason_of(a.reason, e);
	n = 1 + abort_text(text + 1, &a);
	skip = !backlog_in_line(t->backlog);
	for (size_t i = 0; i < t->n; i++) {
		int fd = t->command[i].to;

		if (fd < 0)
			continue;
		while (backlog_left(t->backlog, i) > 0 &&
		       has_room(fd, deadline_ms) &&
		       backlog_write(t->backlog, i, fd, &ignored) == 1)
			;
		if (backlog_left(t->backlog, i) == 0 &&
		    has_room(fd, deadline_ms))
			(void)!write(fd, text + skip, n - skip);
		close_to(t, i);
	}
}

/* ---- the stream -------------------------------------------------------- */

/* Waits for input or output. A signal that arrives now interrupts only ppoll,
 * so it is noticed.
 */
static int await(struct tee *t, const sigset_t *open_mask, struct err *e)
{
	for (size_t i = 0; i < t->n; i++) {
		bool left = backlog_left(t->backlog, i) > 0;

		t->poll[i + 1] = (struct pollfd){
			.fd = t->command[i].to,
			.events = left ? POLLOUT : 0,
		};
	}
	t->poll[0].fd = t->eof || !backlog_room(t->backlog) ? -1 : t->in;
	t->poll[0].events = POLLIN;
	t->poll[0].revents = 0;
	if (stops == 0 && ppoll(t->poll, t->n + 1, NULL, open_mask) < 0 &&
	    errno != EINTR)
		return err_sys(e, ERR_OS, "cannot wait for input");
	if (stops > 0)
		return err_set(e, ERR_TEMP, "stopped by a signal");
	return 0;
}

static int give(struct tee *t, size_t i, struct err *e)
{
	int fd = t->command[i].to;
	int rc = backlog_write(t->backlog, i, fd, e);

	if (rc < 0)
		return -1;
	if (rc == 0 || (t->poll[i + 1].revents & POLLERR) ||
	    (t->eof && backlog_left(t->backlog, i) == 0))
		close_to(t, i);
	return 0;
}

static bool any_open(const struct tee *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->command[i].to >= 0)
			return true;
	}
	return false;
}

static int pump(struct tee *t, const sigset_t *open_mask, struct err *e)
{
	int rc;

	while (any_open(t)) {
		if (await(t, open_mask, e) < 0)
			return -1;
		if (t->poll[0].fd >= 0 && t->poll[0].revents) {
			rc = backlog_read(t->backlog, t->in, e);
			if (rc < 0)
				return -1;
			t->eof = rc == 0;
		}
		for (size_t i = 0; i < t->n; i++) {
			if (t->command[i].to >= 0 && give(t, i, e) < 0)
				return -1;
		}
	}
	return 0;
}

/* ---- statuses ---------------------------------------------------------- */

/* Waits for the status of a command. A second signal ends the wait. */
static int reap(const struct command *c, const sigset_t *open_mask, int *status,
		struct err *e)
{
	for (;;) {
		pid_t got = waitpid(c->pid, status, WNOHANG);

		if (got > 0)
			return 0;
		if (got < 0 && errno != EINTR)
			return err_sys(e, ERR_OS, "cannot wait for a command");
		if (stops > 1)
			return err_set(e, ERR_TEMP,
				       "stopped by a signal before all "
				       "commands ended");
		sigsuspend(open_mask);
	}
}

static enum err_kind status_kind(int status)
{
	return WIFEXITED(status) ? worst_status_kind(WEXITSTATUS(status))
				 : ERR_DATA;
}

static int reap_all(struct tee *t, const sigset_t *open_mask, struct err *e)
{
	size_t failed = 0, at = 0;
	enum err_kind kind = ERR_NONE;
	int status = 0;

	for (size_t i = 0; i < t->n && t->command[i].pid > 0; i++) {
		if (reap(&t->command[i], open_mask, &status, e) < 0)
			return -1;
		tool_info("command %zu ended with status %d", i + 1,
			  WIFEXITED(status) ? WEXITSTATUS(status)
					    : 128 + WTERMSIG(status));
		failed += status != 0;
		if (worst_status_is(status_kind(status), kind)) {
			kind = status_kind(status);
			at = i + 1;
		}
	}
	if (kind == ERR_NONE)
		return 0;
	return err_names(
		e, kind,
		"%zu of %zu commands failed; the exit status is that of "
		"command %zu",
		failed, t->n, at);
}

/* ---- the run ----------------------------------------------------------- */

/* Blocks signals except while this process waits, so that none is missed. */
static void block_signals(sigset_t *was)
{
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGHUP);
	sigaddset(&block, SIGCHLD);
	sigprocmask(SIG_BLOCK, &block, was);
}

static int tee_lines(struct tee *t, struct err *e)
{
	struct err why = {0};
	sigset_t was;
	int rc = 0;

	catch_signals();
	for (size_t i = 0; i < t->n && rc == 0; i++)
		rc = start(&t->command[i], &why);
	block_signals(&was);
	(void)signal(SIGPIPE, SIG_IGN); /* here only, not in the commands */
	if (rc == 0)
		rc = pump(t, &was, &why);
	if (rc < 0)
		abort_all(t, &why);
	if (reap_all(t, &was, e) < 0 && rc == 0)
		return -1;
	if (rc < 0)
		*e = why;
	return rc;
}

int tee_run(const struct tee_options *o, int in, struct err *e)
{
	struct tee t = {.in = in};
	int rc;

	while (o->commands[t.n])
		t.n++;
	t.command = mem_table(t.n * sizeof(*t.command));
	t.poll = mem_table((t.n + 1) * sizeof(*t.poll));
	t.backlog = backlog_new(t.n, o->max_bytes);
	for (size_t i = 0; i < t.n; i++)
		t.command[i] = (struct command){o->commands[i], 0, -1};
	rc = tee_lines(&t, e);
	backlog_free(t.backlog);
	free(t.command);
	free(t.poll);
	return rc;
}
