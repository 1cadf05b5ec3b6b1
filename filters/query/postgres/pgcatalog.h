/* pgcatalog.h - reads the definitions of user-defined types from PostgreSQL's
 * catalog.
 *
 * Floor 2 (query). For columns of types that pgtype.h does not know. Domains,
 * enumerations, composite types and arrays of them are read in binary. A value
 * with a part of any other type is selected as text or JSON.
 */
#ifndef QUERY_POSTGRES_PGCATALOG_H
#define QUERY_POSTGRES_PGCATALOG_H

#include "query/postgres/pgconn.h"

#ifdef WITH_POSTGRES

/* Sets value and select of each column whose value has no type yet. p->head
 * must have the names. Returns 0, or -1 with *e set if the server reports an
 * error.
 */
int pgcatalog_columns(struct pgconn *p, struct err *e) MUST_USE;

#endif
#endif
