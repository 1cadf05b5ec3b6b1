/* mymoment.h - MySQL timestamps in UTC when the session uses a different zone.
 *
 * Floor 2 (query). The server gives a TIMESTAMP in the zone of the session,
 * without its offset, so that an hour of each autumn is ambiguous. Where there
 * is such a column, the model is put into a statement of ours that asks for the
 * seconds since 1970 instead.
 */
#ifndef QUERY_MYSQL_MYMOMENT_H
#define QUERY_MYSQL_MYMOMENT_H

#include "query/model.h"

#ifdef WITH_MYSQL
#include <mysql.h>

/* All-zero before the first use. */
struct mymoment {
	bool *column; /* which columns are asked for so; NULL: none */
	struct buf text, since;
};

/* Whether the session has another zone than UTC: 1, 0, or -1 where the server
 * fails.
 */
int mymoment_zoned(MYSQL *conn) MUST_USE;

/* Notes which columns have to be asked for so: whether there are any. */
bool mymoment_find(struct mymoment *w, MYSQL_RES *meta);

/* The statement around the model, in w->text; --since of such a column goes
 * into it as well. 0, or -1 with *e set: ERR_USAGE for a --since that may mean
 * a local time.
 */
int mymoment_wrap(struct mymoment *w, MYSQL_RES *meta, struct model *m,
		  const struct model_sql *sql, struct err *e) MUST_USE;

void mymoment_clear(struct mymoment *w);

#endif
#endif
