#include "query/postgres/pgconn.h"

#ifdef WITH_POSTGRES
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/tool.h"
#include "query/login.h"
#include "query/postgres/pgerror.h"
#include "query/postgres/pgshape.h"
#include "query/url.h"

enum {
	CLIENT_CHECK = 140000
}; /* version that can check whether the client is alive */

static void notice(void *ctx, const char *text)
{
	struct slice s = slice_str(text);

	(void)ctx;
	while (s.n > 0 && s.p[s.n - 1] == '\n')
		s.n--;
	tool_info("PostgreSQL: %.*s", SLICE_FMT(s));
}

/* Whether libpq has an option of this name. */
static bool is_option(struct slice name)
{
	PQconninfoOption *all = PQconndefaults(), *o = all;
	bool found = slice_is(
		name, "ssl"); /* a JDBC option that libpq accepts in a URL */

	for (; o && o->keyword && !found; o++)
		found = slice_is(name, o->keyword);
	PQconninfoFree(all);
	return found;
}

static int check_options(const char *p, struct err *e)
{
	while (*p) {
		size_t n = strcspn(p, "&"), name = strcspn(p, "=&");

		if (name == n || name == 0)
			return err_set(e, ERR_USAGE,
				       "source: options are "
				       "?name=value&name=value");
		if (!is_option(slice_of(p, name)))
			return strchr(p, '@') ? url_misread(e)
					      : err_names(e, ERR_USAGE,
							  "source: unknown "
							  "option '%.*s'",
							  (int)name, p);
		p += n + (p[n] == '&');
	}
	return 0;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* libpq's messages repeat the part of the URL that is wrong, which may be a
 * part of the password. So everything that libpq would complain about is
 * checked first.
 */
static int check_url(const char *url, struct err *e)
{
	char *why = NULL;
	PQconninfoOption *o;

	if (url_check(url, true, e) < 0)
		return -1;
	for (const char *p = url; (p = strchr(p, '%')); p++) {
		if (!is_hex(p[1]) || !is_hex(p[2]) ||
		    (p[1] == '0' && p[2] == '0'))
			return err_names(e, ERR_USAGE,
					 "source: a '%%' in the URL is not "
					 "followed by two hexadecimal digits; "
					 "write %%25 for '%%'");
	}
	if (strchr(url, '?') && check_options(strchr(url, '?') + 1, e) < 0)
		return -1;
	o = PQconninfoParse(url, &why);
	PQfreemem(why);
	if (!o)
		return err_set(e, ERR_USAGE, "source: wrong host in the URL");
	PQconninfoFree(o);
	return url_check_ports(url, e);
}

/* Sets UTF-8 as the client encoding, whatever the URL, a service file or the
 * user's settings say. A server with SQL_ASCII would fail the whole query for
 * one invalid text; it sends the bytes unchanged, and only the row is rejected
 * here.
 */
static int set_encoding(const struct pgconn *p, struct err *e)
{
	const char *server = PQparameterStatus(p->conn, "server_encoding");
	bool raw = server && strcmp(server, "SQL_ASCII") == 0;

	return PQsetClientEncoding(p->conn, raw ? server : "UTF8") == 0
		       ? 0
		       : pgerror_set(p, NULL, e);
}

/* Appends the URL for libpq, which does not know redshift://. */
static void put_url(const struct pgconn *p, struct buf *b)
{
	const char *url = p->job->url;

	if (p->text)
		buf_fmt(b, "postgres%s", strchr(url, ':'));
	else
		buf_str(b, url);
}

const char *pgconn_require_auth(const char *sslmode)
{
	static const char *const encrypted[] = {"require", "verify-ca",
						"verify-full"};

	for (size_t i = 0; sslmode && i < COUNT_OF(encrypted); i++) {
		if (strcmp(sslmode, encrypted[i]) == 0)
			return NULL;
	}
	return "!password";
}

/* The value of require_auth, which libpq has from version 16 on; NULL to leave
 * it out, also if the user may have set it elsewhere.
 */
static const char *required_auth(const char *url)
{
	PQconninfoOption *all, *o;
	const char *value;
	char *mode = NULL;

	if (!is_option(slice_str("require_auth")) || getenv("PGREQUIREAUTH") ||
	    getenv("PGSERVICE") || strstr(url, "service="))
		return NULL;
	all = PQconninfoParse(url, NULL);
	for (o = all; o && o->keyword; o++) {
		if (strcmp(o->keyword, "sslmode") == 0)
			mode = o->val;
	}
	value = pgconn_require_auth(mode ? mode : getenv("PGSSLMODE"));
	PQconninfoFree(all);
	return value;
}

/* Warns after the login, because libpq before 16 cannot be told before. */
static void warn_of_password(const struct pgconn *p)
{
	const char *at = PQhostaddr(p->conn);

	if (!PQconnectionUsedPassword(p->conn) || PQsslInUse(p->conn) || !at ||
	    !*at || *at == '/' || strcmp(at, "::1") == 0 ||
	    strncmp(at, "127.", 4) == 0)
		return;
	tool_warn("the password was used on a connection without TLS, where "
		  "it can be seen or changed; use sslmode=verify-full");
}

int pgconn_open(struct pgconn *p, struct err *e)
{
	struct buf url = {0};
	bool has_timeout = getenv("PGCONNECT_TIMEOUT") || getenv("PGSERVICE") ||
			   strstr(p->job->url, "service=") ||
			   strstr(p->job->url, "connect_timeout");
	const char *keys[] = {"fallback_application_name",
			      "client_encoding",
			      "port",
			      "connect_timeout",
			      "require_auth",
			      "dbname",
			      NULL};
	const char *values[] = {
		"rudder-query", "UTF8",
		/* the URL (dbname) comes later and wins; NULL: unset */
		p->text && !getenv("PGPORT") ? "5439" : NULL,
		has_timeout ? NULL : "10", NULL, NULL, NULL};
	struct login *login;
	int rc;

	put_url(p, &url);
	rc = url_take(&url, "timezone", &p->zone, e);
	values[5] = buf_cstr(&url);
	if (rc == 0)
		rc = check_url(values[5], e);
	if (rc == 0)
		values[4] = required_auth(values[5]);
	login = rc == 0 ? login_begin(p->text ? "Redshift" : "PostgreSQL",
				      p->job->timeout_ms, 0, p->rows, e)
			: NULL;
	if (login) {
		p->conn = PQconnectdbParams(keys, values, 1);
		login_end(login);
	} else {
		rc = -1;
	}
	buf_clear(&url);
	if (rc < 0)
		return -1;
	if (!p->conn)
		return err_set(e, ERR_OS, "out of memory");
	if (PQstatus(p->conn) != CONNECTION_OK)
		return pgerror_set_login(p, e);
	(void)PQsetNoticeProcessor(p->conn, notice, NULL);
	warn_of_password(p);
	return set_encoding(p, e);
}

int pgconn_command(const struct pgconn *p, const char *sql, struct err *e)
{
	PGresult *r = PQexec(p->conn, sql);
	bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;

	if (!ok)
		(void)pgerror_set(p, r, e);
	PQclear(r);
	return ok ? 0 : -1;
}

PGresult *pgconn_ask(struct pgconn *p, const char *sql, struct err *e)
{
	PGresult *r, *rest;

	if (!PQsendQuery(p->conn, sql)) {
		(void)pgerror_set(p, NULL, e);
		return NULL;
	}
	while (PQisBusy(p->conn)) {
		if (rows_wait(p->rows, PQsocket(p->conn), e) < 0)
			return NULL;
		if (!PQconsumeInput(p->conn)) {
			(void)pgerror_set(p, NULL, e);
			return NULL;
		}
	}
	r = PQgetResult(p->conn);
	if (!r)
		(void)pgerror_set(p, NULL, e);
	else if (PQresultStatus(r) != PGRES_COPY_OUT)
		while ((rest = PQgetResult(p->conn)) != NULL)
			PQclear(rest);
	return r;
}

/* Redshift is a PostgreSQL 8 with fewer settings, and its transactions are
 * serializable. The two settings whose errors are ignored are for a PostgreSQL
 * used in place of Redshift.
 */
static int begin_redshift(const struct pgconn *p, struct err *e)
{
	struct err ignored;

	if (pgconn_command(p, "SET datestyle TO 'ISO, MDY'", e) < 0 ||
	    pgconn_command(p, "SET extra_float_digits TO 2", e) < 0)
		return -1;
	(void)!pgconn_command(p, "SET intervalstyle TO 'iso_8601'", &ignored);
	(void)!pgconn_command(p, "SET bytea_output TO 'hex'", &ignored);
	return pgconn_command(p, "BEGIN READ ONLY", e);
}

/* Lifts time limits of the server, which also count while the reader of the
 * rows stalls, for instance because a destination asked to wait. Those that the
 * user has set for this connection stay. Errors are ignored.
 */
static void lift_limits(const struct pgconn *p)
{
	PGresult *r =
		PQexec(p->conn, "SELECT pg_catalog.set_config(name, '0', false)"
				" FROM pg_catalog.pg_settings WHERE name IN ("
				"'statement_timeout', 'transaction_timeout',"
				" 'idle_in_transaction_session_timeout')"
				" AND setting <> '0' AND source <> 'client'");

	PQclear(r);
}

#define BEGIN "BEGIN ISOLATION LEVEL REPEATABLE READ "
#define SETTINGS                                                               \
	";SET LOCAL DateStyle = 'ISO, MDY';"                                   \
	"SET LOCAL IntervalStyle = 'iso_8601';"                                \
	"SET LOCAL extra_float_digits = 3;"                                    \
	"SET LOCAL bytea_output = 'hex';"                                      \
	"SET LOCAL standard_conforming_strings = on"

/* The server checks every second whether the client is still connected. */
static int begin_postgres(const struct pgconn *p, struct err *e)
{
	lift_limits(p);
	if (PQserverVersion(p->conn) >= CLIENT_CHECK)
		PQclear(PQexec(p->conn,
			       "SET client_connection_check_interval = '1s'"));
	return pgconn_command(p,
			      p->writes ? BEGIN "READ WRITE" SETTINGS
					: BEGIN "READ ONLY" SETTINGS,
			      e);
}

/* Sets the time zone in which the model computes. */
static int set_zone(const struct pgconn *p, struct err *e)
{
	struct buf sql = {0};
	char *quoted;
	int rc;

	if (!p->zone)
		return 0;
	quoted = PQescapeLiteral(p->conn, p->zone, strlen(p->zone));
	if (!quoted)
		return pgerror_set(p, NULL, e);
	buf_fmt(&sql, "SET timezone TO %s", quoted);
	PQfreemem(quoted);
	rc = pgconn_command(p, buf_cstr(&sql), e);
	if (rc < 0 && e->kind == ERR_DATA)
		e->kind = ERR_CONFIG;
	buf_clear(&sql);
	return rc;
}

int pgconn_begin(const struct pgconn *p, struct err *e)
{
	char limit[64];

	if ((p->text ? begin_redshift(p, e) : begin_postgres(p, e)) < 0 ||
	    set_zone(p, e) < 0)
		return -1;
	if (p->job->timeout_ms == 0)
		return 0;
	snprintf(limit, sizeof(limit), "SET statement_timeout TO %" PRIu64,
		 p->job->timeout_ms);
	return pgconn_command(p, limit, e);
}

/* The server sends 8 KiB at a time, about every 60 us. Waking up for each piece
 * costs both sides more than the data itself, so wait a moment for more to
 * arrive (saves 0.2 s of CPU for 1 M rows).
 */
int pgconn_wait(struct pgconn *p, struct err *e)
{
	const struct timespec moment = {.tv_nsec = 300 * 1000};
	int rc = rows_wait(p->rows, PQsocket(p->conn), e);

	if (rc > 0)
		(void)nanosleep(&moment, NULL);
	if (rc >= 0 && !PQconsumeInput(p->conn))
		rc = pgerror_set(p, NULL, e);
	return rc < 0 ? -1 : 0;
}

static int say_connected(const struct pgconn *p, struct err *e)
{
	char text[200];

	snprintf(text, sizeof(text), "PostgreSQL %s, database %s, user %s",
		 PQparameterStatus(p->conn, "server_version"), PQdb(p->conn),
		 PQuser(p->conn));
	return rows_step(p->rows, ROWS_CONNECTION, text, e);
}

/* For --check: the number of tables that this user may read. */
static int say_listed(const struct pgconn *p, struct err *e)
{
	char text[80];
	PGresult *r;
	int rc;

	if (!p->rows->check)
		return 0;
	r = PQexec(p->conn,
		   "SELECT count(*) FROM pg_catalog.pg_class c"
		   " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
		   " WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p')"
		   " AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
		   " AND pg_catalog.has_table_privilege(c.oid, 'SELECT')"
		   " AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')");
	if (PQresultStatus(r) != PGRES_TUPLES_OK) {
		rc = pgerror_set(p, r, e);
	} else {
		const char *n = PQgetvalue(r, 0, 0);

		snprintf(text, sizeof(text), "%s readable table%s", n,
			 strcmp(n, "1") == 0 ? "" : "s");
		rc = rows_step(p->rows, ROWS_LISTING, text, e);
	}
	PQclear(r);
	return rc;
}

int pgconn_steps(const struct pgconn *p, struct err *e)
{
	return say_connected(p, e) < 0 ? -1 : say_listed(p, e);
}

void pgconn_close(struct pgconn *p)
{
	PQclear(p->described);
	PQclear(p->natives);
	for (size_t i = 0; p->param && i < p->job->model->n; i++)
		buf_clear(&p->param[i]);
	free(p->param);
	PQfinish(p->conn);
	free(p->head);
	for (size_t i = 0; i < p->n; i++) {
		buf_clear(&p->column[i].select);
		pgshape_free(p->column[i].value.shape);
	}
	free(p->column);
	pgshape_types_clear(&p->types);
	free(p->zone);
	buf_clear(&p->since);
}

#endif
