/* known.c - predicts the text between the values of the next record.
 *
 * Records of one source have the same names in the same order, so the text
 * between their values is the same. It is learnt once and compared whole:
 *
 * learnt {"id": . ,"plan": . ,"n": . } record {"id": 7 ,"plan": "pro","n": 3 }
 *            ^^^^^^     ^^^^^^^^      ^^^^^      ^   one comparison each
 *                    .            .          .      scanned as a value
 *
 * Where a text differs, the record is scanned as any other.
 */
#include "core/mem.h"
#include "core/reader.h"
#include "wire/json/span.h"
#include "wire/json/token.h"

enum { KNOWN_TEXT = 4096, KNOWN_DEPTH = 16 };

void known_between(struct between *b, const char *p, size_t n)
{
	*b = (struct between){.n = (uint32_t)n, .mask = vec_mask(n)};
	memcpy(b->head, p, n < sizeof(b->head) ? n : sizeof(b->head));
}

/* text is set after all have been added. */
static void add_between(struct known *k, const char *p, size_t n)
{
	if (k->n == k->size) {
		k->size = k->size ? 2 * k->size : 8;
		k->between =
			mem_resize(k->between, k->size * sizeof(*k->between));
	}
	known_between(&k->between[k->n++], p, n);
	buf_add(&k->text, p, n);
}

void known_learn(struct known *k, const char *p, const char *end)
{
	const char *from = p, *text;
	size_t depth = 0;

	k->n = k->text.n = 0;
	while (p < end) {
		if (*p != '"') {
			depth += *p == '{';
			depth -= *p++ == '}';
			if (depth <= KNOWN_DEPTH)
				continue;
			k->misses = SCAN_KNOWN_TRIES;
			return;
		}
		p = token_space(token_space(span_string(p, end)) + 1);
		if (*p == '{')
			continue;
		add_between(k, from, (size_t)(p - from));
		from = p = span_value(p, end);
	}
	add_between(k, from, (size_t)(end - from));
	if (k->text.n > KNOWN_TEXT)
		k->misses = SCAN_KNOWN_TRIES;
	text = buf_room(&k->text, READER_PAD); /* vec_same reads past the end */
	for (size_t i = k->n; i > 0; i--)
		k->between[i - 1].text = text -= k->between[i - 1].n;
}
