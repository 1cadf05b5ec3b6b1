/* source_postgres.c - PostgreSQL: one snapshot, streamed by binary COPY.
 *
 * The model is first prepared, which checks it and names its columns; types
 * that pgtype.c does not know are cast to text by the server. Measured on 1 M
 * rows of 11 columns, COPY in binary costs both sides less than any other way
 * to get rows, and less than the server's own CSV.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/mem.h"
#include "core/tool.h"
#include "query/pgtype.h"
#include "query/source.h"

#ifdef WITH_POSTGRES
#include <libpq-fe.h>

static const char hello[] = "PGCOPY\n\377\r\n"; /* and its NUL: 11 bytes */

enum {
	HELLO = sizeof(hello),
	HEADER = HELLO + 8,    /* flags, length of an extension */
	CLIENT_CHECK = 140000, /* version that looks for gone clients */
};

/* How the wrapped SELECT asks for a column. */
enum cast { AS_IS, AS_TEXT, AS_TEXT_ARRAY, AS_JSON };

struct column {
	struct pgtype_column value;
	uint32_t oid;
	enum cast cast;
};

struct pg {
	PGconn *conn;
	const struct source_job *job;
	struct rows *rows;
	struct pgtype_work work;
	struct rows_column *head; /* n of them, as the two below */
	struct column *column;
	size_t n;
	PGresult *described; /* owns the names in head */
	PGresult *natives;   /* and the words for types, with --columns */
	uint64_t seen;       /* rows that came */
	bool greeted, ended; /* header and trailer of the COPY */
};

/* SQLSTATE by its first characters, the longest first. */
static const struct {
	const char *state;
	enum err_kind kind;
} states[] = {
	{"42501", ERR_DENIED}, {"28", ERR_DENIED},  {"42", ERR_CONFIG},
	{"25006", ERR_CONFIG}, {"0A", ERR_CONFIG},  {"3", ERR_CONFIG},
	{"22", ERR_DATA},      {"21", ERR_DATA},    {"23", ERR_DATA},
	{"57014", ERR_TEMP},   {"40", ERR_TEMP},    {"53", ERR_TEMP},
	{"55", ERR_TEMP},      {"P0001", ERR_DATA},
};

static int failed(const struct pg *p, const PGresult *r, struct err *e)
{
	const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
	const char *text =
		r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	enum err_kind kind = ERR_REFUSED;

	for (size_t i = 0; state && i < COUNT_OF(states); i++) {
		if (slice_starts(slice_str(state), states[i].state)) {
			kind = states[i].kind;
			break;
		}
	}
	if (!text) {
		struct slice s = slice_str(PQerrorMessage(p->conn));

		while (s.n > 0 && s.p[s.n - 1] == '\n')
			s.n--;
		return err_set(e, kind, "PostgreSQL: %.*s", SLICE_FMT(s));
	}
	return err_set(e, kind, "PostgreSQL: %s (SQLSTATE %s)", text,
		       state ? state : "unknown");
}

/* The same for the model's own text, where the server tells the place. */
static int failed_model(const struct pg *p, const PGresult *r, struct err *e)
{
	const char *at = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);
	struct slice text = buf_all(&p->job->model->text);
	unsigned long chars = at ? strtoul(at, NULL, 10) : 0;
	unsigned line = 1;

	(void)failed(p, r, e);
	for (size_t i = 0; i < text.n && chars > 1; i++) {
		line += text.p[i] == '\n';
		chars -= (text.p[i] & 0xc0) != 0x80;
	}
	return at ? err_in(e, "model '%s' line %u", p->job->model->name, line)
		  : err_in(e, "model '%s'", p->job->model->name);
}

static void notice(void *ctx, const char *text)
{
	struct slice s = slice_str(text);

	(void)ctx;
	while (s.n > 0 && s.p[s.n - 1] == '\n')
		s.n--;
	tool_info("PostgreSQL: %.*s", SLICE_FMT(s));
}

