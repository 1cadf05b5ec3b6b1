#include "diff/state/absent_runs.h"

#include <stdlib.h>

struct absent_runs absent_runs_at(struct slice note, size_t i)
{
	struct absent_runs m;

	memcpy(&m, note.p + i * sizeof(m), sizeof(m));
	return m;
}

/* The entry of the key, or an empty one. */
static struct absent_runs find(struct slice note, struct hash key)
{
	size_t from = 0, to = absent_runs_n(note);

	while (from < to) {
		size_t at = from + (to - from) / 2;
		struct absent_runs m = absent_runs_at(note, at);
		int order = hash_order(m.key, key);

		if (order == 0)
			return m;
		if (order < 0)
			from = at + 1;
		else
			to = at;
	}
	return (struct absent_runs){.runs = 0};
}

uint32_t absent_runs_of(struct slice note, struct hash key)
{
	return find(note, key).runs;
}

bool absent_runs_open(struct slice note, struct hash key)
{
	return find(note, key).open != 0;
}

void absent_runs_add(struct buf *note, struct absent_runs m)
{
	buf_add(note, &m, sizeof(m));
}

static int by_key(const void *a, const void *b)
{
	const struct absent_runs *x = a, *y = b;

	return hash_order(x->key, y->key);
}

void absent_runs_order(struct buf *note)
{
	if (note->n > 0)
		qsort(note->p, absent_runs_n(buf_all(note)),
		      sizeof(struct absent_runs), by_key);
}
