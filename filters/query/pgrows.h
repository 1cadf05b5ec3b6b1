/* pgrows.h - rows of PostgreSQL one by one, for a query with parameters, which
 * COPY takes none of.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_PGROWS_H
#define QUERY_PGROWS_H

#include "query/pgconn.h"

#ifdef WITH_POSTGRES

/* All rows, up to the server's last word. */
int pgrows_run(struct pgconn *p, struct err *e) MUST_USE;

#endif
#endif
