/* keyset.h - a set of key hashes, each with a number.
 *
 * Floor 2 (diff). Open addressing; 16 to 32 bytes a key for plain sets, the
 * numbers (32 bits) only where they are asked for.
 */
#ifndef DIFF_KEYS_KEYSET_H
#define DIFF_KEYS_KEYSET_H

#include "wire/json/hash.h"

struct keyset {
	struct hash *slot; /* all-zero: free */
	uint32_t *value;   /* of each slot, or NULL */
	size_t n, size;    /* size is 0 or a power of two */
	bool numbered;
	bool has_zero; /* the key that is all-zero */
	uint32_t zero;
};

/* An empty set; all-zero is one without numbers. */
void keyset_init(struct keyset *s, bool numbered);
void keyset_clear(struct keyset *s);

/* Add the key: true when it is new, false when it was there. */
bool keyset_add(struct keyset *s, struct hash key);

/* Set its number, adding it if need be. */
void keyset_put(struct keyset *s, struct hash key, uint32_t value);

/* Its number, or -1. */
int64_t keyset_get(const struct keyset *s, struct hash key);
bool keyset_has(const struct keyset *s, struct hash key);

static inline void keyset_touch(const struct keyset *s, struct hash key)
{
	if (s->size > 0)
		__builtin_prefetch(&s->slot[key.lo & (s->size - 1)]);
}

#endif
