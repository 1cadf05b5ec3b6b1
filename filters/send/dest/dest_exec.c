/* dest_exec.c - runs a command for each batch, with the events as its input.
 *
 * sh runs the command, in a process group of its own, so that after Ctrl-C
 * batches in flight are finished. Its standard input is a file with the events,
 * one per line; its output goes to our standard error. Exit status:
 *
 *     0         delivered
 *     65        refused: the batch is halved until the bad event is alone
 *     69, 75    nothing was taken: the batch is sent again later
 *     126, 127  the command does not exist: the run stops
 *     others, a signal, or no end within --timeout: unknown, sent again
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/linux.h"
#include "core/mem.h"
#include "core/secrets.h"
#include "core/writer.h"
#include "send/dest/dest.h"
#include "send/dest/dest_list.h"
#include "wire/json/json.h"

struct exec_child {
	struct dest_job *job; /* NULL: no process */
	pid_t pid;
	int fd;    /* pidfd: readable when the process has ended */
	int input; /* its position shows how much the process has read */
	uint64_t deadline_ms;
	bool late; /* killed after the timeout */
};

struct exec {
	char *command;
	uint64_t timeout_ms;
	int held; /* descriptor that each command inherits; -1: none */
	struct exec_child *slot;
	struct pollfd *all;
	unsigned slots;
	struct dest_list done;
};

static int exec_open(void **d, const struct dest_options *o, struct err *e)
{
	struct exec *x = mem_zero(sizeof(*x));

	*d = x;
	x->held = -1;
	if (o->url[0] == '\0')
		return err_names(e, ERR_USAGE,
				 "destination: 'exec:' needs a command");
	x->command = mem_copy(o->url, strlen(o->url));
	x->timeout_ms = o->timeout_ms;
	x->slots = o->connections;
	x->slot = mem_zero(x->slots * sizeof(*x->slot));
	x->all = mem_zero((x->slots + 4) * sizeof(*x->all));
	return 0;
}

static void exec_show(void *d, struct dest_job *job, bool as_curl,
		      struct buf *b)
{
	const struct exec *x = d;

	(void)as_curl;
	buf_str(b, "\"command\":");
	json_lossy(b, slice_str(x->command), SIZE_MAX);
	buf_str(b, ",\"input\":");
	dest_list_events(b, job);
}

/* ---- one process ------------------------------------------------------- */

static int input_of(struct slice body, struct err *e)
{
	int fd = linux_memory_file("events");

	if (fd < 0)
		return err_sys(e, ERR_OS, "cannot hold a batch");
	if (writer_all(fd, body.p, body.n, e) < 0 || lseek(fd, 0, SEEK_SET)) {
		close(fd);
		return err_set(e, ERR_OS, "cannot hold a batch");
	}
	return fd;
}

