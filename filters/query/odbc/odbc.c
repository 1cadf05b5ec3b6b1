#include "query/odbc/odbc.h"

#ifdef WITH_ODBC
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/tool.h"
#include "query/attribute.h"
#include "query/losses.h"
#include "query/odbc/utf16.h"

enum { CONNECT_S = 10, WORDS = 200 };

#define MYSQL                                                                  \
	"SET time_zone = '+00:00', sql_select_limit = 18446744073709551615,"   \
	" net_write_timeout = 31536000, net_read_timeout = 31536000"

/* How to set up the session: times in UTC, no writes, all rows whole, no time
 * limit while the reader stalls. Also what is special about the drivers of
 * Debian 12:
 *
 *     mysql   long values must be fetched separately, row by row, whatever the
 *             driver reports (MariaDB's 3.1.15 reads past what is bound, and
 *             does not start again in the next row of a block); the connection
 *             may have a character set other than UTF-8, which loses
 *             characters; see also odbcmysql.h
 *     sqlite  rows are not streamed within a transaction (0.9998)
 */
static const struct {
	const char *dbms; /* start of the name that the database reports */
	const char *sql;
	const char *whole; /* what it may lack: limits of rows and values that
			    * an account or a driver sets; or NULL */
	bool mysql, sqlite;
} sessions[] = {
	{"PostgreSQL",
	 "SET TimeZone = 'UTC'; SET TRANSACTION READ ONLY;"
	 " SELECT set_config(name, '0', false) FROM pg_settings"
	 " WHERE name IN ('statement_timeout', 'transaction_timeout',"
	 " 'idle_in_transaction_session_timeout')"
	 " AND setting <> '0' AND source <> 'client'",
	 NULL, false, false},
	{"MariaDB", MYSQL, "SET " LOSSES_SET, true, false},
	{"MySQL", MYSQL, "SET " LOSSES_SET, true, false},
	{"SQLite", "PRAGMA query_only = 1", NULL, false, true},
	{"Snowflake", "ALTER SESSION SET TIMEZONE = 'UTC'",
	 "ALTER SESSION SET ROWS_PER_RESULTSET = 0", false, false},
	/* FreeTDS sets it to the "text size" of its freetds.conf */
	{"Microsoft SQL Server", "SET ROWCOUNT 0", "SET TEXTSIZE 2147483647",
	 false, false},
	{"Oracle", "ALTER SESSION SET TIME_ZONE = 'UTC'", NULL, false, false},
	{"Spark", "SET TIME ZONE 'UTC'", NULL, false, false},
	{"Databricks", "SET TIME ZONE 'UTC'", NULL, false, false},
	{"Trino", "SET TIME ZONE 'UTC'", NULL, false, false},
};

static const struct {
	const char *state; /* how the SQLSTATE starts; the first match wins */
	enum err_kind kind;
} states[] = {
	{"42501", ERR_DENIED}, {"57014", ERR_TEMP},   {"57P0", ERR_REFUSED},
	{"HYT0", ERR_TEMP},    {"HY008", ERR_TEMP},   {"HYC00", ERR_CONFIG},
	{"IM00", ERR_CONFIG},  {"01S00", ERR_CONFIG}, {"08004", ERR_DENIED},
	{"28", ERR_DENIED},    {"08", ERR_REFUSED},   {"42", ERR_CONFIG},
	{"S0", ERR_CONFIG},    {"3", ERR_CONFIG},     {"07", ERR_CONFIG},
	{"25", ERR_CONFIG},    {"21", ERR_DATA},      {"22", ERR_DATA},
	{"40", ERR_TEMP},      {"53", ERR_TEMP},      {"55", ERR_TEMP},
	{"70100", ERR_TEMP},   {"01000", ERR_CONFIG}, /* the driver is not
						       * installed */
	{"HY018", ERR_TEMP}, /* MariaDB: max_statement_time exceeded */
};

