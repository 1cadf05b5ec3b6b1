/* trvalue.h - writes the values of Trino's pages as JSON.
 *
 * Floor 2 (query). A page is valid JSON, checked by scan.h, and a value is a
 * part of its text. Most values are copied unchanged.
 */
#ifndef QUERY_TRINO_TRVALUE_H
#define QUERY_TRINO_TRVALUE_H

#include "query/trino/trtype.h"
#include "wire/json/scan.h"

/* Scratch memory for writing values; all-zero except scan and end. */
struct trvalue_work {
	struct scan *scan;
	const char *end; /* end of the text that contains the values */
	struct buf plain, scratch;
	char why[120];
};

/* Appends the value at *p to b, and moves *p after it. Returns 0, or -1 with
 * work->why set; b then ends with part of the value, and *p is undefined.
 */
int trvalue_put(struct buf *b, const struct trtype *t, const char **p,
		struct trvalue_work *work) MUST_USE;

/* Skips white space. The text must be valid JSON. */
const char *trvalue_skip(const char *p);

#endif
