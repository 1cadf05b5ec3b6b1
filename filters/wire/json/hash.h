/* hash.h - 128-bit hashes of values, rows and keys.
 *
 * Floor 1 (wire). Two values are the same when their canonical forms are:
 *
 *   - an object is the set of its members, in any order;
 *   - white space between tokens does not count;
 *   - strings count as what they mean: "\u0061" is "a", "\/" is "/";
 *   - numbers count as their exact decimal value, of any size: 1, 1.0, 10e-1
 *     are the same, 0 and -0 too; 1 and "1" are not (an exponent beyond 2^61
 *     counts as it is written);
 *   - null, a missing member and "" are three different things.
 *
 * The hash is XXH3-128 under a secret seed, so that nobody who does not know
 * the seed can prepare two rows of one hash. Its values are kept in state
 * files: changing them needs a new version of those files' format.
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

/* Of any bytes. */
struct hash hash_bytes(const void *p, size_t n, uint64_t seed);

/* Of any bytes, half as long. */
uint64_t hash_half(const void *p, size_t n, uint64_t seed);

/* A seed for many inputs, with what XXH3 else makes of it for each that is
 * longer than 240 bytes.
 */
enum { HASH_SECRET = 192 };
struct hash_seed {
	uint64_t seed;
	unsigned char secret[HASH_SECRET];
};
void hash_seed_init(struct hash_seed *s, uint64_t seed);

/* The same as hash_half of that seed. */
uint64_t hash_half_of(const void *p, size_t n, const struct hash_seed *s);

/* Of one valid JSON value, no white space around it. scratch is memory for
 * the canonical form.
 */
struct hash hash_value(struct slice value, uint64_t seed, struct buf *scratch);

/* Memory for rows: the canonical form of a value, and hashes of objects that
 * come again. All-zero is empty.
 */
struct hash_memo;
struct hash_scratch {
	struct buf text;
	struct hash_memo *memo;
};
void hash_scratch_clear(struct hash_scratch *s);

/* Of the members of a row, in any order: those whose skip is not true. skip
 * has n entries, or is NULL for all.
 */
struct hash hash_row(const struct scan_member *m, size_t n, const bool *skip,
		     uint64_t seed, struct hash_scratch *scratch);

/* The same, and in *all that of all members. */
struct hash hash_row_and_all(const struct scan_member *m, size_t n,
			     const bool *skip, uint64_t seed,
			     struct hash_scratch *scratch, struct hash *all);

/* Which of two numbers is smaller, by their exact values: -1, 0, 1 (as they are
 * written where an exponent is beyond 2^61).
 */
int hash_number_order(struct slice a, struct slice b);

/* The canonical text of a scalar at the end of b, as it counts above. */
void hash_canonical(struct buf *b, struct slice value);

#endif
