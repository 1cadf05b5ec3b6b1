/* chvalue.h - the values of ClickHouse as JSON.
 *
 * Floor 2 (query). A value comes as the format TabSeparated writes it, which
 * loses nothing: numbers with all digits, bytes as they are, what is nested in
 * brackets.
 */
#ifndef QUERY_CLICKHOUSE_CHVALUE_H
#define QUERY_CLICKHOUSE_CHVALUE_H

#include "query/clickhouse/chtype.h"
#include "wire/json/scan.h"

/* What a value becomes JSON with; all-zero but for the scanner. */
struct chvalue_work {
	struct scan *scan;
	struct buf plain, scratch;
	const char *why;
};

/* One field of a line, escapes and all, as JSON at the end of b: 0, or -1 with
 * work->why set; the end of b then holds a part of it.
 */
int chvalue_put(struct buf *b, const struct chtype *t, struct slice field,
		struct chvalue_work *work) MUST_USE;

/* Text without the escapes of TabSeparated, at the end of b. */
void chvalue_unescape(struct buf *b, struct slice s);

#endif
