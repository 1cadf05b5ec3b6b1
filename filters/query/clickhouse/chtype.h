/* chtype.h - parses the types of ClickHouse.
 *
 * Floor 2 (query). The server sends a type as text, like
 * Array(Nullable(DateTime('UTC'))). chvalue.h writes its values.
 */
#ifndef QUERY_CLICKHOUSE_CHTYPE_H
#define QUERY_CLICKHOUSE_CHTYPE_H

#include "core/buf.h"

#define CHTYPE_DEPTH 32 /* maximum nesting of types */

enum chtype_kind {
	CHTYPE_TEXT,
	CHTYPE_INT,
	CHTYPE_DECIMAL,
	CHTYPE_FLOAT,
	CHTYPE_DOUBLE,
	CHTYPE_BOOL,
	CHTYPE_DAY,
	CHTYPE_STAMP,
	CHTYPE_CLOCK,
	CHTYPE_INTERVAL,
	CHTYPE_JSON,
	CHTYPE_BYTES,
	CHTYPE_GUESS, /* number, text or list, decided by each value */
	CHTYPE_LIST,
	CHTYPE_TUPLE,
	CHTYPE_MAP,
};

/* How to write an interval: "P" or "PT", the unit's letter, and the factor. */
struct chtype_unit {
	const char *from, *to;
	unsigned times, digits; /* digits of a fraction of a second */
};

/* Slices are borrowed from the text that was parsed. */
struct chtype {
	enum chtype_kind kind;
	bool nullable, zoned;
	bool opaque;  /* contains a type that CAST does not accept */
	bool named;   /* a tuple whose members all have different names */
	bool maps;    /* contains names that differ from value to value */
	size_t scale; /* digits after the point of a decimal or DateTime64 */
	struct slice text; /* the type, as the server wrote it */
	struct chtype_unit unit;
	struct chtype **child; /* n entries */
	struct slice *name;    /* names of a tuple's members; p NULL: none */
	size_t n;
};

/* Parses the text of a type, which must outlive it. Never NULL: a type that is
 * unknown or nested too deep is a string, with the server's text. Free with
 * chtype_free.
 */
struct chtype *chtype_parse(struct slice text) MUST_USE;
void chtype_free(struct chtype *t);

/* The name of the type in the begin line, see rows.h. */
const char *chtype_word(const struct chtype *t);

/* Whether the type contains a timestamp in a time zone other than UTC.
 * chtype_cast then appends the same type in UTC to b.
 */
bool chtype_zoned(const struct chtype *t);
void chtype_cast(struct buf *b, const struct chtype *t);

/* The length of the quoted text at the start of s, with its quotes; all of s if
 * the closing quote is missing. s must not be empty.
 */
size_t chtype_quoted(struct slice s);

#endif
