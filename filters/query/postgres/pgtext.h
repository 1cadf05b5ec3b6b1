/* pgtext.h - writes PostgreSQL's text values as JSON, the same as pgtype.h
 * writes for binary values.
 *
 * Floor 2 (query). For Redshift, which has no binary values. The session must
 * have DateStyle ISO and the time zone UTC.
 */
#ifndef QUERY_POSTGRES_PGTEXT_H
#define QUERY_POSTGRES_PGTEXT_H

#include "query/postgres/pgtype.h"

/* Writes one value, not NULL. Returns 0, or -1 with w->why set if the text is
 * invalid for its type (b then ends with part of the value). The text of a
 * float4 must be that of the same value as float8.
 */
int pgtext_put(const struct pgtype_column *c, struct buf *b, struct slice v,
	       struct pgtype_work *w) MUST_USE;

#endif
