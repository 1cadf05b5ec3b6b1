/* pgplan.h - finds the columns of a model on PostgreSQL, and builds the SELECT
 * around it.
 *
 * Floor 2 (query). In that SELECT the server casts values of types that neither
 * pgtype.c nor pgcatalog.c can read.
 */
#ifndef QUERY_POSTGRES_PGPLAN_H
#define QUERY_POSTGRES_PGPLAN_H

#include "query/postgres/pgconn.h"

#ifdef WITH_POSTGRES

/* Prepares the model, which checks it, and finds its columns. ERR_CONFIG for a
 * wrong model; other errors as pgerror_set.
 */
int pgplan_columns(struct pgconn *p, struct err *e) MUST_USE;

/* Appends the SELECT with the casts around `from`, a SELECT of the same
 * columns.
 */
void pgplan_select_from(const struct pgconn *p, struct buf *sql,
			struct slice from);

/* Appends the SELECT with the casts, the order and the limit around the model.
 */
void pgplan_select(const struct pgconn *p, struct buf *sql);

#endif
#endif
