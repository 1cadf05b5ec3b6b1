#include "send/dest/body.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/sandbox.h"
#include "wire/jq/compile.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

enum {
	CPU_S = 1,   /* CPU seconds for one body */
	WALL_S = 60, /* seconds for an answer, even on a busy machine */
	MEMORY_MIB = 256,
	ANSWER_MAX = 64 * 1024 * 1024,
};

/* Header of a message on the socket; n bytes follow. */
struct body_frame {
	uint32_t ok; /* in an answer: whether it is a body */
	uint32_t n;
};

/* The program that the process runs. */
struct body_program {
	const char *option, *text;
	bool lines; /* it may give several values, each on a line */
};

struct body {
	int fd; /* socket to the process; -1: none */
	pid_t pid;
};

static bool read_all(int fd, void *to, size_t n)
{
	char *p = to;

	while (n > 0) {
		ssize_t got = read(fd, p, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

/* Also returns false if the other end accepts nothing for WALL_S. */
static bool write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t put = write(fd, p, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		p += put;
		n -= (size_t)put;
	}
	return true;
}

static bool send_all(int fd, bool ok, struct slice text)
{
	struct body_frame h = {.ok = ok, .n = (uint32_t)text.n};

	return write_all(fd, (void *)&h, sizeof(h)) &&
	       write_all(fd, text.p, text.n);
}

/* ---- in the process that runs the program ------------------------------ */

static void timer(time_t seconds)
{
	const struct itimerval t = {.it_value = {.tv_sec = seconds}};

	setitimer(ITIMER_PROF, &t, NULL); /* its signal ends the process */
}

/* Whether libjq keeps large numbers; libjq 1.6 converts each to double. */
static bool keeps_numbers(void)
{
	jv v = jv_dump_string(jv_parse("100000000000000000001"), 0);
	bool kept = strcmp(jv_string_value(v), "100000000000000000001") == 0;

	jv_free(v);
	return kept;
}

/* Whether a JSON text contains a number that jq would round. */
static bool is_rounded(struct slice s)
{
	const char *p = s.p, *end = s.p + s.n;

	while (p < end) {
		const char *from = p;

		if (*p == '"') {
			p = span_string(p, end);
			continue;
		}
		if (*p != '-' && (*p < '0' || *p > '9')) {
			p++;
			continue;
		}
		p = span_value(p, end);
		if (!json_double_safe(slice_of(from, (size_t)(p - from))))
			return true;
	}
	return false;
}

static bool say(struct buf *out, const char *why)
{
	out->n = 0;
	buf_str(out, why);
	return false;
}

static bool complain(struct buf *out, const struct body_program *p,
		     const char *why)
{
	out->n = 0;
	buf_fmt(out, "the program of %s%s", p->option, why);
	return false;
}

/* Puts the message of an invalid value into out, and frees the value. Returns
 * false.
 */
static bool failed(struct buf *out, const struct body_program *p, jv v)
{
	jv message = jv_invalid_get_msg(v);

	complain(out, p, ": ");
	if (jv_get_kind(message) == JV_KIND_STRING)
		buf_str(out, jv_string_value(message));
	else
		buf_str(out, "an error without a message");
	jv_free(message);
	return false;
}

static void add_value(struct buf *out, jv v)
{
	jv text = jv_dump_string(v, 0);

	buf_add(out, jv_string_value(text),
		(size_t)jv_string_length_bytes(jv_copy(text)));
	jv_free(text);
}

static bool run_program(jq_state *jq, const struct body_program *p,
			struct slice in, struct buf *out)
{
	jv v = jv_parse_sized(in.p, (int)in.n);
	size_t n = 0;
	bool more;

	if (!jv_is_valid(v))
		return failed(out, p, v);
	jq_start(jq, v, 0);
	out->n = 0;
	while (jv_is_valid(v = jq_next(jq))) {
		if (n++ > 0 && !p->lines) {
			jv_free(v);
			return complain(out, p,
					" returned more than one value");
		}
		add_value(out, v);
		if (p->lines)
			buf_char(out, '\n');
	}
	if (jq_halted(jq)) {
		jv_free(v);
		return complain(out, p, " halted");
	}
	if (jv_invalid_has_msg(jv_copy(v)) && (n == 0 || p->lines))
		return failed(out, p, v);
	more = jv_invalid_has_msg(jv_copy(v));
	jv_free(v);
	if (more)
		return complain(out, p, " returned more than one value");
	return n > 0 ? true : complain(out, p, " returned no value");
}

/* Answers requests until the socket is closed. */
static NO_RETURN void work(int fd, const struct body_program *program)
{
	const struct sandbox limits = {
		.fd = fd,
		.memory = (uint64_t)MEMORY_MIB * 1024 * 1024,
	};
	struct buf in = {0}, out = {0}, said = {0};
	jq_state *jq;
	struct body_frame h;
	bool rounds, ok;

	sandbox_enter(&limits);
	jq = compile_for_rows(program->text, &said);
	if (!jq)
		_exit(0); /* it compiled before; now memory is missing, say */
	rounds = !keeps_numbers();
	while (read_all(fd, &h, sizeof(h))) {
		in.n = 0;
		if (!read_all(fd, buf_room(&in, h.n), h.n))
			break;
		in.n = h.n;
		timer(CPU_S);
		if (rounds && is_rounded(buf_all(&in)))
			ok = say(&out, "a number that this libjq would round; "
				       "use a string");
		else
			ok = run_program(jq, program, buf_all(&in), &out);
		timer(0);
		if (!send_all(fd, ok, buf_all(&out)))
			break;
	}
	_exit(0);
}

/* ---- in the process that starts it ------------------------------------- */

/* Starts a worker, and a new one after each that ends, for which it answers. It
 * was forked before any secret was read, so that no worker has one in its
 * memory.
 */
static NO_RETURN void supervise(int fd, const struct body_program *program)
{
	struct buf why = {0};

	static const int quiet[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};

	for (size_t i = 0; i < COUNT_OF(quiet); i++)
		signal(quiet[i], SIG_IGN); /* this process ends when the socket
					    * is closed */
	sandbox_close(fd);
	for (;;) {
		pid_t pid = fork();
		int status = 0;

		if (pid == 0)
			work(fd, program);
		if (pid < 0)
			_exit(71);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			_exit(0);
		complain(&why, program,
			 " exceeded its time or memory, or crashed libjq");
		if (!send_all(fd, false, buf_all(&why)))
			_exit(0);
	}
}

static int gone(struct err *e)
{
	return err_set(e, ERR_OS,
		       "the process that runs a jq program has died");
}

/* Reads an answer into out. Returns 1 or 0 like body_make, or -1. */
static int answer(struct body *b, struct buf *out, struct err *e)
{
	struct body_frame h;

	out->n = 0;
	if (!read_all(b->fd, &h, sizeof(h)) || h.n > ANSWER_MAX ||
	    !read_all(b->fd, buf_room(out, h.n), h.n))
		return gone(e);
	out->n = h.n;
	if (!h.ok)
		out->n = json_utf8(buf_all(out)); /* it is for a receipt */
	return h.ok ? 1 : 0;
}

static int start(struct body *b, const struct body_program *program,
		 struct err *e)
{
	const struct timeval wait = {.tv_sec = WALL_S};
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) < 0)
		return err_sys(e, ERR_OS, "cannot start a process");
	b->pid = fork();
	if (b->pid == 0)
		supervise(fd[1], program);
	close(fd[1]);
	b->fd = fd[0];
	if (b->pid < 0)
		return err_sys(e, ERR_OS, "cannot start a process");
	setsockopt(b->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	setsockopt(b->fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	return 0;
}

int body_open(struct body **b, const char *option, const char *program,
	      bool lines, struct err *e)
{
	const struct body_program p = {option, program, lines};
	size_t ignored;

	*b = mem_zero(sizeof(**b));
	(*b)->fd = -1;
	if (compile_check(&program, 1, &ignored, e) < 0)
		return err_in(e, "option '%s'", option);
	return start(*b, &p, e);
}

int body_make(struct body *b, struct slice in, struct buf *out, struct err *e)
{
	if (!send_all(b->fd, true, in))
		return gone(e);
	return answer(b, out, e);
}

void body_close(struct body *b)
{
	int status;

	if (!b)
		return;
	if (b->fd >= 0)
		close(b->fd);
	if (b->pid > 0) /* this ends the worker too, which may not respond any
			 * more */
		(void)kill(b->pid, SIGKILL);
	while (b->pid > 0 && waitpid(b->pid, &status, 0) < 0 && errno == EINTR)
		;
	free(b);
}
