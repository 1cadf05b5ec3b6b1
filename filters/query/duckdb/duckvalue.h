/* duckvalue.h - writes the values of DuckDB's vectors as JSON.
 *
 * Floor 2 (query). Values are read directly from the vectors. How each type is
 * written is in rudder-query(1).
 */
#ifndef QUERY_DUCKDB_DUCKVALUE_H
#define QUERY_DUCKDB_DUCKVALUE_H

#include "query/duckdb/ducktype.h"
#include "wire/json/scan.h"

/* Scratch memory, and the reason why the last value was refused. */
struct duckvalue_work {
	struct scan *scan;
	struct buf scratch, key;
	const char *why;
};

/* Appends the value of a row to b. Returns 0, or -1 with w->why set. */
int duckvalue_put(const struct ducktype *t, struct buf *b, uint64_t row,
		  struct duckvalue_work *w) MUST_USE;

#endif
