#include "core/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/clock.h"

static struct {
	const char *name;
	enum tool_level most;
	bool json;
} tool = {.name = "rudder", .most = TOOL_WARNING};

static const char *const words[] = {
	[TOOL_ERROR] = "error",
	[TOOL_WARNING] = "warning",
	[TOOL_INFO] = "info",
	[TOOL_DEBUG] = "debug",
};

void tool_start(const char *name)
{
	int fd;

	tool.name = name;
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
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

/* Control characters never reach a terminal or a log as they are. */
static void escape(struct buf *b, const char *s, bool json)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (json && (c == '"' || c == '\\'))
			buf_char(b, '\\');
		if (c < 0x20 || c == 0x7f)
			buf_fmt(b, "\\u%04x", c);
		else
			buf_char(b, *s);
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
	struct stat st;

	return isatty(STDERR_FILENO) && fstat(STDOUT_FILENO, &st) == 0 &&
	       !S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode);
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
