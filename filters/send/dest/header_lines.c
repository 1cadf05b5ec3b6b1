#include "send/dest/header_lines.h"

#include "core/file.h"

enum { HEADERS_MAX = 64 * 1024 };

/* Whether a header says where a request ends, where it goes or how the
 * connection is used (RFC 9110, 7.6.1). libcurl sets these: a second one could
 * make a server read a part of the body as a request, or send the request to a
 * different site.
 */
static bool is_framing(struct slice name)
{
	static const char *const own[] = {
		"connection",
		"content-length",
		"expect",
		"host",
		"http2-settings",
		"keep-alive",
		"proxy-authenticate",
		"proxy-authorization",
		"proxy-connection",
		"te",
		"trailer",
		"transfer-encoding",
		"upgrade",
	};

	for (size_t i = 0; i < COUNT_OF(own); i++) {
		size_t n = 0;

		while (n < name.n &&
		       (name.p[n] == '_' ? '-' : name.p[n] | 0x20) ==
			       (own[i][n] | 0x20))
			n++;
		if (n == name.n && own[i][n] == '\0')
			return true;
	}
	return false;
}

int header_lines_check(const char *line, struct err *e)
{
	size_t name = strspn(line, "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

	if (name == 0 || line[name] != ':')
		return err_names(e, ERR_USAGE,
				 "expected 'Name: value' for a header");
	if (is_framing(slice_of(line, name)))
		return err_names(e, ERR_USAGE,
				 "header '%.*s' is set by the connection and "
				 "cannot be changed",
				 (int)name, line);
	for (const char *p = line; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return err_names(
				e, ERR_USAGE,
				"header '%.*s' contains a control character",
				(int)name, line);
	}
	return 0;
}

bool header_lines_whole(bool whole, struct slice line)
{
	return line.n <= strlen("\r\n") ||
	       (whole && !slice_starts(line, "HTTP/"));
}

char *header_lines_split(char *text)
{
	char *end = text + strcspn(text, "\n");
	char *next = end + (*end != '\0');

	if (end > text && end[-1] == '\r')
		end--;
	*end = '\0';
	return next;
}

int header_lines_secret(const char *path, struct buf *secret, struct buf *list,
			struct err *e)
{
	char *line, *end;

	if (file_secret(path, HEADERS_MAX, secret, e) < 0)
		return -1;
	for (line = buf_cstr(secret); *line; line = end) {
		end = header_lines_split(line);
		if (*line == '\0')
			continue;
		if (header_lines_check(line, e) < 0)
			return err_in(e, "'%s'", path);
		buf_add(list, &line, sizeof(line));
	}
	return 0;
}
