#include "diff/tag.h"

/* No tag mixes nothing in. */
static struct hash hash_of(struct slice tag, uint64_t seed)
{
	return tag.n > 0 ? hash_bytes(tag.p, tag.n, seed) : (struct hash){0, 0};
}

int tag_init(struct tag *t, const char *asked, const char *how,
	     struct slice noted, struct slice base, uint64_t seed,
	     struct err *e)
{
	bool full = !how || strcmp(how, "full") == 0;
	bool changed = how && strcmp(how, "changed") == 0;

	*t = (struct tag){.name = noted, .base = base};
	if (!full && !changed && strcmp(how, "none") != 0)
		return err_set(e, ERR_USAGE,
			       "option '--on-tag-change': '%s' is not full, "
			       "changed or none",
			       how);
	t->changed = asked && !slice_is(noted, asked);
	t->taken = t->changed && (full || changed);
	t->full = t->changed && full;
	if (t->taken)
		t->name = slice_str(asked);
	if (t->full)
		t->base = t->name;
	t->mixed = hash_of(t->base, seed);
	/* a full run that came to no end has delivered some rows under it */
	t->has_also = t->changed && !full;
	if (t->has_also)
		t->also = hash_of(slice_str(asked), seed);
	return 0;
}
