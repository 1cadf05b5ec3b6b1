/* ducksql.h - the SQL for DuckDB: its syntax, the list of tables, and the
 * SELECT around a model.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_DUCKDB_DUCKSQL_H
#define QUERY_DUCKDB_DUCKSQL_H

#include "query/duckdb/ducktype.h"
#include "query/model.h"

extern const struct model_sql ducksql;

/* The SELECT that lists all tables, for --tables. */
extern const char ducksql_tables[];

/* The n columns of a SELECT, and the maximum number of rows; INT64_MAX or more
 * for all.
 */
struct ducksql {
	char *const *name;
	struct ducktype *const *type;
	size_t n;
	uint64_t limit;
};

/* Appends to sql a SELECT around `from`, with the limit, which DuckDB then
 * plans for, and the casts. Returns whether it has a limit or a cast.
 */
bool ducksql_wrap(const struct ducksql *s, struct slice from, struct buf *sql);

#endif
