/* pgerror.h - maps errors of PostgreSQL and libpq to kinds of errors.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_POSTGRES_PGERROR_H
#define QUERY_POSTGRES_PGERROR_H

#include "query/postgres/pgconn.h"

#ifdef WITH_POSTGRES

/* -1 with what the result says, or the connection where r is NULL; the kind is
 * that of its SQLSTATE.
 */
int pgerror_set(const struct pgconn *p, const PGresult *r, struct err *e);

/* The same for the model's own text, where the server tells the place. */
int pgerror_set_model(const struct pgconn *p, const PGresult *r, struct err *e);

/* ERR_PROTOCOL: the server does not keep to its own protocol. */
int pgerror_nonsense(struct err *e);

/* -1 for a login that failed, by the text of libpq: ERR_DENIED where the user
 * or the password is wrong, ERR_PROTOCOL for TLS, ERR_CONFIG where there is no
 * such database or service, else ERR_REFUSED.
 */
int pgerror_set_login(const struct pgconn *p, struct err *e);

#endif
#endif
