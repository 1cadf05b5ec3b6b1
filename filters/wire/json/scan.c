#include "wire/json/scan.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/reader.h"
#include "wire/json/json.h"
#include "wire/json/token.h"

enum { HABIT = 32, DOUBT = 1024 }; /* in records */

struct scan *scan_new(void)
{
	struct scan *s = mem_zero(sizeof(*s));

	s->shape = s->n_shapes = 1;
	buf_room(&s->shape_text, READER_PAD);
	return s;
}

void scan_free(struct scan *s)
{
	if (!s)
		return;
	free(s->member);
	for (size_t i = 0; i < SCAN_SHAPES; i++)
		buf_clear(&s->shapes[i].names);
	for (size_t i = 0; i < s->expected_size; i++) {
		buf_clear(&s->expected[i].known.text);
		free(s->expected[i].known.between);
	}
	free(s->expected);
	free(s->names);
	free(s->bucket);
	buf_clear(&s->shape_text);
	buf_clear(&s->decoded);
	buf_clear(&s->copy);
	free(s);
}

void scan_portable(struct scan *s, bool portable)
{
	s->portable = portable;
}

/* Returns `to`, the end of a value. Everything after it waits for that address.
 * If the values at this position had the same length recently, the address is
 * calculated from that length, so that a processor which predicts the branch
 * need not wait. After a wrong prediction the position is left alone for a
 * while, because that costs more.
 */
static ALWAYS_INLINE const char *predict_end(const struct scan *s,
					     struct habit *h, const char *from,
					     const char *to)
{
	size_t n = h->n;

	if (s->records < h->resume)
		return to;
	if (UNLIKELY(from + n != to)) {
		if (n > 0 && s->records - h->broken < HABIT)
			h->resume = s->records + DOUBT;
		h->n = (size_t)(to - from);
		h->broken = s->records;
		return to;
	}
	__asm__("" : "+r"(n)); /* else the compiler uses `to` */
	return from + n;
}

/* Scans an array of scalars without white space: returns its end; NULL if it is
 * something else or invalid, which container handles.
 */
static NO_INLINE const char *flat_array(struct scan *s, const char *p)
{
	enum scan_kind kind;
	const char *end;

	if (p[1] == ']')
		return p + 2;
	if (token_digit(p[1]) && !s->portable) {
		end = vec_integers(p);
		if (LIKELY(end != NULL))
			return end;
	}
	do {
		p = token_scalar(s, p + 1, &kind);
		if (UNLIKELY(!p))
			return NULL;
	} while (*p == ',');
	return *p == ']' ? p + 1 : NULL;
}

static ALWAYS_INLINE bool stands(const struct between *b, const char *p)
{
	return LIKELY(vec_head(p, b->head, b->mask)) ||
	       ((b->mask & VEC_LONG) && vec_same(p, b->text, b->n));
}

/* ---- nested objects that look like the last one ----------------------- */

static ALWAYS_INLINE const char *known_object(struct scan *s, const char *p,
					      struct known *k)
{
	enum scan_kind kind;

	for (size_t i = 0; i < k->n; i++) {
		struct between *b = &k->between[i];
		const char *from;

		if (UNLIKELY(!stands(b, p)))
			return NULL;
		from = p = p + b->n;
		if (i + 1 == k->n)
			return p;
		p = *p == '[' ? flat_array(s, p) : token_scalar(s, p, &kind);
		if (UNLIKELY(!p))
			return NULL;
		p = predict_end(s, &b->habit, from, p);
	}
	return NULL;
}

/* Scans an object at the position of k. */
static NO_INLINE const char *object(struct scan *s, const char *p,
				    struct known *k)
{
	const char *to;

	if (LIKELY(k->misses < SCAN_KNOWN_TRIES)) {
		to = known_object(s, p, k);
		if (LIKELY(to != NULL)) {
			k->misses -= k->misses > 0;
			s->plain = false;
			return to;
		}
	}
	to = nest_value(s, p, 1);
	if (to && k->misses < SCAN_KNOWN_TRIES) {
		k->misses += 2;
		known_learn(k, p, to);
	}
	return to;
}

/* ---- the record ------------------------------------------------------- */

/* Scans the value of a member; k is NULL if no object was expected. */
static ALWAYS_INLINE const char *value(struct scan *s, const char *p,
				       enum scan_kind *kind, struct known *k)
{
	const char *to;

