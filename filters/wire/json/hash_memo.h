/* hash_memo.h - a cache of hashes of repeated texts, such as settings.
 *
 * Floor 1. A part of hash.c. Hashing an object costs a hash for each of its
 * members, but a column of objects often has only a few different texts. The
 * cache has the hashes of 256 texts of up to HASH_MEMO_TEXT bytes, and the
 * texts, so that a different text never gets a cached hash. If hardly any text
 * is repeated, lookups pause for a while.
 */
#ifndef WIRE_JSON_HASH_MEMO_H
#define WIRE_JSON_HASH_MEMO_H

#include "wire/json/hash.h"

enum { HASH_MEMO_TEXT = 232 };

struct hash_memo;

/* For hashes under this seed: 64 KiB. Never NULL; hash_memo_free takes NULL. */
struct hash_memo *hash_memo_new(uint64_t seed) MUST_USE;
void hash_memo_free(struct hash_memo *m);

/* Whether the hash of the text is in the cache; then *h is set. */
bool hash_memo_find(struct hash_memo *m, struct slice text, struct hash *h);

/* Puts the hash of the text, for which hash_memo_find was just called, into the
 * cache.
 */
void hash_memo_keep(struct hash_memo *m, struct slice text, struct hash h);

/* The seed it was made for. */
uint64_t hash_memo_seed(const struct hash_memo *m);

#endif
