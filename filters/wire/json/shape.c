/* shape.c - lists of column names, each with a number. */
#include "core/mem.h"
#include "core/reader.h"
#include "wire/json/token.h"

/* The number of the current list of names. It may be one of the last few lists:
 * rows that omit nulls alternate between them.
 */
static uint64_t shape_number(struct scan *s)
{
	struct shape *shape = &s->shapes[s->next_shape];
	struct buf *b = &s->decoded;

	b->n = 0;
	for (size_t i = 0; i < s->n; i++) {
		buf_slice(b, s->member[i].key);
		buf_char(b, '"');
	}
	for (size_t i = 0; i < SCAN_SHAPES; i++) {
		if (s->shapes[i].number != 0 &&
		    slice_eq(buf_all(&s->shapes[i].names), buf_all(b)))
			return s->shapes[i].number;
	}
	s->next_shape = (s->next_shape + 1) % SCAN_SHAPES;
	shape->number = ++s->n_shapes;
	shape->names.n = 0;
	buf_slice(&shape->names, buf_all(b));
	return shape->number;
}

int shape_new(struct scan *s)
{
	bool escapes = false;
	const char *from = s->start, *text;

	s->n_names = 0;
	for (size_t i = 0; i < s->n; i++) {
		struct slice key = s->member[i].key;

		*nest_name(s) = key;
		escapes |= memchr(key.p, '\\', key.n) != NULL;
	}
	if (nest_twice(s, s->names, s->n_names, escapes)) {
		token_fail(s, s->end - 1, SCAN_TWICE);
		return -1;
	}
	s->shape = shape_number(s);
	s->shape_text.n = 0;
	s->n_expected = s->end - s->start < UINT32_MAX ? s->n : 0;
	if (s->n > s->expected_size) {
		size_t had = s->expected_size;

		s->expected_size = s->n;
		s->expected =
			mem_resize(s->expected, s->n * sizeof(*s->expected));
		memset(s->expected + had, 0,
		       (s->n - had) * sizeof(*s->expected));
	}
	for (size_t i = 0; i < s->n; i++) {
		const struct scan_member *m = &s->member[i];
		struct expected *x = &s->expected[i];
		size_t n = (size_t)(m->value.p - from);

		known_between(&x->between, from, n);
		x->key_n = (uint32_t)m->key.n;
		x->back = (uint32_t)(m->value.p - m->key.p);
		x->tight = m->tight;
		x->known.n = 0;
		x->known.misses = 0;
		buf_add(&s->shape_text, from, n);
		from = m->value.p + m->value.n;
	}
	/* vec_same reads past the end */
	text = buf_room(&s->shape_text, READER_PAD);
	for (size_t i = s->n; i > 0; i--) {
		struct between *b = &s->expected[i - 1].between;

		b->text = text -= b->n;
	}
	return 0;
}
