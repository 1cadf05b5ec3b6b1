/* pgtype.h - writes PostgreSQL's binary values as JSON.
 *
 * Floor 2 (query). The formats are those of the server's send functions, the
 * same since PostgreSQL 8.0 (src/backend/utils/adt, *_send). Needs no libpq.
 * The server must cast values of types that are not in the table.
 */
#ifndef QUERY_POSTGRES_PGTYPE_H
#define QUERY_POSTGRES_PGTYPE_H

#include "core/buf.h"
#include "wire/json/scan.h"

/* OIDs of the types that the server casts to. */
enum { PGTYPE_TEXT = 25, PGTYPE_JSON = 114, PGTYPE_TEXT_ARRAY = 1009 };

struct pgtype;
struct pgshape;

/* Scratch memory, and the reason of the last failure. */
struct pgtype_work {
	struct scan *scan;
	struct buf scratch;
	const char *why;
	unsigned depth; /* nesting depth of composite values and records */
};

/* For a value whose length does not fit its type. Always -1. */
static inline int pgtype_bad_length(struct pgtype_work *w)
{
	w->why = "value of an unexpected length";
	return -1;
}

struct pgtype_column {
	const struct pgtype *type; /* of the value, or of an array's elements */
	bool array;
	struct pgshape *shape; /* instead of type, for composite values and
				* records; whoever owns the column owns it */
};

/* Finds how to read values of a type: 1, or 0 if it is unknown. text: for
 * values as text (pgtext.h), where Redshift's own types are known too.
 */
int pgtype_find(uint32_t oid, bool text, struct pgtype_column *c);

/* The oid of the type, or of an array's elements. c->type must be set. */
uint32_t pgtype_oid(const struct pgtype_column *c);

/* The name of the type in the begin line. */
const char *pgtype_word(const struct pgtype_column *c);

/* Writes one value, not NULL and not an array. Returns 0, or -1 with w->why set
 * if the bytes are invalid for the type (b then ends with part of the value).
 * pgshape_put writes arrays and composite values too.
 */
int pgtype_put(const struct pgtype_column *c, struct buf *b, struct slice v,
	       struct pgtype_work *w) MUST_USE;

#endif
