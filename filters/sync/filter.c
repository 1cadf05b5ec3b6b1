#include "sync/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/tool.h"
#include "core/writer.h"
#include "sync/filter_child.h"
#include "sync/jq_errors.h"
#include "sync/jq_numbers.h"
#include "sync/report/worst_status.h"
#include "wire/json/number.h"
#include "wire/stream/reasons.h"

enum { QUEUE_BYTES = 256 * 1024, FLUSH_BYTES = 64 * 1024 };

struct filter {
	const struct filter_options *o;
	int in_fd;
	struct input in;
	bool eof; /* end of the input */
	struct writer *out;

	pid_t pid;    /* the program, or 0 */
	int status;   /* status as of waitpid(2) */
	int to, from; /* its standard input and output; -1: closed */
	struct buf queue;
	size_t sent;          /* bytes of queue that the program has taken */
	struct reader *lines; /* output of the program */
	struct jq_errors errors;
	bool asked, rounds; /* jq: its version is known, and rounds numbers */
	struct scan *scan;  /* for the output */
	struct control_reader *controls;
	struct control control;

	struct buf end;          /* body of the input's end line */
	uint64_t taken, made;    /* data lines passed to the program and
				  * returned by it */
	uint64_t dropped, added; /* by earlier filters, from the end line */
	uint64_t rejects;        /* of this filter */
	struct reasons reasons;  /* reasons of the rejects */
};

/* ---- the program ------------------------------------------------------- */

static int start(struct filter *f, struct err *e)
{
	struct filter_child c = {.to = -1, .from = -1, .errors = -1};
	int rc = filter_child_start(&c, f->o->command, e);

	f->pid = c.pid;
	f->to = c.to;
	f->from = c.from;
	f->errors.fd = c.errors;
	f->lines = reader_new(f->from, f->o->input.max_line, NULL, NULL);
	return rc;
}

static void close_to(struct filter *f)
{
	if (f->to >= 0)
		close(f->to);
	f->to = -1;
	f->queue.n = f->sent = 0;
}

/* Like write(2), but SIGPIPE is suppressed: a program may stop reading. */
static ssize_t write_quietly(int fd, const char *p, size_t n)
{
	const struct timespec now = {0};
	sigset_t pipe_only, was;
	ssize_t put;
	int saved;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigprocmask(SIG_BLOCK, &pipe_only, &was);
	put = write(fd, p, n);
	saved = errno;
	if (put < 0 && saved == EPIPE)
		(void)sigtimedwait(&pipe_only, NULL, &now);
	sigprocmask(SIG_SETMASK, &was, NULL);
	errno = saved;
	return put;
}

/* Writes as much to the program as it accepts now. */
static int feed(struct filter *f, struct err *e)
{
	ssize_t put = write_quietly(f->to, f->queue.p + f->sent,
				    f->queue.n - f->sent);

	if (put < 0 && errno == EPIPE) {
		close_to(f);
		return 0;
	}
	if (put < 0 && errno != EAGAIN && errno != EINTR)
		return err_sys(e, ERR_IO, "cannot write to '%s'",
			       f->o->command[0]);
	f->sent += put > 0 ? (size_t)put : 0;
	if (f->sent == f->queue.n)
		f->queue.n = f->sent = 0;
	return 0;
}

/* The kind for a status of the program. Statuses of rudder have rudder's
 * meaning.
 */
static enum err_kind kind_of(int status)
{
	return status < err_status(ERR_USAGE) ? ERR_DATA
					      : worst_status_kind(status);
}

static void read_errors(struct filter *f)
{
	if (jq_errors_read(&f->errors))
		return;
	close(f->errors.fd);
	f->errors.fd = -1;
}

/* Waits for the status of the program after it has closed its output. */
static int ended(struct filter *f, struct err *e)
{
	const char *name = f->o->command[0];
	pid_t got;

	while (f->errors.fd >= 0)
		read_errors(f);
	do
		got = waitpid(f->pid, &f->status, 0);
	while (got < 0 && errno == EINTR);
	f->pid = 0;
	if (got < 0)
		return err_sys(e, ERR_OS, "cannot wait for '%s'", name);
	if (WIFSIGNALED(f->status))
		return err_names(e, ERR_DATA,
				 "'%s' was killed by signal %d: its output is "
				 "incomplete",
				 name, WTERMSIG(f->status));
	if (WEXITSTATUS(f->status) != 0)
		return err_names(e, kind_of(WEXITSTATUS(f->status)),
				 "'%s' failed with status %d: its output is "
				 "incomplete",
				 name, WEXITSTATUS(f->status));
	if (f->errors.found)
		return err_names(
			e, ERR_DATA,
			"'%s' reported an error, left out a line and "
			"went on: its output is incomplete; catch it in "
			"the program, as in 'try A catch B'",
			name);
	return 0;
}

/* ---- lines into it ----------------------------------------------------- */

