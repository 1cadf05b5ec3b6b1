/* trvalue.h - values of Trino's pages as JSON.
 *
 * Floor 2 (query). A page is JSON that scan.h has found valid; a value is a
 * part of its text. Most are copied as they stand.
 */
#ifndef QUERY_TRINO_TRVALUE_H
#define QUERY_TRINO_TRVALUE_H

#include "query/trino/trtype.h"
#include "wire/json/scan.h"

/* What a value becomes JSON with; all-zero but for the scanner
 * and the end. */
struct trvalue_work {
	struct scan *scan;
	const char *end; /* of the text that values are parts of */
	struct buf plain, scratch;
	char why[120];
};

/* The value at *p, which is moved behind it, at the end of b: 0, or -1 with
 * work->why set; the end of b then holds a part of it, and *p is anywhere.
 */
int trvalue_put(struct buf *b, const struct trtype *t, const char **p,
		struct trvalue_work *work) MUST_USE;

/* Behind white space at p. The text must be valid. */
const char *trvalue_skip(const char *p);

#endif
