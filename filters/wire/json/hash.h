/* hash.h - 128-bit hashes of values, rows and keys.
 *
 * Floor 1 (wire). Two values are equal if their canonical forms are:
 *
 *     - the members of an object may be in any order;
 *     - white space between tokens is ignored;
 *     - strings are compared decoded: "\u0061" is "a", "\/" is "/";
 *     - numbers are compared by their exact decimal value, of any size: 1, 1.0,
 *       10e-1 are equal, 0 and -0 too; 1 and "1" are not (a number with an
 *       exponent beyond 2^61 is compared as it is written);
 *     - null, a missing member and "" are three different things.
 *
 * The hash is XXH3-128 with a secret seed, so that nobody who does not know the
 * seed can construct two rows with the same hash. State files contain hashes: a
 * change of the values needs a new version of the format of these files.
 */
#ifndef WIRE_JSON_HASH_H
#define WIRE_JSON_HASH_H

#include "core/buf.h"
#include "wire/json/scan.h"

struct hash {
	uint64_t hi, lo; /* compared as one 128-bit number, hi first */
};

static inline bool hash_eq(struct hash a, struct hash b)
{
	return a.hi == b.hi && a.lo == b.lo;
}

/* -1, 0, 1 */
static inline int hash_order(struct hash a, struct hash b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return a.lo == b.lo ? 0 : (a.lo < b.lo ? -1 : 1);
}

/* The hash of any bytes. */
struct hash hash_bytes(const void *p, size_t n, uint64_t seed);

/* The hash of any bytes, half as long. */
uint64_t hash_half(const void *p, size_t n, uint64_t seed);

/* A seed for many inputs, with what XXH3 otherwise calculates from it for each
 * input of more than 240 bytes.
 */
enum { HASH_SECRET = 192 };
struct hash_seed {
	uint64_t seed;
	unsigned char secret[HASH_SECRET];
};
void hash_seed_init(struct hash_seed *s, uint64_t seed);

/* The same as hash_half of that seed. */
uint64_t hash_half_of(const void *p, size_t n, const struct hash_seed *s);

/* The hash of one valid JSON value, without white space around it. scratch is
 * memory for the canonical form.
 */
struct hash hash_value(struct slice value, uint64_t seed, struct buf *scratch);

/* Memory for hashing rows: the canonical form of a value, and a cache of the
 * hashes of repeated objects. All-zero is empty.
 */
struct hash_memo;
struct hash_scratch {
	struct buf text;
	struct hash_memo *memo;
};
void hash_scratch_clear(struct hash_scratch *s);

/* The hash of the members of a row, in any order, except those whose skip is
 * true. skip has n entries, or is NULL for all members.
 */
struct hash hash_row(const struct scan_member *m, size_t n, const bool *skip,
		     uint64_t seed, struct hash_scratch *scratch);

/* The same, and in *all the hash of all members. */
struct hash hash_row_and_all(const struct scan_member *m, size_t n,
			     const bool *skip, uint64_t seed,
			     struct hash_scratch *scratch, struct hash *all);

/* Compares two numbers by their exact values: -1, 0, 1 (by their text if an
 * exponent is beyond 2^61).
 */
int hash_number_order(struct slice a, struct slice b);

/* Appends the canonical text of a scalar, as described above. */
void hash_canonical(struct buf *b, struct slice value);

#endif
