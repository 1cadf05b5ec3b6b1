#include "core/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/mem.h"
#include "core/option_keys.h"
#include "core/text.h"

static struct {
	const char *name;
	enum tool_level most;
	bool json;
	bool line; /* a progress line is on the terminal */
	bool watched, feeds;
	bool no_summary;   /* TOOL_SUMMARY */
	bool pipe_ignored; /* SIGPIPE was ignored at the start */
	bool stage;        /* TOOL_STAGE */
	int out;
	tool_idle_fn *idle;
	void *idle_ctx;
	tool_end_fn *at_end;
	struct buf state, run;        /* of the owner */
	struct buf owner, owner_json; /* the same in messages: text, JSON */
	bool timed;
	uint64_t started_us, waited_us; /* CLOCK_MONOTONIC */
} tool = {.name = "rudder", .most = TOOL_WARNING, .out = STDOUT_FILENO};

enum { ASIDE = 10 }; /* the lowest number a descriptor is moved to */

static const char *const words[] = {
	[TOOL_ERROR] = "error",
	[TOOL_WARNING] = "warning",
	[TOOL_INFO] = "info",
	[TOOL_DEBUG] = "debug",
};

static void look_at_output(void)
{
	struct stat st;
	bool pipe;

	if (!isatty(STDERR_FILENO) || fstat(STDOUT_FILENO, &st) < 0)
		return;
	pipe = S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode);
	tool.feeds = pipe;
	tool.watched = !pipe;
}

static void look_at_summary(void)
{
	const char *asked = getenv(TOOL_SUMMARY);

	tool.no_summary = asked && strcmp(asked, "0") == 0;
}

static uint64_t mono_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void start_time(void)
{
	const char *asked = getenv("RUDDER_STAGE_TIMES");

	tool.timed = asked && *asked;
	if (tool.timed)
		tool.started_us = mono_us();
}

static void look_at_pipe(void)
{
	const char *stage = getenv(TOOL_STAGE);
	struct sigaction was;

	tool.stage = stage != NULL;
	if (stage && *stage == '/')
		tool_set_owner(slice_str(stage), slice_str(""));
	(void)unsetenv(TOOL_STAGE);
	tool.pipe_ignored = sigaction(SIGPIPE, NULL, &was) == 0 &&
			    was.sa_handler == SIG_IGN;
}

void tool_end_by_pipe(void)
{
	if (tool.pipe_ignored)
		return;
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}

