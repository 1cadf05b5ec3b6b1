/* parquet_types.h - the types that a Parquet column has in several files
 *
 * Floor 2 (query). DuckDB reads all files with one common type, which may
 * change values.
 */
#ifndef QUERY_DUCKDB_PARQUET_TYPES_H
#define QUERY_DUCKDB_PARQUET_TYPES_H

#include "core/slice.h"

/* Start with an all-zero struct. */
struct parquet_types {
	int bits;         /* bits of the widest float, or 0 */
	int whole, scale; /* maximum digits before and after the point */
	bool decimal;
	bool text, bytes;  /* VARCHAR; BLOB */
	bool zoned, local; /* times with a time zone; without, and dates */
};

/* Adds the type of one more file, as DuckDB names it, with the precision and
 * scale of a decimal.
 */
void parquet_types_add(struct parquet_types *t, struct slice type,
		       int64_t precision, int64_t scale);

/* Whether integers of some files become floats that cannot hold all of them. */
bool parquet_types_is_inexact(const struct parquet_types *t);

/* Why the common type changes values: what follows the name of the column, or
 * NULL. within: it is a part of a nested column. utc: the session's time zone
 * is UTC, so times without a time zone keep their digits.
 */
const char *parquet_types_mixed(const struct parquet_types *t, bool within,
				bool utc);

#endif
