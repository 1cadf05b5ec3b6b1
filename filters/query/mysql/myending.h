/* myending.h - handles the end of a MySQL model: its order, limit and locking
 * clause.
 *
 * Floor 2 (query). A model inside another SELECT keeps its order only if it has
 * a LIMIT, which must come before a locking clause.
 */
#ifndef QUERY_MYSQL_MYENDING_H
#define QUERY_MYSQL_MYENDING_H

#include "query/model.h"

/* ERR_CONFIG for models of which the server would leave out rows without an
 * error: LIMIT ROWS EXAMINED, which ends early, and OFFSET without FETCH, which
 * MariaDB ignores inside another SELECT.
 */
int myending_check(const struct model *m, const struct model_sql *sql,
		   struct err *e) MUST_USE;

/* Appends the text of a model to b. If it has an order but no limit, adds a
 * limit that excludes no row.
 */
void myending_put(struct buf *b, struct slice text,
		  const struct model_sql *sql);

#endif
