/* mymoment.h - reads MySQL timestamps in UTC if the session has another time
 * zone.
 *
 * Floor 2 (query). The server sends a TIMESTAMP in the time zone of the
 * session, without its offset, so one hour each autumn is ambiguous. For models
 * with such a column, a SELECT around the model asks for the seconds since 1970
 * instead.
 */
#ifndef QUERY_MYSQL_MYMOMENT_H
#define QUERY_MYSQL_MYMOMENT_H

#include "query/model.h"

#ifdef WITH_MYSQL
#include <mysql.h>

/* All-zero before the first use. */
struct mymoment {
	bool *column; /* columns to read as seconds; NULL: none */
	struct buf text, since;
};

/* Returns 1 if the session has a time zone other than UTC, 0 if not, or -1 if
 * the server fails.
 */
int mymoment_zoned(MYSQL *conn) MUST_USE;

/* Finds the columns to read as seconds. Returns whether there are any. */
bool mymoment_find(struct mymoment *w, MYSQL_RES *meta);

/* Builds the SELECT around the model in w->text. The value of --since for such
 * a column goes into it, too. Returns 0, or -1 with *e set: ERR_USAGE for a
 * --since that may be a local time.
 */
int mymoment_wrap(struct mymoment *w, MYSQL_RES *meta, struct model *m,
		  const struct model_sql *sql, struct err *e) MUST_USE;

void mymoment_clear(struct mymoment *w);

#endif
#endif
