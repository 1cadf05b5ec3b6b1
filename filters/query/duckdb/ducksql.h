/* ducksql.h - the SQL that rudder writes for DuckDB.
 *
 * Floor 2 (query). How DuckDB writes names and parameters, the list of its
 * tables, and the statement around a model.
 */
#ifndef QUERY_DUCKDB_DUCKSQL_H
#define QUERY_DUCKDB_DUCKSQL_H

#include "query/duckdb/ducktype.h"
#include "query/model.h"

extern const struct model_sql ducksql;

/* A SELECT of all tables, for --tables. */
extern const char ducksql_tables[];

/* The columns of a SELECT, n of them, and how many rows are wanted: INT64_MAX
 * or more for all.
 */
struct ducksql {
	char *const *name;
	struct ducktype *const *type;
	size_t n;
	uint64_t limit;
};

/* The SELECT within one that has the limit, so that DuckDB can plan for it, and
 * the casts, at the end of sql: whether there is any of them.
 */
bool ducksql_wrap(const struct ducksql *s, struct slice from, struct buf *sql);

#endif
