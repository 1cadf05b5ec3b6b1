/* odbcliar - an ODBC driver for tests that does not keep to the rules
 *
 *   rudder-query -d 'odbc:Driver=/…/odbcliar.so;LIE=lie' -t t
 *
 * Its one table has the columns id and t, of text, and five rows; t is longer
 * than what a client binds. It knows no wide characters. LIE is one of
 *
 *   honest      it is as it should be
 *   silent      a model cannot be prepared, and no reason is given
 *   nostatement no statement can be had
 *   noquote     names cannot be quoted
 *   nodescribe  a column cannot be described
 *   noblock     it does not take a number of rows
 *   nopointer   nor a place for the number of those that it returned
 *   nobind      nor one for a value
 *   noparam     nor a parameter
 *   nocount     it does not say how many rows a block has
 *   toomany     it says that it has more than were asked for
 *   badrow      the third row cannot be had
 *   nopos       a row of a block cannot be pointed at
 *   noget       a long value cannot be had
 *   lost        a long value has no bytes and no end
 *   nolength    a long value has no length
 *   pieces      a long value ends where a piece of it ends
 *   single      long values are to be had only where nothing is bound
 *   notables    the tables cannot be listed
 *   fetchtables they can, but not read
 *   snowflake   it is as a Snowflake whose account limits a result to 2 rows
 *   sqlserver   it is as a SQL Server of which FreeTDS cuts text at 100 bytes
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sql.h>
#include <sqlext.h>

enum { ROWS = 5, LONG = 20000, COLUMNS = 2, HANDLES = 8 };
enum { FEW = 2, SHORT = 100 };

struct bound {
	char *data;
	SQLLEN bytes, *size;
};

static struct {
	char lie[32];
	bool listing, failed, param;
	bool whole;              /* the limit of rows or text was set */
	size_t row, block, from; /* from: of the long value */
	struct bound bound[COLUMNS];
	SQLULEN *fetched;
	SQLUSMALLINT *status;
} liar = {.block = 1};

static char handle[HANDLES];

static bool lies(const char *name)
{
	return strcmp(liar.lie, name) == 0;
}

static SQLRETURN fail(void)
{
	liar.failed = true;
	return SQL_ERROR;
}

static SQLRETURN unless(const char *lie)
{
	return lies(lie) ? fail() : SQL_SUCCESS;
}

