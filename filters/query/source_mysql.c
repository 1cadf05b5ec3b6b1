/* source_mysql.c - MySQL and MariaDB: a prepared statement, streamed.
 *
 * The binary protocol of prepared statements keeps floats exact (as text they
 * come with 6 digits) and takes parameters. libmariadb's functions that give
 * up instead of blocking let a record leave before we wait for the next.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "query/login.h"
#include "query/source.h"
#include "query/url.h"
#include "query/value.h"
#include "wire/input.h"

#ifdef WITH_MYSQL
#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>

enum {
	BINARY_CHARSET = 63, /* of columns whose bytes are no text */
	CONNECT_S = 10,
	FIRST_BYTES = 256, /* of a buffer for text, which grows */
	DAY_HOURS = 24,
};

enum kind {
	INT,
	UINT,
	FLOAT,
	DOUBLE,
	DECIMAL,
	TEXT,
	BYTES,
	BITS,
	YEAR,
	DAY,
	STAMP,
	CLOCK,
	JSON,
	VECTOR
};

#define VECTOR_TYPE ((enum enum_field_types)242) /* of MySQL 9 */

static const struct {
	const char *word;
	enum enum_field_types bind;
} kinds[] = {
	[INT] = {"int", MYSQL_TYPE_LONGLONG},
	[UINT] = {"int", MYSQL_TYPE_LONGLONG},
	[FLOAT] = {"float", MYSQL_TYPE_FLOAT},
	[DOUBLE] = {"float", MYSQL_TYPE_DOUBLE},
	[DECIMAL] = {"decimal", MYSQL_TYPE_STRING},
	[TEXT] = {"string", MYSQL_TYPE_STRING},
	[BYTES] = {"binary", MYSQL_TYPE_BLOB},
	[BITS] = {"int", MYSQL_TYPE_BLOB},
	[YEAR] = {"date", MYSQL_TYPE_LONGLONG},
	[DAY] = {"date", MYSQL_TYPE_DATETIME},
	[STAMP] = {"datetime", MYSQL_TYPE_DATETIME},
	[CLOCK] = {"time", MYSQL_TYPE_TIME},
	[JSON] = {"json", MYSQL_TYPE_STRING},
	[VECTOR] = {"array", MYSQL_TYPE_BLOB},
};

static const struct {
	enum enum_field_types type;
	enum kind kind;
	const char *native;
} types[] = {
	{MYSQL_TYPE_TINY, INT, "tinyint"},
	{MYSQL_TYPE_SHORT, INT, "smallint"},
	{MYSQL_TYPE_INT24, INT, "mediumint"},
	{MYSQL_TYPE_LONG, INT, "int"},
	{MYSQL_TYPE_LONGLONG, INT, "bigint"},
	{MYSQL_TYPE_FLOAT, FLOAT, "float"},
	{MYSQL_TYPE_DOUBLE, DOUBLE, "double"},
	{MYSQL_TYPE_DECIMAL, DECIMAL, "decimal"},
	{MYSQL_TYPE_NEWDECIMAL, DECIMAL, "decimal"},
	{MYSQL_TYPE_YEAR, YEAR, "year"},
	{MYSQL_TYPE_DATE, DAY, "date"},
	{MYSQL_TYPE_NEWDATE, DAY, "date"},
	{MYSQL_TYPE_DATETIME, STAMP, "datetime"},
	{MYSQL_TYPE_TIMESTAMP, STAMP, "timestamp"},
	{MYSQL_TYPE_TIME, CLOCK, "time"},
	{MYSQL_TYPE_BIT, BITS, "bit"},
	{MYSQL_TYPE_JSON, JSON, "json"},
	{MYSQL_TYPE_GEOMETRY, BYTES, "geometry"},
	{VECTOR_TYPE, VECTOR, "vector"},
};

struct column {
	enum kind kind;
	struct buf buf; /* where its value is fetched to */
	unsigned long n;
	my_bool null;
};

