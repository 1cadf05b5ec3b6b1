/* pgrows.h - reads rows of Redshift as text, because it supports neither COPY
 * to the client nor binary values.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_POSTGRES_PGROWS_H
#define QUERY_POSTGRES_PGROWS_H

#include "query/postgres/pgconn.h"

/* Whether the number of rows that the server reports at the end is the number
 * of rows received. True for "": Redshift, and PostgreSQL before 9.0, report no
 * number for a SELECT, only that it is complete.
 */
bool pgrows_fits(const char *count, uint64_t seen);

#ifdef WITH_POSTGRES

/* Reads all rows of the model, then commits. */
int pgrows_run(struct pgconn *p, struct err *e) MUST_USE;

#endif
#endif