static enum err_kind kind_of(const char *state, enum err_kind otherwise)
{
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		if (slice_starts(slice_str(state), states[i].state))
			return states[i].kind;
	}
	return otherwise;
}

/* Removes the prefix from "[unixODBC][the driver]text". */
static struct slice text_of(struct slice s)
{
	while (s.n > 0 && (*s.p == '[' || *s.p == ' ')) {
		const char *end = memchr(s.p, ']', s.n);
		size_t n = *s.p == ' ' ? 1
			   : end       ? (size_t)(end - s.p) + 1
				       : s.n;

		if (n == s.n)
			break;
		s = slice_of(s.p + n, s.n - n);
	}
	while (s.n > 0 && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == ' '))
		s.n--;
	return s;
}

/* Sets *e to the error of the last call on the handle, with the values of
 * secret attributes masked. Its kind is `otherwise` if the SQLSTATE is unknown.
 */
static int failed_with(SQLSMALLINT type, SQLHANDLE handle,
		       const char *attributes, enum err_kind otherwise,
		       struct err *e)
{
	SQLWCHAR wide[512], wide_state[8];
	SQLINTEGER code;
	SQLSMALLINT n = 0;
	struct buf text = {0}, state = {0};
	int rc;

	if (!SQL_SUCCEEDED(SQLGetDiagRecW(type, handle, 1, wide_state, &code,
					  wide, COUNT_OF(wide), &n)))
		return err_set(e, otherwise, "ODBC: no reason given");
	if ((size_t)n >= COUNT_OF(wide))
		n = COUNT_OF(wide) - 1;
	(void)!utf16_narrow(&text, slice_of((const char *)wide, 2 * (size_t)n));
	(void)!utf16_narrow(&state, slice_of((const char *)wide_state, 10));
	attribute_mask(&text, attributes);
	rc = err_set(e, kind_of(buf_cstr(&state), otherwise),
		     "ODBC: %.*s (SQLSTATE %s)",
		     SLICE_FMT(text_of(buf_all(&text))), buf_cstr(&state));
	buf_clear(&text);
	buf_clear(&state);
	return rc;
}

static int failed_by(SQLSMALLINT type, SQLHANDLE handle,
		     enum err_kind otherwise, struct err *e)
{
	return failed_with(type, handle, "", otherwise, e);
}

int odbc_failed(const struct odbc *o, enum err_kind otherwise, struct err *e)
{
	return failed_by(SQL_HANDLE_STMT, o->stmt, otherwise, e);
}

/* Drivers seldom distinguish a lost connection from bad data. */
int odbc_failed_fetch(const struct odbc *o, struct err *e)
{
	SQLUINTEGER dead = SQL_CD_FALSE;

	(void)odbc_failed(o, ERR_DATA, e);
	if (SQL_SUCCEEDED(SQLGetConnectAttr(o->conn, SQL_ATTR_CONNECTION_DEAD,
					    &dead, 0, NULL)) &&
	    dead == SQL_CD_TRUE)
		e->kind = ERR_REFUSED;
	return -1;
}

static int make_handles(struct odbc *o, struct err *e)
{
	if (!SQL_SUCCEEDED(
		    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &o->env)) ||
	    !SQL_SUCCEEDED(SQLSetEnvAttr(o->env, SQL_ATTR_ODBC_VERSION,
					 odbc_number(SQL_OV_ODBC3), 0)) ||
	    !SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_DBC, o->env, &o->conn)))
		return err_set(e, ERR_OS,
			       "ODBC: out of memory for a connection");
	return 0;
}

/* Text that is not UTF-16 has the locale's character set, which a driver may
 * take from the environment when it is loaded.
 */
static void use_utf8(void)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		(void)setlocale(LC_CTYPE, "en_US.UTF-8");
}

/* Drivers return times without a time zone. They are read as UTC, which the
 * session is set to, so the connection string must not set another zone.
 */
