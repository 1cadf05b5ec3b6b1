/* duckdelta.h - --delta on DuckDB: makes the tables and reads the rows in one
 * transaction of a database file.
 *
 * Floor 2 (query). A row is hashed by its values and by their texts. The values
 * tell 'a, b' apart from 'a' and 'b'; the texts tell apart what compares as
 * equal, like 1 month and 30 days, or -0 and 0.
 */
#ifndef QUERY_DUCKDB_DUCKDELTA_H
#define QUERY_DUCKDB_DUCKDELTA_H

#include "query/delta_sql.h"
#include "query/duckdb/duckconn.h"

struct duckdelta {
	struct duckconn *c;
	struct delta *d;
	const struct model *model;
	const struct rows_column *head; /* n entries */
	size_t n;
};

/* Checks the key and the schema before anything is created. ERR_USAGE,
 * ERR_CONFIG, or as duckerror_set.
 */
int duckdelta_check(const struct duckdelta *x, struct err *e) MUST_USE;

/* For --check: creates and drops a table. ERR_DENIED, or as duckerror_set. */
int duckdelta_try(const struct duckdelta *x, struct err *e) MUST_USE;

/* Begins a transaction and makes the tables. If only changed rows are to be
 * read, copies them into a temporary table and commits; otherwise duckdelta_end
 * commits. reads is as in delta_fingerprint.
 */
int duckdelta_make(const struct duckdelta *x, const char *reads,
		   struct err *e) MUST_USE;

/* Append to b the SELECT of the rows, which replaces the model, and that of the
 * missing keys.
 */
void duckdelta_rows(const struct duckdelta *x, struct buf *b);
void duckdelta_missing(const struct duckdelta *x, struct buf *b);

/* After all rows: commits if that is still to do, and drops the tables that no
 * run needs any more.
 */
int duckdelta_end(const struct duckdelta *x, struct err *e) MUST_USE;

#endif
