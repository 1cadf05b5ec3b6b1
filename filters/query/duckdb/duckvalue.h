/* duckvalue.h - DuckDB's vectors as JSON, value by value.
 *
 * Floor 2 (query). Values are read where they lie in the vectors. The rules are
 * those of rudder-query(1).
 */
#ifndef QUERY_DUCKDB_DUCKVALUE_H
#define QUERY_DUCKDB_DUCKVALUE_H

#include "query/duckdb/ducktype.h"
#include "wire/json/scan.h"

/* Memory for values, and why the last one was refused. */
struct duckvalue_work {
	struct scan *scan;
	struct buf scratch, key;
	const char *why;
};

/* The value of a row at the end of b: 0, or -1 with work->why set. */
int duckvalue_put(const struct ducktype *t, struct buf *b, uint64_t row,
		  struct duckvalue_work *w) MUST_USE;

#endif
