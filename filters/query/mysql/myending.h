/* myending.h - how a model of MySQL ends: its order, its limit, its locks.
 *
 * Floor 2 (query). A model that is put into a SELECT of ours keeps its order
 * only with a LIMIT, which has its place before a locking clause.
 */
#ifndef QUERY_MYSQL_MYENDING_H
#define QUERY_MYSQL_MYENDING_H

#include "query/model.h"

/* ERR_CONFIG where the server would leave out rows without an error: LIMIT ROWS
 * EXAMINED, which ends early; OFFSET without FETCH, which MariaDB ignores
 * inside of another SELECT.
 */
int myending_check(const struct model *m, const struct model_sql *sql,
		   struct err *e) MUST_USE;

/* The text of a model at the end of b, with a limit that leaves nothing out if
 * it has an order and no limit.
 */
void myending_put(struct buf *b, struct slice text,
		  const struct model_sql *sql);

#endif
