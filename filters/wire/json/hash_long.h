/* hash_long.h - fast hashes of long inputs: lines and files.
 *
 * Floor 1. A part of hash.c, which has short inputs inlined. If libxxhash has
 * them (xxh_x86dispatch.h), its functions for the widest vectors of the
 * processor are used; the hashes are the same.
 */
#ifndef WIRE_JSON_HASH_LONG_H
#define WIRE_JSON_HASH_LONG_H

#include "wire/json/hash.h"

/* Up to this number of bytes XXH3 uses no vectors. */
enum { HASH_SHORT = 240 };

/* As hash_bytes, for more than HASH_SHORT bytes. */
struct hash hash_long_bytes(const void *p, size_t n, uint64_t seed);

/* As hash_half_of, for more than HASH_SHORT bytes, with the secret of the seed.
 */
uint64_t hash_long_half(const void *p, size_t n,
			const unsigned char secret[HASH_SECRET]);

/* Hashes bytes that come in pieces: equals hash_bytes of all of them.
 * hash_long_end frees.
 */
struct hash_long;
struct hash_long *hash_long_new(uint64_t seed) MUST_USE;
void hash_long_add(struct hash_long *s, const void *p, size_t n);
struct hash hash_long_end(struct hash_long *s);

#endif
