/* pgcopy.h - rows of PostgreSQL by binary COPY.
 *
 * Floor 2 (query). Measured on 1 M rows of 11 columns, COPY in binary costs
 * both sides less than any other way to get rows, and less than the server's
 * own CSV.
 */
#ifndef QUERY_POSTGRES_PGCOPY_H
#define QUERY_POSTGRES_PGCOPY_H

#include "query/postgres/pgconn.h"

#ifdef WITH_POSTGRES

/* All rows of the model, up to the server's last word. */
int pgcopy_run(struct pgconn *p, struct err *e) MUST_USE;

/* The rows of any SELECT that has the columns of p, within the transaction. */
int pgcopy_select(struct pgconn *p, struct slice select,
		  struct err *e) MUST_USE;

/* Gives the rows in one message of the COPY, which holds the header, rows and
 * the trailer in whatever mixture, each of them whole. ERR_PROTOCOL for
 * anything else, and as rows_put. After the row beyond --limit the rest is not
 * looked at.
 */
int pgcopy_put(struct pgconn *p, struct slice message, struct err *e) MUST_USE;

#endif
#endif
