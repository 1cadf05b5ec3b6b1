#include "query/odbc/odbcmysql.h"

#ifdef WITH_ODBC
#include <stdlib.h>
#include <string.h>

#include "query/losses.h"
#include "query/since_float.h"

enum { TEXT = 512, CODE = 2, MESSAGE = 3 };

int odbcmysql_model(const struct model *m, struct err *e)
{
	if (!m->tight)
		return 0;
	return err_names(e, ERR_CONFIG,
			 "model '%s': '--' without a blank after it does not "
			 "begin a comment on MySQL: write '-- ', or '- -' for "
			 "two minus signs",
			 m->name);
}

void odbcmysql_since(const struct odbc *o, struct model *m, struct buf *b)
{
	SQLSMALLINT n = 0;
	struct odbc_column c;
	struct err ignored = {0};

	if (!m->since || !SQL_SUCCEEDED(SQLNumResultCols(o->stmt, &n)))
		return;
	for (SQLSMALLINT i = 1; i <= n; i++) {
		if (odbc_describe(o, (SQLUSMALLINT)i, &c, &ignored) == 0 &&
		    c.type == SQL_REAL && strcmp(c.name, m->cursor) == 0)
			since_float_take(m, b);
	}
}

/* Runs a query of our own in a new statement. Returns 1, 0 if the server
 * rejects it, or -1 if the connection is lost.
 */
static int ask(const struct odbc *o, SQLCHAR *sql, struct odbc *asked,
	       struct err *e)
{
	struct err why = {0};

	*asked = *o;
	asked->stmt = NULL;
	if (!SQL_SUCCEEDED(
		    SQLAllocHandle(SQL_HANDLE_STMT, o->conn, &asked->stmt)))
		return err_set(e, ERR_REFUSED,
			       "ODBC: the driver has no statement left");
	if (SQL_SUCCEEDED(SQLExecDirect(asked->stmt, sql, SQL_NTS)))
		return 1;
	(void)odbc_failed_fetch(asked, &why);
	if (why.kind != ERR_REFUSED)
		return 0;
	*e = why;
	return -1;
}

static void get(const struct odbc *o, SQLUSMALLINT column, char text[TEXT])
{
	SQLLEN n = 0;

	*text = '\0';
	if (!SQL_SUCCEEDED(
		    SQLGetData(o->stmt, column, SQL_C_CHAR, text, TEXT, &n)) ||
	    n == SQL_NULL_DATA)
		*text = '\0';
}

/* Checks the warnings that the server kept, and counts them in *kept. */
static int check_kept(const struct odbc *o, uint64_t *kept, struct err *e)
{
	SQLCHAR sql[] = "SHOW WARNINGS";
	char code[TEXT], text[TEXT];
	struct odbc asked;
	int rc = ask(o, sql, &asked, e);
	SQLRETURN got = SQL_NO_DATA;

	*kept = 0;
	while (rc > 0 && SQL_SUCCEEDED(got = SQLFetch(asked.stmt))) {
		++*kept;
		get(&asked, CODE, code);
		get(&asked, MESSAGE, text);
		if (losses_check(strtoul(code, NULL, 10), text, e) < 0)
			rc = -1;
	}
	if (rc > 0 && got != SQL_NO_DATA)
		rc = odbc_failed_fetch(&asked, e);
	if (asked.stmt)
		SQLFreeHandle(SQL_HANDLE_STMT, asked.stmt);
	return rc;
}

/* Checks how many warnings the server gave. */
static int check_given(const struct odbc *o, uint64_t kept,
		       const struct model *m, struct err *e)
{
	SQLCHAR sql[] = "SHOW COUNT(*) WARNINGS";
	char given[TEXT] = "";
	struct odbc asked;
	int rc = ask(o, sql, &asked, e);

	if (rc > 0 && SQL_SUCCEEDED(SQLFetch(asked.stmt)))
		get(&asked, 1, given);
	if (asked.stmt)
		SQLFreeHandle(SQL_HANDLE_STMT, asked.stmt);
	return rc < 0 ? -1
		      : losses_unseen(strtoull(given, NULL, 10), kept, m, e);
}

int odbcmysql_check(const struct odbc *o, const struct model *m, struct err *e)
{
	uint64_t kept;

	if (check_kept(o, &kept, e) < 0)
		return -1;
	return kept > 0 ? check_given(o, kept, m, e) : 0;
}
#endif
