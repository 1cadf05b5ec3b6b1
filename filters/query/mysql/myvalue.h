/* myvalue.h - the values of MySQL as JSON.
 *
 * Floor 2 (query). They come as the binary protocol of prepared statements has
 * them, fetched by libmariadb into a buffer of ours.
 */
#ifndef QUERY_MYSQL_MYVALUE_H
#define QUERY_MYSQL_MYVALUE_H

#include "core/buf.h"
#include "wire/json/scan.h"

enum myvalue {
	MYVALUE_INT,
	MYVALUE_UINT,
	MYVALUE_FLOAT,
	MYVALUE_DOUBLE,
	MYVALUE_DECIMAL,
	MYVALUE_TEXT,
	MYVALUE_BYTES,
	MYVALUE_BITS,
	MYVALUE_YEAR,
	MYVALUE_DAY,
	MYVALUE_STAMP,
	MYVALUE_MOMENT, /* seconds since 1970, as text; 0 for the zero date */
	MYVALUE_CLOCK,
	MYVALUE_JSON,
	MYVALUE_VECTOR
};

/* What a value becomes JSON with; all-zero but for the scanner. */
struct myvalue_work {
	struct scan *scan;
	struct buf scratch;
	const char *why; /* the last value was refused */
};

#ifdef WITH_MYSQL

/* One value, not NULL, at the end of b: 0, or -1 with w->why (b then holds a
 * part of it). Numbers need the bytes of an int64_t, float or double,
 * and times those of a MYSQL_TIME, however long v is.
 */
int myvalue_put(struct buf *b, enum myvalue kind, struct slice v,
		struct myvalue_work *w) MUST_USE;

#endif
#endif
