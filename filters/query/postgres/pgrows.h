/* pgrows.h - rows of Redshift, as text: it has neither COPY to the client nor
 * binary values.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_POSTGRES_PGROWS_H
#define QUERY_POSTGRES_PGROWS_H

#include "query/postgres/pgconn.h"

/* Whether the server's last word, a number of rows, fits those that came. It is
 * "" where the server counts none, as Redshift and PostgreSQL before 9.0 do for
 * a SELECT; that the word came at all, and no error, is then what there is.
 */
bool pgrows_fits(const char *count, uint64_t seen);

#ifdef WITH_POSTGRES

/* All rows, up to the server's last word. */
int pgrows_run(struct pgconn *p, struct err *e) MUST_USE;

#endif
#endif