void tool_start(const char *name)
{
	tool.name = name;
	start_time();
	look_at_summary();
	mem_at_end(tool_status);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* the lowest free descriptor is this one */
		if (open("/dev/null",
			 fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return;
	}
	/* exceeding a file-size limit becomes an error of write(2) */
	signal(SIGXFSZ, SIG_IGN);
	look_at_pipe();
	look_at_output();
}

int tool_set_aside(int fd, struct err *e)
{
	int aside = fcntl(fd, F_DUPFD_CLOEXEC, ASIDE);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (aside < 0 || null < 0 || dup2(null, fd) < 0) {
		(void)err_sys(e, ERR_OS, "cannot move a standard descriptor");
		if (aside >= 0)
			close(aside);
		aside = -1;
	} else if (fd == STDOUT_FILENO) {
		tool.out = aside;
	}
	if (null >= 0)
		close(null);
	return aside;
}

int tool_out(void)
{
	return tool.out;
}

const char *tool_name(void)
{
	return tool.name;
}

void tool_set_log(enum tool_level most, bool json)
{
	tool.most = most;
	tool.json = json;
}

void tool_hand_on_log(void)
{
	bool quiet = tool.most == TOOL_ERROR;

	if (tool.json || quiet)
		setenv(TOOL_LOG,
		       !quiet      ? "json"
		       : tool.json ? "json quiet"
				   : "quiet",
		       1);
}

bool tool_logs(enum tool_level level)
{
	return level <= tool.most;
}

/* Escapes invisible characters, and those that change how the text around them
 * looks, before they reach a terminal or a log; replaces bytes that are not
 * UTF-8.
 */
static void escape(struct buf *b, struct slice text, bool json)
{
	size_t n;
	uint32_t c;

	for (size_t i = 0; i < text.n; i += n) {
		n = text_char(slice_of(text.p + i, text.n - i), &c);
		if (n == 0) {
			buf_str(b, "\xef\xbf\xbd"); /* U+FFFD */
			n = 1;
		} else if (text_hidden(c) && c > 0xffff) { /* as JSON has it */
			buf_fmt(b, "\\u%04x\\u%04x",
				0xd800 + ((c - 0x10000) >> 10),
				0xdc00 + (c & 0x3ff));
		} else if (text_hidden(c)) {
			buf_fmt(b, "\\u%04x", c);
		} else {
			if (json && (c == '"' || c == '\\'))
				buf_char(b, '\\');
			buf_add(b, text.p + i, n);
		}
	}
}

static void add_owner_json(struct buf *b, const char *name, struct buf *text)
{
	if (text->n == 0)
		return;
	buf_fmt(b, ",\"%s\":\"", name);
	escape(b, buf_all(text), true);
	buf_char(b, '"');
}

/* Prepares the owner's text here, because a signal handler must not. */
void tool_set_owner(struct slice state, struct slice run)
{
	struct buf *b = &tool.owner;

	if (state.n > 0) {
		tool.state.n = 0;
		buf_slice(&tool.state, state);
	}
	if (run.n > 0) {
		tool.run.n = 0;
		buf_slice(&tool.run, run);
	}
	b->n = tool.owner_json.n = 0;
	add_owner_json(&tool.owner_json, "state", &tool.state);
	add_owner_json(&tool.owner_json, "run", &tool.run);
	if (isatty(STDERR_FILENO) || tool.state.n + tool.run.n == 0)
		return;
	buf_char(b, '[');
	escape(b, buf_all(&tool.state), false);
	if (tool.state.n > 0 && tool.run.n > 0)
		buf_char(b, ' ');
	escape(b, buf_all(&tool.run), false);
	buf_char(b, ']');
}

static PRINTF_LIKE(3, 0) void say(enum tool_level level, const char *label,
				  const char *fmt, va_list ap)
{
	char text[1024];
	struct slice shown;
	struct buf b = {0}, named = {0};
	ssize_t put;

	if (!tool_logs(level))
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	shown = slice_str(text);
	if (shown.n == sizeof(text) - 1) /* it may have been truncated */
		shown.n = text_whole(shown);
	option_keys_put(&named, tool.name, shown);
	shown = buf_all(&named);
	if (tool.line || tool.feeds) /* of this or a later stage */
		buf_str(&b, "\033[K");
	tool.line = false;
	if (tool.json) {
		buf_str(&b, "{\"ts\":\"");
		clock_stamp(&b, clock_wall_ms());
		buf_fmt(&b, "\",\"level\":\"%s\",\"tool\":\"%s\"", words[level],
			tool.name);
		buf_slice(&b, buf_all(&tool.owner_json));
		buf_str(&b, ",\"msg\":\"");
		escape(&b, shown, true);
		buf_str(&b, "\"}\n");
	} else {
		buf_fmt(&b, "%s%.*s: %s", tool.name,
			SLICE_FMT(buf_all(&tool.owner)), label);
		escape(&b, shown, false);
		buf_char(&b, '\n');
	}
	put = write(STDERR_FILENO, b.p, b.n); /* a failure cannot be reported */
	(void)put;
	buf_clear(&b);
	buf_clear(&named);
}

void tool_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(TOOL_WARNING, "warning: ", fmt, ap);
	va_end(ap);
}

void tool_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(TOOL_INFO, "", fmt, ap);
	va_end(ap);
}

void tool_debug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(TOOL_DEBUG, "debug: ", fmt, ap);
	va_end(ap);
}

