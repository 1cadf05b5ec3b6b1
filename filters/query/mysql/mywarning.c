#include "query/mysql/mywarning.h"

#ifdef WITH_MYSQL
#include <errmsg.h>
#include <stdlib.h>

#include "query/mysql/myerror.h"

/* Numbers of the servers' error references. MariaDB gives a warning where MySQL
 * gives an error.
 */
static const struct {
	unsigned long code;
	const char *way_out;
} losses[] = {
	{1260, ""}, /* a value was cut by GROUP_CONCAT() */
	{1301, "; raise max_allowed_packet of the server"},
	/* MariaDB: a recursive query ended early, or LIMIT ROWS EXAMINED */
	{1931, "; raise it in an init-command of an option file"},
};

static int check_warning(MYSQL_ROW warning, struct err *e)
{
	unsigned long code = warning[1] ? strtoul(warning[1], NULL, 10) : 0;

	for (size_t i = 0; i < COUNT_OF(losses); i++) {
		if (losses[i].code == code)
			return err_set(e, ERR_DATA, "MySQL: %s (%lu)%s",
				       warning[2] ? warning[2] : "", code,
				       losses[i].way_out);
	}
	return 0;
}

/* libmariadb does not count the warnings of a statement whose rows are
 * streamed, so the server is asked each time. A server that rejects the
 * question has none.
 */
int mywarning_check(MYSQL *conn, struct err *e)
{
	MYSQL_RES *all;
	MYSQL_ROW warning;
	int rc = 0;

	if (mysql_query(conn, "SHOW WARNINGS"))
		return mysql_errno(conn) < CR_MIN_ERROR ? 0
							: myerror_set(conn, e);
	all = mysql_store_result(conn);
	if (!all)
		return mysql_errno(conn) ? myerror_set(conn, e) : 0;
	while (rc == 0 && mysql_num_fields(all) >= 3 &&
	       (warning = mysql_fetch_row(all)))
		rc = check_warning(warning, e);
	mysql_free_result(all);
	return rc;
}
#endif