	s->plain = true;
	s->long_number = false;
	if (LIKELY(*p == '"' || (*p != '{' && *p != '[')))
		return token_scalar(s, p, kind);
	*kind = *p == '{' ? SCAN_OBJECT : SCAN_ARRAY;
	if (*p == '{')
		return k ? object(s, p, k) : nest_value(s, p, 1);
	to = flat_array(s, p);
	return to ? to : nest_value(s, p, 1);
}

static NO_INLINE void more_members(struct scan *s)
{
	s->size = s->size ? 2 * s->size : 32;
	s->member = mem_resize(s->member, s->size * sizeof(*s->member));
}

/* Scans an unexpected name: returns the start of its value, or NULL. */
static NO_INLINE const char *new_name(struct scan *s, const char *p,
				      struct scan_member *m)
{
	const char *from = p + 1, *to;

	if (*p != '"')
		return token_fail(s, p, "expected a name in double quotes");
	s->plain = true;
	to = token_string(s, from);
	if (!to)
		return NULL;
	p = token_space(to + 1);
	if (*p != ':')
		return token_fail(s, p, "expected ':'");
	m->key = slice_of(from, (size_t)(to - from));
	m->tight = s->plain && p == to + 1;
	p = token_space(p + 1);
	if (p != to + 2)
		m->tight = false;
	return p;
}

/* Whether the line ends at p. */
static ALWAYS_INLINE bool at_end(const struct scan *s, const char *p)
{
	return s->open ? *p == '\n' && p < s->end : p == s->end;
}

/* Checks that the line ends after the brace at p: returns that place, or NULL.
 */
static const char *finish(struct scan *s, const char *p, bool expected)
{
	p = token_space(p + 1);
	if (UNLIKELY(!at_end(s, p)))
		return token_fail(s, p, "text after the object");
	if (LIKELY(expected && s->n == s->n_expected))
		return p;
	return shape_new(s) < 0 ? NULL : p;
}

/* The start of the value if the name at p is the expected one, or NULL. */
static const char *expected_name(const struct scan *s, const char *p,
				 struct scan_member *m)
{
	const struct expected *x;
	size_t n;

	if (s->n >= s->n_expected)
		return NULL;
	x = &s->expected[s->n];
	n = x->back + 1;
	if (!vec_same(p, x->between.text + x->between.n - n, n))
		return NULL;
	m->key = slice_of(p + 1, x->key_n);
	m->tight = x->tight;
	p += n;
	if ((unsigned char)*p <= ' ') {
		m->tight = false;
		p = token_space(p);
	}
	return p;
}

/* Sets what all records with this list of names have in common, after a record
 * with another list.
 */
static NO_INLINE void restore_common(struct scan *s)
{
	for (size_t i = 0; i < s->n_expected; i++) {
		s->member[i].key.n = s->expected[i].key_n;
		s->member[i].tight = s->expected[i].tight;
	}
	s->common = true;
}

/* Scans members with the names, and the text between them, of the last record:
 * returns the end of the last value, or NULL if one is invalid. s->n is their
 * number.
 */
static ALWAYS_INLINE const char *expected_members(struct scan *s, const char *p)
{
	struct expected *x = s->expected;
	struct scan_member *m = s->member;
	size_t left = s->n_expected;

	for (; left > 0; left--, x++, m++) {
		const char *from = p + x->between.n, *to;

		if (UNLIKELY(!stands(&x->between, p)))
			break;
		m->key.p = from - x->back;
		to = value(s, from, &m->kind, &x->known);
		if (UNLIKELY(!to)) {
			if (token_space(from) == from)
				p = NULL;
			break; /* at the name, before white space */
		}
		p = predict_end(s, &x->between.habit, from, to);
		m->value = slice_of(from, (size_t)(p - from));
		m->plain = s->plain;
		m->long_number = s->long_number;
	}
	s->n = s->n_expected - left;
	return p;
}

/* Scans one more member at p: returns the end of its value, or NULL. */
static const char *one_member(struct scan *s, const char *p, bool *expected)
{
	struct scan_member *m;
	const char *from;

	if (s->n == s->size)
		more_members(s);
	m = &s->member[s->n];
	from = *expected ? expected_name(s, p, m) : NULL;
	if (!from) {
		*expected = false;
		from = new_name(s, p, m);
		if (!from)
			return NULL;
	}
	p = value(s, from, &m->kind,
		  *expected ? &s->expected[s->n].known : NULL);
	if (!p)
		return NULL;
	m->value = slice_of(from, (size_t)(p - from));
	m->plain = s->plain;
	m->long_number = s->long_number;
	s->n++;
	return p;
}