static int pass(struct filter *f, struct err *e)
{
	buf_slice(writer_buf(f->out), f->in.line);
	return writer_line(f->out, e);
}

static int reject(struct filter *f, const char *why, struct err *e)
{
	f->rejects++;
	reasons_add(&f->reasons, why, NULL, 1, input_lineno(&f->in));
	input_reject(&f->in, writer_buf(f->out), "filter", why);
	return writer_line(f->out, e);
}

/* Whether the program is a version of jq that would change a number of the
 * line.
 */
static bool is_rounded(struct filter *f)
{
	bool any = false;

	for (size_t i = 0; i < f->in.n && !any; i++)
		any = f->in.member[i].long_number;
	if (!any || !jq_errors_of(f->o->command[0]) ||
	    number_quote(f->in.line, NULL) == 0)
		return false;
	if (!f->asked)
		f->rounds = jq_numbers_rounded(f->o->command[0]);
	f->asked = true;
	return f->rounds;
}

static int take_line(struct filter *f, struct err *e)
{
	switch (f->in.kind) {
	case INPUT_DATA:
		if (is_rounded(f))
			return reject(f,
				      "jq before 1.7 would round a number of "
				      "this length: cast it to text in the "
				      "model, or update jq",
				      e);
		f->taken++;
		if (f->to < 0)
			return 0;
		buf_slice(&f->queue, f->in.line);
		buf_char(&f->queue, '\n');
		return 0;
	case INPUT_BAD:
		return reject(f, f->in.why, e);
	case INPUT_END:
		buf_slice(&f->end, f->in.control.body);
		(void)control_count(f->in.controls, "dropped", &f->dropped);
		(void)control_count(f->in.controls, "added", &f->added);
		return 0;
	case INPUT_ABORT:
		return 0;
	default:
		return pass(f, e);
	}
}