static int check_url(const char *url, struct err *e)
{
	char *why = NULL;
	PQconninfoOption *o = PQconninfoParse(url, &why);

	if (!o) {
		struct slice s = slice_str(why);

		while (s.n > 0 && s.p[s.n - 1] == '\n')
			s.n--;
		(void)err_set(e, ERR_USAGE, "source: %.*s", SLICE_FMT(s));
		PQfreemem(why);
		return -1;
	}
	PQconninfoFree(o);
	return 0;
}

static int refused(const struct pg *p, struct err *e)
{
	const char *text = PQerrorMessage(p->conn);
	bool denied = PQconnectionNeedsPassword(p->conn) ||
		      strstr(text, "authentication") ||
		      strstr(text, "pg_hba.conf");

	(void)failed(p, NULL, e);
	if (denied)
		e->kind = ERR_DENIED;
	return -1;
}

/* A server without encoding would refuse all of a query for one bad text; so
 * it gives the bytes as they are, and one row is refused here.
 */
static int raw_bytes(const struct pg *p, struct err *e)
{
	const char *name = PQparameterStatus(p->conn, "server_encoding");

	if (!name || strcmp(name, "SQL_ASCII") != 0)
		return 0;
	return PQsetClientEncoding(p->conn, name) == 0 ? 0 : failed(p, NULL, e);
}

static int connect_to(struct pg *p, struct err *e)
{
	const char *url = p->job->url;
	bool wait_said = getenv("PGCONNECT_TIMEOUT") || getenv("PGSERVICE") ||
			 strstr(url, "service=");
	const char *keys[] = {"fallback_application_name", "dbname",
			      "client_encoding", NULL, NULL};
	const char *values[] = {"rudder-query", url, "UTF8", NULL, NULL};

	if (check_url(url, e) < 0)
		return -1;
	if (!wait_said && !strstr(url, "connect_timeout")) {
		keys[3] = "connect_timeout";
		values[3] = "10";
	}
	p->conn = PQconnectdbParams(keys, values, 1);
	if (!p->conn)
		return err_set(e, ERR_OS, "out of memory");
	if (PQstatus(p->conn) != CONNECTION_OK)
		return refused(p, e);
	(void)PQsetNoticeProcessor(p->conn, notice, NULL);
	return raw_bytes(p, e);
}

static int command(const struct pg *p, const char *sql, struct err *e)
{
	PGresult *r = PQexec(p->conn, sql);
	bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;

	if (!ok)
		(void)failed(p, r, e);
	PQclear(r);
	return ok ? 0 : -1;
}

/* One snapshot, nothing written, and one way to write values as text. The
 * server looks each second whether we are still there, however we went away.
 */
static int begin(const struct pg *p, struct err *e)
{
	char limit[64];

	if (PQserverVersion(p->conn) >= CLIENT_CHECK)
		PQclear(PQexec(p->conn,
			       "SET client_connection_check_interval = '1s'"));
	if (command(p,
		    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
		    "SET LOCAL TimeZone = 'UTC';"
		    "SET LOCAL DateStyle = 'ISO, MDY';"
		    "SET LOCAL IntervalStyle = 'iso_8601';"
		    "SET LOCAL extra_float_digits = 3;"
		    "SET LOCAL bytea_output = 'hex';"
		    "SET LOCAL standard_conforming_strings = on",
		    e) < 0)
		return -1;
	if (p->job->timeout_ms == 0)
		return 0;
	snprintf(limit, sizeof(limit), "SET LOCAL statement_timeout = %" PRIu64,
		 p->job->timeout_ms);
	return command(p, limit, e);
}

static int describe(struct pg *p, struct err *e)
{
	struct buf sql = {0};
	PGresult *r;
	bool ok;

	buf_slice(&sql, buf_all(&p->job->model->text));
	r = PQprepare(p->conn, "", buf_cstr(&sql), 0, NULL);
	buf_clear(&sql);
	ok = PQresultStatus(r) == PGRES_COMMAND_OK;
	if (!ok)
		(void)failed_model(p, r, e);
	PQclear(r);
	if (!ok)
		return -1;
	p->described = PQdescribePrepared(p->conn, "");
	if (PQresultStatus(p->described) != PGRES_COMMAND_OK)
		return failed(p, p->described, e);
	if ((size_t)PQnparams(p->described) > p->job->model->n)
		return err_set(e, ERR_CONFIG,
			       "model '%s' has the parameter $%d without value",
			       p->job->model->name, PQnparams(p->described));
	return 0;
}

