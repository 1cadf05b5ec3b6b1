/* pgcatalog.h - the types that PostgreSQL's users have made, from its
 * catalogue.
 *
 * Floor 2 (query). For columns of types that pgtype.h does not know: domains,
 * enumerations, composite types and arrays of them are read as they lie in the
 * binary value; what has parts of a foreign type is asked for as text.
 */
#ifndef QUERY_POSTGRES_PGCATALOG_H
#define QUERY_POSTGRES_PGCATALOG_H

#include "query/postgres/pgconn.h"

#ifdef WITH_POSTGRES

/* Sets value and select of each column whose value has no type. p->head must
 * have the names. 0, or -1 with *e set where the server refuses.
 */
int pgcatalog_columns(struct pgconn *p, struct err *e) MUST_USE;

#endif
#endif
