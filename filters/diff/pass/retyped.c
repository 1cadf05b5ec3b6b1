#include "diff/pass/retyped.h"

#include "diff/pass/missing_parts.h"

/* The columns whose bits are set in which, of those that are set in all: bit 0
 * is the lowest of them.
 */
static unsigned pick(unsigned all, unsigned which)
{
	unsigned got = 0;

	for (; all > 0; all &= all - 1, which >>= 1)
		got |= which & 1 ? all & -all : 0;
	return got;
}

/* The columns that change their type in a step from 1 on, 0 for none; -1 after
 * the last step.
 */
static int columns_of(const struct key_types *t, unsigned step)
{
	enum { EACH = 4 }; /* columns of which every set is tried */
	unsigned n = (unsigned)__builtin_popcount(t->other);
	unsigned i, k, few;

	if (n <= EACH)
		return step < 1u << n ? (int)pick(t->other, step) : -1;
	i = (step - 1) / n;
	k = (step - 1) % n;
	few = pick(t->other, 1u << i % n | 1u << k);
	if (i < 2 * n && i % n > k)
		return 0; /* a pair once */
	if (i < 2 * n)
		return (int)(i < n ? few : t->other & ~few);
	if (i > 2 * n || k > 2)
		return -1;
	return (int)(t->other & (k == 0   ? ~t->strings
				 : k == 1 ? t->strings
					  : ~0u));
}

/* Whether numbers of the text are written in another way than by their value,
 * 7.0 for 7; then that text is in r->arrived.plain.
 */
static bool is_odd(struct pass_asked *asked, struct pass_arrived *arrived,
		   struct slice text)
{
	arrived->plain.n = 0;
	key_retype(&asked->key, &arrived->plain, text, 0);
	return !slice_eq(text, buf_all(&arrived->plain));
}

bool retyped_next(struct pass_asked *asked, struct pass_arrived *arrived,
		  struct retyped_walk *w, struct slice text, struct hash *key)
{
	int columns = 0;

	if (arrived->identity.key)
		return false;
	if (w->step == 0)
		key_types(&asked->key, text, &w->types);
	while (columns == 0) {
		columns = columns_of(&w->types, ++w->step);
		if (columns >= 0)
			continue;
		if (w->plain || !is_odd(asked, arrived, text))
			return false;
		w->plain = true;
		w->step = 0;
		columns = 0;
	}
	arrived->scratch.text.n = 0;
	key_retype(&asked->key, &arrived->scratch.text,
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

	while (!known && retyped_next(&r->asked, &r->arrived, &w, text, &other))
		known = snapshot_find(r->base.old, other) >= 0;
	return known;
}

enum retyped retyped_find(struct pass *r, struct slice text)
{
	struct retyped_walk w = {0};
	struct hash other;

	while (retyped_next(&r->asked, &r->arrived, &w, text, &other)) {
		if (gone_came(&r->base, &r->arrived, other))
			return snapshot_find(r->base.old, other) >= 0
				       ? RETYPED_DELIVERED
				       : RETYPED_NEW;
	}
	return RETYPED_NOT;
}