static int check_zone(const char *attributes, struct err *e)
{
	static const char *const words[] = {"timezone", "time_zone",
					    "time zone", "time%20zone"};
	struct attribute a;

	while (attribute_next(&attributes, &a)) {
		char text[1024];

		if (attribute_is_secret(&a))
			continue;
		snprintf(text, sizeof(text), "%.*s", SLICE_FMT(a.whole));
		for (size_t i = 0; i < COUNT_OF(words); i++) {
			if (strcasestr(text, words[i]) &&
			    !strcasestr(text, "UTC"))
				return err_names(
					e, ERR_CONFIG,
					"ODBC: '%.*s' sets a time zone, but "
					"times are read in UTC: leave it out, "
					"and convert them in the model",
					SLICE_FMT(a.name));
		}
	}
	return 0;
}

/* Connects. Nothing is written: the driver gets a hint, the transaction is
 * never committed if the database has transactions, and model.c accepts only a
 * SELECT.
 */
static int connect_to(struct odbc *o, const char *attributes, struct err *e)
{
	const char *password = getenv("RUDDER_ODBC_PASSWORD");
	struct buf text = {0}, wide = {0};
	int rc = 0;

	if (check_zone(attributes, e) < 0)
		return -1;
	use_utf8();
	if (make_handles(o, e) < 0)
		return -1;
	(void)SQLSetConnectAttr(o->conn, SQL_ATTR_LOGIN_TIMEOUT,
				odbc_number(CONNECT_S), 0);
	(void)SQLSetConnectAttr(o->conn, SQL_ATTR_ACCESS_MODE,
				odbc_number(SQL_MODE_READ_ONLY), 0);
	buf_str(&text, attributes);
	if (password && *password && !attribute_has(attributes, "PWD"))
		attribute_add(&text, "PWD", password);
	utf16_add(&wide, buf_all(&text));
	if (!SQL_SUCCEEDED(SQLDriverConnectW(o->conn, NULL,
					     (SQLWCHAR *)(void *)wide.p,
					     (SQLSMALLINT)(wide.n / 2), NULL, 0,
					     NULL, SQL_DRIVER_NOPROMPT)))
		rc = failed_with(SQL_HANDLE_DBC, o->conn, buf_cstr(&text),
				 ERR_REFUSED, e);
	buf_clear(&text);
	buf_clear(&wide);
	use_utf8();
	if (rc < 0)
		return -1;
	if (SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, o->conn, &o->stmt)))
		return 0;
	return failed_by(SQL_HANDLE_DBC, o->conn, ERR_REFUSED, e);
}

void odbc_info(const struct odbc *o, SQLUSMALLINT what, char *to, size_t size)
{
	SQLSMALLINT n = 0;

	*to = '\0';
	(void)SQLGetInfo(o->conn, what, to, (SQLSMALLINT)size, &n);
	to[size - 1] = '\0';
}

static int command(const struct odbc *o, const char *sql, struct err *e)
{
	SQLHSTMT s = NULL;
	struct buf wide = {0};
	int rc = 0;

	utf16_add(&wide, slice_str(sql));
	if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, o->conn, &s)))
		rc = failed_by(SQL_HANDLE_DBC, o->conn, ERR_REFUSED, e);
	else if (!SQL_SUCCEEDED(SQLExecDirectW(s, (SQLWCHAR *)(void *)wide.p,
					       SQL_NTS)))
		rc = failed_by(SQL_HANDLE_STMT, s, ERR_CONFIG, e);
	if (s)
		SQLFreeHandle(SQL_HANDLE_STMT, s);
	buf_clear(&wide);
	return rc;
}

/* Whether to use UTF-8 with the driver. For a driver without UTF-16 functions
 * the driver manager converts, and damages characters beyond 16 bits. A query
 * with an emoji shows whether it does.
 */
