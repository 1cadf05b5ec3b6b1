/* ducktype_parts.h - the fields of struct ducktype.
 *
 * Floor 2 (query). For ducktype.c and duckvalue.c only.
 */
#ifndef QUERY_DUCKDB_DUCKTYPE_PARTS_H
#define QUERY_DUCKDB_DUCKTYPE_PARTS_H

#include "query/duckdb/ducktype.h"

struct ducktype {
	const struct duck *duck;
	enum duck_id id, store; /* store: integer type that holds a DECIMAL or
				 * ENUM */
	uint64_t unit;          /* ARRAY: number of elements; timestamps: units
				 * per second */
	unsigned width, scale;  /* DECIMAL */
	bool json, number;      /* VARCHAR: it is JSON; it is a number */
	bool maps;              /* it is a MAP or contains one */
	struct ducktype **part; /* n parts; for an ENUM NULL, and n values */
	size_t n;
	struct buf text; /* names of the parts, or values of an ENUM, as JSON */
	size_t *end;     /* end of each in text */
	const char *data; /* values of the current vector */
	const uint64_t *valid;
};

/* The JSON text of the name of a part, or of a value of an ENUM. */
static inline struct slice ducktype_text(const struct ducktype *t, size_t i)
{
	size_t from = i > 0 ? t->end[i - 1] : 0;

	/* if all names are empty, text.p is NULL */
	return slice_of(t->text.p ? t->text.p + from : "", t->end[i] - from);
}

#endif
