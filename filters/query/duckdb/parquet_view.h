/* parquet_view.h - makes the view `files` over Parquet files, with an error for
 * columns that DuckDB would change.
 *
 * Floor 2 (query). DuckDB reads some columns as another number, another time or
 * under another name, without an error. The schemas of the files show which. In
 * the view these columns raise an error when they are read, so a model that
 * does not use them works.
 */
#ifndef QUERY_DUCKDB_PARQUET_VIEW_H
#define QUERY_DUCKDB_PARQUET_VIEW_H

#include "query/duckdb/duckconn.h"

#define PARQUET_VIEW "files"

/* Reads the schemas of all files of c->path and makes the view. Returns 0, or
 * -1 with *e set: ERR_CONFIG if a file has a column without a name or two with
 * the same name, or as duckerror_set. Memory grows with the columns, not the
 * files.
 */
int parquet_view_make(const struct duckconn *c, struct err *e) MUST_USE;

#endif
