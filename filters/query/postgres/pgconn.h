/* pgconn.h - a connection to PostgreSQL, with the data of one run of a model.
 *
 * Floor 2 (query). source_postgres.c opens it, pgplan.c finds the columns,
 * pgcopy.c or pgrows.c read the rows.
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
	struct buf select; /* expression in the SELECT around the model */
};

/* The caller sets job to writes; the rest starts all-zero. */
struct pgconn {
	const struct source_job *job;
	struct rows *rows;
	struct pgtype_work work;
	bool text;   /* Redshift: values come as text */
	bool writes; /* --delta: the transaction creates tables */

	PGconn *conn;
	char *zone;               /* ?timezone= of the URL, or NULL */
	struct buf since;         /* the value of --since, in UTC */
	struct rows_column *head; /* n entries, like column */
	struct pgconn_column *column;
	size_t n;
	PGresult *described; /* owns the names in head */
	struct buf *param; /* the SQL of each parameter, set by pgparam_set; or
			    * NULL */
	struct pgshape_types types; /* types of the values in records */
	PGresult *natives;   /* --columns: owns the native type names in head */
	uint64_t seen;       /* rows received */
	bool greeted, ended; /* the COPY's header or trailer was read */
};

/* Connects to the URL of the job: ERR_USAGE, ERR_REFUSED, ERR_DENIED, and
 * ERR_PROTOCOL or ERR_CONFIG as pgerror_set_login.
 */
int pgconn_open(struct pgconn *p, struct err *e) MUST_USE;

/* The value for libpq's require_auth if the user sets none, given sslmode
 * (NULL: the default). "!password" if the connection may be without TLS, so
 * that the server cannot ask for the plain password; NULL to allow any method.
 */
const char *pgconn_require_auth(const char *sslmode);

/* Begins a transaction on one snapshot, read only unless p->writes. */
int pgconn_begin(const struct pgconn *p, struct err *e) MUST_USE;

/* Prints the first two steps of --check; does nothing without it. */
int pgconn_steps(const struct pgconn *p, struct err *e) MUST_USE;

/* Runs a statement that returns no rows. */
int pgconn_command(const struct pgconn *p, const char *sql,
		   struct err *e) MUST_USE;

/* Runs a statement of rudder-query that may take long. Returns its result, or
 * NULL with *e set: as rows_wait, or by the SQLSTATE. Earlier statements must
 * be finished.
 */
PGresult *pgconn_ask(struct pgconn *p, const char *sql, struct err *e) MUST_USE;

/* Waits for more of a result. Flushes finished rows first. */
int pgconn_wait(struct pgconn *p, struct err *e) MUST_USE;

/* Frees everything except p->work. */
void pgconn_close(struct pgconn *p);

#endif
#endif
