#include "diff/pass/retyped.h"

#include "diff/pass/missing_parts.h"

/* Without patterns, all sets of up to this many columns are tried. */
enum { EACH = 4 };

/* Selects some of the bits in all: the lowest if bit 0 of which is set, and so
 * on.
 */
static unsigned select_bits(unsigned all, unsigned which)
{
	unsigned got = 0;

	for (; all > 0; all &= all - 1, which >>= 1)
		got |= which & 1 ? all & -all : 0;
	return got;
}

/* The columns that change their type in a step (from 1 on): 0 for a step
 * without any, -1 after the last step.
 */
static int columns_by_set(const struct key_types *t, unsigned step)
{
	unsigned n = (unsigned)__builtin_popcount(t->other);
	unsigned i, k, few;

	if (n <= EACH)
		return step < 1u << n ? (int)select_bits(t->other, step) : -1;
	i = (step - 1) / n;
	k = (step - 1) % n;
	few = select_bits(t->other, 1u << i % n | 1u << k);
	if (i < 2 * n && i % n > k)
		return 0; /* each pair only once */
	if (i < 2 * n)
		return (int)(i < n ? few : t->other & ~few);
	if (i > 2 * n || k > 2)
		return -1;
	return (int)(t->other & (k == 0   ? ~t->strings
				 : k == 1 ? t->strings
					  : ~0u));
}

/* ---- the patterns of all keys ------------------------------------------ */

/* Collects the patterns of the state. Those of rows are added as they arrive.
 */
static void learn_patterns(struct pass *r)
{
	const struct snapshot *old = r->base.old;
	struct key_patterns *p = &r->arrived.patterns;
	const struct key *k = &r->asked.key;
	struct unacked_walk w;
	struct intent x;
	struct err ignored;
	int rc;

	for (size_t i = snapshot_live(old, 0); i < old->places && !p->many;
	     i = snapshot_live(old, i + 1))
		key_patterns_add(p,
				 key_types_strings(k, snapshot_text(old, i)));
	missing_walk_open(&r->base, &w);
	while ((rc = missing_next_open(&r->base, &w, &x, &ignored)) > 0)
		key_patterns_add(
			p, key_types_strings(k, slice_of(x.text, x.text_n)));
	p->many |= rc < 0;
	p->whole = true;
}

/* Whether the patterns of all keys are known. They are collected as soon as
 * enough keys were looked up to pay for it, or if not all sets can be tried.
 */
static bool has_patterns(struct pass *r, const struct key_types *t)
{
	const struct snapshot *old = r->base.old;
	struct key_patterns *p = &r->arrived.patterns;
	uint64_t *tried = &r->arrived.retyped_tried;
	unsigned n = (unsigned)__builtin_popcount(t->other);

	if (!p->whole && (old->index || old->places == 0)) {
		*tried += n > EACH ? old->places : 1u << n;
		if (*tried >= old->places / 4)
			learn_patterns(r);
	}
	return p->whole && !p->many;
}

/* As columns_of, for the patterns: one step for each. */
static int columns_by_pattern(const struct key_patterns *p,
			      const struct key_types *t, unsigned step)
{
	unsigned columns;

	if (step > p->n)
		return -1;
	columns = t->strings ^ p->is[step - 1];
	return (columns & ~t->other) == 0 ? (int)columns : 0;
}

/* ---- the walk ---------------------------------------------------------- */

/* Whether numbers in the text are not in canonical form, such as 7.0 for 7;
 * then r->arrived.plain has that form.
 */
static bool is_not_canonical(struct pass_asked *asked,
			     struct pass_arrived *arrived, struct slice text)
{
	arrived->plain.n = 0;
	key_types_retype(&asked->key, &arrived->plain, text, 0);
	return !slice_eq(text, buf_all(&arrived->plain));
}

bool retyped_next(struct pass *r, struct retyped_walk *w, struct slice text,
		  struct hash *key)
{
	struct pass_asked *asked = &r->asked;
	struct pass_arrived *arrived = &r->arrived;
	int columns = 0;

	if (arrived->identity.key)
		return false;
	if (w->step == 0) {
		key_types(&asked->key, text, &w->types);
		w->patterns = has_patterns(r, &w->types);
	}
	while (columns == 0) {
		w->step++;
		columns = w->patterns ? columns_by_pattern(&arrived->patterns,
							   &w->types, w->step)
				      : columns_by_set(&w->types, w->step);
		if (columns >= 0)
			continue;
		if (w->plain || !is_not_canonical(asked, arrived, text))
			return false;
		w->plain = true;
		w->step = 0;
		columns = 0;
	}
	arrived->scratch.text.n = 0;
	key_types_retype(&asked->key, &arrived->scratch.text,
			 w->plain ? buf_all(&arrived->plain) : text,
			 (unsigned)columns);
	*key = hash_bytes(arrived->scratch.text.p, arrived->scratch.text.n,
			  asked->seed);
	return true;
}

bool retyped_known(struct pass *r, struct slice text)
{
	struct retyped_walk w = {0};
	struct hash other;
	bool known = false;

	while (!known && retyped_next(r, &w, text, &other))
		known = snapshot_find(r->base.old, other) >= 0;
	return known;
}

enum retyped retyped_find(struct pass *r, struct slice text)
{
	struct retyped_walk w = {0};
	struct hash other;

	while (retyped_next(r, &w, text, &other)) {
		if (missing_arrived(&r->base, &r->arrived, other))
			return snapshot_find(r->base.old, other) >= 0
				       ? RETYPED_DELIVERED
				       : RETYPED_NEW;
	}
	return RETYPED_NOT;
}
