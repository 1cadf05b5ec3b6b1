/* duckdelta.h - --delta on DuckDB: tables and rows in one transaction of a
 * file.
 *
 * Floor 2 (query). The hash of a row is that of its values and of their texts:
 * the values keep 'a, b' apart from 'a' and 'b', and the texts 1 month from 30
 * days, and -0 from 0, which are equal.
 */
#ifndef QUERY_DUCKDB_DUCKDELTA_H
#define QUERY_DUCKDB_DUCKDELTA_H

#include "query/delta_sql.h"
#include "query/duckdb/duckconn.h"

struct duckdelta {
	struct duckconn *c;
	struct delta *d;
	const struct model *model;
	const struct rows_column *head; /* n of them */
	size_t n;
};

/* Whether the key and the schema are fit for it, before anything is made.
 * ERR_USAGE, ERR_CONFIG.
 */
int duckdelta_check(const struct duckdelta *x, struct err *e) MUST_USE;

/* For --check: whether a table can be made. ERR_DENIED and what DuckDB says. */
int duckdelta_try(const struct duckdelta *x, struct err *e) MUST_USE;

/* Begins a transaction and makes the tables. Where only some of the rows are to
 * be read they are in a temporary table then, and the transaction is over; else
 * it ends with duckdelta_end. reads as in delta_fingerprint.
 */
int duckdelta_make(const struct duckdelta *x, const char *reads,
		   struct err *e) MUST_USE;

/* The SELECT for the rows, instead of the model, and for the missing keys, at
 * the end of b.
 */
void duckdelta_rows(const struct duckdelta *x, struct buf *b);
void duckdelta_missing(const struct duckdelta *x, struct buf *b);

/* After all rows: ends the transaction, and drops what no run needs. */
int duckdelta_end(const struct duckdelta *x, struct err *e) MUST_USE;

#endif
