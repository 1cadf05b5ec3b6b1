/* pgtype.h - PostgreSQL's binary values as JSON.
 *
 * Floor 2 (query). Knows the send functions' formats, which have been the
 * same since PostgreSQL 8.0 (src/backend/utils/adt, *_send), and no libpq.
 * What is not in its table the server has to turn into text first.
 */
#ifndef QUERY_POSTGRES_PGTYPE_H
#define QUERY_POSTGRES_PGTYPE_H

#include "core/buf.h"
#include "wire/json/scan.h"

/* OIDs that casts in the server aim at. */
enum { PGTYPE_TEXT = 25, PGTYPE_JSON = 114, PGTYPE_TEXT_ARRAY = 1009 };

struct pgtype;
struct pgshape;

/* Memory for values that need some, and the reason of the last failure. */
struct pgtype_work {
	struct scan *scan;
	struct buf scratch;
	const char *why;
	unsigned depth; /* of composite values and records */
};

/* A value of another length than its type has. Always -1. */
static inline int pgtype_bad_length(struct pgtype_work *w)
{
	w->why = "value of an unexpected length";
	return -1;
}

struct pgtype_column {
	const struct pgtype *type; /* of the value, or of the elements */
	bool array;
	struct pgshape *shape; /* instead of type: of a composite value, or of
				* the elements; owned where the column is */
};

/* How to read values of a type: 1, or 0 when it is not known here. text: they
 * come as text (pgtext.h), and Redshift's own types are known too.
 */
int pgtype_find(uint32_t oid, bool text, struct pgtype_column *c);

/* The oid of the type, of an array that of its elements. */
uint32_t pgtype_oid(const struct pgtype_column *c);

/* The word for it in the begin line. */
const char *pgtype_word(const struct pgtype_column *c);

/* One value of the type itself, not NULL, not an array: 0, or -1 with w->why
 * set where the bytes are no such value (b then holds a part of it). For all
 * values see pgshape_put.
 */
int pgtype_put(const struct pgtype_column *c, struct buf *b, struct slice v,
	       struct pgtype_work *w) MUST_USE;

#endif
