/* chvalue.h - writes the values of ClickHouse as JSON.
 *
 * Floor 2 (query). A value arrives in the format TabSeparated, which loses
 * nothing: numbers have all digits, strings all bytes, nested values brackets.
 */
#ifndef QUERY_CLICKHOUSE_CHVALUE_H
#define QUERY_CLICKHOUSE_CHVALUE_H

#include "query/clickhouse/chtype.h"
#include "wire/json/scan.h"

/* Scratch memory for writing values; all-zero except scan. why: reason of the
 * last failure.
 */
struct chvalue_work {
	struct scan *scan;
	struct buf plain, scratch;
	const char *why;
};

/* Appends a field of a line, with its escapes, to b as JSON. Returns 0, or -1
 * with work->why set; b then ends with part of the value.
 */
int chvalue_put(struct buf *b, const struct chtype *t, struct slice field,
		struct chvalue_work *work) MUST_USE;

/* Appends the text to b without the escapes of TabSeparated. */
void chvalue_unescape(struct buf *b, struct slice s);

#endif