/* How to get a column of a type that pgtype.c does not know; a row of the
 * catalogue: oid, typtype, and the typtype of the elements of an array.
 */
static void choose_cast(struct column *c, const PGresult *r, int i)
{
	char type = *PQgetvalue(r, i, 1);
	bool array = !PQgetisnull(r, i, 2);
	char element = array ? *PQgetvalue(r, i, 2) : ' ';

	if (type == 'e') {
		(void)pgtype_find(PGTYPE_TEXT, &c->value);
	} else if (type == 'c' || type == 'p' || element == 'c') {
		c->cast = AS_JSON;
		(void)pgtype_find(PGTYPE_JSON, &c->value);
	} else if (array) {
		c->cast = AS_TEXT_ARRAY;
		(void)pgtype_find(PGTYPE_TEXT_ARRAY, &c->value);
	} else {
		c->cast = AS_TEXT;
		(void)pgtype_find(PGTYPE_TEXT, &c->value);
	}
}

static int ask_types(struct pg *p, struct err *e)
{
	struct buf sql = {0};
	PGresult *r;
	int rc = 0;

	buf_str(&sql, "SELECT t.oid, t.typtype, e.typtype"
		      " FROM pg_catalog.pg_type t"
		      " LEFT JOIN pg_catalog.pg_type e ON e.typarray = t.oid"
		      " WHERE t.oid IN (0");
	for (size_t i = 0; i < p->n; i++) {
		if (!p->column[i].value.type)
			buf_fmt(&sql, ",%u", p->column[i].oid);
	}
	buf_char(&sql, ')');
	r = PQexec(p->conn, buf_cstr(&sql));
	buf_clear(&sql);
	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		rc = failed(p, r, e);
	for (int i = 0; rc == 0 && i < PQntuples(r); i++) {
		unsigned long oid = strtoul(PQgetvalue(r, i, 0), NULL, 10);

		for (size_t k = 0; k < p->n; k++) {
			if (p->column[k].oid == oid)
				choose_cast(&p->column[k], r, i);
		}
	}
	PQclear(r);
	return rc;
}

/* "numeric(12,2)" and so on, for --columns. */
static int ask_natives(struct pg *p, struct err *e)
{
	struct buf sql = {0};

	buf_str(&sql, "SELECT ");
	for (size_t i = 0; i < p->n; i++)
		buf_fmt(&sql, "%spg_catalog.format_type(%u, %d)",
			i > 0 ? "," : "", p->column[i].oid,
			PQfmod(p->described, (int)i));
	p->natives = PQexec(p->conn, buf_cstr(&sql));
	buf_clear(&sql);
	if (PQresultStatus(p->natives) != PGRES_TUPLES_OK)
		return failed(p, p->natives, e);
	for (size_t i = 0; i < p->n; i++)
		p->head[i].native = PQgetvalue(p->natives, 0, (int)i);
	return 0;
}

static int find_columns(struct pg *p, struct err *e)
{
	bool all_known = true;

	p->n = (size_t)PQnfields(p->described);
	p->head = mem_zero((p->n + 1) * sizeof(*p->head));
	p->column = mem_zero((p->n + 1) * sizeof(*p->column));
	for (size_t i = 0; i < p->n; i++) {
		struct column *c = &p->column[i];

		c->oid = PQftype(p->described, (int)i);
		if (!pgtype_find(c->oid, &c->value))
			all_known = false;
	}
	if (!all_known && ask_types(p, e) < 0)
		return -1;
	for (size_t i = 0; i < p->n; i++) {
		struct column *c = &p->column[i];

		if (!c->value.type) { /* dropped this very moment */
			c->cast = AS_TEXT;
			(void)pgtype_find(PGTYPE_TEXT, &c->value);
		}
		p->head[i].name = PQfname(p->described, (int)i);
		p->head[i].type = pgtype_word(&c->value);
	}
	return p->rows->list && p->n > 0 ? ask_natives(p, e) : 0;
}

