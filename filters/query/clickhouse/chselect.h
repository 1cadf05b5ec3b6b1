/* chselect.h - the SELECT around a model on ClickHouse.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_CLICKHOUSE_CHSELECT_H
#define QUERY_CLICKHOUSE_CHSELECT_H

#include "query/clickhouse/chrows.h"
#include "query/model.h"

/* Checks --since for these columns: 0, or -1 with *e set: ERR_USAGE for a text
 * that may mean a local time.
 */
int chselect_check(const struct chrows *got, const struct model *m,
		   struct err *e) MUST_USE;

/* Fills b with the statement for the columns that chrows_describe has found: in
 * the order of the cursor and from where it begins, at most one row more than
 * the limit of got->rows, and each row ends with a random word, which is put
 * into got->token.
 */
void chselect_put(struct buf *b, struct chrows *got, const struct model *m);

#endif
