#include "diff/state/unacked.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/temp.h"
#include "diff/keys/spool.h"

/* A slot: a bit for older intents, some bits of the key, so that few wrong
 * intents are looked at, and the position in the file.
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

static size_t next(const struct unacked *w, size_t at)
{
	return at + 1 == w->size ? 0 : at + 1;
}

/* The slot of the key, with its intent in *i, or the free slot for it. */
static size_t place(const struct unacked *w, struct hash key, struct intent *i)
{
	uint64_t tag = tag_of(key), same = ~older << AT_BITS & ~older;
	size_t at;

	for (at = unacked_home(w, key); w->slot[at]; at = next(w, at)) {
		if ((w->slot[at] & same) != tag)
			continue;
		pending_at(w->p, at_of(w->slot[at]), i);
		if (hash_eq(i->key, key))
			break;
	}
	return at;
}

static void add(struct unacked *w, const struct intent *i)
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

/* Whether the snapshot has the change already: the commit was killed before it
 * could drop the intent.
 */
static bool is_applied(const struct snapshot *s, const struct intent *i)
{
	int64_t at = snapshot_find(s, i->key);

	return at >= 0 && i->version < snapshot_version(s, (size_t)at);
}

static int make_slots(struct unacked *w, uint64_t memory, const char *dir,
		      struct err *e)
{
	w->size = (w->p->n - w->p->n_same) / 3 * 4 + 4;
	w->on_disk = memory > 0 && w->size * sizeof(*w->slot) > memory;
	w->slot = w->on_disk ? temp_map(dir, w->size * sizeof(*w->slot), e)
			     : mem_zero(w->size * sizeof(*w->slot));
	return w->slot ? 0 : -1;
}

void unacked_walk(const struct pending *p, struct unacked_walk *x)
{
	x->at = x->n = 0;
	pending_walk(p, &x->in);
}

int unacked_next(const struct unacked *w, struct unacked_walk *x,
		 struct intent *i, struct err *e)
{
	int rc;

	if (x->at == x->n) {
		x->at = x->n = 0;
		while (x->n < COUNT_OF(x->ahead) &&
		       (rc = pending_next(&x->in, &x->ahead[x->n], e)) > 0)
			x->n++;
		if (rc < 0 || x->n == 0)
			return rc;
		for (size_t k = 0; k < x->n; k++)
			unacked_touch(w, x->ahead[k].key);
	}
	*i = x->ahead[x->at++];
	return 1;
}

int unacked_load(struct unacked *w, const struct pending *p,
		 const struct snapshot *s, uint64_t memory, const char *dir,
		 struct err *e)
{
	struct unacked_walk walk;
	struct intent i;
	int rc;

	*w = (struct unacked){.p = p};
	if (p->n == p->n_same)
		return 0;
	if (make_slots(w, memory, dir, e) < 0)
		return -1;
	unacked_walk(p, &walk);
	while ((rc = unacked_next(w, &walk, &i, e)) > 0) {
		if (i.action != PENDING_SAME && !is_applied(s, &i))
			add(w, &i);
	}
	return rc;
}

void unacked_clear(struct unacked *w)
{
	if (w->on_disk && w->slot)
		munmap(w->slot, w->size * sizeof(*w->slot));
	else
		free(w->slot);
	*w = (struct unacked){0};
}

bool unacked_find(const struct unacked *w, struct hash key, struct intent *i)
{
	size_t at;

	if (w->n == 0)
		return false;
	at = place(w, key, i);
	i->older = (w->slot[at] & older) != 0;
	return w->slot[at] != 0;
}

void unacked_touch_intent(const struct unacked *w, struct hash key)
{
	uint64_t tag = tag_of(key), same = ~older << AT_BITS & ~older;

	if (w->n == 0)
		return;
	for (size_t at = unacked_home(w, key); w->slot[at]; at = next(w, at)) {
		if ((w->slot[at] & same) == tag) {
			pending_touch(w->p, at_of(w->slot[at]));
			return;
		}
	}
}

bool unacked_newest(const struct unacked *w, const struct intent *i)
{
	size_t at;

	if (w->n == 0)
		return false;
	for (at = unacked_home(w, i->key); w->slot[at]; at = next(w, at)) {
		if (at_of(w->slot[at]) == i->at)
			return true;
	}
	return false;
}
