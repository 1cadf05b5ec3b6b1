#include "core/mem.h"
#include "core/reader.h"
#include "wire/token.h"

/* The number of the present list of names, which may be one of late: rows that
 * leave out nulls take turns between a few.
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
	const char *text;

	s->n_names = 0;
	for (size_t i = 0; i < s->n; i++) {
		struct slice key = s->member[i].key;

		*nest_name(s) = key;
		escapes |= memchr(key.p, '\\', key.n) != NULL;
	}
	if (nest_twice(s, s->names, s->n_names, escapes)) {
		token_fail(s, s->end - 1, "a name twice in one object");
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
		s->known = mem_resize(s->known, s->n * sizeof(*s->known));
		memset(s->known + had, 0, (s->n - had) * sizeof(*s->known));
	}
	for (size_t i = 0; i < s->n; i++) {
		const struct scan_member *m = &s->member[i];

		s->expected[i] = (struct expected){
			.n = (uint32_t)(m->value.p - m->key.p) + 1 + (i > 0),
			.key_n = m->key.n,
			.back = (size_t)(m->value.p - m->key.p),
			.tight = m->tight,
		};
		s->expected[i].mask = vec_mask(s->expected[i].n);
		s->known[i].n = 0;
		s->known[i].misses = 0;
		buf_add(&s->shape_text, ",", i > 0);
		buf_add(&s->shape_text, m->key.p - 1, s->expected[i].back + 1);
	}
	buf_room(&s->shape_text, READER_PAD); /* vec_same reads over the end */
	text = s->shape_text.p;
	for (size_t i = 0; i < s->n; i++) {
		s->expected[i].text = text;
		text += s->expected[i].n;
	}
	return 0;
}
