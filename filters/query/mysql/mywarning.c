#include "query/mysql/mywarning.h"

#ifdef WITH_MYSQL
#include <errmsg.h>
#include <stdlib.h>

#include "query/losses.h"
#include "query/mysql/myerror.h"

static uint64_t number(MYSQL_ROW row, unsigned column)
{
	return row && row[column] ? strtoull(row[column], NULL, 10) : 0;
}

/* libmariadb does not count the warnings of a statement whose rows are
 * streamed, so the server is asked each time. Returns NULL without an error if
 * the server rejects the question; it then has no warnings.
 */
static MYSQL_RES *ask(MYSQL *conn, const char *sql, struct err *e)
{
	MYSQL_RES *all = NULL;

	if (mysql_query(conn, sql) == 0)
		all = mysql_store_result(conn);
	else if (mysql_errno(conn) < CR_MIN_ERROR)
		return NULL;
	if (!all && mysql_errno(conn))
		(void)myerror_set(conn, e);
	return all;
}

/* Checks how many warnings the server gave. */
static int check_count(MYSQL *conn, uint64_t kept, const struct model *m,
		       struct err *e)
{
	MYSQL_RES *all = ask(conn, "SHOW COUNT(*) WARNINGS", e);
	uint64_t given = 0;

	if (!all)
		return e->kind ? -1 : 0;
	if (mysql_num_fields(all) > 0)
		given = number(mysql_fetch_row(all), 0);
	mysql_free_result(all);
	return losses_unseen(given, kept, m, e);
}

int mywarning_check(MYSQL *conn, const struct model *m, struct err *e)
{
	MYSQL_RES *all = ask(conn, "SHOW WARNINGS", e);
	MYSQL_ROW row;
	uint64_t kept;
	int rc = 0;

	if (!all)
		return e->kind ? -1 : 0;
	kept = mysql_num_rows(all);
	while (rc == 0 && mysql_num_fields(all) >= 3 &&
	       (row = mysql_fetch_row(all)))
		rc = losses_check((unsigned long)number(row, 1),
				  row[2] ? row[2] : "", e);
	mysql_free_result(all);
	return rc == 0 && kept > 0 ? check_count(conn, kept, m, e) : rc;
}
#endif
