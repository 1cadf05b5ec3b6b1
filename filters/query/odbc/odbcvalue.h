/* odbcvalue.h - values as ODBC drivers give them, as JSON.
 *
 * Floor 2 (query). Needs no ODBC itself. The rules are those of
 * rudder-query(1).
 */
#ifndef QUERY_ODBC_ODBCVALUE_H
#define QUERY_ODBC_ODBCVALUE_H

#include "core/buf.h"
#include "wire/json/scan.h"

/* What a column holds, and how it comes. */
enum odbcvalue {
	ODBCVALUE_TEXT,
	ODBCVALUE_BYTES,
	ODBCVALUE_BIT,     /* a byte, 0 or 1 */
	ODBCVALUE_WHOLE,   /* int64_t */
	ODBCVALUE_NATURAL, /* uint64_t */
	ODBCVALUE_SINGLE,  /* float */
	ODBCVALUE_DOUBLE,  /* double */
	ODBCVALUE_DECIMAL, /* text, as all below */
	ODBCVALUE_DATE,
	ODBCVALUE_TIME,
	ODBCVALUE_STAMP,
	ODBCVALUE_UUID,
	ODBCVALUE_JSON,
	ODBCVALUE_TRUTH, /* t, true, 1 */
};

/* Memory for values; all-zero but for scan. */
struct odbcvalue_work {
	struct scan *scan;
	struct buf narrow, scratch;
	const char *why; /* the last value was refused */
};

/* The word for the begin line. */
const char *odbcvalue_word(enum odbcvalue kind);

/* The value at the end of b; is_wide: its text is UTF-16. What does not look
 * as its kind should is written as the text that it is. 0, or -1 with w->why:
 * invalid text, or JSON with a duplicate name.
 */
int odbcvalue_put(enum odbcvalue kind, bool is_wide, struct buf *b,
		  struct slice v, struct odbcvalue_work *w) MUST_USE;

#endif