static void put_select(struct pg *p, struct buf *sql)
{
	static const struct model_sql quotes = {.quote = '"'};
	static const char *const around[][2] = {
		[AS_IS] = {"", ""},
		[AS_TEXT] = {"", "::pg_catalog.text"},
		[AS_TEXT_ARRAY] = {"", "::pg_catalog.text[]"},
		[AS_JSON] = {"pg_catalog.to_json(", ")"},
	};

	buf_str(sql, "SELECT ");
	for (size_t i = 0; i < p->n; i++) {
		const struct column *c = &p->column[i];

		buf_str(sql, i > 0 ? "," : "");
		buf_str(sql, around[c->cast][0]);
		buf_str(sql, "t.");
		model_quote(sql, &quotes, slice_str(p->head[i].name));
		buf_str(sql, around[c->cast][1]);
	}
	buf_str(sql, " FROM (\n");
	buf_slice(sql, buf_all(&p->job->model->text));
	buf_str(sql, "\n) AS t");
	if (p->rows->cursor) {
		/* the order of a subquery is no promise */
		buf_str(sql, " ORDER BY t.");
		model_quote(sql, &quotes, slice_str(p->rows->cursor));
	}
	if (p->rows->limit < INT64_MAX)
		buf_fmt(sql, " LIMIT %" PRIu64, p->rows->limit + 1);
}

static int start_copy(struct pg *p, struct err *e)
{
	struct buf sql = {0};
	PGresult *r;
	int rc = 0;

	buf_str(&sql, "COPY (");
	put_select(p, &sql);
	buf_str(&sql, ") TO STDOUT (FORMAT binary)");
	rc = PQsendQuery(p->conn, buf_cstr(&sql));
	buf_clear(&sql);
	if (!rc)
		return failed(p, NULL, e);
	while (PQisBusy(p->conn)) {
		if (rows_wait(p->rows, PQsocket(p->conn), e) < 0)
			return -1;
		if (!PQconsumeInput(p->conn))
			return failed(p, NULL, e);
	}
	r = PQgetResult(p->conn);
	rc = PQresultStatus(r) == PGRES_COPY_OUT ? 0 : failed(p, r, e);
	PQclear(r);
	return rc;
}

static uint32_t get32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 |
	       (uint32_t)u[2] << 8 | u[3];
}

static int nonsense(struct err *e)
{
	return err_set(e, ERR_PROTOCOL, "PostgreSQL: broken data");
}

/* Length of the field at *at, UINT32_MAX for NULL, and what follows. */
static int field_at(const char **at, const char *end, struct slice *v,
		    bool *null, struct err *e)
{
	uint32_t n;

	if (end - *at < 4)
		return nonsense(e);
	n = get32(*at);
	*at += 4;
	*null = n == UINT32_MAX;
	if (*null)
		return 0;
	if ((size_t)(end - *at) < n)
		return nonsense(e);
	*v = slice_of(*at, n);
	*at += n;
	return 0;
}

/* The fields of one row: where it ends goes to *at. */
static int put_row(struct pg *p, const char **at, const char *end,
		   struct err *e)
{
	struct rows *r = p->rows;
	struct buf *b = rows_buf(r);
	int refused_at = -1;

	for (size_t i = 0; i < p->n; i++) {
		struct slice v = {0};
		bool null;

		if (field_at(at, end, &v, &null, e) < 0)
			return -1;
		if (refused_at >= 0)
			continue;
		rows_name(r, b, i);
		if (null)
			buf_add(b, "null", 4);
		else if (pgtype_put(&p->column[i].value, b, v, &p->work) < 0)
			refused_at = (int)i;
	}
	if (refused_at < 0)
		return rows_put(r, e);
	return rows_reject(r, refused_at, 0, p->work.why, slice_of(NULL, 0), e);
}

