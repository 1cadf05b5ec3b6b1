/* chtype.h - the types of ClickHouse.
 *
 * Floor 2 (query). A type comes as text, Array(Nullable(DateTime('UTC'))), and
 * is taken apart once; chvalue.h writes its values.
 */
#ifndef QUERY_CLICKHOUSE_CHTYPE_H
#define QUERY_CLICKHOUSE_CHTYPE_H

#include "core/buf.h"

#define CHTYPE_DEPTH 32 /* of types within types */

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
	CHTYPE_GUESS, /* numbers, texts, lists: by what is there */
	CHTYPE_LIST,
	CHTYPE_TUPLE,
	CHTYPE_MAP,
};

/* A unit of an interval: "P" or "PT", its letter, and how many. */
struct chtype_unit {
	const char *from, *to;
	unsigned times, digits; /* of a fraction of a second */
};

/* Slices are borrowed from the text that was parsed. */
struct chtype {
	enum chtype_kind kind;
	bool nullable, zoned;
	bool opaque;       /* holds what CAST does not take */
	bool named;        /* a tuple of members that all have a name */
	bool maps;         /* holds names that come with the value */
	size_t scale;      /* of a decimal; digits of a DateTime64 */
	struct slice text; /* of a leaf, as the server wrote it */
	struct chtype_unit unit;
	struct chtype **child; /* n of them */
	struct slice *name;    /* of the members of a tuple; p NULL: none */
	size_t n;
};

/* The type of this text, which must outlive it. Never NULL: what is not known
 * or nested too deep is a string, as the server writes it. Free with
 * chtype_free.
 */
struct chtype *chtype_parse(struct slice text) MUST_USE;
void chtype_free(struct chtype *t);

/* Its word in the begin line, see rows.h. */
const char *chtype_word(const struct chtype *t);

/* Whether a moment in it is written in a zone other than UTC; then
 * chtype_cast puts the same type in UTC at the end of b.
 */
bool chtype_zoned(const struct chtype *t);
void chtype_cast(struct buf *b, const struct chtype *t);

/* Bytes of the quoted text at the start of s, its quotes counted; all of s
 * where it has no end. s must not be empty.
 */
size_t chtype_quoted(struct slice s);

#endif
