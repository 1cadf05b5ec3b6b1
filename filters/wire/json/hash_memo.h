/* hash_memo.h - hashes of texts that come again, as those of settings do.
 *
 * Floor 1. A part of hash.c. An object costs a hash for each member in it; a
 * column of objects has often only a few different texts. Of 256 texts of up to
 * HASH_MEMO_TEXT bytes the hash is remembered, and the text itself, so that
 * another text never gets it. Where hardly any text comes again, none is looked
 * up for a while.
 */
#ifndef WIRE_JSON_HASH_MEMO_H
#define WIRE_JSON_HASH_MEMO_H

#include "wire/json/hash.h"

enum { HASH_MEMO_TEXT = 232 };

struct hash_memo;

/* For hashes under this seed: 64 KiB. Never NULL; hash_memo_free takes NULL. */
struct hash_memo *hash_memo_new(uint64_t seed) MUST_USE;
void hash_memo_free(struct hash_memo *m);

/* Whether the hash of the text is known; then it is in *h. */
bool hash_memo_find(struct hash_memo *m, struct slice text, struct hash *h);

/* Remembers the hash of the text, for which hash_memo_find was just asked. */
void hash_memo_keep(struct hash_memo *m, struct slice text, struct hash h);

/* The seed it was made for. */
uint64_t hash_memo_seed(const struct hash_memo *m);

#endif
