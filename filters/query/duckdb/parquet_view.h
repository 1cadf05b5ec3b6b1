/* parquet_view.h - the view `files` over Parquet files, without columns DuckDB
 * would change.
 *
 * Floor 2 (query). DuckDB reads some columns as another number, another time or
 * under another name, without a word. Their schema tells which: the view has an
 * error in place of their values, so that a model that does not use them works.
 */
#ifndef QUERY_DUCKDB_PARQUET_VIEW_H
#define QUERY_DUCKDB_PARQUET_VIEW_H

#include "query/duckdb/duckconn.h"

#define PARQUET_VIEW "files"

/* Reads the schema of all files of c->path and makes the view: 0, or -1 with *e
 * set to ERR_CONFIG where a file has two columns of one name or one without,
 * or to what duckerror_set says. Memory grows with the columns, not the files.
 */
int parquet_view_make(const struct duckconn *c, struct err *e) MUST_USE;

#endif
