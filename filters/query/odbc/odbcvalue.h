/* odbcvalue.h - writes the values of ODBC drivers as JSON.
 *
 * Floor 2 (query). Needs no ODBC itself. How each type is written is in
 * rudder-query(1).
 */
#ifndef QUERY_ODBC_ODBCVALUE_H
#define QUERY_ODBC_ODBCVALUE_H

#include "core/buf.h"
#include "wire/json/scan.h"

/* The kind of a column's values, and the form in which they arrive. */
enum odbcvalue {
	ODBCVALUE_TEXT,
	ODBCVALUE_BYTES,
	ODBCVALUE_BIT,     /* a byte, 0 or 1 */
	ODBCVALUE_WHOLE,   /* int64_t */
	ODBCVALUE_NATURAL, /* uint64_t */
	ODBCVALUE_SINGLE,  /* double, of which a float was made */
	ODBCVALUE_DOUBLE,  /* double */
	ODBCVALUE_DECIMAL, /* text, like all below */
	ODBCVALUE_DATE,
	ODBCVALUE_TIME,
	ODBCVALUE_STAMP,
	ODBCVALUE_UUID,
	ODBCVALUE_JSON,
	ODBCVALUE_TRUTH, /* a boolean as text: t, true, 1 */
};

/* Scratch memory for writing values; all-zero except scan. */
struct odbcvalue_work {
	struct scan *scan;
	struct buf narrow, scratch;
	const char *why; /* reason why the last value was refused */
};

/* The name of the kind in the begin line. */
const char *odbcvalue_word(enum odbcvalue kind);

/* Appends the value to b. is_wide: its text is UTF-16. A text that does not fit
 * its kind is written as a string. Returns 0, or -1 with w->why set: invalid
 * text, or JSON with a duplicate name.
 */
int odbcvalue_put(enum odbcvalue kind, bool is_wide, struct buf *b,
		  struct slice v, struct odbcvalue_work *w) MUST_USE;

#endif
