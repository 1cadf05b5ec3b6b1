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

/* Types that are not the server's own, by their oid. */
struct pgshape_types {
	struct pgshape_type {
		uint32_t oid;
		struct pgtype_column value;
	} * type;
	size_t n;
};

struct pgshape {
	struct pgshape_field *field; /* n of them */
	size_t n;
	bool elements; /* of an array that was made anew: it has one dimension,
			* or else elements that do not fit */
	/* Instead, of a record: each value says its types, here are those that
	 * the server does not say the same of everywhere. Its fields are f1, f2
	 * and so on, as those of to_json().
	 */
	const struct pgshape_types *types;
};

/* One more field; name is copied, the shape in value taken. */
void pgshape_add(struct pgshape *s, const char *name,
		 const struct pgtype_column *value);
void pgshape_free(struct pgshape *s); /* NULL is allowed */
void pgshape_types_clear(struct pgshape_types *t);

/* How to read a record, and one of an array of them; false for other types. The
 * shape is the caller's.
 */
bool pgshape_record(uint32_t oid, const struct pgshape_types *types,
		    struct pgtype_column *value);

/* A value of any column, not NULL: as pgtype_put. */
int pgshape_put(const struct pgtype_column *c, struct buf *b, struct slice v,
		struct pgtype_work *w) MUST_USE;

#endif
