#include "map/value/path.h"

#include <stdlib.h>

#include "core/buf.h"
#include "core/mem.h"
#include "core/num.h"
#include "wire/json/json.h"
#include "wire/json/scan.h"

static struct path_step *push(struct path *p)
{
	p->step = mem_resize(p->step, (p->n + 1) * sizeof(*p->step));
	p->step[p->n] = (struct path_step){0};
	return &p->step[p->n++];
}

void path_add(struct path *p, struct slice name)
{
	struct path_step *s = push(p);

	s->name = mem_copy(name.p, name.n);
	s->n = name.n;
}

void path_clear(struct path *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->step[i].name);
	free(p->step);
	*p = (struct path){0};
}

static bool needs_no_quotes(char c)
{
	return (unsigned char)c >= ' ' && c != '.' && c != '[' && c != ']' &&
	       c != '"';
}

/* Parses a name in double quotes. Returns the bytes used, or 0 if the text does
 * not start with one.
 */
static size_t quoted_name(struct path *p, struct slice text)
{
	struct scan *s = scan_new();
	struct buf copy = {0}, name = {0};
	enum scan_kind kind;
	size_t n = 1;

	while (n < text.n && text.p[n] != '"')
		n += text.p[n] == '\\' ? 2 : 1;
	n = n < text.n ? n + 1 : 0;
	buf_add(&copy, text.p, n);
	memset(buf_room(&copy, 80), 0, 80); /* scan wants a pad */
	if (n > 0 && scan_value(s, buf_all(&copy), &kind) < 0)
		n = 0;
	if (n > 0) {
		json_decode(&name, json_inner(buf_all(&copy)));
		path_add(p, buf_all(&name));
	}
	buf_clear(&copy);
	buf_clear(&name);
	scan_free(s);
	return n;
}

/* Parses "[n]". Returns the bytes used, or 0 on error. */
static size_t index_at(struct path *p, struct slice text)
{
	const char *end = memchr(text.p, ']', text.n);
	uint64_t v;

	if (!end ||
	    num_uint(slice_of(text.p + 1, (size_t)(end - text.p) - 1), &v) <
		    0 ||
	    v > PATH_MAX_INDEX)
		return 0;
	push(p)->index = (size_t)v;
	return (size_t)(end - text.p) + 1;
}

/* Parses a name, in quotes or not. Returns the bytes used, or 0 on error. */
static size_t name_at(struct path *p, struct slice text)
{
	size_t n = 0;

	if (text.n > 0 && *text.p == '"')
		return quoted_name(p, text);
	while (n < text.n && needs_no_quotes(text.p[n]))
		n++;
	if (n > 0)
		path_add(p, slice_of(text.p, n));
	return n;
}

static int bad(struct path *p, struct slice text, size_t at, struct err *e)
{
	path_clear(p);
	return err_names(e, ERR_CONFIG,
			 "'%.*s' is not a path: see character %zu (separate "
			 "names with dots, use [0] to [%d] for array elements, "
			 "and quote a name that contains a dot)",
			 SLICE_FMT(text), at + 1, PATH_MAX_INDEX);
}

int path_parse(struct path *p, struct slice text, struct err *e)
{
	size_t at = 0;

	*p = (struct path){0};
	if (text.n > 0 && *text.p == '.') {
		p->root = true;
		at = 1;
	}
	if (json_utf8(text) < text.n)
		return bad(p, text, json_utf8(text), e);
	for (;;) {
		struct slice rest = slice_of(text.p + at, text.n - at);
		size_t n = name_at(p, rest);

		if (n == 0 || p->n > PATH_MAX_STEPS)
			return bad(p, text, at, e);
		at += n;
		while (at < text.n && text.p[at] == '[') {
			rest = slice_of(text.p + at, text.n - at);
			n = index_at(p, rest);
			if (n == 0 || p->n > PATH_MAX_STEPS)
				return bad(p, text, at, e);
			at += n;
		}
		if (at == text.n)
			return 0;
		if (text.p[at] != '.')
			return bad(p, text, at, e);
		at++;
	}
}

static bool all_bare(struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		if (!needs_no_quotes(name.p[i]))
			return false;
	}
	return name.n > 0;
}

void path_text(struct buf *b, const struct path *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct path_step *s = &p->step[i];

		if (!s->name) {
			buf_fmt(b, "[%zu]", s->index);
			continue;
		}
		if (i > 0 || p->root)
			buf_char(b, '.');
		if (all_bare(slice_of(s->name, s->n)))
			buf_add(b, s->name, s->n);
		else
			json_string(b, slice_of(s->name, s->n));
	}
}
