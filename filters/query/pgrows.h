/* pgrows.h - rows one by one, as text, for Redshift: it has neither COPY to the
 * client nor binary values.
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
