/* key_patterns.h - which columns are strings, in the keys of a run.
 *
 * Floor 2 (diff). The pattern of a key has a bit for each column that is a
 * string (key_types_strings): 7 and "7" have different patterns. A table has
 * very few patterns, so few of the possible type changes of a key must be
 * looked up.
 */
#ifndef DIFF_KEYS_KEY_PATTERNS_H
#define DIFF_KEYS_KEY_PATTERNS_H

#include <stdint.h>

#include "core/base.h"

enum { KEY_PATTERNS_MOST = 32 };

/* All-zero is empty. */
struct key_patterns {
	unsigned is[KEY_PATTERNS_MOST]; /* ordered */
	unsigned n;
	bool many;  /* there are more patterns than fit */
	bool whole; /* set by the caller: all keys were added */
};

void key_patterns_insert(struct key_patterns *p, unsigned pattern);

/* Adds a pattern unless it is there. */
static inline void key_patterns_add(struct key_patterns *p, unsigned pattern)
{
	if (UNLIKELY(p->n == 0 || p->is[0] != pattern))
		key_patterns_insert(p, pattern);
}

#endif
