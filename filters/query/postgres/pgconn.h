/* pgconn.h - a connection to PostgreSQL and what one run of a model needs of
 * it.
 *
 * Floor 2 (query). source_postgres.c opens it, pgplan.c finds the columns,
 * pgcopy.c or pgrows.c give the rows.
 */
#ifndef QUERY_POSTGRES_PGCONN_H
#define QUERY_POSTGRES_PGCONN_H

#include "query/postgres/pgshape.h"
#include "query/source.h"

#ifdef WITH_POSTGRES
#include <libpq-fe.h>

struct pgconn_column {
	struct pgtype_column value;
	uint32_t oid;
	struct buf select; /* what the wrapped SELECT has for it */
};

/* All-zero but for the first four. */
struct pgconn {
	const struct source_job *job;
	struct rows *rows;
	struct pgtype_work work;
	bool text;   /* Redshift: values come as text */
	bool writes; /* --delta: the transaction makes tables */

	PGconn *conn;
	char *zone;               /* ?timezone= of the URL, or NULL */
	struct buf since;         /* a time, in UTC */
	struct rows_column *head; /* n of them, as the one below */
	struct pgconn_column *column;
	size_t n;
	PGresult *described; /* owns the names in head */
	struct buf *param;   /* by pgparam_set: what stands for each, or NULL */
	struct pgshape_types types; /* of values in records */
	PGresult *natives;   /* and the words for types, with --columns */
	uint64_t seen;       /* rows that came */
	bool greeted, ended; /* header and trailer of the COPY */
};

/* Connects as the URL of the job says: ERR_USAGE, ERR_REFUSED, ERR_DENIED. */
int pgconn_open(struct pgconn *p, struct err *e) MUST_USE;

/* What libpq's require_auth must be when the URL leaves it out, for this
 * sslmode, NULL for the default: a server does not get the password itself
 * where the connection may have no TLS. NULL for any method.
 */
const char *pgconn_require_auth(const char *sslmode);

/* One transaction, read only unless it writes, on one snapshot. */
int pgconn_begin(const struct pgconn *p, struct err *e) MUST_USE;

/* The first two steps of --check; nothing without it. */
int pgconn_steps(const struct pgconn *p, struct err *e) MUST_USE;

/* A statement without rows. */
int pgconn_command(const struct pgconn *p, const char *sql,
		   struct err *e) MUST_USE;

/* Any statement of ours, which may take long: its result, or NULL with *e set
 * as rows_wait, and ERR_REFUSED. What was sent before must be finished.
 */
PGresult *pgconn_ask(struct pgconn *p, const char *sql, struct err *e) MUST_USE;

/* Waits for more of a result, while what is finished goes out. */
int pgconn_wait(struct pgconn *p, struct err *e) MUST_USE;

/* Frees all but the work. */
void pgconn_close(struct pgconn *p);

#endif
#endif
