/* pgerror.h - maps errors of PostgreSQL and libpq to kinds of errors.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_POSTGRES_PGERROR_H
#define QUERY_POSTGRES_PGERROR_H

#include "query/postgres/pgconn.h"

#ifdef WITH_POSTGRES

/* Sets *e to the error of the result, or of the connection if r is NULL, with
 * the kind of its SQLSTATE. Returns -1.
 */
int pgerror_set(const struct pgconn *p, const PGresult *r, struct err *e);

/* The same for an error in the text of the model; shows the position if the
 * server reports one.
 */
int pgerror_set_model(const struct pgconn *p, const PGresult *r, struct err *e);

/* Sets ERR_PROTOCOL: the server violates its protocol. Returns -1. */
int pgerror_nonsense(struct err *e);

/* Sets *e for a failed login, by libpq's text: ERR_DENIED for a wrong user or
 * password, ERR_PROTOCOL for TLS, ERR_CONFIG for a database or service that
 * does not exist, otherwise ERR_REFUSED. Returns -1.
 */
int pgerror_set_login(const struct pgconn *p, struct err *e);

#endif
#endif
