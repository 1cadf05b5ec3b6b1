#include "wire/jq/compile.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/sandbox.h"
#include "core/writer.h"
#include "wire/jq/program.h"
#include "wire/json/json.h"

enum {
	CPU_S = 20,   /* for all programs of a mapping, and places of errors */
	WALL_S = 120, /* the same, however busy the machine is */
	MEMORY = 512 * 1024 * 1024,
	MESSAGE = 400, /* bytes */
};

/* What the compiling process reports, followed by a message of n bytes. */
struct compile_result {
	uint32_t failed; /* 0: all compile */
	uint32_t which;  /* index of a program that does not */
	uint32_t at;     /* offset in it */
	uint32_t n;
};

/* ---- libjq ------------------------------------------------------------ */

static void keep_error(void *ctx, jv message)
{
	struct buf *b = ctx;
	jv text = jq_format_error(message);

	if (jv_get_kind(text) == JV_KIND_STRING) {
		buf_str(b, jv_string_value(text));
		buf_char(b, '\n');
	}
	jv_free(text);
}

static jv no_input(jq_state *jq, void *ctx)
{
	(void)jq;
	(void)ctx;
	return jv_invalid();
}

static void no_debug(void *ctx, jv message)
{
	(void)ctx;
	jv_free(message);
}

/* Compiles the first n bytes of the program. */
static jq_state *compile(const char *program, size_t n, struct buf *said)
{
	jq_state *jq = jq_init();
	char *text;

	said->n = 0;
	if (!jq)
		return NULL;
	text = mem_copy(program, n);
	jq_set_error_cb(jq, keep_error, said);
	jq_set_input_cb(jq, no_input, NULL);
	jq_set_debug_cb(jq, no_debug, NULL);
	jq_set_attr(jq, jv_string("JQ_LIBRARY_PATH"), jv_array());
	if (!jq_compile(jq, text))
		jq_teardown(&jq); /* sets it to NULL */
	free(text);
	return jq;
}

jq_state *compile_program(const char *program, struct buf *said)
{
	return compile(program, strlen(program), said);
}

jq_state *compile_for_rows(const char *program, struct buf *said)
{
	static const char with_error[] =
		"def __error: error; def error: if . == null then "
		"\"error(null)\" | __error else __error end; def error(f): f | "
		"error; ";
	struct buf all = {0};
	jq_state *jq;

	if (program_call(program, slice_str("error")))
		buf_str(&all, with_error);
	buf_str(&all, program);
	jq = compile(buf_cstr(&all), all.n, said);
	buf_clear(&all);
	return jq;
}

struct slice compile_message(const struct buf *said)
{
	struct slice s = buf_all(said);
	const char *end;

	if (slice_starts(s, "jq: error: "))
		s = slice_of(s.p + 11, s.n - 11);
	end = memmem(s.p, s.n, " (Unix shell", 12);
	if (!end)
		end = memmem(s.p, s.n, " at <", 5);
	if (!end)
		end = memchr(s.p, '\n', s.n);
	end = end ? end : s.p + s.n;
	return slice_of(s.p, (size_t)(end - s.p));
}

static bool same_error(const char *program, size_t n, struct slice want)
{
	struct buf said = {0};
	jq_state *jq = compile(program, n, &said);
	bool same = !jq && slice_eq(compile_message(&said), want);

	if (jq)
		jq_teardown(&jq);
	buf_clear(&said);
	return same;
}

/* For an undefined name, searches the name. A syntax error is at the end of the
 * shortest prefix that gives the same error, because the parser stops at the
 * first token that is wrong.
 */
const char *compile_place(const char *program, struct slice message)
{
	const char *slash = memchr(message.p, '/', message.n);
	size_t low = 1, high = strlen(program);

	if (slash && memmem(message.p, message.n, " is not defined", 15)) {
		struct slice name =
			slice_of(message.p, (size_t)(slash - message.p));
		const char *call = program_call(program, name);

		if (call)
			return call;
	}
	if (memmem(message.p, message.n, "unexpected $end", 15) ||
	    memmem(message.p, message.n, "unexpected end of file", 22))
		return program + high;
	while (low < high) {
		size_t half = low + (high - low) / 2;

		if (same_error(program, half, message))
			high = half;
		else
			low = half + 1;
	}
	while (high > 1 && program_letter(program[high - 1]) &&
	       program_letter(program[high - 2]))
		high--;
	return high > 0 ? program + high - 1 : program;
}

