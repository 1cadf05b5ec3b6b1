/* duckconn.h - opens DuckDB with its options, and runs short statements.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_DUCKDB_DUCKCONN_H
#define QUERY_DUCKDB_DUCKCONN_H

#include <stdatomic.h>

#include "core/buf.h"
#include "query/duckdb/duck.h"

struct duckconn {
	struct duck d;
	const char *where; /* source_job.where: path and options */
	bool parquet;
	bool writes; /* --delta: creates tables */
	void *db;
	_Atomic(void *) conn;
	struct buf path;              /* without options */
	struct buf zone;              /* timezone=, or empty */
	bool external, external_said; /* external=on; external= is given */
	bool no_hive;                 /* hive=off */
	bool drop_ns;                 /* ns=drop */
};

/* The options after the last '?' of the URL: "threads=", ..., NULL. */
extern const char *const duckconn_tuning[];

/* Opens the database c->where, or one in memory for Parquet files. c->d must be
 * loaded. Returns 0, or -1 with *e set: ERR_USAGE for an option, ERR_INPUT,
 * ERR_DENIED, ERR_OS, or as duckerror_set.
 */
int duckconn_open(struct duckconn *c, struct err *e) MUST_USE;

/* Sets the time zone of the session if the URL has one. Returns 0, or -1 as
 * duckerror_set.
 */
int duckconn_begin(const struct duckconn *c, struct err *e) MUST_USE;

/* Runs a statement and ignores its result. Returns 0, or -1 as duckerror_set.
 */
int duckconn_command(const struct duckconn *c, const char *sql,
		     struct err *e) MUST_USE;

/* Runs a query whose result is one 64-bit integer. Errors as duckerror_set. */
int duckconn_count(const struct duckconn *c, const char *sql, int64_t *n,
		   struct err *e) MUST_USE;

/* Runs a query with one column of texts, and calls take with each of them,
 * borrowed. Errors as duckerror_set.
 */
typedef void duckconn_text_fn(void *ctx, struct slice text);
int duckconn_texts(const struct duckconn *c, const char *sql,
		   duckconn_text_fn *take, void *ctx, struct err *e) MUST_USE;

/* Appends s to b as a string literal of SQL. */
void duckconn_string(struct buf *b, struct slice s);

/* Closes the database and frees everything except the library. Also allowed if
 * opening failed.
 */
void duckconn_close(struct duckconn *c);

#endif
