/* chrows.h - reads ClickHouse's reply to a model, line by line, as rows.
 *
 * Floor 2 (query). The format is TabSeparatedWithNamesAndTypes: a line of
 * names, a line of types, the rows, an empty line, the extremes. The last field
 * of each row is a random token, which no text of an error can contain.
 */
#ifndef QUERY_CLICKHOUSE_CHROWS_H
#define QUERY_CLICKHOUSE_CHROWS_H

#include "query/clickhouse/chvalue.h"
#include "query/rows.h"

struct chrows_column {
	struct buf name, type; /* t borrows from type */
	struct chtype *t;
};

enum chrows_part { CHROWS_NAMES, CHROWS_TYPES, CHROWS_ROWS, CHROWS_TAIL };

/* All-zero except rows, token and work.scan. */
struct chrows {
	struct rows *rows;
	struct chrows_column *column;
	size_t n;
	struct buf token;      /* last field of each row */
	enum chrows_part part; /* part of the reply that the next line belongs
				* to */
	unsigned tail;         /* lines since the last empty one; 2: the
				* extremes are complete */
	bool dropping; /* the rest of a line that is too long is dropped */
	struct chvalue_work work;
};

/* Takes the columns from a reply to DESCRIBE: one line each, with name, type
 * and more.
 */
void chrows_describe(struct chrows *c, struct slice text);

/* Takes all complete lines of data; *taken is the number of bytes used. Returns
 * 1 to go on, 0 when no more rows are wanted, or -1 with *e set: an error of
 * the server, ERR_PROTOCOL for an invalid row, or as rows_put.
 */
int chrows_put(struct chrows *c, struct slice data, size_t *taken,
	       struct err *e) MUST_USE;

/* Call at the end of the reply, with the bytes after the last complete line in
 * rest. Returns 0 if the reply proves that all rows arrived, or -1 with an
 * error of the server, or ERR_REFUSED without that proof.
 */
int chrows_end(struct chrows *c, struct slice rest, struct err *e) MUST_USE;

/* Frees everything except rows. */
void chrows_clear(struct chrows *c);

#endif
