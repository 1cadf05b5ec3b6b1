#include "diff/state/tag.h"

#include <stdio.h>

#include "core/buf.h"

/* Without a tag nothing is mixed in. */
static struct hash hash_of(struct slice tag, uint64_t seed)
{
	return tag.n > 0 ? hash_bytes(tag.p, tag.n, seed) : (struct hash){0, 0};
}

/* What a full run under a tag mixes in: the tag. Exception: if some rows were
 * delivered under a different tag than the noted one (changed), nobody knows
 * which, so a value is mixed in that was never used.
 */
static struct slice base_for(struct tag *t, const char *asked, uint64_t seed)
{
	struct buf b = {0};
	uint64_t sum;

	if (slice_eq(t->name, t->base))
		return slice_str(asked);
	buf_str(&b, asked);
	buf_char(&b, '\0');
	buf_slice(&b, t->name);
	buf_char(&b, '\0');
	buf_slice(&b, t->base);
	sum = hash_half(b.p, b.n, seed);
	buf_clear(&b);
	snprintf(t->made, sizeof(t->made), "%016jx", (uintmax_t)sum);
	return slice_str(t->made);
}

int tag_init(struct tag *t, const char *asked, const char *how,
	     struct slice noted, struct slice base, uint64_t seed,
	     struct err *e)
{
	bool full = !how || strcmp(how, "full") == 0;
	bool changed = how && strcmp(how, "changed") == 0;
	struct slice sent;

	*t = (struct tag){.name = noted, .base = base};
	if (!full && !changed && strcmp(how, "none") != 0)
		return err_names(e, ERR_USAGE,
				 "option '--on-tag-change': '%s' is not full, "
				 "changed or none",
				 how);
	t->mixed = hash_of(base, seed);
	t->changed = asked && !slice_is(noted, asked);
	if (!t->changed)
		return 0;
	t->taken = full || changed;
	t->full = full;
	sent = base_for(t, asked, seed);
	if (t->taken)
		t->name = slice_str(asked);
	/* an unfinished full run has delivered some rows under the new tag */
	t->has_also = !full;
	t->also = hash_of(sent, seed);
	if (changed)
		return 0;
	/* rows that leave are delivered under it, even if it is not noted */
	t->also = t->mixed;
	t->mixed = hash_of(sent, seed);
	t->base = sent;
	return 0;
}
