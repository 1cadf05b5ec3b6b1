/* hash_sort.h - sorts hashes, which are spread evenly, in O(n).
 *
 * Floor 2 (diff). In the cache of the processor, so for some ten thousand at
 * once.
 */
#ifndef DIFF_KEYS_HASH_SORT_H
#define DIFF_KEYS_HASH_SORT_H

#include <stddef.h>

struct hash_sort_item {
	uint64_t hi; /* of the hash */
	uint32_t i;  /* what it is of */
};

/* All-zero is empty. */
struct hash_sort {
	struct hash_sort_item
		*item; /* n: put them here, and find them ordered */
	size_t n, size;

	/* ours */
	struct hash_sort_item *from;
	uint32_t *bucket;
	size_t buckets;
};

void hash_sort_clear(struct hash_sort *s);

/* Room for n items, which may then be put. What was there is lost. */
void hash_sort_room(struct hash_sort *s, size_t n);

/* Sorts them; their first same_bits bits are the same. Equal ones keep their
 * order.
 */
void hash_sort_now(struct hash_sort *s, unsigned same_bits);

#endif
