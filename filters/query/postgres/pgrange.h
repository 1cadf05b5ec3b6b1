/* pgrange.h - writes PostgreSQL's ranges of timestamps as JSON strings.
 *
 * Floor 2 (query). The server's own text has the time zone of the session;
 * these are in UTC. Both functions are like pgtype_put.
 */
#ifndef QUERY_POSTGRES_PGRANGE_H
#define QUERY_POSTGRES_PGRANGE_H

#include "query/postgres/pgtype.h"

/* A tstzrange. */
int pgrange_put(struct buf *b, struct slice v, struct pgtype_work *w) MUST_USE;

/* A tstzmultirange. */
int pgrange_put_many(struct buf *b, struct slice v,
		     struct pgtype_work *w) MUST_USE;

#endif