void tool_reads(int fd, const char *records)
{
	if (isatty(fd))
		tool_warn("reading %s from the terminal until Ctrl-D; for "
			  "pipelines see '%s --help'",
			  records, tool.name);
}

void tool_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(TOOL_ERROR, "", fmt, ap);
	va_end(ap);
}

bool tool_watched(void)
{
	return tool.watched;
}

bool tool_feeds(void)
{
	return tool.feeds;
}

void tool_on_idle(tool_idle_fn *fn, void *ctx)
{
	tool.idle = fn;
	tool.idle_ctx = ctx;
}

int tool_idle_wait(int ms)
{
	return tool.idle && (ms < 0 || ms > TOOL_IDLE_MS) ? TOOL_IDLE_MS : ms;
}

void tool_idle(void)
{
	if (tool.idle)
		tool.idle(tool.idle_ctx);
}

void tool_await(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	while (tool.idle && poll(&p, 1, TOOL_IDLE_MS) == 0)
		tool_idle();
}

uint64_t tool_wait_begin(void)
{
	return tool.timed ? mono_us() : 0;
}

void tool_wait_end(uint64_t began)
{
	if (tool.timed && began > 0)
		tool.waited_us += mono_us() - began;
}

bool tool_own_ms(uint64_t *ms)
{
	uint64_t all = tool.timed ? mono_us() - tool.started_us : 0;

	*ms = (all > tool.waited_us ? all - tool.waited_us : 0) / 1000;
	return tool.timed;
}

void tool_line_shown(bool shown)
{
	tool.line = shown;
}

static PRINTF_LIKE(3, 0) void say_summary(bool shown, const char *what,
					  const char *fmt, va_list ap)
{
	enum tool_level was = tool.most;

	if (tool.most == TOOL_WARNING && shown)
		tool.most = TOOL_INFO;
	say(TOOL_INFO, what, fmt, ap);
	tool.most = was;
}

void tool_summary(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_summary(tool_watched() && !tool.no_summary, "", fmt, ap);
	va_end(ap);
}

void tool_dry_summary(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_summary(!tool.no_summary, "dry run: ", fmt, ap);
	va_end(ap);
}

bool tool_is_stage(void)
{
	return tool.stage;
}

int tool_end(int rc, const struct err *e)
{
	if (rc >= 0)
		return 0;
	if (e->text[0] == '\0' || e->kind == ERR_ABORT)
		return tool_status(e);
	if (e->no_reader && tool.stage)
		tool_info("%s", e->text);
	else
		tool_error("%s", e->text);
	return tool_status(e);
}

int tool_status(const struct err *e)
{
	int status = err_status(e->kind);

	return tool.at_end ? tool.at_end(status, e) : status;
}

void tool_at_end(tool_end_fn *fn)
{
	tool.at_end = fn;
}

void tool_stopped(int sig)
{
	const char *word = sig == SIGHUP    ? "SIGHUP"
			   : sig == SIGTERM ? "SIGTERM"
					    : "a signal";
	const struct slice part[] = {
		slice_str(tool.json ? "{\"level\":\"error\",\"tool\":\"" : ""),
		slice_str(tool.name),
		slice_str(tool.json ? "\"" : ""),
		buf_all(tool.json ? &tool.owner_json : &tool.owner),
		slice_str(tool.json ? ",\"msg\":\"stopped by "
				    : ": stopped by "),
		slice_str(word),
		slice_str(tool.json ? "\"}\n" : "\n"),
	};
	char text[1024];
	size_t n = 0;
	ssize_t put;

	for (size_t i = 0; i < COUNT_OF(part); i++) {
		if (n + part[i].n > sizeof(text))
			return;
		if (part[i].n > 0)
			memcpy(text + n, part[i].p, part[i].n);
		n += part[i].n;
	}
	put = write(STDERR_FILENO, text, n);
	(void)put;
}

void tool_give_up(const struct err *e)
{
	_exit(tool_end(-1, e));
}