struct my {
	MYSQL *conn;
	MYSQL_STMT *stmt;
	MYSQL_RES *meta;
	MYSQL_BIND *bind;
	struct column *column;
	struct rows_column *head;
	size_t n;
	const struct source_job *job;
	struct rows *rows;
	struct url url;
	struct scan *scan;
	struct buf scratch;
	const char *why;
};

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
	{1969, ERR_TEMP}, /* MariaDB: max_statement_time exceeded */
	{3024, ERR_TEMP}, /* MySQL: max_execution_time exceeded */
	{ER_BAD_DB_ERROR, ERR_CONFIG},
	{ER_NO_SUCH_TABLE, ERR_CONFIG},
	{ER_NO_DB_ERROR, ERR_CONFIG},
	{ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, ERR_CONFIG},
	{CR_SSL_CONNECTION_ERROR, ERR_PROTOCOL},
	{CR_SERVER_GONE_ERROR, ERR_REFUSED},
	{CR_SERVER_LOST, ERR_REFUSED},
};

static int failed_as(unsigned code, const char *state, const char *text,
		     struct err *e)
{
	enum err_kind kind = ERR_REFUSED;
	bool listed = false;

	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		if (codes[i].code == code) {
			kind = codes[i].kind;
			listed = true;
		}
	}
	if (!listed && strncmp(state, "42", 2) == 0)
		kind = ERR_CONFIG;
	if (!listed && strncmp(state, "22", 2) == 0)
		kind = ERR_DATA;
	return err_set(e, kind, "MySQL: %s (%u)", text, code);
}

static int failed(const struct my *m, struct err *e)
{
	return failed_as(mysql_errno(m->conn), mysql_sqlstate(m->conn),
			 mysql_error(m->conn), e);
}

static int failed_stmt(const struct my *m, struct err *e)
{
	if (mysql_stmt_errno(m->stmt) == 0) /* while rows were coming */
		return failed(m, e);
	return failed_as(mysql_stmt_errno(m->stmt),
			 mysql_stmt_sqlstate(m->stmt),
			 mysql_stmt_error(m->stmt), e);
}

/* ---- the connection ---------------------------------------------------- */

/* Without a word in the URL TLS is used where the server offers it, but for a
 * socket: an account may want it, and a password would be seen.
 */