/* ---- the process that compiles ---------------------------------------- */

static void report(int fd, struct compile_result v, struct slice message)
{
	struct err e;

	if (writer_all(fd, (const char *)&v, sizeof(v), &e) == 0)
		(void)!writer_all(fd, message.p ? message.p : "", v.n, &e);
}

static NO_RETURN void try_all(int fd, const char *const *programs, size_t n)
{
	const struct sandbox limits = {
		.fd = fd,
		.memory = MEMORY,
		.cpu_s = CPU_S,
	};
	struct buf said = {0};

	sandbox_enter(&limits);
	for (size_t i = 0; i < n; i++) {
		struct compile_result v = {.failed = 1, .which = (uint32_t)i};
		struct slice what;
		jq_state *jq;

		if (!programs[i])
			continue;
		jq = compile_program(programs[i], &said);
		if (jq) {
			jq_teardown(&jq);
			continue;
		}
		what = compile_message(&said);
		v.at = (uint32_t)(compile_place(programs[i], what) -
				  programs[i]);
		v.n = (uint32_t)(what.n < MESSAGE ? what.n : MESSAGE);
		report(fd, v, what);
		_exit(0);
	}
	report(fd, (struct compile_result){0}, slice_of("", 0));
	_exit(0);
}

/* ---- the process that asks -------------------------------------------- */

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

/* Adds a message. Versions of libjq have different words for the end of the
 * program. Unprintable bytes are dropped: the process has run foreign code.
 */
static void put_message(struct buf *b, struct slice what)
{
	static const char *const ends[] = {"$end", "end of file"};

	what.n = json_utf8(what);
	while (what.n > 0) {
		size_t i = 0, n = 1;

		while (i < COUNT_OF(ends) && !slice_starts(what, ends[i]))
			i++;
		if (i < COUNT_OF(ends)) {
			buf_str(b, "end of program");
			n = strlen(ends[i]);
		} else {
			char c = *what.p;

			buf_char(b,
				 (unsigned char)c < ' ' || c == 0x7f ? '?' : c);
		}
		what = slice_of(what.p + n, what.n - n);
	}
}

/* Reads the result of the process, and checks every number in it. */
static int read_result(int fd, const char *const *programs, size_t n,
		       size_t *which, struct err *e)
{
	struct compile_result v;
	struct buf text = {0};
	char message[MESSAGE];
	int rc;

	if (!read_all(fd, &v, sizeof(v)) || v.n > MESSAGE ||
	    !read_all(fd, message, v.n))
		return err_set(e, ERR_CONFIG,
			       "jq program: libjq crashed or timed out while "
			       "compiling; simplify the program");
	if (!v.failed)
		return 0;
	if (v.which >= n || !programs[v.which] ||
	    v.at > strlen(programs[v.which]))
		return err_set(e, ERR_BUG,
			       "jq program: the compiler process reported an "
			       "invalid position");
	*which = v.which;
	put_message(&text, slice_of(message, v.n));
	rc = program_mark(programs[v.which], programs[v.which] + v.at,
			  buf_cstr(&text), e);
	buf_clear(&text);
	return rc;
}

int compile_check(const char *const *programs, size_t n, size_t *which,
		  struct err *e)
{
	const struct timeval wait = {.tv_sec = WALL_S};
	int pair[2], status, rc;
	pid_t pid;

	for (size_t i = 0; i < n; i++) {
		struct slice text;

		if (!programs[i])
			continue;
		*which = i;
		text = slice_str(programs[i]);
		if (json_utf8(text) < text.n)
			return err_set(e, ERR_CONFIG,
				       "the jq program is not UTF-8");
		if (program_check(programs[i], e) < 0)
			return -1;
	}
	*which = n;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_sys(e, ERR_OS, "cannot make a socket pair for jq");
	pid = fork();
	if (pid == 0)
		try_all(pair[1], programs, n);
	close(pair[1]);
	if (pid < 0) {
		rc = err_sys(e, ERR_OS, "cannot start a process for jq");
		close(pair[0]);
		return rc;
	}
	setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	rc = read_result(pair[0], programs, n, which, e);
	close(pair[0]);
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return rc;
}