/* Starts sh. how: "-c" to run the command, "-nc" to only parse it. */
static int spawn(const struct exec *x, const char *how, int input, pid_t *pid)
{
	char shell[] = "sh", option[4];
	char *argv[] = {shell, option, x->command, NULL};
	char **env = secrets_command_env();
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, usual;
	int rc;

	snprintf(option, sizeof(option), "%s", how);
	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	sigaddset(&usual, SIGXFSZ);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO,
					 STDOUT_FILENO);
	if (x->held >= 0) /* to the same number: so exec does not close it */
		posix_spawn_file_actions_adddup2(&actions, x->held, x->held);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &usual);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF |
						POSIX_SPAWN_SETPGROUP);
	rc = posix_spawn(pid, "/bin/sh", &actions, &attr, argv, env);
	free(env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

static int exec_check(void *d, uint64_t timeout_ms, struct err *e)
{
	struct exec *x = d;
	int input = open("/dev/null", O_RDONLY | O_CLOEXEC), status = 0;
	pid_t pid;

	(void)timeout_ms; /* parsing takes no time */
	if (input < 0 || spawn(x, "-nc", input, &pid) != 0) {
		if (input >= 0)
			close(input);
		return err_set(e, ERR_OS, "cannot start the shell");
	}
	close(input);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return err_set(e, ERR_CONFIG, "the shell cannot read the command");
}

static void cannot(struct exec *x, struct dest_job *job, const struct err *e)
{
	job->reply = (struct reply){.class = REPLY_FATAL, .err = *e};
	snprintf(job->reply.reason, sizeof(job->reply.reason), "%.250s",
		 e->text);
	dest_list_push(&x->done, job);
}

/* Whether the command has read from its input. If the shell could not start it,
 * it has not; a command that exits with the same status may have.
 */
static bool was_read(const struct exec_child *s)
{
	return lseek(s->input, 0, SEEK_CUR) != 0;
}

static void judge(const struct exec_child *s, int status, struct reply *r)
{
	unsigned code = WIFEXITED(status) ? (unsigned)WEXITSTATUS(status) : 0;

	*r = (struct reply){.class = REPLY_UNKNOWN,
			    .status = code,
			    .sent = 1,
			    .doubt = true};
	if (!WIFEXITED(status)) {
		snprintf(r->reason, sizeof(r->reason), "%s",
			 s->late ? "the command timed out"
				 : "the command was killed");
		return;
	}
	snprintf(r->reason, sizeof(r->reason), "exit status %u", code);
	if (code == 0) {
		r->class = REPLY_TAKEN;
		r->delivered = true;
		r->doubt = false;
		r->reason[0] = '\0';
	} else if (code == 65) {
		r->class = REPLY_REFUSED;
		r->verdict = true;
		r->doubt = false;
	} else if (code == 69 || code == 75) {
		r->class = REPLY_LATER;
		r->doubt = false;
	} else if (code == 126 || code == 127) {
		r->class = REPLY_FATAL;
		r->doubt = was_read(s);
		err_names(&r->err, ERR_CONFIG,
			  "exit status %u: the command cannot be run", code);
	}
}

/* Waits for a process that has ended or is about to, and judges its status. */
static void reap(struct exec_child *s)
{
	int status = 0;

	while (waitpid(s->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (s->fd >= 0)
		close(s->fd);
	judge(s, status, &s->job->reply);
	close(s->input);
}

static void exec_hold(void *d, int fd)
{
	struct exec *x = d;

	x->held = fd;
}

static void exec_start(void *d, struct dest_job *job)
{
	struct exec *x = d;
	struct exec_child *s = &x->slot[job->lane];
	struct err e;
	int input = input_of(job->body, &e);
	int rc;

	if (input < 0) {
		cannot(x, job, &e);
		return;
	}
	rc = spawn(x, "-c", input, &s->pid);
	if (rc != 0) {
		close(input);
		errno = rc;
		err_sys(&e, ERR_OS, "cannot start the command");
		cannot(x, job, &e);
		return;
	}
	s->fd = linux_process(s->pid);
	s->job = job;
	s->input = input;
	s->late = false;
	s->deadline_ms = clock_mono_ms() + x->timeout_ms;
	if (s->fd < 0) { /* no descriptor left: wait for it here */
		reap(s);
		dest_list_push(&x->done, job);
		s->job = NULL;
	}
}

/* ---- waiting ----------------------------------------------------------- */

/* Kills processes that have exceeded the timeout. Returns the milliseconds
 * until the next timeout.
 */
static int watch(struct exec *x, int timeout_ms)
{
	uint64_t now = clock_mono_ms();

	for (unsigned i = 0; i < x->slots; i++) {
		struct exec_child *s = &x->slot[i];

		if (!s->job || s->late)
			continue;
		if (now >= s->deadline_ms) {
			s->late = true;
			kill(-s->pid, SIGKILL);
		} else if (s->deadline_ms - now < (uint64_t)timeout_ms) {
			timeout_ms = (int)(s->deadline_ms - now);
		}
	}
	return timeout_ms;
}

static int exec_wait(void *d, struct pollfd *fds, unsigned n, int timeout_ms,
		     struct err *e)
{
	struct exec *x = d;

	for (unsigned i = 0; i < n; i++)
		x->all[i] = fds[i];
	for (unsigned i = 0; i < x->slots; i++)
		x->all[n + i] = (struct pollfd){
			.fd = x->slot[i].job ? x->slot[i].fd : -1,
			.events = POLLIN,
		};
	timeout_ms = watch(x, x->done.first ? 0 : timeout_ms);
	if (dest_list_poll(x->all, n + x->slots, timeout_ms, e) < 0)
		return -1;
	for (unsigned i = 0; i < n; i++)
		fds[i].revents = x->all[i].revents;
	for (unsigned i = 0; i < x->slots; i++) {
		struct exec_child *s = &x->slot[i];

		if (!s->job || !x->all[n + i].revents)
			continue;
		reap(s);
		dest_list_push(&x->done, s->job);
		s->job = NULL;
	}
	return 0;
}

static struct dest_job *exec_done(void *d)
{
	struct exec *x = d;

	return dest_list_pop(&x->done);
}

static void exec_abort(void *d, struct dest_job *job)
{
	struct exec *x = d;
	struct exec_child *s = &x->slot[job->lane];

	if (s->job != job)
		return;
	kill(-s->pid, SIGKILL);
	reap(s);
	s->job = NULL;
	job->reply.class = REPLY_UNKNOWN;
}

static void exec_close(void *d)
{
	struct exec *x = d;

	if (!x)
		return;
	for (unsigned i = 0; i < x->slots; i++) {
		if (x->slot[i].job)
			exec_abort(x, x->slot[i].job);
	}
	free(x->slot);
	free(x->all);
	free(x->command);
	free(x);
}

const struct dest dest_exec = {
	.scheme = "exec",
	.help = "command",
	.known_by = DEST_BY_TEXT,
	.frame = {"", "\n", "\n"},
	.connections = 2,
	.batch = 500,
	.batch_bytes = 1024 * 1024,
	.max_bytes = 64 * 1024 * 1024,
	.unconfined = true,
	.checked = "the shell can parse the command; it was not run",
	.open = exec_open,
	.check = exec_check,
	.show = exec_show,
	.hold = exec_hold,
	.start = exec_start,
	.wait = exec_wait,
	.done = exec_done,
	.abort = exec_abort,
	.close = exec_close,
};
