/* pgtext.h - PostgreSQL's text values as JSON, equal to what pgtype.h makes of
 * binary ones.
 *
 * Floor 2 (query). For Redshift, which gives no binary values. The session must
 * have DateStyle ISO and the time zone UTC.
 */
#ifndef QUERY_POSTGRES_PGTEXT_H
#define QUERY_POSTGRES_PGTEXT_H

#include "query/postgres/pgtype.h"

/* One value, not NULL: 0, or -1 with w->why set where the text is no such value
 * (b then holds a part of it). float4 comes as the float8 of the same value.
 */
int pgtext_put(const struct pgtype_column *c, struct buf *b, struct slice v,
	       struct pgtype_work *w) MUST_USE;

#endif
