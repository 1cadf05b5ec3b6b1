/* duckconn.h - DuckDB opened: its options, its files, and short commands.
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
	const char *where; /* of the job: path and options */
	bool parquet;
	bool writes; /* --delta: makes tables */
	void *db;
	_Atomic(void *) conn;
	struct buf path;              /* without options */
	struct buf zone;              /* timezone=, or empty */
	bool external, external_said; /* external=on; either of it */
	bool no_hive;                 /* hive=off */
	bool drop_ns;                 /* ns=drop */
};

/* The options behind the last '?' of the URL: "threads=", ..., NULL. */
extern const char *const duckconn_tuning[];

/* Opens the database of where, or one in memory for Parquet files: 0, or -1
 * with *e set to ERR_USAGE for an option, ERR_INPUT, ERR_DENIED, ERR_OS, or
 * what duckerror_set says. c->d must be loaded.
 */
int duckconn_open(struct duckconn *c, struct err *e) MUST_USE;

/* The zone of the session, where the URL says one: 0 or -1 as duckerror_set. */
int duckconn_begin(const struct duckconn *c, struct err *e) MUST_USE;

/* A statement whose result does not matter: 0 or -1 as duckerror_set. */
int duckconn_command(const struct duckconn *c, const char *sql,
		     struct err *e) MUST_USE;

/* The number, of 64 bits, that a query gives. */
int duckconn_count(const struct duckconn *c, const char *sql, int64_t *n,
		   struct err *e) MUST_USE;

/* Each text of a query for one column of them, borrowed, goes to take. */
typedef void duckconn_text_fn(void *ctx, struct slice text);
int duckconn_texts(const struct duckconn *c, const char *sql,
		   duckconn_text_fn *take, void *ctx, struct err *e) MUST_USE;

/* s as a string of SQL, at the end of b. */
void duckconn_string(struct buf *b, struct slice s);

/* Frees all but the library; one that was not opened is allowed. */
void duckconn_close(struct duckconn *c);

#endif
