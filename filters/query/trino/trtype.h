/* trtype.h - parses the types of Trino.
 *
 * Floor 2 (query). Trino sends a type as text, like array(row("a" bigint, b
 * varchar(3))). trvalue.h writes its values.
 */
#ifndef QUERY_TRINO_TRTYPE_H
#define QUERY_TRINO_TRTYPE_H

#include "core/buf.h"

#define TRTYPE_DEPTH 32 /* maximum nesting of types */

enum trtype_kind {
	TRTYPE_TEXT,
	TRTYPE_ANY, /* copied unchanged */
	TRTYPE_INT,
	TRTYPE_DECIMAL,
	TRTYPE_REAL,
	TRTYPE_DOUBLE,
	TRTYPE_BOOL,
	TRTYPE_DAY,
	TRTYPE_CLOCK,
	TRTYPE_ZONED_CLOCK,
	TRTYPE_STAMP,
	TRTYPE_ZONED_STAMP,
	TRTYPE_DAYS,   /* interval day to second */
	TRTYPE_MONTHS, /* interval year to month */
	TRTYPE_JSON,
	TRTYPE_BYTES,
	TRTYPE_LIST,
	TRTYPE_MAP,
	TRTYPE_ROW,
};

struct trtype {
	enum trtype_kind kind;
	bool named;            /* a row whose fields all have names */
	struct trtype **child; /* n entries; of a map: key, value */
	struct buf *name;      /* of the fields of a row: "name":, as JSON */
	size_t n;
};

/* Parses the text of a type. Never NULL: a type that is unknown or nested too
 * deep is TRTYPE_ANY. Free with trtype_free.
 */
struct trtype *trtype_parse(struct slice text) MUST_USE;
void trtype_free(struct trtype *t);

/* The name of the type in the begin line, see rows.h. */
const char *trtype_word(const struct trtype *t);

#endif
