/* pgplan.h - the columns of a model on PostgreSQL, and the SELECT around it.
 *
 * Floor 2 (query). Types that pgtype.c does not know are cast by the server to
 * some that it does.
 */
#ifndef QUERY_POSTGRES_PGPLAN_H
#define QUERY_POSTGRES_PGPLAN_H

#include "query/postgres/pgconn.h"

#ifdef WITH_POSTGRES

/* Prepares the model, which checks it, and finds its columns. ERR_CONFIG. */
int pgplan_columns(struct pgconn *p, struct err *e) MUST_USE;

/* Another SELECT of the same columns within one that has the casts. */
void pgplan_select_from(const struct pgconn *p, struct buf *sql,
			struct slice from);

/* The model within a SELECT that has the casts, the order and the limit. */
void pgplan_select(const struct pgconn *p, struct buf *sql);

#endif
#endif
