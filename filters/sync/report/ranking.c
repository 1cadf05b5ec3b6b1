#include "sync/report/ranking.h"

#include <stdlib.h>

void ranking_add(struct ranking *r, const char *text, uint64_t at_ms)
{
	size_t i = 0;

	while (i < r->kinds && strcmp(r->one[i].text, text) != 0)
		i++;
	if (i == RANKING_KEPT) {
		r->others++;
		return;
	}
	if (i == r->kinds)
		r->one[r->kinds++] = (struct ranking_one){.text = text};
	r->one[i].n++;
	if (at_ms > r->one[i].newest_ms)
		r->one[i].newest_ms = at_ms;
}

static int by_count(const void *a, const void *b)
{
	const struct ranking_one *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	if (x->newest_ms != y->newest_ms)
		return x->newest_ms < y->newest_ms ? 1 : -1;
	return strcmp(x->text, y->text);
}

void ranking_sort(struct ranking *r)
{
	if (r->kinds > 1)
		qsort(r->one, r->kinds, sizeof(r->one[0]), by_count);
}
