/* keyed_hash.h - hashes of values that could be guessed, under the state's
 * seed.
 *
 * Floor 1 (wire). HMAC-SHA-256 (RFC 2104): without the key nobody can test
 * guesses, and known values with their hashes do not reveal the key. The hashes
 * of wire/json/hash.h are faster, but guarantee neither.
 */
#ifndef WIRE_STATE_KEYED_HASH_H
#define WIRE_STATE_KEYED_HASH_H

#include "core/buf.h"

/* Appends the first digits (at most 64, an even number) of the hash, in
 * lower-case hexadecimal.
 */
void keyed_hash(struct slice key, struct slice value, size_t digits,
		struct buf *b);

/* The same under the seed of a state. what names the purpose: the hashes of a
 * value for two purposes differ.
 */
void keyed_hash_seed(uint64_t seed, const char *what, struct slice value,
		     size_t digits, struct buf *b);

#endif