static int set_tls(struct my *m, struct err *e)
{
	const char *tls = url_option(&m->url, "tls");
	const char *ca = url_option(&m->url, "tls-ca");
	bool socket = !m->url.host || strcmp(m->url.host, "localhost") == 0;
	my_bool yes = 1, no = 0;

	if (tls && strcmp(tls, "off") != 0 && strcmp(tls, "require") != 0 &&
	    strcmp(tls, "verify") != 0)
		return err_set(e, ERR_USAGE,
			       "source: tls=%s is not off, require or verify",
			       tls);
	if (ca)
		mysql_optionsv(m->conn, MYSQL_OPT_SSL_CA, ca);
	if (tls ? strcmp(tls, "require") == 0 : !ca)
		mysql_optionsv(m->conn, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &no);
	if (!tls && !socket && !ca)
		mysql_ssl_set(m->conn, NULL, NULL, NULL, NULL, NULL);
	if (tls && strcmp(tls, "off") != 0)
		mysql_optionsv(m->conn, MYSQL_OPT_SSL_ENFORCE, &yes);
	if (tls && strcmp(tls, "verify") == 0)
		mysql_optionsv(m->conn, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
	return 0;
}

/* The file of options (~/.my.cnf) gives what the URL leaves out. */
static int connect_to(struct my *m, struct err *e)
{
	static const char *const known[] = {"socket", "tls", "tls-ca", NULL};
	const struct url *u = &m->url;
	const char *password;
	unsigned wait_s = CONNECT_S;
	struct login *login;
	MYSQL *in;

	if (url_parse(&m->url, m->job->url, known, e) < 0)
		return -1;
	m->conn = mysql_init(NULL);
	if (!m->conn)
		return err_set(e, ERR_OS, "out of memory");
	if (set_tls(m, e) < 0)
		return -1;
	password = u->password ? u->password : getenv("MYSQL_PWD");
	mysql_optionsv(m->conn, MYSQL_READ_DEFAULT_GROUP, "rudder");
	mysql_optionsv(m->conn, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_optionsv(m->conn, MYSQL_OPT_CONNECT_TIMEOUT, &wait_s);
	mysql_optionsv(m->conn, MYSQL_OPT_NONBLOCK, 0);
	login = login_begin("MySQL", m->job->timeout_ms, 0, m->rows, e);
	if (!login)
		return -1;
	in = mysql_real_connect(m->conn, u->host, u->user, password, u->path,
				u->port, url_option(u, "socket"), 0);
	login_end(login);
	if (!in) {
		(void)failed(m, e);
		if (mysql_errno(m->conn) == CR_CONN_HOST_ERROR ||
		    mysql_errno(m->conn) == CR_CONNECTION_ERROR)
			e->kind = ERR_REFUSED;
		return -1;
	}
	return 0;
}

static int command(const struct my *m, const char *sql, struct err *e)
{
	return mysql_query(m->conn, sql) == 0 ? 0 : failed(m, e);
}

/* One snapshot, nothing written, times in UTC. */
static int begin(const struct my *m, struct err *e)
{
	bool maria = strstr(mysql_get_server_info(m->conn), "MariaDB");
	char limit[96];

	if (command(m, "SET time_zone = '+00:00'", e) < 0 ||
	    command(m,
		    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
		    e) < 0 ||
	    command(m, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
		    e) < 0)
		return -1;
	if (m->rows->limit < INT64_MAX) {
		snprintf(limit, sizeof(limit), "SET sql_select_limit = %ju",
			 (uintmax_t)m->rows->limit + 1);
		if (command(m, limit, e) < 0)
			return -1;
	}
	if (m->job->timeout_ms == 0)
		return 0;
	if (maria)
		snprintf(limit, sizeof(limit),
			 "SET max_statement_time = %ju.%03ju",
			 (uintmax_t)m->job->timeout_ms / 1000,
			 (uintmax_t)m->job->timeout_ms % 1000);
	else
		snprintf(limit, sizeof(limit), "SET max_execution_time = %ju",
			 (uintmax_t)m->job->timeout_ms);
	return command(m, limit, e);
}

static int say_steps(struct my *m, struct err *e)
{
	char text[200];
	MYSQL_RES *r;
	MYSQL_ROW row;

	if (!m->rows->check)
		return 0;
	snprintf(text, sizeof(text), "%s, %s", mysql_get_server_info(m->conn),
		 mysql_get_host_info(m->conn));
	if (rows_step(m->rows, ROWS_CONNECTION, text, e) < 0 ||
	    command(m,
		    "SELECT count(*) FROM information_schema.tables"
		    " WHERE table_schema NOT IN ('information_schema', 'mysql',"
		    " 'performance_schema', 'sys')",
		    e) < 0)
		return -1;
	r = mysql_store_result(m->conn);
	row = r ? mysql_fetch_row(r) : NULL;
	snprintf(text, sizeof(text), "%s readable tables",
		 row && row[0] ? row[0] : "?");
	mysql_free_result(r);
	return rows_step(m->rows, ROWS_LISTING, text, e);
}

/* ---- the statement ----------------------------------------------------- */

static int bind_params(const struct my *m, struct err *e)
{
	const struct model *model = m->job->model;
	MYSQL_BIND *b;
	int rc = 0;

	if (mysql_stmt_param_count(m->stmt) != model->uses)
		return err_set(e, ERR_CONFIG,
			       "model '%s' has a parameter without value",
			       model->name);
	if (model->uses == 0)
		return 0;
	b = mem_zero(model->uses * sizeof(*b));
	for (size_t i = 0; i < model->uses; i++) {
		const char *value = model->param[model->use[i].param].value;
		union {
			const char *in;
			char *out;
		} p = {.in = value}; /* read only, says the manual */

		b[i].buffer_type = MYSQL_TYPE_STRING;
		b[i].buffer = p.out;
		b[i].buffer_length = strlen(value);
	}
	if (mysql_stmt_bind_param(m->stmt, b))
		rc = failed_stmt(m, e);
	free(b);
	return rc;
}

static int prepare(struct my *m, struct err *e)
{
	struct slice text = buf_all(&m->job->model->text);

	m->stmt = mysql_stmt_init(m->conn);
	if (!m->stmt)
		return err_set(e, ERR_OS, "out of memory");
	if (mysql_stmt_prepare(m->stmt, text.p, text.n)) {
		(void)failed_stmt(m, e);
		return model_blame(m->job->model, e);
	}
	m->meta = mysql_stmt_result_metadata(m->stmt);
	if (!m->meta)
		return err_set(e, ERR_CONFIG, "model '%s' has no columns",
			       m->job->model->name);
	return 0;
}

/* MariaDB's JSON is text, told apart by a word behind the usual metadata. */
static bool is_json(const MYSQL_FIELD *f)
{
	MARIADB_CONST_STRING word;

	return f->type == MYSQL_TYPE_JSON ||
	       (mariadb_field_attr(&word, f, MARIADB_FIELD_ATTR_FORMAT_NAME) ==
			0 &&
		slice_is(slice_of(word.str, word.length), "json"));
}

static void find_type(const MYSQL_FIELD *f, struct column *c,
		      struct rows_column *head)
{
	bool text = f->charsetnr != BINARY_CHARSET;

	c->kind = text ? TEXT : BYTES;
	head->native = text ? "text" : "binary";
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (types[i].type == f->type) {
			c->kind = types[i].kind;
			head->native = types[i].native;
		}
	}
	if (c->kind == INT && (f->flags & UNSIGNED_FLAG))
		c->kind = UINT;
	if (is_json(f)) {
		c->kind = JSON;
		head->native = "json";
	}
	/* compared as text or number, ordered otherwise */
	head->unordered = (f->flags & (ENUM_FLAG | SET_FLAG)) ||
			  c->kind == BITS || c->kind == YEAR;
	head->name = f->name;
	head->type = kinds[c->kind].word;
}

static void find_columns(struct my *m)
{
	const MYSQL_FIELD *f = mysql_fetch_fields(m->meta);

	m->n = mysql_num_fields(m->meta);
	m->head = mem_zero((m->n + 1) * sizeof(*m->head));
	m->column = mem_zero((m->n + 1) * sizeof(*m->column));
	m->bind = mem_zero((m->n + 1) * sizeof(*m->bind));
	for (size_t i = 0; i < m->n; i++) {
		struct column *c = &m->column[i];

		find_type(&f[i], c, &m->head[i]);
		m->bind[i].buffer_type = kinds[c->kind].bind;
		m->bind[i].buffer = buf_room(&c->buf, FIRST_BYTES);
		m->bind[i].buffer_length = FIRST_BYTES;
		m->bind[i].length = &c->n;
		m->bind[i].is_null = &c->null;
		m->bind[i].is_unsigned = c->kind == UINT;
		if (c->kind == VECTOR) /* which the library does not know */
			m->stmt->fields[i].type = MYSQL_TYPE_BLOB;
	}
}

/* ---- the rows ---------------------------------------------------------- */

static int put_time(struct buf *b, const struct column *c)
{
	MYSQL_TIME t;
	char text[48];

	memcpy(&t, c->buf.p, sizeof(t));
	if (c->kind == CLOCK) {
		if (!t.neg && t.day == 0 && t.hour < DAY_HOURS) {
			value_time(b,
				   (int64_t)((t.hour * 60ULL + t.minute) * 60 +
					     t.second) *
						   1000000 +
					   (int64_t)t.second_part,
				   true, 0);
			return 0;
		}
		snprintf(text, sizeof(text), "%s%02u:%02u:%02u.%06lu",
			 t.neg ? "-" : "", t.day * DAY_HOURS + t.hour, t.minute,
			 t.second, t.second_part);
		if (t.second_part == 0)
			*strchr(text, '.') = '\0';
		return value_text(b, slice_str(text));
	}
	snprintf(text, sizeof(text), "%04u-%02u-%02u %02u:%02u:%02u.%06lu",
		 t.year, t.month, t.day, t.hour, t.minute, t.second,
		 t.second_part);
	if (value_stamp_text(b, slice_str(text)) == 0)
		return 0;
	/* a day that is none */
	if (c->kind == DAY || t.second_part == 0)
		text[c->kind == DAY ? 10 : 19] = '\0';
	return value_text(b, slice_str(text));
}

/* ZEROFILL puts zeros in front, which JSON does not take. */
static void put_decimal(struct buf *b, struct slice v)
{
	if (v.n > 0 && *v.p == '-') {
		buf_char(b, '-');
		v = slice_of(v.p + 1, v.n - 1);
	}
	while (v.n > 1 && v.p[0] == '0' && v.p[1] != '.')
		v = slice_of(v.p + 1, v.n - 1);
	buf_slice(b, v);
}

static void put_bits(struct buf *b, struct slice v)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < v.n; i++)
		bits = bits << 8 | (unsigned char)v.p[i];
	buf_uint(b, bits);
}

