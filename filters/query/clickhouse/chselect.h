/* chselect.h - builds the SELECT around a model on ClickHouse.
 *
 * Floor 2 (query).
 */
#ifndef QUERY_CLICKHOUSE_CHSELECT_H
#define QUERY_CLICKHOUSE_CHSELECT_H

#include "query/clickhouse/chrows.h"
#include "query/model.h"

/* Checks --since for the type of its column. Returns 0, or -1 with ERR_USAGE
 * for a text that may be a local time.
 */
int chselect_check(const struct chrows *got, const struct model *m,
		   struct err *e) MUST_USE;

/* Replaces b by the statement for the columns that chrows_describe has found.
 * It starts at --since, has the order of the cursor, returns at most one row
 * more than the limit of got->rows, and ends each row with a random token,
 * which is stored in got->token.
 */
void chselect_put(struct buf *b, struct chrows *got, const struct model *m);

#endif
