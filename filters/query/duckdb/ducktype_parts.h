/* ducktype_parts.h - the parts of a nested DuckDB type.
 *
 * Floor 2 (query), for ducktype.c and duckvalue.c alone.
 */
#ifndef QUERY_DUCKDB_DUCKTYPE_PARTS_H
#define QUERY_DUCKDB_DUCKTYPE_PARTS_H

#include "query/duckdb/ducktype.h"

struct ducktype {
	const struct duck *duck;
	enum duck_id id, store; /* store: how DECIMAL and ENUM lie there */
	uint64_t unit;          /* ARRAY: elements; timestamps: of a second */
	unsigned width, scale;  /* DECIMAL */
	bool json, number;      /* VARCHAR: of type JSON; digits */
	bool maps;              /* there is a MAP in it, or it is one */
	struct ducktype **part; /* n of them */
	size_t n;
	struct buf text; /* names of the parts, or values of an ENUM, as JSON */
	size_t *end;     /* of each in text */
	const char *data; /* of the vector in work */
	const uint64_t *valid;
};

/* The name of a part, or a value of an ENUM, as JSON. */
static inline struct slice ducktype_text(const struct ducktype *t, size_t i)
{
	size_t from = i > 0 ? t->end[i - 1] : 0;

	/* all names may be empty: then there is no text */
	return slice_of(t->text.p ? t->text.p + from : "", t->end[i] - from);
}

#endif
