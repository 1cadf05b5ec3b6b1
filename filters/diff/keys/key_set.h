/* key_set.h - a set of key hashes, each with a number.
 *
 * Floor 2 (diff). Open addressing; 27 to 54 bytes a key.
 */
#ifndef DIFF_KEYS_KEY_SET_H
#define DIFF_KEYS_KEY_SET_H

#include "wire/json/hash.h"

struct key_set {
	struct hash *slot; /* all-zero: free */
	uint32_t *value;   /* number of each slot's key */
	size_t n, size;    /* size is 0 or a power of two */
	bool has_zero;     /* whether the all-zero key is in the set */
	uint32_t zero;
};

/* All-zero is an empty set. */
void key_set_clear(struct key_set *s);

/* Sets the number of a key, which is added if necessary. */
void key_set_put(struct key_set *s, struct hash key, uint32_t value);

/* The number of a key, or -1. */
int64_t key_set_get(const struct key_set *s, struct hash key);
bool key_set_has(const struct key_set *s, struct hash key);

static ALWAYS_INLINE void key_set_touch(const struct key_set *s,
					struct hash key)
{
	if (s->size > 0)
		__builtin_prefetch(&s->slot[key.lo & (s->size - 1)]);
}

#endif
