/* pgcopy.h - reads rows of PostgreSQL by binary COPY.
 *
 * Floor 2 (query). Measured with 1 M rows of 11 columns, binary COPY costs
 * client and server less than any other way to read rows, and less than the
 * server's own CSV.
 */
#ifndef QUERY_POSTGRES_PGCOPY_H
#define QUERY_POSTGRES_PGCOPY_H

#include "query/postgres/pgconn.h"

#ifdef WITH_POSTGRES

/* Reads all rows of the model, then commits. */
int pgcopy_run(struct pgconn *p, struct err *e) MUST_USE;

/* Reads the rows of a SELECT that has the columns of p, inside the transaction.
 * ERR_PROTOCOL if the server does not confirm the number of rows.
 */
int pgcopy_select(struct pgconn *p, struct slice select,
		  struct err *e) MUST_USE;

/* Passes on the rows in one message of the COPY. A message holds any mixture of
 * the header, rows and the trailer, each of them whole; otherwise ERR_PROTOCOL.
 * Other errors as rows_put. Ignores the rest after the first row beyond
 * --limit.
 */
int pgcopy_put(struct pgconn *p, struct slice message, struct err *e) MUST_USE;

#endif
#endif
