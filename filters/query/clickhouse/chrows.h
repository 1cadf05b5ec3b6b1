/* chrows.h - the reply of ClickHouse to a model, line by line, as rows.
 *
 * Floor 2 (query). TabSeparatedWithNamesAndTypes: names, types, rows, an empty
 * line, the extremes. The last field of each row is a word of ours, which no
 * text of an error can hold.
 */
#ifndef QUERY_CLICKHOUSE_CHROWS_H
#define QUERY_CLICKHOUSE_CHROWS_H

#include "query/clickhouse/chvalue.h"
#include "query/rows.h"

struct chrows_column {
	struct buf name, type; /* type: text that t borrows */
	struct chtype *t;
};

enum chrows_part { CHROWS_NAMES, CHROWS_TYPES, CHROWS_ROWS, CHROWS_TAIL };

/* All-zero but for rows, the token and the scanner of work. */
struct chrows {
	struct rows *rows;
	struct chrows_column *column;
	size_t n;
	struct buf token;      /* ends each row */
	enum chrows_part part; /* of the reply, by lines */
	unsigned tail;         /* lines since the last empty one */
	bool dropping;         /* a line that is too long, up to its LF */
	struct chvalue_work work;
};

/* The columns of a reply to DESCRIBE: a line each, name, type, and more. */
void chrows_describe(struct chrows *c, struct slice text);

/* All whole lines that are there, of which *taken bytes are done with: 1 to go
 * on, 0 when enough were read, -1 with *e set: an error of the server's,
 * ERR_PROTOCOL for an invalid row, and as rows_put.
 */
int chrows_put(struct chrows *c, struct slice data, size_t *taken,
	       struct err *e) MUST_USE;

/* The reply is over, with rest behind the last whole line: 0 when these were
 * all rows, ERR_REFUSED when that is not proved.
 */
int chrows_end(struct chrows *c, struct slice rest, struct err *e) MUST_USE;

/* Frees all but rows. */
void chrows_clear(struct chrows *c);

#endif
