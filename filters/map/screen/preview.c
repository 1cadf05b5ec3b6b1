#include "map/screen/preview.h"

#include <assert.h>

#include "core/width.h"
#include "wire/json/span.h"

enum { GAP = 3 };

/* ---- one text --------------------------------------------------------- */

static void new_line(struct buf *b, size_t depth)
{
	buf_char(b, '\n');
	for (size_t i = 0; i < depth; i++)
		buf_str(b, "  ");
}

static bool closes(const char *p, const char *end)
{
	return p < end && (*p == '}' || *p == ']');
}

static void lay_out(struct buf *b, struct slice json)
{
	const char *p = json.p, *end = json.p + json.n;
	size_t depth = 0;

	while ((p = span_blank(p, end)) < end) {
		const char *from = p;

		if (*p == '"') {
			p = span_string(p, end);
			buf_add(b, from, (size_t)(p - from));
			continue;
		}
		p++;
		if (*from == '}' || *from == ']')
			new_line(b, depth -= depth > 0);
		buf_char(b, *from);
		if (*from == ',')
			new_line(b, depth);
		if (*from == ':')
			buf_char(b, ' ');
		if (*from != '{' && *from != '[')
			continue;
		p = span_blank(p, end);
		if (closes(p, end))
			buf_char(b, *p++); /* empty */
		else
			new_line(b, ++depth);
	}
}

void preview_pretty(struct buf *b, struct slice json)
{
	size_t from = b->n;

	if (json.n > 0 && *json.p == '{')
		lay_out(b, json);
	else
		buf_slice(b, json);
	preview_safe(b, from, false);
}

void preview_safe(struct buf *b, size_t from, bool lines)
{
	size_t to = from, n = 1;

	for (size_t i = from; i < b->n; i += n) {
		n = width_control(b->p + i, b->n - i);
		if (b->p[i] == '\n' && !lines)
			n = 0;
		b->p[to++] = n > 0 ? '?' : b->p[i];
		n += n == 0;
	}
	b->n = to;
}

/* ---- two beside each other -------------------------------------------- */

/* Removes the first line from a text and returns it. */
static struct slice take_line(struct slice *text)
{
	const char *lf = text->n ? memchr(text->p, '\n', text->n) : NULL;
	size_t n = lf ? (size_t)(lf - text->p) : text->n;
	struct slice line = slice_of(text->p, n);

	n += lf != NULL;
	*text = slice_of(text->p + n, text->n - n);
	return line;
}

#define ARROW "\xe2\x86\x92"

/* Appends a line of indented JSON with the colours of jq for names, strings and
 * nulls. In a line of a mapping, the arrow is dimmed.
 */
static void put_coloured(struct buf *b, struct slice s)
{
	const char *p = s.p, *end = s.p + s.n;

	while (p < end) {
		const char *from = p;

		if (*p == '"') {
			p = span_string(p, end);
			buf_str(b, p < end && *p == ':' ? "\033[34;1m"
							: "\033[0;32m");
			buf_add(b, from, (size_t)(p - from));
			buf_str(b, "\033[0m");
		} else if (end - p >= 4 && memcmp(p, "null", 4) == 0) {
			buf_str(b, "\033[1;30mnull\033[0m");
			p += 4;
		} else if (end - p >= 3 && memcmp(p, ARROW, 3) == 0) {
			buf_str(b, "\033[2m" ARROW "\033[0m");
			p += 3;
		} else {
			buf_char(b, *p++);
		}
	}
}

void preview_cell(struct buf *b, struct slice line, size_t n, bool fill,
		  bool colour)
{
	size_t have = width_of(line);
	bool cut = have > n;

	if (cut) {
		line.n = width_bytes(line, n - 1);
		have = width_of(line) + 1;
	}
	if (colour)
		put_coloured(b, line);
	else
		buf_slice(b, line);
	if (cut)
		buf_str(b, "\xe2\x80\xa6");
	for (size_t i = have; fill && i < n; i++)
		buf_char(b, ' ');
}

static size_t widest(struct slice text)
{
	size_t most = 0;

	while (text.n > 0) {
		size_t n = width_of(take_line(&text));

		most = n > most ? n : most;
	}
	return most;
}

/* Computes the widths of the columns: all but the last are as wide as their
 * longest line, up to an equal share.
 */
static void share_out(size_t *w, const struct slice *column, size_t n,
		      size_t width)
{
	size_t left = width;

	for (size_t i = 0; i + 1 < n; i++) {
		size_t most = width / n - GAP;

		w[i] = widest(column[i]);
		w[i] = w[i] > most ? most : w[i];
		left -= w[i] + GAP;
	}
	w[n - 1] = left;
}

void preview_columns(struct buf *b, const struct slice *column, size_t n,
		     size_t width, bool colour)
{
	struct slice text[PREVIEW_COLUMNS];
	size_t w[PREVIEW_COLUMNS], last;

	assert(n > 0 && n <= PREVIEW_COLUMNS && width >= 10 * n);
	share_out(w, column, n, width);
	memcpy(text, column, n * sizeof(*text));
	for (;;) {
		struct slice line[PREVIEW_COLUMNS];

		last = 0;
		for (size_t i = 0; i < n; i++) {
			bool more = text[i].n > 0;

			line[i] = take_line(&text[i]);
			last = more ? i + 1 : last;
		}
		if (last == 0)
			return;
		while (last > 1 && line[last - 1].n == 0)
			last--;
		for (size_t i = 0; i < last; i++) {
			if (i > 0)
				buf_str(b, "   ");
			preview_cell(b, line[i], w[i], i + 1 < last, colour);
		}
		buf_char(b, '\n');
	}
}
