#include "core/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/clock.h"

static struct {
	const char *name;
	enum tool_level most;
	bool json;
	bool line; /* a progress line stands on the terminal */
	bool watched;
	int out;
} tool = {.name = "rudder", .most = TOOL_WARNING, .out = STDOUT_FILENO};

/* The leak check of the address sanitizer traces its own process. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_TRACED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_TRACED true
#endif
#endif
#ifndef IS_TRACED
#define IS_TRACED false
#endif

enum { ASIDE = 10 }; /* the lowest number a descriptor is moved to */

static const char *const words[] = {
	[TOOL_ERROR] = "error",
	[TOOL_WARNING] = "warning",
	[TOOL_INFO] = "info",
	[TOOL_DEBUG] = "debug",
};

static bool is_watched(void)
{
	struct stat st;

	return isatty(STDERR_FILENO) && fstat(STDOUT_FILENO, &st) == 0 &&
	       !S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode);
}

void tool_start(const char *name)
{
	tool.name = name;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* the lowest free descriptor is this one */
		if (open("/dev/null",
			 fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return;
	}
	/* a file-size limit is an error of write(2), not a death */
	signal(SIGXFSZ, SIG_IGN);
	tool.watched = is_watched();
}

/* The limit is not looked at where the kernel pipes a core into a program, the
 * other one is; and it does not outlive exec, the limit does.
 */
void tool_hold_secrets(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CORE, &limit) == 0) {
		limit.rlim_cur = 0;
		(void)setrlimit(RLIMIT_CORE, &limit);
	}
	if (!IS_TRACED)
		(void)prctl(PR_SET_DUMPABLE, 0);
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

bool tool_logs(enum tool_level level)
{
	return level <= tool.most;
}

/* Length of the UTF-8 character at s, which ends with NUL; 0 if it is none. */
static size_t char_bytes(const unsigned char *s)
{
	size_t n = *s < 0x80 ? 1 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : 4;

	if (*s >= 0x80 && (*s < 0xc2 || *s > 0xf4))
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) ||
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

/* Control characters, those of Latin-1 too, never reach a terminal or a log
 * as they are, and neither does what is not UTF-8.
 */
static void escape(struct buf *b, const char *text, bool json)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n;

	for (; *s; s += n) {
		n = char_bytes(s);
		if (json && (*s == '"' || *s == '\\'))
			buf_char(b, '\\');
		if (*s < 0x20 || *s == 0x7f) {
			buf_fmt(b, "\\u%04x", *s);
		} else if (*s == 0xc2 && n == 2 && s[1] < 0xa0) {
			buf_fmt(b, "\\u%04x", s[1]);
		} else if (n > 0) {
			buf_add(b, s, n);
		} else {
			buf_str(b, "\xef\xbf\xbd"); /* U+FFFD */
			n = 1;
		}
	}
}

static PRINTF_LIKE(3, 0) void say(enum tool_level level, const char *label,
				  const char *fmt, va_list ap)
{
	char text[1024];
	struct buf b = {0};
	ssize_t put;

	if (!tool_logs(level))
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	if (tool.line)
		buf_str(&b, "\033[K");
	tool.line = false;
	if (tool.json) {
		buf_str(&b, "{\"ts\":\"");
		clock_stamp(&b, clock_wall_ms());
		buf_fmt(&b, "\",\"level\":\"%s\",\"tool\":\"%s\",\"msg\":\"",
			words[level], tool.name);
		escape(&b, text, true);
		buf_str(&b, "\"}\n");
	} else {
		buf_fmt(&b, "%s: %s", tool.name, label);
		escape(&b, text, false);
		buf_char(&b, '\n');
	}
	put = write(STDERR_FILENO, b.p, b.n); /* nobody to tell on failure */
	(void)put;
	buf_clear(&b);
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

void tool_line_shown(bool shown)
{
	tool.line = shown;
}

void tool_summary(const char *fmt, ...)
{
	enum tool_level was = tool.most;
	va_list ap;

	if (tool.most == TOOL_WARNING && tool_watched())
		tool.most = TOOL_INFO;
	va_start(ap, fmt);
	say(TOOL_INFO, "", fmt, ap);
	va_end(ap);
	tool.most = was;
}

int tool_end(int rc, const struct err *e)
{
	if (rc >= 0)
		return 0;
	if (e->text[0] != '\0')
		tool_error("%s", e->text);
	return err_status(e->kind);
}

void tool_give_up(const struct err *e)
{
	_exit(tool_end(-1, e));
}