/* One message: header, rows, trailer, in whatever mixture. */
static int put_message(struct pg *p, const char *at, size_t n, struct err *e)
{
	const char *end = at + n;

	if (!p->greeted) {
		if (n < HEADER || memcmp(at, hello, HELLO) != 0 ||
		    get32(at + HELLO + 4) > n - HEADER)
			return nonsense(e);
		at += HEADER + get32(at + HELLO + 4);
		p->greeted = true;
	}
	while (at < end) {
		unsigned fields;

		if (p->ended || end - at < 2)
			return nonsense(e);
		fields = (unsigned)(unsigned char)at[0] << 8 |
			 (unsigned char)at[1];
		at += 2;
		if (fields == 0xffff) {
			p->ended = true;
			continue;
		}
		if (fields != p->n)
			return nonsense(e);
		p->seen++;
		if (rows_full(p->rows)) {
			p->rows->partial = true; /* the one beyond --limit */
			return 0;
		}
		if (put_row(p, &at, end, e) < 0)
			return -1;
	}
	return 0;
}

/* Waits for more data. The server sends 8 KiB at a time, about each 60 us: to
 * be woken for each costs both sides more than the data, so a first piece is
 * given a moment to be followed by others (1 M rows: 0.2 s less CPU here).
 */
static int wait_more(struct pg *p, struct err *e)
{
	const struct timespec moment = {.tv_nsec = 300 * 1000};
	int rc = rows_wait(p->rows, PQsocket(p->conn), e);

	if (rc > 0)
		(void)nanosleep(&moment, NULL);
	if (rc >= 0 && !PQconsumeInput(p->conn))
		rc = failed(p, NULL, e);
	return rc < 0 ? -1 : 0;
}

static int read_copy(struct pg *p, struct err *e)
{
	for (;;) {
		char *data = NULL;
		int n = PQgetCopyData(p->conn, &data, 1);
		int rc;

		if (n > 0) {
			rc = put_message(p, data, (size_t)n, e);
			PQfreemem(data);
			if (rc < 0)
				return -1;
			continue;
		}
		if (n == -1)
			return 0;
		if (n < -1)
			return failed(p, NULL, e);
		if (wait_more(p, e) < 0)
			return -1;
	}
}

/* COPY takes no parameters: a model with some runs as a query whose rows come
 * one by one, in binary as well.
 */
static int start_query(struct pg *p, struct err *e)
{
	const struct model *m = p->job->model;
	const char **values = mem_zero(m->n * sizeof(*values));
	struct buf sql = {0};
	int ok;

	for (size_t i = 0; i < m->n; i++)
		values[i] = m->param[i].value;
	put_select(p, &sql);
	ok = PQsendQueryParams(p->conn, buf_cstr(&sql), (int)m->n, NULL, values,
			       NULL, NULL, 1) &&
	     PQsetSingleRowMode(p->conn);
	buf_clear(&sql);
	free(values);
	return ok ? 0 : failed(p, NULL, e);
}

static int put_result(struct pg *p, const PGresult *r, struct err *e)
{
	struct buf *b = rows_buf(p->rows);

	p->seen++;
	if (rows_full(p->rows)) {
		p->rows->partial = true;
		return 0;
	}
	for (size_t i = 0; i < p->n; i++) {
		int k = (int)i;
		struct slice v = slice_of(PQgetvalue(r, 0, k),
					  (size_t)PQgetlength(r, 0, k));

		rows_name(p->rows, b, i);
		if (PQgetisnull(r, 0, k))
			buf_add(b, "null", 4);
		else if (pgtype_put(&p->column[i].value, b, v, &p->work) < 0)
			return rows_reject(p->rows, k, 0, p->work.why,
					   slice_of(NULL, 0), e);
	}
	return rows_put(p->rows, e);
}