/* Takes the lines that were read, as long as the queue has room. */
static int take_lines(struct filter *f, struct err *e)
{
	struct reader *r = f->in.reader;
	struct slice line;

	while (f->queue.n < QUEUE_BYTES && reader_ready(r)) {
		if (reader_next(r, &line, e) < 0 ||
		    input_take(&f->in, line, reader_too_long(r), e) < 0 ||
		    take_line(f, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- lines of the program --------------------------------------------- */

static int refuse(const struct filter *f, const char *what, struct err *e)
{
	return err_names(e, ERR_DATA, "'%s' printed %s in line %ju",
			 f->o->command[0], what,
			 (uintmax_t)reader_lineno(f->lines));
}

/* Checks a line of the program's output. In a stream of changes each line must
 * keep its member _rudder: the commit could not know what was delivered
 * otherwise.
 */
static int check_made(struct filter *f, struct slice line, struct err *e)
{
	bool changes = strcmp(f->in.stream, "changes") == 0;
	const struct scan_member *m;
	struct err why;

	if (reader_too_long(f->lines))
		return refuse(f, "a line that is too long (--max-line)", e);
	if (scan_object(f->scan, line) < 0)
		return refuse(f, "what is not a JSON object", e);
	m = scan_get(f->scan, CONTROL_NAME);
	if (!m && !changes)
		return 0;
	if (m && control_read(f->controls, m->value, &f->control, &why) == 0 &&
	    f->control.type == CONTROL_CHANGE && f->control.change.n > 0)
		return 0;
	return refuse(f,
		      !m ? "a change without its member '_rudder', which "
			   "it must keep"
			 : "a member '_rudder' that is not of a change",
		      e);
}

static int take_made(struct filter *f, struct err *e)
{
	struct slice line;

	while (reader_ready(f->lines)) {
		if (reader_next(f->lines, &line, e) < 0 ||
		    check_made(f, line, e) < 0)
			return -1;
		f->made++;
		buf_slice(writer_buf(f->out), line);
		if (writer_line(f->out, e) < 0)
			return -1;
	}
	return 0;
}

static int read_made(struct filter *f, struct err *e)
{
	int rc = reader_more(f->lines, e);

	if (rc < 0 || take_made(f, e) < 0)
		return -1;
	if (rc > 0)
		return 0;
	if (reader_tail(f->lines) > 0)
		return refuse(f, "no end of a line", e);
	close(f->from);
	f->from = -1;
	return 0;
}

/* ---- the run ----------------------------------------------------------- */

/* Waits until there is something to do. Flushes finished lines before. */
static int await(struct filter *f, struct pollfd p[4], struct err *e)
{
	bool room = f->queue.n < QUEUE_BYTES;

	p[0] = (struct pollfd){.fd = f->eof || !room ? -1 : f->in_fd,
			       .events = POLLIN};
	p[1] = (struct pollfd){.fd = f->queue.n > 0 ? f->to : -1,
			       .events = POLLOUT};
	p[2] = (struct pollfd){.fd = f->from, .events = POLLIN};
	p[3] = (struct pollfd){.fd = f->errors.fd, .events = POLLIN};
	if (poll(p, 4, 0) > 0)
		return 0;
	if (writer_flush(f->out, e) < 0)
		return -1;
	if (poll(p, 4, -1) < 0 && errno != EINTR)
		return err_sys(e, ERR_OS, "cannot wait for input");
	return 0;
}

static int run_once(struct filter *f, struct err *e)
{
	struct pollfd p[4];
	int rc;

	if (await(f, p, e) < 0)
		return -1;
	if (p[3].revents)
		read_errors(f);
	if (p[2].revents && read_made(f, e) < 0)
		return -1;
	if (p[1].revents && f->to >= 0 && feed(f, e) < 0)
		return -1;
	if (p[0].revents) {
		rc = reader_more(f->in.reader, e);
		if (rc < 0)
			return -1;
		f->eof = rc == 0;
	}
	return 0;
}

static int loop(struct filter *f, struct err *e)
{
	while (!f->eof || reader_ready(f->in.reader) || f->queue.n > 0 ||
	       f->from >= 0) {
		if (take_lines(f, e) < 0)
			return -1;
		if (f->eof && f->queue.n == 0 && !reader_ready(f->in.reader))
			close_to(f);
		if (f->from < 0 && f->to < 0 && f->pid > 0 && ended(f, e) < 0)
			return -1;
		if (f->from < 0 && f->eof && f->queue.n == 0)
			continue;
		if (run_once(f, e) < 0)
			return -1;
	}
	close_to(f);
	return f->pid > 0 ? ended(f, e) : 0;
}

static int write_end(struct filter *f, struct err *e)
{
	const char *stream = f->in.stream[0] ? f->in.stream : "rows";
	const char *drop[] = {stream,    "rejects", "skips",
			      "dropped", "added",   NULL};
	struct buf *b = writer_buf(f->out);

	if (f->end.n > 0)
		control_rewrite(b, buf_all(&f->end), stream, drop);
	else
		control_end(b, stream);
	f->dropped += f->taken > f->made ? f->taken - f->made : 0;
	f->added += f->made > f->taken ? f->made - f->taken : 0;
	control_add_count(b, stream, f->made);
	control_add_count(b, "rejects", f->in.rejects + f->rejects);
	control_add_count(b, "skips", f->in.skips);
	if (f->dropped > 0)
		control_add_count(b, "dropped", f->dropped);
	if (f->added > 0)
		control_add_count(b, "added", f->added);
	control_close(b);
	return writer_line(f->out, e);
}

static int filter_lines(struct filter *f, struct err *e)
{
	char why[REASONS_TEXT];
	struct err cut;
	int rc;

	if (loop(f, e) < 0)
		return -1;
	rc = input_complete(&f->in, &cut);
	if (rc == 0 && write_end(f, e) < 0)
		return -1;
	if (writer_close(f->out, e) < 0)
		return -1;
	if (rc < 0) {
		*e = cut;
		return -1;
	}
	tool_summary("%ju line%s in, %ju out, %ju rejected",
		     (uintmax_t)f->taken, f->taken == 1 ? "" : "s",
		     (uintmax_t)f->made, (uintmax_t)f->rejects);
	if (f->rejects == 0)
		return 0;
	reasons_say(&f->reasons, why);
	return err_set(e, ERR_PARTIAL, "%ju of %ju lines rejected: %s",
		       (uintmax_t)f->rejects, (uintmax_t)f->in.data, why);
}

/* After a failure, flushes finished lines. The first error is kept. */
static void give_up(struct filter *f, const struct err *e)
{
	struct err ignored;

	if (f->pid > 0)
		kill(f->pid, SIGTERM);
	writer_undo(f->out);
	if (e->kind != ERR_IO)
		(void)!writer_flush(f->out, &ignored);
}

int filter_run(const struct filter_options *o, int in, int out, struct err *e)
{
	struct filter f = {
		.o = o,
		.in_fd = in,
		.to = -1,
		.from = -1,
		.errors = {.fd = -1},
		.out = writer_new(out, FLUSH_BYTES),
		.scan = scan_new(),
		.controls = control_reader_new(),
	};
	int rc;

	input_init(&f.in, in, &o->input, NULL, NULL);
	rc = start(&f, e);
	if (rc == 0)
		rc = filter_lines(&f, e);
	if (rc < 0)
		give_up(&f, e);
	close_to(&f);
	if (f.from >= 0)
		close(f.from);
	if (f.errors.fd >= 0)
		close(f.errors.fd);
	reader_free(f.lines);
	input_clear(&f.in);
	writer_free(f.out);
	scan_free(f.scan);
	control_reader_free(f.controls);
	buf_clear(&f.queue);
	buf_clear(&f.end);
	reasons_clear(&f.reasons);
	return rc;
}