static bool is_plain(const struct odbc *o)
{
	struct buf wide = {0};
	SQLWCHAR back[32] = {0};
	SQLINTEGER n = 0;
	bool kept;

	utf16_add(&wide, slice_str("SELECT '\xf0\x9f\x9a\x80'"));
	kept = SQL_SUCCEEDED(SQLNativeSqlW(o->conn, (SQLWCHAR *)(void *)wide.p,
					   (SQLINTEGER)(wide.n / 2), back,
					   COUNT_OF(back), &n)) &&
	       memcmp(back, wide.p, wide.n) == 0;
	buf_clear(&wide);
	return !kept;
}

/* Checks the connection's character set: with one other than UTF-8, characters
 * that it lacks arrive as "?". NULL in the server means the bytes as stored,
 * which the driver reads as UTF-8.
 */
static int check_charset(const struct odbc *o, struct err *e)
{
	SQLCHAR sql[] = "SELECT @@character_set_results";
	char name[64] = "utf8";
	SQLHSTMT s = NULL;
	SQLLEN n = 0;

	if (SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, o->conn, &s)) &&
	    SQL_SUCCEEDED(SQLExecDirect(s, sql, SQL_NTS)) &&
	    SQL_SUCCEEDED(SQLFetch(s)))
		(void)SQLGetData(s, 1, SQL_C_CHAR, name, sizeof(name), &n);
	if (s)
		SQLFreeHandle(SQL_HANDLE_STMT, s);
	if (strncasecmp(name, "utf8", 4) == 0)
		return 0;
	return err_names(
		e, ERR_CONFIG,
		"ODBC: the connection's character set is '%s', which "
		"lacks characters of the database; set CHARSET=utf8mb4",
		name);
}

/* Sets up the session. If the database has transactions, a transaction begins,
 * which is never committed.
 */
static int begin(struct odbc *o, struct err *e)
{
	char dbms[WORDS];
	size_t i = 0;
	bool known;

	o->plain = is_plain(o);
	odbc_info(o, SQL_DBMS_NAME, dbms, sizeof(dbms));
	while (i < COUNT_OF(sessions) &&
	       !slice_starts(slice_str(dbms), sessions[i].dbms))
		i++;
	known = i < COUNT_OF(sessions);
	if (!known || !sessions[i].sqlite)
		(void)SQLSetConnectAttr(o->conn, SQL_ATTR_AUTOCOMMIT,
					odbc_number(SQL_AUTOCOMMIT_OFF), 0);
	if (!known)
		return 0;
	if (sessions[i].sqlite)
		tool_warn("the ODBC driver of SQLite changes values that do "
			  "not have the type of their column; use "
			  "sqlite:FILE");
	o->mysql = sessions[i].mysql;
	o->sqlite = sessions[i].sqlite;
	if (command(o, sessions[i].sql, e) < 0)
		return err_in(e, "setting up the session");
	if (sessions[i].whole)
		(void)!command(o, sessions[i].whole, &(struct err){0});
	return o->mysql ? check_charset(o, e) : 0;
}

int odbc_open(struct odbc *o, const char *attributes, struct err *e)
{
	return connect_to(o, attributes, e) < 0 ? -1 : begin(o, e);
}

void odbc_close(struct odbc *o)
{
	if (o->stmt)
		SQLFreeHandle(SQL_HANDLE_STMT, o->stmt);
	if (o->conn) {
		(void)SQLEndTran(SQL_HANDLE_DBC, o->conn, SQL_ROLLBACK);
		(void)SQLDisconnect(o->conn);
		SQLFreeHandle(SQL_HANDLE_DBC, o->conn);
	}
	if (o->env)
		SQLFreeHandle(SQL_HANDLE_ENV, o->env);
	*o = (struct odbc){0};
}

int odbc_count_tables(const struct odbc *o, size_t *n, struct err *e)
{
	SQLCHAR kinds[] = "TABLE,VIEW";
	SQLHSTMT s = NULL;
	SQLRETURN got;
	int rc = 0;

	*n = 0;
	if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, o->conn, &s)))
		return failed_by(SQL_HANDLE_DBC, o->conn, ERR_REFUSED, e);
	got = SQLTables(s, NULL, 0, NULL, 0, NULL, 0, kinds, SQL_NTS);
	while (SQL_SUCCEEDED(got) && SQL_SUCCEEDED(got = SQLFetch(s)))
		++*n;
	if (got != SQL_NO_DATA)
		rc = failed_by(SQL_HANDLE_STMT, s, ERR_REFUSED, e);
	SQLFreeHandle(SQL_HANDLE_STMT, s);
	return rc;
}

