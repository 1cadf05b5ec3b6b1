/* pgparam.h - passes parameters to a COPY, which accepts none.
 *
 * Floor 2 (query). The values are bound to a call of set_config, so they are
 * never part of the SQL. In the text of the model, current_setting replaces
 * each $1, cast to the type that the server has inferred. It is in a SELECT of
 * its own, which the server runs once instead of for each row.
 */
#ifndef QUERY_POSTGRES_PGPARAM_H
#define QUERY_POSTGRES_PGPARAM_H

#include "query/postgres/pgconn.h"

#ifdef WITH_POSTGRES

/* Sends the values to the server, for this transaction. pgplan_columns must
 * have prepared the model. Errors as pgerror_set.
 */
int pgparam_set(struct pgconn *p, struct err *e) MUST_USE;

/* Appends the text of the model to sql, with its parameters replaced. */
void pgparam_put(const struct pgconn *p, struct buf *sql);

#endif
#endif