/* 1 for a row, 0 when the server said that there are no more, -1. */
static int take_result(struct pg *p, struct err *e)
{
	PGresult *r;
	int rc;

	while (PQisBusy(p->conn)) {
		if (wait_more(p, e) < 0)
			return -1;
	}
	r = PQgetResult(p->conn);
	switch (PQresultStatus(r)) {
	case PGRES_SINGLE_TUPLE:
		rc = put_result(p, r, e) < 0 ? -1 : 1;
		break;
	case PGRES_TUPLES_OK:
		p->ended = true;
		rc = strtoull(PQcmdTuples(r), NULL, 10) == p->seen
			     ? 0
			     : nonsense(e);
		break;
	default:
		rc = failed(p, r, e);
		break;
	}
	PQclear(r);
	return rc;
}

static int run_query(struct pg *p, struct err *e)
{
	int rc = start_query(p, e);

	if (rc < 0)
		return -1;
	do
		rc = take_result(p, e);
	while (rc > 0);
	if (rc < 0)
		return -1;
	PQclear(PQgetResult(p->conn)); /* NULL: the end of this query */
	return command(p, "COMMIT", e);
}

/* The server's last word, and that it counts as many rows as came. */
static int confirm(struct pg *p, struct err *e)
{
	PGresult *r = PQgetResult(p->conn);
	int rc = 0;

	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		rc = failed(p, r, e);
	else if (!p->ended || strtoull(PQcmdTuples(r), NULL, 10) != p->seen)
		rc = err_set(e, ERR_PROTOCOL,
			     "PostgreSQL says %s rows, but %" PRIu64 " came",
			     PQcmdTuples(r), p->seen);
	while (r) {
		PQclear(r);
		r = PQgetResult(p->conn);
	}
	return rc < 0 ? -1 : command(p, "COMMIT", e);
}

static int say_connected(struct pg *p, struct err *e)
{
	char text[200];

	snprintf(text, sizeof(text), "PostgreSQL %s, database %s, user %s",
		 PQparameterStatus(p->conn, "server_version"), PQdb(p->conn),
		 PQuser(p->conn));
	return rows_step(p->rows, ROWS_CONNECTION, text, e);
}

/* For --check: how many tables this user may read. */
static int say_listed(struct pg *p, struct err *e)
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
		rc = failed(p, r, e);
	} else {
		snprintf(text, sizeof(text), "%s readable tables",
			 PQgetvalue(r, 0, 0));
		rc = rows_step(p->rows, ROWS_LISTING, text, e);
	}
	PQclear(r);
	return rc;
}

static int run_model(struct pg *p, struct err *e)
{
	int rc;

	if (connect_to(p, e) < 0 || begin(p, e) < 0 ||
	    say_connected(p, e) < 0 || say_listed(p, e) < 0 ||
	    describe(p, e) < 0 || find_columns(p, e) < 0)
		return -1;
	rc = rows_begin(p->rows, p->head, p->n, e);
	if (rc <= 0)
		return rc;
	if (p->job->model->n > 0)
		return run_query(p, e);
	if (start_copy(p, e) < 0 || read_copy(p, e) < 0)
		return -1;
	return confirm(p, e);
}

static int run(const struct source_job *job, struct rows *rows, struct err *e)
{
	struct pg p = {.job = job, .rows = rows, .work.scan = scan_new()};
	int rc = run_model(&p, e);

	PQclear(p.described);
	PQclear(p.natives);
	PQfinish(p.conn);
	free(p.head);
	free(p.column);
	buf_clear(&p.work.scratch);
	scan_free(p.work.scan);
	return rc;
}

#define RUN   run
#define LACKS NULL
#else
#define RUN   NULL
#define LACKS "libpq-dev"
#endif

static const struct model_sql sql = {
	.quote = '"',
	.nested_comments = true,
	.dollar_quotes = true,
	.param = '$',
	.numbered = true,
};

extern const struct source source_postgres;
const struct source source_postgres = {
	.scheme = {"postgres", "postgresql"},
	.sql = &sql,
	.lacks = LACKS,
	.run = RUN,
};
