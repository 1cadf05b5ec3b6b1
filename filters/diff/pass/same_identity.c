#include "diff/pass/same_identity.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "core/mem.h"
#include "core/temp.h"

/* A slot: the position in the snapshot plus one, or in the file of intents, and
 * some bits of the identity, so that few wrong keys are looked at.
 */
enum { AT_BITS = 43, TAG_BITS = 20 };

/* Limit of known keys with one identity; real tables have fewer. */
enum { KEYS = 64 };

static const uint64_t of_intent = (uint64_t)1 << 63,
		      tags = (((uint64_t)1 << TAG_BITS) - 1) << AT_BITS;

static uint64_t tag_of(struct hash identity)
{
	return (identity.hi & (((uint64_t)1 << TAG_BITS) - 1)) << AT_BITS;
}

static size_t home(const struct same_identity *x, struct hash identity)
{
	return (identity.lo >> 32) * x->size >> 32;
}

static size_t next(const struct same_identity *x, size_t at)
{
	return at + 1 == x->size ? 0 : at + 1;
}

static void add(struct same_identity *x, const struct same_identity_of *of,
		struct slice text, uint64_t place)
{
	bool is;
	struct hash h = identity_hash(of->identity, text, &is);
	size_t at = home(x, h), same = 0;

	for (; is && x->slot[at] && same < KEYS; at = next(x, at))
		same += (x->slot[at] & tags) == tag_of(h);
	if (is && same < KEYS)
		x->slot[at] = tag_of(h) | place;
}

static int add_intents(struct same_identity *x,
		       const struct same_identity_of *of, struct err *e)
{
	struct unacked_walk w;
	struct intent i;
	int rc;

	state_walk(of->known, &w);
	while ((rc = state_next(of->known, &w, &i, e)) > 0)
		add(x, of, slice_of(i.text, i.text_n), i.at | of_intent);
	return rc;
}

int same_identity_build(struct same_identity *x,
			const struct same_identity_of *of, struct err *e)
{
	size_t n = of->old->n + (of->known ? of->known->unacked.n : 0);

	if (x->slot)
		return 0;
	if (of->known && snapshot_whole(&of->known->snapshot, e) < 0)
		return -1;
	x->size = n / 3 * 4 + 4;
	x->on_disk = of->memory > 0 && x->size * sizeof(*x->slot) > of->memory;
	x->slot = x->on_disk ? temp_map(of->dir, x->size * sizeof(*x->slot), e)
			     : mem_zero(x->size * sizeof(*x->slot));
	if (!x->slot)
		return -1;
	for (size_t i = snapshot_live(of->old, 0); i < of->old->places;
	     i = snapshot_live(of->old, i + 1))
		add(x, of, snapshot_text(of->old, i), i + 1);
	return of->known ? add_intents(x, of, e) : 0;
}

void same_identity_clear(struct same_identity *x)
{
	if (x->on_disk && x->slot)
		munmap(x->slot, x->size * sizeof(*x->slot));
	else
		free(x->slot);
	*x = (struct same_identity){0};
}

/* The key of a slot, and its text. */
static struct slice key_at(const struct same_identity_of *of, uint64_t slot,
			   struct hash *key)
{
	uint64_t at = slot & (((uint64_t)1 << AT_BITS) - 1);
	struct intent i;

	if (slot & of_intent) {
		pending_at(&of->known->pending, at, &i);
		*key = i.key;
		return slice_of(i.text, i.text_n);
	}
	*key = snapshot_key(of->old, (size_t)at - 1);
	return snapshot_text(of->old, (size_t)at - 1);
}

bool same_identity_next(const struct same_identity *x,
			const struct same_identity_of *of,
			struct same_identity_walk *w, struct slice text,
			struct hash *key)
{
	bool is = true;

	if (!w->started) {
		w->identity = identity_hash(of->identity, text, &is);
		w->at = home(x, w->identity);
		w->started = true;
	}
	while (is && x->slot[w->at]) {
		uint64_t slot = x->slot[w->at];

		w->at = next(x, w->at);
		if ((slot & tags) == tag_of(w->identity) &&
		    hash_eq(identity_hash(of->identity, key_at(of, slot, key),
					  &is),
			    w->identity))
			return true;
	}
	return false;
}