/* Scans the members after the first s->n, which were as expected: returns the
 * end of the line, or NULL.
 */
static NO_INLINE const char *other_members(struct scan *s, const char *p)
{
	bool expected = true;

	s->common = false;
	if (s->n == 0) {
		p = token_space(p);
		if (*p != '{' || p >= s->end)
			return token_fail(s, p, "not an object");
		p = token_space(p + 1);
		if (*p == '}')
			return finish(s, p, expected);
	}
	while (s->n == 0 || *p != '}') {
		if (s->n > 0) {
			p = token_space(p);
			if (*p == '}')
				break;
			if (*p != ',')
				return token_fail(s, p, "expected ',' or '}'");
			p = token_space(p + 1);
		}
		p = one_member(s, p, &expected);
		if (!p)
			return NULL;
	}
	return finish(s, p, expected);
}

/* Scans the object at p: returns where the line ends after it, or NULL. */
static ALWAYS_INLINE const char *record(struct scan *s, struct slice line)
{
	const char *p;

	s->start = line.p;
	s->end = line.p + line.n;
	s->records++;
	if (UNLIKELY(!s->common))
		restore_common(s);
	p = expected_members(s, line.p);
	if (UNLIKELY(!p))
		return NULL;
	if (LIKELY(s->n > 0 && s->n == s->n_expected && *p == '}' &&
		   at_end(s, p + 1)))
		return p + 1;
	return other_members(s, p);
}

static NO_INLINE const char *any_record(struct scan *s, struct slice line,
					bool open)
{
	s->open = open;
	return record(s, line);
}

int scan_object(struct scan *s, struct slice line)
{
	return any_record(s, line, false) ? 0 : -1;
}

int scan_line(struct scan *s, struct slice text, size_t *n)
{
	const char *end = any_record(s, text, true);

	*n = end ? (size_t)(end - text.p) : 0;
	return end ? 0 : -1;
}

/* Tokens end at an LF, because a line does. Replaces LF by CR, which is white
 * space between tokens, and invalid within a string too.
 */
static struct slice without_lf(struct scan *s, struct slice text)
{
	if (text.n == 0 || !memchr(text.p, '\n', text.n))
		return text;
	s->copy.n = 0;
	buf_slice(&s->copy, text);
	memset(buf_room(&s->copy, READER_PAD), 0, READER_PAD);
	for (size_t i = 0; i < text.n; i++) {
		if (s->copy.p[i] == '\n')
			s->copy.p[i] = '\r';
	}
	return buf_all(&s->copy);
}

int scan_value(struct scan *s, struct slice text, enum scan_kind *kind)
{
	const char *p;

	text = without_lf(s, text);
	p = token_space(text.p);
	s->start = text.p;
	s->end = text.p + text.n;
	s->n = 0;
	if (*p == '{' || *p == '[') {
		*kind = *p == '{' ? SCAN_OBJECT : SCAN_ARRAY;
		p = nest_value(s, p, 0);
	} else {
		s->plain = true;
		p = token_scalar(s, p, kind);
	}
	if (!p)
		return -1;
	while (p < s->end && token_space(p) != p)
		p++;
	if (p == s->end)
		return 0;
	token_fail(s, p, "text after the value");
	return -1;
}

const char *scan_why(const struct scan *s)
{
	return s->why;
}

size_t scan_at(const struct scan *s)
{
	return (size_t)(s->at - s->start);
}

const struct scan_member *scan_members(const struct scan *s, size_t *n)
{
	*n = s->n;
	return s->member;
}

uint64_t scan_shape(const struct scan *s)
{
	return s->shape;
}

int scan_find(const struct scan *s, struct slice name)
{
	struct buf b = {0};
	int found = -1;

	for (size_t i = 0; i < s->n && found < 0; i++) {
		b.n = 0;
		json_decode(&b, s->member[i].key);
		if (slice_eq(buf_all(&b), name))
			found = (int)i;
	}
	buf_clear(&b);
	return found;
}

const struct scan_member *scan_get(const struct scan *s, const char *name)
{
	int at = scan_find(s, slice_str(name));

	return at < 0 ? NULL : &s->member[at];
}
