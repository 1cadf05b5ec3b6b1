/* key_set.h - a set of key hashes, each with a number.
 *
 * Floor 2 (diff). Open addressing; 16 to 32 bytes a key for plain sets, the
 * numbers (32 bits) only where they are asked for.
 */
#ifndef DIFF_KEYS_KEY_SET_H
#define DIFF_KEYS_KEY_SET_H

#include "wire/json/hash.h"

struct key_set {
	struct hash *slot; /* all-zero: free */
	uint32_t *value;   /* of each slot, or NULL */
	size_t n, size;    /* size is 0 or a power of two */
	bool numbered;
	bool has_zero; /* the key that is all-zero */
	uint32_t zero;
};

/* An empty set; all-zero is one without numbers. */
void key_set_init(struct key_set *s, bool numbered);
void key_set_clear(struct key_set *s);

/* Add the key: true when it is new, false when it was there. */
bool key_set_add(struct key_set *s, struct hash key);

/* Set its number, adding it if need be. */
void key_set_put(struct key_set *s, struct hash key, uint32_t value);

/* Its number, or -1. */
int64_t key_set_get(const struct key_set *s, struct hash key);
bool key_set_has(const struct key_set *s, struct hash key);

static inline void key_set_touch(const struct key_set *s, struct hash key)
{
	if (s->size > 0)
		__builtin_prefetch(&s->slot[key.lo & (s->size - 1)]);
}

#endif