/* Floats of four bytes, the low one first. */
static void put_vector(struct buf *b, struct slice v)
{
	buf_char(b, '[');
	for (size_t i = 0; i + 4 <= v.n; i += 4) {
		const unsigned char *p = (const unsigned char *)v.p + i;
		uint32_t bits = (uint32_t)p[0] | (uint32_t)p[1] << 8 |
				(uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
		float f;

		memcpy(&f, &bits, sizeof(f));
		if (i > 0)
			buf_char(b, ',');
		value_float(b, f);
	}
	buf_char(b, ']');
}

static int put_json(struct my *m, struct buf *b, struct slice v)
{
	size_t from = b->n;
	const char *why;

	if (value_json(b, v, m->scan, &m->scratch, &why) == 0)
		return 0;
	b->n = from;
	return value_text(b, v);
}

static int put_value(struct my *m, struct buf *b, struct column *c)
{
	struct slice v = slice_of(c->buf.p, c->n);
	int64_t i;
	double d;
	float f;

	switch (c->kind) {
	case INT:
		memcpy(&i, v.p, sizeof(i));
		value_int(b, i);
		return 0;
	case UINT:
		memcpy(&i, v.p, sizeof(i));
		buf_uint(b, (uint64_t)i);
		return 0;
	case YEAR:
		memcpy(&i, v.p, sizeof(i));
		buf_fmt(b, "\"%04d-01-01T00:00:00Z\"", (int)i);
		return 0;
	case FLOAT:
		memcpy(&f, v.p, sizeof(f));
		value_float(b, f);
		return 0;
	case DOUBLE:
		memcpy(&d, v.p, sizeof(d));
		value_double(b, d);
		return 0;
	case DECIMAL:
		put_decimal(b, v);
		return 0;
	case BYTES:
		value_binary(b, v);
		return 0;
	case BITS:
		put_bits(b, v);
		return 0;
	case VECTOR:
		put_vector(b, v);
		return 0;
	case DAY:
	case STAMP:
	case CLOCK:
		return put_time(b, c);
	case JSON:
		return put_json(m, b, v);
	case TEXT:
		break;
	}
	return value_text(b, v);
}

/* A value longer than its buffer: makes room and fetches it again. */
static int fetch_long(struct my *m, size_t i, struct err *e)
{
	struct column *c = &m->column[i];
	MYSQL_BIND *b = &m->bind[i];

	if (c->null || c->n <= b->buffer_length ||
	    (b->buffer_type != MYSQL_TYPE_STRING &&
	     b->buffer_type != MYSQL_TYPE_BLOB))
		return 0;
	if (c->n > INPUT_MAX_LINE)
		return 1;
	b->buffer = buf_room(&c->buf, c->n);
	b->buffer_length = c->buf.size;
	if (mysql_stmt_fetch_column(m->stmt, b, (unsigned)i, 0))
		return failed_stmt(m, e);
	return 0;
}

static int put_row(struct my *m, bool truncated, struct err *e)
{
	struct rows *r = m->rows;
	struct buf *b = rows_buf(r);

	for (size_t i = 0; i < m->n; i++) {
		struct column *c = &m->column[i];
		int rc = truncated ? fetch_long(m, i, e) : 0;

		if (rc < 0)
			return -1;
		rows_name(r, b, i);
		if (c->null)
			buf_add(b, "null", 4);
		else if (rc > 0)
			return rows_reject(r, (int)i, 0, "longer than 16 MiB",
					   slice_of(NULL, 0), e);
		else if (put_value(m, b, c) < 0)
			return rows_reject(r, (int)i, 0, "invalid UTF-8",
					   slice_of(NULL, 0), e);
	}
	return rows_put(r, e);
}

/* Lets what is finished go out while the server is busy. */
static int wait_for(struct my *m, int *status, struct err *e)
{
	if (!(*status & MYSQL_WAIT_READ))
		return 0;
	if (rows_wait(m->rows, mysql_get_socket(m->conn), e) < 0)
		return -1;
	*status = MYSQL_WAIT_READ;
	return 0;
}

static int execute(struct my *m, struct err *e)
{
	int rc, status = mysql_stmt_execute_start(&rc, m->stmt);

	while (status) {
		if (wait_for(m, &status, e) < 0)
			return -1;
		status = mysql_stmt_execute_cont(&rc, m->stmt, status);
	}
	if (rc)
		return failed_stmt(m, e);
	/* only now are the types of expressions with parameters known */
	mysql_free_result(m->meta);
	m->meta = mysql_stmt_result_metadata(m->stmt);
	return m->meta ? 0 : failed_stmt(m, e);
}

static int fetch_all(struct my *m, struct err *e)
{
	for (;;) {
		int rc, status = mysql_stmt_fetch_start(&rc, m->stmt);

		while (status) {
			if (wait_for(m, &status, e) < 0)
				return -1;
			status = mysql_stmt_fetch_cont(&rc, m->stmt, status);
		}
		if (rc == MYSQL_NO_DATA)
			return 0;
		if (rc != 0 && rc != MYSQL_DATA_TRUNCATED)
			return failed_stmt(m, e);
		if (rows_full(m->rows)) {
			m->rows->partial = true;
			return 0;
		}
		if (put_row(m, rc == MYSQL_DATA_TRUNCATED, e) < 0)
			return -1;
		/* the buffers may have moved, also of a row that was refused */
		if (rc == MYSQL_DATA_TRUNCATED &&
		    mysql_stmt_bind_result(m->stmt, m->bind))
			return failed_stmt(m, e);
	}
}

static int run_model(struct my *m, struct err *e)
{
	bool rows_wanted;
	int rc;

	if (connect_to(m, e) < 0 || begin(m, e) < 0 || say_steps(m, e) < 0 ||
	    prepare(m, e) < 0 || bind_params(m, e) < 0)
		return -1;
	rows_wanted = !m->rows->list && !m->rows->check;
	if (rows_wanted && execute(m, e) < 0)
		return -1;
	find_columns(m);
	rc = rows_begin(m->rows, m->head, m->n, e);
	if (rc <= 0)
		return rc;
	if (mysql_stmt_bind_result(m->stmt, m->bind))
		return failed_stmt(m, e);
	return fetch_all(m, e);
}

static int run(const struct source_job *job, struct rows *rows, struct err *e)
{
	struct my m = {.job = job, .rows = rows, .scan = scan_new()};
	int rc = run_model(&m, e);

	/* the connection first: a result that is not read to its end would
	 * otherwise be
	 */
	if (m.meta)
		mysql_free_result(m.meta);
	if (m.conn)
		mysql_close(m.conn);
	if (m.stmt)
		mysql_stmt_close(m.stmt);
	for (size_t i = 0; i < m.n; i++)
		buf_clear(&m.column[i].buf);
	free(m.head);
	free(m.column);
	free(m.bind);
	scan_free(m.scan);
	buf_clear(&m.scratch);
	url_clear(&m.url);
	return rc;
}

#define RUN   run
#define LACKS NULL
#else
#define RUN   NULL
#define LACKS "libmariadb-dev"
#endif

static const struct model_sql sql = {
	.quote = '`',
	.backslash = true,
	.hash_comments = true,
	.param = '?',
	.nulls_first = true,
	.blank_times = true,
};

extern const struct source source_mysql;
const struct source source_mysql = {
	.scheme = {"mysql", "mariadb"},
	.sql = &sql,
	.server = true,
	.lacks = LACKS,
	.run = RUN,
};
