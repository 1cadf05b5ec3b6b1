/* myvalue.h - writes the values of MySQL as JSON.
 *
 * Floor 2 (query). libmariadb fetches them, in the binary protocol of prepared
 * statements, into a buffer of the caller.
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

/* Scratch memory for writing values; all-zero except the scanner. */
struct myvalue_work {
	struct scan *scan;
	struct buf scratch;
	const char *why; /* reason why the last value was refused */
};

#ifdef WITH_MYSQL

/* Appends one value, not NULL, to b. Returns 0, or -1 with w->why set (b then
 * ends with part of the value). v.p must point to an int64_t, float or double
 * for numbers, and to a MYSQL_TIME for times, whatever v.n is.
 */
int myvalue_put(struct buf *b, enum myvalue kind, struct slice v,
		struct myvalue_work *w) MUST_USE;

#endif
#endif
