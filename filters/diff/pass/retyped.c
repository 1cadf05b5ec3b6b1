#include "diff/pass/retyped.h"

#include "diff/pass/missing_parts.h"

/* The texts of a key by the types of its columns: the first is its own. */
static unsigned texts_of(const struct pass_asked *asked,
			 const struct pass_arrived *arrived)
{
	enum { COLUMNS = 4 }; /* looked at */

	if (arrived->identity.key)
		return 1;
	return 1u << (asked->key.n < COLUMNS ? asked->key.n : COLUMNS);
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
	unsigned texts = texts_of(asked, arrived);

	if (++w->columns >= texts) {
		if (w->plain || texts == 1 || !is_odd(asked, arrived, text))
			return false;
		w->plain = true;
		w->columns = 1;
	}
	arrived->scratch.text.n = 0;
	key_retype(&asked->key, &arrived->scratch.text,
		   w->plain ? buf_all(&arrived->plain) : text, w->columns);
	*key = hash_bytes(arrived->scratch.text.p, arrived->scratch.text.n,
			  asked->seed);
	return true;
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
