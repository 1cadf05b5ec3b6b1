/* pgshape.h - PostgreSQL's binary arrays and composite values as JSON.
 *
 * Floor 2 (query). As array_send and record_send of src/backend/utils/adt write
 * them; what is in them is read by pgtype.h.
 */
#ifndef QUERY_POSTGRES_PGSHAPE_H
#define QUERY_POSTGRES_PGSHAPE_H

#include "query/postgres/pgtype.h"

struct pgshape_field {
	struct buf name; /* "a": as JSON */
	struct pgtype_column value;
};

struct pgshape {
	struct pgshape_field *field; /* n of them */
	size_t n;
};

/* One more field; name is copied, the shape in value taken. */
void pgshape_add(struct pgshape *s, const char *name,
		 const struct pgtype_column *value);
void pgshape_free(struct pgshape *s); /* NULL is allowed */

/* A value of any column, not NULL: as pgtype_put. */
int pgshape_put(const struct pgtype_column *c, struct buf *b, struct slice v,
		struct pgtype_work *w) MUST_USE;

#endif
