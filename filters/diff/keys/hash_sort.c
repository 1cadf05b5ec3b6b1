#include "diff/keys/hash_sort.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

enum { MOST_BITS = 20 };

void hash_sort_clear(struct hash_sort *s)
{
	free(s->item);
	free(s->from);
	free(s->bucket);
	*s = (struct hash_sort){.n = 0};
}

void hash_sort_room(struct hash_sort *s, size_t n)
{
	s->n = 0;
	if (n <= s->size)
		return;
	s->size = n + n / 4 + 16;
	free(s->item);
	free(s->from);
	s->item = mem_resize(NULL, s->size * sizeof(*s->item));
	s->from = mem_resize(NULL, s->size * sizeof(*s->from));
}

/* Makes buckets for about two items each; returns the shift from a hash to its
 * bucket.
 */
static unsigned make_buckets(struct hash_sort *s)
{
	unsigned bits = 1;
	size_t buckets;

	while (bits < MOST_BITS && (size_t)4 << bits < s->n)
		bits++;
	buckets = (size_t)1 << bits;
	if (buckets > s->buckets) {
		s->bucket = mem_resize(s->bucket, buckets * sizeof(*s->bucket));
		s->buckets = buckets;
	}
	memset(s->bucket, 0, buckets * sizeof(*s->bucket));
	return 64 - bits;
}

static void into_buckets(struct hash_sort *s, unsigned same_bits)
{
	unsigned shift = make_buckets(s);
	size_t buckets = (size_t)1 << (64 - shift);
	uint32_t at = 0;

	for (size_t i = 0; i < s->n; i++)
		s->bucket[s->from[i].hi << same_bits >> shift]++;
	for (size_t k = 0; k < buckets; k++) {
		uint32_t n = s->bucket[k];

		s->bucket[k] = at;
		at += n;
	}
	for (size_t i = 0; i < s->n; i++)
		s->item[s->bucket[s->from[i].hi << same_bits >> shift]++] =
			s->from[i];
}

void hash_sort_now(struct hash_sort *s, unsigned same_bits)
{
	struct hash_sort_item *from = s->from;

	if (s->n < 2)
		return;
	s->from = s->item;
	s->item = from;
	into_buckets(s, same_bits);
	for (size_t i = 1; i < s->n; i++) {
		const struct hash_sort_item x = s->item[i];
		size_t to = i;

		for (; to > 0 && s->item[to - 1].hi > x.hi; to--)
			s->item[to] = s->item[to - 1];
		s->item[to] = x;
	}
}
