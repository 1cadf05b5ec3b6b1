#include "wire/stream/abort.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/num.h"
#include "core/option_keys.h"
#include "core/tool.h"
#include "core/writer.h"
#include "wire/json/json.h"
#include "wire/stream/harmless.h"

enum { LEAST = 64, MOST = 78, OTHERS = 65, STOPPED = 75 };

static struct {
	int fd, copy;            /* of the output, and a duplicate; -1: none */
	const char *stage;       /* our own */
	pid_t pid;               /* a forked child must not write */
	struct abort_line begin; /* run and attempt only */
	struct abort_line came;
	bool in_file; /* came was in a file */
	bool dry_run;
	bool written;
	char stopped[ABORT_TEXT]; /* the line to write after a signal */
	size_t stopped_n;
} self = {.fd = -1, .copy = -1};

/* ---- texts ------------------------------------------------------------- */

/* The error of a jq program may contain any value of the row. */
void abort_reason(char to[ABORT_REASON + 1], const char *message)
{
	static const char sign[] = "jq: ", failed[] = "the jq program failed";
	const char *jq = strstr(message, sign);
	char text[2 * ABORT_REASON];

	if (jq && (jq == message || jq[-1] == ' ')) {
		snprintf(text, sizeof(text), "%.*s%s",
			 (int)(jq - message < ABORT_REASON ? jq - message
							   : ABORT_REASON),
			 message, failed);
		message = text;
	}
	harmless_hidden(to, ABORT_REASON + 1, message, HARMLESS_LONG);
}

/* Replaces options by keys of the sync file. After values are hidden, because
 * keys are in quotes.
 */
static void name_keys(char to[ABORT_REASON + 1])
{
	struct buf b = {0};

	if (!getenv(OPTION_KEYS) || !strchr(to, '-'))
		return; /* there may be no memory left */
	option_keys_put(&b, tool_name(), slice_str(to));
	harmless(to, ABORT_REASON + 1, buf_all(&b));
	buf_clear(&b);
}

void abort_reason_of(char to[ABORT_REASON + 1], const struct err *e)
{
	size_t n;

	size_t end = strlen(e->text) - e->named_end;

	harmless(to, ABORT_REASON + 1, slice_of(e->text, e->named));
	n = strlen(to);
	if (e->named < end) {
		char rest[ABORT_REASON + 1], other[sizeof(e->text)];

		snprintf(other, sizeof(other), "%.*s", (int)(end - e->named),
			 e->text + e->named);
		abort_reason(rest, other);
		harmless(to + n, ABORT_REASON + 1 - n, slice_str(rest));
		n += strlen(to + n);
	}
	harmless(to + n, ABORT_REASON + 1 - n, slice_str(e->text + end));
	name_keys(to);
}

static bool is_token(struct slice text)
{
	if (text.n != ABORT_ATTEMPT)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!memchr("0123456789abcdef", text.p[i], 16))
			return false;
	}
	return true;
}

static void put_begin(struct abort_line *a, struct slice run,
		      struct slice attempt)
{
	a->run[0] = a->attempt[0] = '\0';
	if (clock_is_run_id(run)) {
		memcpy(a->run, run.p, ABORT_RUN);
		a->run[ABORT_RUN] = '\0';
	}
	if (is_token(attempt)) {
		memcpy(a->attempt, attempt.p, ABORT_ATTEMPT);
		a->attempt[ABORT_ATTEMPT] = '\0';
	}
}

void abort_begun(struct slice run, struct slice attempt)
{
	put_begin(&self.begin, run, attempt);
}

void abort_dry_run(void)
{
	self.dry_run = true;
}

void abort_read(struct abort_line *a, const struct control_reader *r,
		const struct control *c)
{
	struct buf reason = {0};
	uint64_t status;

	*a = (struct abort_line){.status = OTHERS};
	put_begin(a, c->run, c->attempt);
	if (control_count(r, "status", &status) > 0 && status >= LEAST &&
	    status <= MOST)
		a->status = (int)status;
	a->dry_run = slice_is(control_member(r, "dry_run"), "true");
	harmless(a->stage, sizeof(a->stage),
		 c->stage.n > 0 ? c->stage : slice_str("previous"));
	if (c->reason.n > 0)
		json_decode(&reason, json_inner(c->reason));
	harmless(a->reason, sizeof(a->reason), buf_all(&reason));
	buf_clear(&reason);
}

static size_t put_string(char *to, const char *text)
{
	size_t n = 0;

	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			to[n++] = '\\';
		to[n++] = *text;
	}
	return n;
}

/* Adds a member, unless its value is empty. The value needs no escapes. */
static size_t put_word(char *to, const char *name, const char *value)
{
	if (!value[0])
		return 0;
	return (size_t)snprintf(to, ABORT_TEXT / 4, ",\"%s\":\"%s\"", name,
				value);
}