SQLRETURN odbc_prepare(const struct odbc *o, struct buf *sql)
{
	struct buf wide = {0};
	SQLRETURN rc;

	if (o->plain)
		return SQLPrepare(o->stmt, (SQLCHAR *)buf_cstr(sql), SQL_NTS);
	utf16_add(&wide, buf_all(sql));
	rc = SQLPrepareW(o->stmt, (SQLWCHAR *)(void *)wide.p,
			 (SQLINTEGER)(wide.n / 2));
	buf_clear(&wide);
	return rc;
}

static int bad_name(SQLUSMALLINT i, struct err *e)
{
	return err_names(e, ERR_CONFIG,
			 "the name of column %u is too long or not text", i);
}

static int describe_plain(const struct odbc *o, SQLUSMALLINT i,
			  struct odbc_column *a, struct err *e)
{
	SQLSMALLINT n = 0;

	if (!SQL_SUCCEEDED(SQLDescribeCol(o->stmt, i, (SQLCHAR *)a->name,
					  sizeof(a->name), &n, &a->type,
					  &a->size, &a->scale, &a->null)))
		return odbc_failed(o, ERR_CONFIG, e);
	/* some drivers return the length of the truncated name */
	if ((size_t)n + 1 >= sizeof(a->name))
		return bad_name(i, e);
	(void)SQLColAttribute(o->stmt, i, SQL_DESC_TYPE_NAME, a->type_name,
			      sizeof(a->type_name), &n, NULL);
	return 0;
}

/* Copies the name to `to` as UTF-8. -1 if it is invalid or does not fit. */
static int copy_name(char *to, size_t size, const SQLWCHAR *wide, size_t n)
{
	struct buf b = {0};
	int rc = utf16_narrow(&b, slice_of((const char *)wide, 2 * n));

	if (b.n >= size)
		rc = -1;
	else
		memcpy(to, buf_cstr(&b), b.n + 1);
	buf_clear(&b);
	return rc;
}

static int describe_wide(const struct odbc *o, SQLUSMALLINT i,
			 struct odbc_column *a, struct err *e)
{
	SQLWCHAR name[COUNT_OF(a->name) / 3], type_name[WORDS / 3] = {0};
	SQLSMALLINT n = 0;

	if (!SQL_SUCCEEDED(SQLDescribeColW(o->stmt, i, name, COUNT_OF(name), &n,
					   &a->type, &a->size, &a->scale,
					   &a->null)))
		return odbc_failed(o, ERR_CONFIG, e);
	if ((size_t)n >= COUNT_OF(name) ||
	    copy_name(a->name, sizeof(a->name), name, (size_t)n) < 0)
		return bad_name(i, e);
	n = 0;
	(void)SQLColAttributeW(o->stmt, i, SQL_DESC_TYPE_NAME, type_name,
			       sizeof(type_name), &n, NULL);
	if (n > 0 && n < (SQLSMALLINT)sizeof(type_name))
		(void)!copy_name(a->type_name, sizeof(a->type_name), type_name,
				 (size_t)n / 2);
	return 0;
}

int odbc_describe(const struct odbc *o, SQLUSMALLINT i, struct odbc_column *c,
		  struct err *e)
{
	*c = (struct odbc_column){.is_unsigned = SQL_FALSE};
	if ((o->plain ? describe_plain : describe_wide)(o, i, c, e) < 0)
		return -1;
	(void)SQLColAttribute(o->stmt, i, SQL_DESC_UNSIGNED, NULL, 0, NULL,
			      &c->is_unsigned);
	return 0;
}
#endif