SQLRETURN SQL_API SQLAllocHandle(SQLSMALLINT type, SQLHANDLE in, SQLHANDLE *to)
{
	(void)in;
	if (type == SQL_HANDLE_STMT && lies("nostatement"))
		return fail();
	*to = &handle[type % HANDLES];
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLFreeHandle(SQLSMALLINT type, SQLHANDLE h)
{
	(void)type;
	(void)h;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLFreeStmt(SQLHSTMT s, SQLUSMALLINT what)
{
	(void)s;
	(void)what;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLSetEnvAttr(SQLHENV e, SQLINTEGER a, SQLPOINTER v,
				SQLINTEGER n)
{
	(void)e;
	(void)a;
	(void)v;
	(void)n;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLSetConnectAttr(SQLHDBC c, SQLINTEGER a, SQLPOINTER v,
				    SQLINTEGER n)
{
	(void)c;
	(void)a;
	(void)v;
	(void)n;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLGetConnectAttr(SQLHDBC c, SQLINTEGER a, SQLPOINTER v,
				    SQLINTEGER room, SQLINTEGER *n)
{
	(void)c;
	(void)room;
	(void)n;
	if (a != SQL_ATTR_CONNECTION_DEAD)
		return SQL_ERROR;
	*(SQLUINTEGER *)v = SQL_CD_FALSE;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLDriverConnect(SQLHDBC c, SQLHWND w, SQLCHAR *in,
				   SQLSMALLINT n, SQLCHAR *out,
				   SQLSMALLINT room, SQLSMALLINT *got,
				   SQLUSMALLINT how)
{
	const char *at = strstr((const char *)in, "LIE=");

	(void)c;
	(void)w;
	(void)n;
	(void)out;
	(void)room;
	(void)how;
	if (got)
		*got = 0;
	if (!at || sscanf(at + 4, "%31[a-z]", liar.lie) != 1)
		return fail();
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLDisconnect(SQLHDBC c)
{
	(void)c;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLEndTran(SQLSMALLINT type, SQLHANDLE h, SQLSMALLINT how)
{
	(void)type;
	(void)h;
	(void)how;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLGetInfo(SQLHDBC c, SQLUSMALLINT what, SQLPOINTER to,
			     SQLSMALLINT room, SQLSMALLINT *n)
{
	const char *text = what == SQL_IDENTIFIER_QUOTE_CHAR
				   ? lies("noquote") ? " " : "\""
			   : what == SQL_DRIVER_ODBC_VER ? "03.51"
			   : lies("snowflake")           ? "Snowflake"
			   : lies("sqlserver") ? "Microsoft SQL Server"
					       : "Liar";

	(void)c;
	if (what == SQL_GETDATA_EXTENSIONS) {
		*(SQLUINTEGER *)to =
			lies("single") ? 0 : SQL_GD_BLOCK | SQL_GD_BOUND;
		return SQL_SUCCESS;
	}
	if (what == SQL_CURSOR_COMMIT_BEHAVIOR ||
	    what == SQL_CURSOR_ROLLBACK_BEHAVIOR) {
		*(SQLUSMALLINT *)to = SQL_CB_PRESERVE;
		return SQL_SUCCESS;
	}
	snprintf(to, (size_t)room, "%s", text);
	if (n)
		*n = (SQLSMALLINT)strlen(text);
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLGetDiagRec(SQLSMALLINT type, SQLHANDLE h, SQLSMALLINT i,
				SQLCHAR *state, SQLINTEGER *code, SQLCHAR *text,
				SQLSMALLINT room, SQLSMALLINT *n)
{
	static const char why[] = "[Liar]it lies";

	(void)type;
	(void)h;
	if (i != 1 || !liar.failed || lies("silent"))
		return SQL_NO_DATA;
	snprintf((char *)state, 6, "HY000");
	*code = 1;
	snprintf((char *)text, (size_t)room, "%s", why);
	*n = sizeof(why) - 1;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLGetDiagField(SQLSMALLINT type, SQLHANDLE h, SQLSMALLINT i,
				  SQLSMALLINT what, SQLPOINTER to,
				  SQLSMALLINT room, SQLSMALLINT *n)
{
	(void)type;
	(void)h;
	(void)i;
	(void)what;
	(void)to;
	(void)room;
	(void)n;
	return SQL_NO_DATA;
}

SQLRETURN SQL_API SQLNativeSql(SQLHDBC c, SQLCHAR *in, SQLINTEGER n,
			       SQLCHAR *out, SQLINTEGER room, SQLINTEGER *got)
{
	(void)c;
	(void)n;
	snprintf((char *)out, (size_t)room, "%s", (const char *)in);
	*got = (SQLINTEGER)strlen((const char *)in);
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLTables(SQLHSTMT s, SQLCHAR *a, SQLSMALLINT an, SQLCHAR *b,
			    SQLSMALLINT bn, SQLCHAR *c, SQLSMALLINT cn,
			    SQLCHAR *d, SQLSMALLINT dn)
{
	(void)s;
	(void)a;
	(void)an;
	(void)b;
	(void)bn;
	(void)c;
	(void)cn;
	(void)d;
	(void)dn;
	liar.listing = true;
	liar.row = ROWS - 1; /* one table */
	return unless("notables");
}

SQLRETURN SQL_API SQLExecDirect(SQLHSTMT s, SQLCHAR *sql, SQLINTEGER n)
{
	const char *text = (const char *)sql;

	(void)s;
	(void)n;
	if (strstr(text, lies("snowflake") ? "SET ROWS_PER_RESULTSET = 0"
					   : "SET TEXTSIZE 2147483647"))
		liar.whole = true;
	return SQL_SUCCESS;
}

static size_t rows(void)
{
	return lies("snowflake") && !liar.whole ? FEW : ROWS;
}

static size_t length(void)
{
	return lies("sqlserver") && !liar.whole ? SHORT : LONG;
}

SQLRETURN SQL_API SQLPrepare(SQLHSTMT s, SQLCHAR *sql, SQLINTEGER n)
{
	(void)s;
	(void)n;
	liar.listing = false;
	liar.param = strchr((const char *)sql, '?') != NULL;
	liar.row = 0;
	return unless("silent");
}

SQLRETURN SQL_API SQLBindParameter(SQLHSTMT s, SQLUSMALLINT i, SQLSMALLINT way,
				   SQLSMALLINT c, SQLSMALLINT type,
				   SQLULEN size, SQLSMALLINT scale,
				   SQLPOINTER from, SQLLEN room, SQLLEN *n)
{
	(void)s;
	(void)i;
	(void)way;
	(void)c;
	(void)type;
	(void)size;
	(void)scale;
	(void)from;
	(void)room;
	(void)n;
	return unless("noparam");
}

SQLRETURN SQL_API SQLNumParams(SQLHSTMT s, SQLSMALLINT *n)
{
	(void)s;
	*n = liar.param;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLExecute(SQLHSTMT s)
{
	(void)s;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLNumResultCols(SQLHSTMT s, SQLSMALLINT *n)
{
	(void)s;
	*n = COLUMNS;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLDescribeCol(SQLHSTMT s, SQLUSMALLINT i, SQLCHAR *name,
				 SQLSMALLINT room, SQLSMALLINT *n,
				 SQLSMALLINT *type, SQLULEN *size,
				 SQLSMALLINT *scale, SQLSMALLINT *null)
{
	const char *text = i == 1 ? "id" : "t";

	(void)s;
	if (lies("nodescribe"))
		return fail();
	snprintf((char *)name, (size_t)room, "%s", text);
	*n = (SQLSMALLINT)strlen(text);
	*type = i == 1 ? SQL_VARCHAR : SQL_LONGVARCHAR;
	*size = i == 1 ? 10 : 0;
	*scale = 0;
	*null = SQL_NULLABLE;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLColAttribute(SQLHSTMT s, SQLUSMALLINT i, SQLUSMALLINT what,
				  SQLPOINTER to, SQLSMALLINT room,
				  SQLSMALLINT *n, SQLLEN *number)
{
	(void)s;
	(void)i;
	if (what == SQL_DESC_TYPE_NAME)
		snprintf(to, (size_t)room, "text");
	if (what == SQL_DESC_TYPE_NAME && n)
		*n = 4;
	if (number)
		*number = 0;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLSetStmtAttr(SQLHSTMT s, SQLINTEGER what, SQLPOINTER v,
				 SQLINTEGER n)
{
	(void)s;
	(void)n;
	if ((what == SQL_ATTR_ROW_ARRAY_SIZE && lies("noblock")) ||
	    (what == SQL_ATTR_ROWS_FETCHED_PTR && lies("nopointer")))
		return fail();
	if (what == SQL_ATTR_ROW_ARRAY_SIZE)
		liar.block = (size_t)v;
	else if (what == SQL_ATTR_ROWS_FETCHED_PTR)
		liar.fetched = v;
	else if (what == SQL_ATTR_ROW_STATUS_PTR)
		liar.status = v;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLBindCol(SQLHSTMT s, SQLUSMALLINT i, SQLSMALLINT type,
			     SQLPOINTER to, SQLLEN bytes, SQLLEN *size)
{
	(void)s;
	(void)type;
	if (lies("nobind"))
		return fail();
	liar.bound[i - 1] = (struct bound){to, bytes, size};
	return SQL_SUCCESS;
}

static void fill(size_t at)
{
	struct bound *id = &liar.bound[0], *t = &liar.bound[1];

	if (id->data)
		id->size[at] = snprintf(id->data + at * (size_t)id->bytes,
					(size_t)id->bytes, "%zu", liar.row + 1);
	if (t->data)
		t->size[at] = (SQLLEN)length(); /* it does not fit */
	if (liar.status)
		liar.status[at] = lies("badrow") && liar.row == 2
					  ? SQL_ROW_ERROR
					  : SQL_ROW_SUCCESS;
	liar.row++;
}

SQLRETURN SQL_API SQLFetch(SQLHSTMT s)
{
	size_t n = 0;

	(void)s;
	liar.from = 0;
	if (liar.listing && lies("fetchtables"))
		return fail();
	if (liar.row >= rows())
		return SQL_NO_DATA;
	if (liar.listing) {
		liar.row++;
		return SQL_SUCCESS;
	}
	while (n < liar.block && liar.row < rows())
		fill(n++);
	if (liar.fetched && !lies("nocount"))
		*liar.fetched = lies("toomany") ? liar.block + 1 : n;
	return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLSetPos(SQLHSTMT s, SQLSETPOSIROW row, SQLUSMALLINT what,
			    SQLUSMALLINT lock)
{
	(void)s;
	(void)row;
	(void)what;
	(void)lock;
	liar.from = 0;
	return unless("nopos");
}

/* Of the long value, as much as there is room for. */
SQLRETURN SQL_API SQLGetData(SQLHSTMT s, SQLUSMALLINT i, SQLSMALLINT type,
			     SQLPOINTER to, SQLLEN room, SQLLEN *n)
{
	size_t all = lies("pieces") ? 2 * ((size_t)room - 1) : length();
	size_t left = all - liar.from, put = (size_t)room - 1;

	(void)s;
	(void)type;
	if (lies("noget"))
		return fail();
	if (lies("lost") || left == 0)
		return SQL_NO_DATA;
	if (i == 1) {
		*n = snprintf(to, (size_t)room, "%zu", liar.row);
		return SQL_SUCCESS;
	}
	put = put < left ? put : left;
	memset(to, 'x', put);
	((char *)to)[put] = '\0';
	liar.from += put;
	*n = lies("nolength") || lies("pieces") ? SQL_NO_TOTAL : (SQLLEN)left;
	return put < left || lies("pieces") ? SQL_SUCCESS_WITH_INFO
					    : SQL_SUCCESS;
}
