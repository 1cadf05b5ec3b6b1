/* trhash.h - the SQL that hashes a row of Trino.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_TRINO_TRHASH_H
#define QUERY_TRINO_TRHASH_H

#include "query/rows.h"
#include "query/trino/trtype.h"

/* Appends the SQL of a bigint hash of all values of the row t. ERR_CONFIG if
 * the values of a column's type have no text that tells them apart.
 */
int trhash_put(struct buf *b, const struct rows_column *c,
	       struct trtype *const *type, size_t n, struct err *e) MUST_USE;

/* SQL of the hash of an array of varchar, before and after the array. */
extern const char trhash_before[], trhash_behind[];

#endif
