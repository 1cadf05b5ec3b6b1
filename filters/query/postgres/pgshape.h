/* pgshape.h - writes PostgreSQL's binary arrays and composite values as JSON.
 *
 * Floor 2 (query). In the formats of array_send and record_send of
 * src/backend/utils/adt. pgtype.h reads the elements and fields.
 */
#ifndef QUERY_POSTGRES_PGSHAPE_H
#define QUERY_POSTGRES_PGSHAPE_H

#include "query/postgres/pgtype.h"

struct pgshape_field {
	struct buf name; /* "name":, as JSON */
	struct pgtype_column value;
};

/* User-defined types, by oid. */
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
	bool elements; /* elements of an array built by put_elements of
			* pgcatalog.c: if the column's array has several
			* dimensions, they have no fields and are refused */
	/* For a record without a declared type, instead of field: each value
	 * brings the oid of its type; here are the user-defined ones. The
	 * fields are named f1, f2 and so on, like those of to_json().
	 */
	const struct pgshape_types *types;
};

/* Adds a field; copies name, takes the shape in value. */
void pgshape_add(struct pgshape *s, const char *name,
		 const struct pgtype_column *value);
void pgshape_free(struct pgshape *s); /* NULL is allowed */
void pgshape_types_clear(struct pgshape_types *t);

/* How to read a record or an array of records; false for other types. The
 * caller owns the shape.
 */
bool pgshape_record(uint32_t oid, const struct pgshape_types *types,
		    struct pgtype_column *value);

/* Writes a value of any column, not NULL; otherwise as pgtype_put. */
int pgshape_put(const struct pgtype_column *c, struct buf *b, struct slice v,
		struct pgtype_work *w) MUST_USE;

#endif