size_t abort_text(char text[ABORT_TEXT], const struct abort_line *a)
{
	static const char start[] = "{\"_rudder\":{\"type\":\"abort\"";
	size_t n = sizeof(start) - 1;

	memcpy(text, start, n);
	if (a->stage[0]) {
		n += (size_t)snprintf(text + n, ABORT_TEXT - n,
				      ",\"stage\":\"");
		n += put_string(text + n, a->stage);
		text[n++] = '"';
	}
	n += (size_t)snprintf(text + n, ABORT_TEXT - n,
			      ",\"status\":%d,\"reason\":\"", a->status);
	n += put_string(text + n, a->reason);
	text[n++] = '"';
	n += put_word(text + n, "run", a->run);
	n += put_word(text + n, "attempt", a->attempt);
	if (a->dry_run)
		n += (size_t)snprintf(text + n, ABORT_TEXT - n,
				      ",\"dry_run\":true");
	memcpy(text + n, "}}\n", 3);
	return n + 3;
}

/* ---- the end of the process -------------------------------------------- */

void abort_came(const struct abort_line *a, bool in_file)
{
	if (self.came.status > 0)
		return;
	self.came = *a;
	self.in_file = in_file;
}

/* Whether a line can be added to the stream: its last line is complete. */
static bool is_open(void)
{
	return self.copy >= 0 && self.pid == getpid() && !self.written &&
	       !writer_failed(self.fd);
}

static void write_line(const struct abort_line *line)
{
	struct abort_line a = *line;
	char text[ABORT_TEXT];
	size_t n;
	struct err ignored;

	if (!is_open())
		return;
	self.written = true;
	signal(SIGPIPE, SIG_IGN);
	a.dry_run = a.dry_run || self.dry_run;
	n = abort_text(text, &a);
	if (writer_all(self.copy, text, n, &ignored) < 0)
		return; /* a failure cannot be reported */
}

/* Reports an abort line that was read. Not from a pipe, because the failed
 * stage has reported it; nor from a file that rudder run wrote, for the same
 * reason.
 */
static void report(void)
{
	const struct abort_line *a = &self.came;

	if (self.in_file && !tool_is_stage())
		tool_error("the input is incomplete: the %s stage failed with "
			   "status %d: %s",
			   a->stage, a->status, a->reason);
	else
		tool_info("stopped: the %s stage failed with status %d: %s",
			  a->stage, a->status, a->reason);
}

/* If a command fails to write its own state, that status outranks the one of a
 * stage before it.
 */
static bool outranks(enum err_kind kind)
{
	return kind == ERR_CREATE || kind == ERR_IO || kind == ERR_CONFIG;
}

void abort_outcome(struct abort_line *a, const char *stage, const struct err *e)
{
	int status = err_status(e->kind);

	if (status >= LEAST && self.came.status > 0 && !outranks(e->kind)) {
		*a = self.came;
		return;
	}
	*a = (struct abort_line){.status = status};
	if (status == 0)
		return;
	snprintf(a->stage, sizeof(a->stage), "%s", stage);
	if (status < LEAST) /* counts only, without row values */
		harmless(a->reason, sizeof(a->reason), slice_str(e->text));
	else
		abort_reason_of(a->reason, e);
}

static int at_end(int status, const struct err *e)
{
	struct abort_line own = {.status = status};

	if (status < LEAST)
		return status;
	if (self.came.status > 0) {
		if (e->kind == ERR_ABORT)
			report();
		write_line(&self.came);
		return outranks(e->kind) ? status : self.came.status;
	}
	if (self.stage)
		snprintf(own.stage, sizeof(own.stage), "%s", self.stage);
	memcpy(own.run, self.begin.run, sizeof(own.run));
	memcpy(own.attempt, self.begin.attempt, sizeof(own.attempt));
	abort_reason_of(own.reason, e);
	write_line(&own);
	return status;
}

/* ---- signals ----------------------------------------------------------- */

/* Uses only calls that are safe in a signal handler. */
static void on_signal(int sig)
{
	struct pollfd p = {.fd = self.copy, .events = POLLOUT};
	ssize_t put = 0;

	if (is_open() && !writer_busy(self.fd) && poll(&p, 1, 0) == 1 &&
	    p.revents == POLLOUT) {
		put = write(self.copy, self.stopped, self.stopped_n);
		if (sig != SIGINT)
			tool_stopped(sig);
	}
	(void)put;
	signal(sig, SIG_DFL);
	raise(sig);
}

static const int ends[] = {SIGINT, SIGTERM, SIGHUP};

/* Unblocks signals: one that arrived while rudder run started this process has
 * been pending.
 */
static void take_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < COUNT_OF(ends); i++)
		sigaddset(&set, ends[i]);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void watch_signals(void)
{
	struct sigaction now, ours = {.sa_handler = on_signal};

	sigemptyset(&ours.sa_mask);
	for (size_t i = 0; i < COUNT_OF(ends); i++)
		sigaddset(&ours.sa_mask, ends[i]);
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (sigaction(ends[i], NULL, &now) == 0 &&
		    now.sa_handler == SIG_DFL)
			sigaction(ends[i], &ours, NULL);
	}
}

void abort_output(int fd, const char *stage)
{
	struct abort_line stopped = {.status = STOPPED,
				     .reason = "stopped by a signal"};

	tool_at_end(at_end);
	if (self.copy >= 0)
		close(self.copy);
	self.fd = fd;
	self.copy = fd < 0 || isatty(fd) ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 3);
	self.stage = stage;
	self.pid = getpid();
	snprintf(stopped.stage, sizeof(stopped.stage), "%s", stage);
	self.stopped_n = abort_text(self.stopped, &stopped);
	if (self.copy >= 0)
		watch_signals();
	take_signals();
}
