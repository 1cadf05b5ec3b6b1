#include "wire/settings/doc.h"

#include <stdlib.h>

#include "core/buf.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/opt.h"
#include "core/reader.h"
#include "wire/json/json.h"
#include "wire/json/span.h"
#include "wire/settings/yaml.h"

static void free_one(struct doc *d)
{
	free(d->text);
	free(d->name);
	free(d->own);
	free(d);
}

/* Without recursion: a node is freed after its children. */
void doc_free(struct doc *d)
{
	struct doc *top = d;

	while (d) {
		struct doc *up = d->parent;

		if (d->first) {
			struct doc *child = d->first;

			d->first = child->next;
			d = child;
			continue;
		}
		free_one(d);
		if (d == top)
			return;
		d = up;
	}
}

static void place_of(struct slice text, size_t at, unsigned *line,
		     unsigned *column)
{
	*line = *column = 1;
	for (size_t i = 0; i < at && i < text.n; i++) {
		if (text.p[i] == '\n') {
			++*line;
			*column = 1;
		} else if (((unsigned char)text.p[i] & 0xc0) != 0x80) {
			++*column;
		}
	}
}

/* Replaces each LF by CR, because the scanner takes one line. CR is white space
 * too, and just as invalid in a string.
 */
static char *one_line(struct slice text)
{
	char *own = mem_zero(text.n + 1 + READER_PAD);

	for (size_t i = 0; i < text.n; i++)
		own[i] = text.p[i] == '\n' ? '\r' : text.p[i];
	return own;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static char *decoded(struct slice string, size_t *n)
{
	struct buf b = {0};

	json_decode(&b, json_inner(string));
	*n = b.n;
	return buf_cstr(&b);
}

static struct doc *node(struct doc *parent, const char *p)
{
	struct doc *d = mem_zero(sizeof(*d));

	d->kind = span_kind(*p);
	d->parent = parent;
	d->raw.p = p;
	if (parent) {
		if (parent->last)
			parent->last->next = d;
		else
			parent->first = d;
		parent->last = d;
	}
	return d;
}

/* Builds a tree from valid text, and counts lines. */
static struct doc *build(const char *p, const char *end)
{
	struct doc *d = NULL, *top = NULL;
	char *name = NULL;
	unsigned line = 1;

	while (p < end) {
		const char *from = p;
		size_t n;

		if (blank(*p) || *p == ',' || *p == ':') {
			line += *p++ == '\r';
			continue;
		}
		if (*p == ']' || *p == '}') {
			d->raw.n = (size_t)(++p - d->raw.p);
			d = d->parent;
			continue;
		}
		if (d && d->kind == SCAN_OBJECT && !name) {
			p = span_string(p, end);
			name = decoded(slice_of(from, (size_t)(p - from)), &n);
			continue;
		}
		d = node(d, p);
		top = top ? top : d;
		d->name = name;
		d->line = line;
		name = NULL;
		if (d->kind == SCAN_OBJECT || d->kind == SCAN_ARRAY) {
			p++;
			continue;
		}
		p = span_value(p, end);
		d->raw.n = (size_t)(p - from);
		if (d->kind == SCAN_STRING)
			d->text = decoded(d->raw, &d->text_n);
		d = d->parent;
	}
	return top;
}

/* The node after d in the tree, or NULL. */
static const struct doc *next_node(const struct doc *d)
{
	if (d->first)
		return d->first;
	while (d && !d->next)
		d = d->parent;
	return d ? d->next : NULL;
}

/* The first member with a duplicate name; *earlier is the first with that name.
 */
static const struct doc *find_twice(const struct doc *top,
				    const struct doc **earlier)
{
	for (const struct doc *d = top; d; d = next_node(d)) {
		if (!d->name)
			continue;
		for (const struct doc *m = d->parent->first; m != d;
		     m = m->next) {
			if (strcmp(m->name, d->name) == 0) {
				*earlier = m;
				return d;
			}
		}
	}
	return NULL;
}

/* Reports a duplicate name. The text is valid up to the brace that ends the
 * object.
 */
static int name_twice(const char *own, size_t at, struct err *e)
{
	const struct doc *earlier = NULL, *d;
	struct doc *top = build(own, own + at + 1);

	d = find_twice(top, &earlier);
	if (d && d->line == earlier->line)
		err_names(e, ERR_CONFIG, "line %u: duplicate key '%s'", d->line,
			  d->name);
	else if (d)
		err_names(e, ERR_CONFIG,
			  "line %u: the key '%s' is already in line %u",
			  d->line, d->name, earlier->line);
	doc_free(top);
	return d ? -1 : 0;
}

/* columns: whether columns of the text can be reported. */
static int parse(struct doc **d, struct slice text, bool columns, struct err *e)
{
	struct scan *s = scan_new();
	char *own = one_line(text);
	enum scan_kind kind;
	unsigned line, column;
	int rc = scan_value(s, slice_of(own, text.n), &kind);

	if (rc == 0) {
		*d = build(own, own + text.n);
		(*d)->own = own;
	} else {
		bool twice = strcmp(scan_why(s), SCAN_TWICE) == 0;

		place_of(text, scan_at(s), &line, &column);
		if (twice && name_twice(own, scan_at(s), e) < 0)
			; /* reported with the name */
		else if (columns)
			err_names(e, ERR_CONFIG, "line %u, column %u: %s", line,
				  column, scan_why(s));
		else
			err_names(e, ERR_CONFIG, "line %u: %s", line,
				  scan_why(s));
		free(own);
	}
	scan_free(s);
	return rc;
}

int doc_parse(struct doc **d, struct slice text, struct err *e)
{
	return parse(d, text, true, e);
}

int doc_parse_yaml(struct doc **d, struct slice text, struct err *e)
{
	struct buf json = {0};
	int rc = yaml_json(&json, text, e);

	if (rc == 0)
		rc = parse(d, buf_all(&json), false, e);
	buf_clear(&json);
	return rc;
}

int doc_read(struct doc **d, const char *path, struct err *e)
{
	struct buf b = {0};
	int rc = file_read(path, DOC_MAX, &b, e);

	if (rc == 0)
		rc = yaml_named(path) ? doc_parse_yaml(d, buf_all(&b), e)
				      : doc_parse(d, buf_all(&b), e);
	buf_clear(&b);
	return rc;
}

const struct doc *doc_get(const struct doc *d, const char *name)
{
	if (!d || d->kind != SCAN_OBJECT)
		return NULL;
	for (const struct doc *m = d->first; m; m = m->next) {
		if (strcmp(m->name, name) == 0)
			return m;
	}
	return NULL;
}

int doc_only(const struct doc *d, const char *const *names, struct err *e)
{
	for (const struct doc *m = d->first; m; m = m->next) {
		const char *near;
		size_t i = 0;

		while (names[i] && strcmp(names[i], m->name) != 0)
			i++;
		if (names[i])
			continue;
		near = opt_nearest(m->name, names);
		if (near)
			return err_names(
				e, ERR_CONFIG,
				"line %u: unknown key '%s'; did you mean '%s'?",
				m->line, m->name, near);
		return err_names(e, ERR_CONFIG, "line %u: unknown key '%s'",
				 m->line, m->name);
	}
	return 0;
}
