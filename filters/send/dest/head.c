#include "send/dest/head.h"

const char *head_next(const struct buf *lines, const char *line)
{
	const char *next = line ? line + strlen(line) + 1 : lines->p;

	return next && next < lines->p + lines->n ? next : NULL;
}

bool head_has(const struct buf *lines, const char *name)
{
	size_t n = strlen(name);

	for (const char *l = NULL; (l = head_next(lines, l)) != NULL;) {
		if (strncasecmp(l, name, n) == 0 && l[n] == ':')
			return true;
	}
	return false;
}

bool head_is_replaced(const struct http_request *r, const char *line)
{
	size_t n = r->n_given > 0 ? strcspn(line, ":") : 0, i = 0;

	for (const char *l = NULL;
	     i < r->n_given && (l = head_next(&r->headers, l)) != NULL; i++) {
		if (strncasecmp(l, line, n) == 0 && l[n] == ':')
			return true;
	}
	return false;
}

static void add(struct buf *b, const char *line)
{
	buf_add(b, line, strlen(line) + 1);
}

void head_lines(struct buf *b, const struct http_options *o, bool gzip)
{
	for (const char *const *l = o->headers; l && *l; l++)
		add(b, *l);
	if (!head_has(b, "Content-Type"))
		add(b, o->lines ? "Content-Type: application/x-ndjson"
				: "Content-Type: application/json");
	add(b, "Expect:"); /* no 100-continue, which costs a round trip */
	if (gzip)
		add(b, "Content-Encoding: gzip");
}
