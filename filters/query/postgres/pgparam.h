/* pgparam.h - puts parameters into a COPY, which does not accept any.
 *
 * Floor 2 (query). The values are bound to a call of set_config, and the text
 * of the model has current_setting in place of $1, with the type that the
 * server has found for it: so they are never part of the SQL. Within a SELECT
 * of its own, since that is run once and not for each row.
 */
#ifndef QUERY_POSTGRES_PGPARAM_H
#define QUERY_POSTGRES_PGPARAM_H

#include "query/postgres/pgconn.h"

#ifdef WITH_POSTGRES

/* Sends the values to the server, for this transaction. The model must have
 * been prepared (pgplan_columns). ERR_REFUSED and what SQLSTATE says.
 */
int pgparam_set(struct pgconn *p, struct err *e) MUST_USE;

/* The text of the model with what stands for the parameters. */
void pgparam_put(const struct pgconn *p, struct buf *sql);

#endif
#endif
