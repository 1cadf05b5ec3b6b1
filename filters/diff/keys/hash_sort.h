/* hash_sort.h - sorts hashes, which are spread evenly, in O(n).
 *
 * Floor 2 (diff). It should run in the cache of the processor, so sort at most
 * some ten thousand hashes at once.
 */
#ifndef DIFF_KEYS_HASH_SORT_H
#define DIFF_KEYS_HASH_SORT_H

#include <stddef.h>

struct hash_sort_item {
	uint64_t hi; /* of the hash */
	uint32_t i;  /* the index of what it is the hash of */
};

/* All-zero is empty. */
struct hash_sort {
	struct hash_sort_item
		*item; /* n items: put them here, and get them sorted */
	size_t n, size;

	/* internal */
	struct hash_sort_item *from;
	uint32_t *bucket;
	size_t buckets;
};

void hash_sort_clear(struct hash_sort *s);

/* Makes room for n items; existing ones are lost. */
void hash_sort_room(struct hash_sort *s, size_t n);

/* Sorts the items, whose first same_bits bits are equal. Items with equal
 * hashes keep their order.
 */
void hash_sort_now(struct hash_sort *s, unsigned same_bits);

#endif
