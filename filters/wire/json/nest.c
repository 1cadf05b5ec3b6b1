/* nest.c - arrays and objects inside a record, for the scanner. */
#include <stdlib.h>

#include "core/mem.h"
#include "wire/json/json.h"
#include "wire/json/token.h"

enum { PAIRWISE = 12 }; /* up to this number, names are compared in pairs */

/* ---- duplicate names --------------------------------------------------- */

static int by_length(struct slice a, struct slice b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return memcmp(a.p, b.p, a.n);
}

static int compare_names(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;

	return by_length(*x, *y);
}

/* Decodes names with escapes, to compare them. */
static void decode_names(struct scan *s, struct slice *name, size_t n)
{
	size_t room = 0;

	for (size_t i = 0; i < n; i++)
		room += name[i].n;
	s->decoded.n = 0;
	buf_room(&s->decoded, room + 1); /* decoded names are never longer */
	for (size_t i = 0; i < n; i++) {
		size_t from = s->decoded.n;

		if (!memchr(name[i].p, '\\', name[i].n))
			continue;
		json_decode(&s->decoded, name[i]);
		name[i] = slice_of(s->decoded.p + from, s->decoded.n - from);
	}
}

bool nest_twice(struct scan *s, struct slice *name, size_t n, bool escapes)
{
	if (escapes)
		decode_names(s, name, n);
	if (n <= PAIRWISE) {
		for (size_t i = 1; i < n; i++) {
			for (size_t j = 0; j < i; j++) {
				if (slice_eq(name[i], name[j]))
					return true;
			}
		}
		return false;
	}
	qsort(name, n, sizeof(*name), compare_names);
	for (size_t i = 1; i < n; i++) {
		if (slice_eq(name[i - 1], name[i]))
			return true;
	}
	return false;
}

struct slice *nest_name(struct scan *s)
{
	if (UNLIKELY(s->n_names == s->names_size)) {
		s->names_size = s->names_size ? 2 * s->names_size : 64;
		s->names =
			mem_resize(s->names, s->names_size * sizeof(*s->names));
	}
	return &s->names[s->n_names++];
}

/* ---- containers ------------------------------------------------------- */

static int open_frame(struct scan *s, const char *p)
{
	if (s->depth >= s->max_depth) {
		token_fail(s, p, "nested deeper than 256 levels");
		return -1;
	}
	s->frame[s->depth++] = (struct frame){
		.array = *p == '[', .sorted = true, .first = s->n_names};
	return 0;
}

/* At the end of an object: checks its names for duplicates, and drops them. */
static bool close_object(struct scan *s, struct frame *f)
{
	size_t n = s->n_names - f->first;
	bool bad = (!f->sorted || f->escapes) &&
		   nest_twice(s, s->names + f->first, n, f->escapes);

	s->n_names = f->first;
	return !bad;
}

/* Scans a name, its colon and white space: returns the start of the value, or
 * NULL.
 */
static ALWAYS_INLINE const char *nested_name(struct scan *s, const char *p,
					     struct frame *f)
{
	const char *from = p + 1;
	struct slice *name;

	if (UNLIKELY(*p != '"'))
		return token_fail(s, p, "expected a name in double quotes");
	s->plain = true;
	p = token_string(s, from);
	if (!p)
		return NULL;
	f->escapes |= !s->plain;
	s->plain = false; /* as for each object */
	name = nest_name(s);
	*name = slice_of(from, (size_t)(p - from));
	if (s->n_names - f->first > 1 && f->sorted &&
	    by_length(name[-1], *name) >= 0)
		f->sorted = false;
	p++;
	if (UNLIKELY(*p != ':')) {
		p = token_space(p);
		if (*p != ':')
			return token_fail(s, p, "expected ':'");
	}
	return p + 1;
}

/* Skips white space between tokens of a container, which makes it not plain. */
static ALWAYS_INLINE const char *gap(struct scan *s, const char *p)
{
	if (LIKELY((unsigned char)*p > ' '))
		return p;
	s->plain = false;
	return token_space(p);
}

/* Scans an array or object with its content, without recursion: returns its
 * end, or NULL.
 */
static const char *container(struct scan *s, const char *p)
{
	enum scan_kind kind;
	struct frame *f;

open:
	if (open_frame(s, p) < 0)
		return NULL;
	f = &s->frame[s->depth - 1];
	if (!f->array)
		s->plain = false;
	p = gap(s, p + 1);
	if (*p == (f->array ? ']' : '}'))
		goto close;
value:
	if (!f->array) {
		p = nested_name(s, p, f);
		if (!p)
			return NULL;
		p = gap(s, p);
	}
	if (*p == '{' || *p == '[')
		goto open;
	p = token_scalar(s, p, &kind);
	if (!p)
		return NULL;
next:
	p = gap(s, p);
	if (*p == ',') {
		p = gap(s, p + 1);
		goto value;
	}
	if (*p != (f->array ? ']' : '}'))
		return token_fail(s, p,
				  f->array ? "expected ',' or ']'"
					   : "expected ',' or '}'");
close:
	if (!f->array && !close_object(s, f))
		return token_fail(s, p, SCAN_TWICE);
	p++;
	if (--s->depth == 0)
		return p;
	f = &s->frame[s->depth - 1];
	goto next;
}

const char *nest_value(struct scan *s, const char *p, size_t outer)
{
	s->plain = true;
	s->long_number = false;
	s->depth = 0;
	s->max_depth = SCAN_DEPTH - outer;
	s->n_names = 0;
	return container(s, p);
}
