#include "query/mysql/myerror.h"

#ifdef WITH_MYSQL
#include <errmsg.h>
#include <mysqld_error.h>
#include <string.h>

static const struct {
	unsigned code;
	enum err_kind kind;
} codes[] = {
	{ER_ACCESS_DENIED_ERROR, ERR_DENIED},
	{ER_DBACCESS_DENIED_ERROR, ERR_DENIED},
	{ER_TABLEACCESS_DENIED_ERROR, ERR_DENIED},
	{ER_COLUMNACCESS_DENIED_ERROR, ERR_DENIED},
	{ER_SPECIFIC_ACCESS_DENIED_ERROR, ERR_DENIED},
	{ER_CON_COUNT_ERROR, ERR_TEMP},
	{ER_LOCK_WAIT_TIMEOUT, ERR_TEMP},
	{ER_LOCK_DEADLOCK, ERR_TEMP},
	{ER_QUERY_INTERRUPTED, ERR_TEMP},
	{ER_TOO_MANY_USER_CONNECTIONS, ERR_TEMP},
	{ER_USER_LIMIT_REACHED, ERR_TEMP},
	{1969, ERR_TEMP}, /* MariaDB: max_statement_time exceeded */
	{3024, ERR_TEMP}, /* MySQL: max_execution_time exceeded */
	{ER_BAD_DB_ERROR, ERR_CONFIG},
	{ER_NO_SUCH_TABLE, ERR_CONFIG},
	{ER_NO_DB_ERROR, ERR_CONFIG},
	{ER_UNKNOWN_TIME_ZONE, ERR_CONFIG},
	{ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, ERR_CONFIG},
	/* errors of the model, though their SQLSTATE does not say so */
	{ER_INVALID_GROUP_FUNC_USE, ERR_CONFIG},
	{ER_WRONG_NUMBER_OF_COLUMNS_IN_SELECT, ERR_CONFIG},
	{ER_NON_UNIQ_ERROR, ERR_CONFIG}, /* an ambiguous column */
	{ER_CANT_AGGREGATE_2COLLATIONS, ERR_CONFIG},
	{ER_CANT_AGGREGATE_3COLLATIONS, ERR_CONFIG},
	{ER_CANT_AGGREGATE_NCOLLATIONS, ERR_CONFIG},
	{ER_WRONG_ARGUMENTS, ERR_CONFIG},
	{ER_WRONG_USAGE, ERR_CONFIG},
	{ER_VIEW_INVALID, ERR_CONFIG},
	{ER_NO_SUCH_USER, ERR_CONFIG}, /* the definer of a view */
	{4161, ERR_CONFIG},            /* MariaDB: unknown data type */
	{CR_SSL_CONNECTION_ERROR, ERR_PROTOCOL},
	{CR_SERVER_GONE_ERROR, ERR_REFUSED},
	{CR_SERVER_LOST, ERR_REFUSED},
};

static int failed_as(unsigned code, const char *state, const char *text,
		     struct err *e)
{
	enum err_kind kind = ERR_REFUSED;
	bool listed = false;

	if (code == 0) /* the library has no error: the server sent OK instead
			* of rows */
		return err_set(e, ERR_PROTOCOL,
			       "MySQL: the server returned no result");
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		if (codes[i].code == code) {
			kind = codes[i].kind;
			listed = true;
		}
	}
	if (!listed && strncmp(state, "42", 2) == 0)
		kind = ERR_CONFIG;
	if (!listed &&
	    (strncmp(state, "22", 2) == 0 || strncmp(state, "21", 2) == 0))
		kind = ERR_DATA;
	return err_set(e, kind, "MySQL: %s (%u)%s", text, code,
		       code == ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
			       ? "; a model only reads: leave out FOR UPDATE"
			       : "");
}

int myerror_set(MYSQL *conn, struct err *e)
{
	return failed_as(mysql_errno(conn), mysql_sqlstate(conn),
			 mysql_error(conn), e);
}

int myerror_set_stmt(MYSQL_STMT *stmt, MYSQL *conn, struct err *e)
{
	if (mysql_stmt_errno(stmt) == 0)
		return myerror_set(conn, e);
	return failed_as(mysql_stmt_errno(stmt), mysql_stmt_sqlstate(stmt),
			 mysql_stmt_error(stmt), e);
}
#endif
