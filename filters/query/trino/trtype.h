/* trtype.h - the types of Trino.
 *
 * Floor 2 (query). A type comes as text, array(row("a" bigint, b varchar(3))),
 * and is taken apart once; trvalue.h writes its values.
 */
#ifndef QUERY_TRINO_TRTYPE_H
#define QUERY_TRINO_TRTYPE_H

#include "core/buf.h"

#define TRTYPE_DEPTH 32 /* of types within types */

enum trtype_kind {
	TRTYPE_TEXT,
	TRTYPE_ANY, /* as it comes */
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
	struct trtype **child; /* n of them; of a map key and value */
	struct buf *name;      /* of the fields of a row: "name": as JSON */
	size_t n;
};

/* Never NULL: what is not known or nested too deep is TRTYPE_ANY. Free with
 * trtype_free.
 */
struct trtype *trtype_parse(struct slice text) MUST_USE;
void trtype_free(struct trtype *t);

/* Its word in the begin line, see rows.h. */
const char *trtype_word(const struct trtype *t);

#endif
