#include "diff/waits.h"

#include <stdlib.h>

#include "core/mem.h"

/* A slot: whether there are older ones, some bits of the key, so that others
 * are seldom looked at, and the place in the file.
 */
enum { AT_BITS = 43, TAG_BITS = 20 };

static const uint64_t older = (uint64_t)1 << 63;

static uint64_t at_of(uint64_t slot)
{
	return slot & (((uint64_t)1 << AT_BITS) - 1);
}

static uint64_t tag_of(struct hash key)
{
	return (key.hi & (((uint64_t)1 << TAG_BITS) - 1)) << AT_BITS;
}

/* The slot of the key, with its intent in *i, or the free one for it. */
static size_t place(const struct waits *w, struct hash key, struct intent *i)
{
	uint64_t tag = tag_of(key), same = ~older << AT_BITS & ~older;
	size_t at = (key.lo >> 32) * w->size >> 32;

	for (; w->slot[at]; at = at + 1 == w->size ? 0 : at + 1) {
		if ((w->slot[at] & same) != tag)
			continue;
		pending_at(w->p, at_of(w->slot[at]), i);
		if (hash_eq(i->key, key))
			break;
	}
	return at;
}

static void add(struct waits *w, const struct intent *i)
{
	struct intent other;
	size_t at = place(w, i->key, &other);
	bool any = w->slot[at] != 0;

	w->n += !any;
	if (!any || other.version <= i->version)
		w->slot[at] = tag_of(i->key) | i->at;
	if (any)
		w->slot[at] |= older;
}

/* Answered already: the commit was killed before it could drop the intent. */
static bool is_answered(const struct snapshot *s, const struct intent *i)
{
	int64_t at = snapshot_find(s, i->key);

	return at >= 0 && i->version < s->cold[at].version;
}

int waits_load(struct waits *w, const struct pending *p,
	       const struct snapshot *s, struct err *e)
{
	struct pending_walk walk;
	struct intent i;
	int rc;

	*w = (struct waits){.p = p};
	if (p->n == p->n_same)
		return 0;
	w->size = (p->n - p->n_same) / 3 * 4 + 4;
	w->slot = mem_zero(w->size * sizeof(*w->slot));
	pending_walk(p, &walk);
	while ((rc = pending_next(&walk, &i, e)) > 0) {
		if (i.action != PENDING_SAME && !is_answered(s, &i))
			add(w, &i);
	}
	return rc;
}

void waits_clear(struct waits *w)
{
	free(w->slot);
	*w = (struct waits){0};
}

bool waits_find(const struct waits *w, struct hash key, struct intent *i)
{
	size_t at;

	if (w->n == 0)
		return false;
	at = place(w, key, i);
	i->older = (w->slot[at] & older) != 0;
	return w->slot[at] != 0;
}

bool waits_newest(const struct waits *w, const struct intent *i)
{
	struct intent newest;

	return waits_find(w, i->key, &newest) && newest.at == i->at;
}
