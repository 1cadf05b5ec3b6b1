#include "diff/state/missed.h"

#include <stdlib.h>

struct missed missed_at(struct slice note, size_t i)
{
	struct missed m;

	memcpy(&m, note.p + i * sizeof(m), sizeof(m));
	return m;
}

/* Its entry, or an empty one. */
static struct missed find(struct slice note, struct hash key)
{
	size_t from = 0, to = missed_n(note);

	while (from < to) {
		size_t at = from + (to - from) / 2;
		struct missed m = missed_at(note, at);
		int order = hash_order(m.key, key);

		if (order == 0)
			return m;
		if (order < 0)
			from = at + 1;
		else
			to = at;
	}
	return (struct missed){.runs = 0};
}

uint32_t missed_runs(struct slice note, struct hash key)
{
	return find(note, key).runs;
}

bool missed_open(struct slice note, struct hash key)
{
	return find(note, key).open != 0;
}

void missed_add(struct buf *note, struct missed m)
{
	buf_add(note, &m, sizeof(m));
}

static int by_key(const void *a, const void *b)
{
	const struct missed *x = a, *y = b;

	return hash_order(x->key, y->key);
}

void missed_order(struct buf *note)
{
	if (note->n > 0)
		qsort(note->p, missed_n(buf_all(note)), sizeof(struct missed),
		      by_key);
}
