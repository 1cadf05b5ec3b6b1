/* trhash.h - the hash of a row of Trino, in its SQL.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_TRINO_TRHASH_H
#define QUERY_TRINO_TRHASH_H

#include "query/rows.h"
#include "query/trino/trtype.h"

/* A bigint of all values of the row t, at the end of b. ERR_CONFIG where a
 * column has a type whose values have no text that tells them apart.
 */
int trhash_put(struct buf *b, const struct rows_column *c,
	       struct trtype *const *type, size_t n, struct err *e) MUST_USE;

/* The hash of an array of varchar; what is between the two is the array. */
extern const char trhash_before[], trhash_behind[];

#endif
