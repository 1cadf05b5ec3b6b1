/* source_mysql.c - MySQL and MariaDB, streamed from a prepared statement.
 *
 * The binary protocol of prepared statements keeps floats exact (as text they
 * have 6 digits) and accepts parameters. libmariadb's non-blocking functions
 * allow flushing finished rows before waiting for more.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "query/model_blame.h"
#include "query/mysql/myending.h"
#include "query/mysql/myerror.h"
#include "query/mysql/mylogin.h"
#include "query/mysql/mymoment.h"
#include "query/mysql/mytype.h"
#include "query/mysql/myvalue.h"
#include "query/mysql/mywarning.h"
#include "query/part.h"
#include "query/since_float.h"
#include "query/source.h"
#include "wire/stream/input.h"

#ifdef WITH_MYSQL
#include <mysql.h>

enum {
	FIRST_BYTES = 256, /* initial size of a buffer for text */
};

struct mysql_column {
	enum myvalue kind;
	struct buf buf; /* buffer for the fetched value */
	unsigned long n;
	my_bool null;
};

struct my {
	MYSQL *conn;
	MYSQL_STMT *stmt;
	MYSQL_RES *meta;
	MYSQL_BIND *bind;
	struct mysql_column *column;
	struct rows_column *head;
	size_t n;
	const struct source_job *job;
	struct rows *rows;
	struct myvalue_work work;
	struct mymoment moment;
	struct buf since;
};

static const struct model_sql sql;

static int failed(const struct my *m, struct err *e)
{
	return myerror_set(m->conn, e);
}

static int failed_stmt(const struct my *m, struct err *e)
{
	return myerror_set_stmt(m->stmt, m->conn, e);
}

/* Runs a statement. Returns its rows, to be freed, or NULL with *e set. */
static MYSQL_RES *ask(const struct my *m, const char *text, struct err *e)
{
	MYSQL_RES *r = mysql_query(m->conn, text) == 0
			       ? mysql_store_result(m->conn)
			       : NULL;

	if (!r)
		(void)failed(m, e);
	return r;
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
	if (rows_step(m->rows, ROWS_CONNECTION, text, e) < 0)
		return -1;
	r = ask(m,
		"SELECT count(*) FROM information_schema.tables"
		" WHERE table_schema NOT IN ('information_schema', 'mysql',"
		" 'performance_schema', 'sys')",
		e);
	if (!r)
		return -1;
	row = mysql_fetch_row(r);
	snprintf(text, sizeof(text), "%s readable table%s",
		 row && row[0] ? row[0] : "?",
		 row && row[0] && strcmp(row[0], "1") == 0 ? "" : "s");
	mysql_free_result(r);
	return rows_step(m->rows, ROWS_LISTING, text, e);
}

/* ---- the statement ----------------------------------------------------- */

static int bind_params(const struct my *m, MYSQL_STMT *stmt, struct err *e)
{
	const struct model *model = m->job->model;
	MYSQL_BIND *b;
	int rc = 0;

	if (mysql_stmt_param_count(stmt) != model->uses)
		return err_names(e, ERR_CONFIG,
				 "model '%s' has a parameter without a value: "
				 "use -P NAME=VALUE",
				 model->name);
	if (model->uses == 0)
		return 0;
	b = mem_zero(model->uses * sizeof(*b));
	for (size_t i = 0; i < model->uses; i++) {
		const char *value = model->param[model->use[i].param].value;
		union {
			const char *in;
			char *out;
		} p = {.in = value}; /* the library only reads it */

		b[i].buffer_type = MYSQL_TYPE_STRING;
		b[i].buffer = p.out;
		b[i].buffer_length = strlen(value);
	}
	if (mysql_stmt_bind_param(stmt, b))
		rc = myerror_set_stmt(stmt, m->conn, e);
	free(b);
	return rc;
}

/* Whether the text has \' or \", whose quote begins or ends a string if a
 * backslash is an ordinary character.
 */
static bool escapes_quote(struct slice text)
{
	for (size_t i = 1; i < text.n; i++) {
		if (text.p[i - 1] == '\\' &&
		    (text.p[i] == '\'' || text.p[i] == '"'))
			return true;
	}
	return false;
}

/* Checks that a backslash escapes in strings, as model.c has assumed. */
static int check_mode(const struct my *m, struct err *e)
{
	MYSQL_RES *r;
	MYSQL_ROW row;
	bool plain;

	if (!escapes_quote(buf_all(&m->job->model->text)))
		return 0;
	r = ask(m, "SELECT @@session.sql_mode", e);
	if (!r)
		return -1;
	row = mysql_fetch_row(r);
	plain = row && row[0] && strstr(row[0], "NO_BACKSLASH_ESCAPES");
	mysql_free_result(r);
	if (!plain)
		return 0;
	return err_names(e, ERR_CONFIG,
			 "model '%s': a backslash before a quote, but the "
			 "server's sql_mode has NO_BACKSLASH_ESCAPES: write '' "
			 "for a quote, and CHAR(92) for a backslash before one",
			 m->job->model->name);
}

static int prepare_text(struct my *m, struct slice text, struct err *e)
{
	m->stmt = mysql_stmt_init(m->conn);
	if (!m->stmt)
		return err_set(e, ERR_OS, "out of memory");
	if (mysql_stmt_prepare(m->stmt, text.p, text.n)) {
		(void)failed_stmt(m, e);
		return model_blame(m->job->model, e);
	}
	m->meta = mysql_stmt_result_metadata(m->stmt);
	if (!m->meta)
		return err_names(e, ERR_CONFIG, "model '%s' has no columns",
				 m->job->model->name);
	return 0;
}

/* Reads the types of the columns with the parameters bound: COALESCE(at, ?) is
 * a timestamp when prepared, and text when executed.
 */
static int read_types_with_params(struct my *m, struct err *e)
{
	MYSQL_STMT *stmt = mysql_stmt_init(m->conn);
	MYSQL_RES *meta = NULL;
	struct buf text = {0};
	int rc = 0;

	if (!stmt)
		return err_set(e, ERR_OS, "out of memory");
	buf_str(&text, "SELECT * FROM (\n");
	buf_slice(&text, buf_all(&m->job->model->text));
	buf_str(&text, "\n) t LIMIT 0");
	if (mysql_stmt_prepare(stmt, text.p, text.n))
		rc = myerror_set_stmt(stmt, m->conn, e);
	else
		rc = bind_params(m, stmt, e);
	if (rc == 0 && mysql_stmt_execute(stmt))
		rc = myerror_set_stmt(stmt, m->conn, e);
	if (rc == 0)
		meta = mysql_stmt_result_metadata(stmt);
	if (meta) {
		mysql_free_result(m->meta);
		m->meta = meta;
	}
	mysql_stmt_close(stmt);
	buf_clear(&text);
	return rc < 0 ? model_blame(m->job->model, e) : 0;
}

static int prepare(struct my *m, struct err *e)
{
	bool params = m->job->model->uses > 0;
	int rc;

	if (myending_check(m->job->model, &sql, e) < 0 ||
	    check_mode(m, e) < 0 ||
	    prepare_text(m, buf_all(&m->job->model->text), e) < 0)
		return -1;
	if (!params && !mymoment_find(&m->moment, m->meta))
		return 0;
	rc = mymoment_zoned(m->conn);
	if (rc <= 0) {
		mymoment_clear(&m->moment);
		return rc < 0 ? failed(m, e) : 0;
	}
	if (params && read_types_with_params(m, e) < 0)
		return -1;
	if (params && !mymoment_find(&m->moment, m->meta))
		return 0;
	if (mymoment_wrap(&m->moment, m->meta, m->job->model, &sql, e) < 0)
		return -1;
	mysql_free_result(m->meta);
	mysql_stmt_close(m->stmt);
	m->meta = NULL;
	m->stmt = NULL;
	return prepare_text(m, buf_all(&m->moment.text), e);
}

/* MySQL compares a FLOAT with a text as doubles. */
static void take_since(struct my *m)
{
	const MYSQL_FIELD *f = mysql_fetch_fields(m->meta);

	for (unsigned i = 0; i < mysql_num_fields(m->meta); i++) {
		if (m->job->model->since && f[i].type == MYSQL_TYPE_FLOAT &&
		    strcmp(f[i].name, m->job->model->cursor) == 0)
			since_float_take(m->job->model, &m->since);
	}
}

static void find_columns(struct my *m)
{
	const MYSQL_FIELD *f = mysql_fetch_fields(m->meta);

	m->n = mysql_num_fields(m->meta);
	m->head = mem_zero((m->n + 1) * sizeof(*m->head));
	m->column = mem_zero((m->n + 1) * sizeof(*m->column));
	m->bind = mem_zero((m->n + 1) * sizeof(*m->bind));
	for (size_t i = 0; i < m->n; i++) {
		struct mysql_column *c = &m->column[i];

		c->kind = mytype_find(&f[i], &m->head[i]);
		if (m->moment.column && m->moment.column[i]) {
			c->kind = mytype_moment(&m->head[i]);
		}
		m->bind[i].buffer_type = mytype_bind(c->kind);
		m->bind[i].buffer = buf_room(&c->buf, FIRST_BYTES);
		m->bind[i].buffer_length = FIRST_BYTES;
		m->bind[i].length = &c->n;
		m->bind[i].is_null = &c->null;
		m->bind[i].is_unsigned = c->kind == MYVALUE_UINT;
		if (c->kind ==
		    MYVALUE_VECTOR) /* the library does not know vectors */
			m->stmt->fields[i].type = MYSQL_TYPE_BLOB;
	}
}

/* ---- the rows ---------------------------------------------------------- */

/* Fetches a value again if it was longer than its buffer. Returns 0, 1 if it is
 * too long to read, or -1.
 */
static int fetch_long(struct my *m, size_t i, struct err *e)
{
	struct mysql_column *c = &m->column[i];
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
		struct mysql_column *c = &m->column[i];
		int rc = truncated ? fetch_long(m, i, e) : 0;

		if (rc < 0)
			return -1;
		rows_name(r, b, i);
		if (c->null)
			buf_add(b, "null", 4);
		else if (rc > 0)
			return rows_reject(r, (int)i, 0, INPUT_TOO_LONG,
					   slice_of(NULL, 0), e);
		else if (myvalue_put(b, c->kind, slice_of(c->buf.p, c->n),
				     &m->work) < 0)
			return rows_reject(r, (int)i, 0, m->work.why,
					   slice_of(NULL, 0), e);
	}
	return rows_put(r, e);
}

/* Flushes finished rows, then waits for the server. */
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
	/* the types of expressions with parameters are known only now */
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
			return mywarning_check(m->conn, m->job->model, e);
		if (rc != 0 && rc != MYSQL_DATA_TRUNCATED)
			return failed_stmt(m, e);
		if (rows_full(m->rows)) {
			m->rows->partial = true;
			return 0;
		}
		if (put_row(m, rc == MYSQL_DATA_TRUNCATED, e) < 0)
			return -1;
		/* fetch_long may have moved a buffer, also for a rejected row
		 */
		if (rc == MYSQL_DATA_TRUNCATED &&
		    mysql_stmt_bind_result(m->stmt, m->bind))
			return failed_stmt(m, e);
	}
}

static int run_model(struct my *m, struct err *e)
{
	bool rows_wanted;
	int rc;

	m->conn = mylogin_open(m->job, m->rows, e);
	if (!m->conn || say_steps(m, e) < 0 || prepare(m, e) < 0)
		return -1;
	take_since(m);
	if (bind_params(m, m->stmt, e) < 0)
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

static int mysql_run(const struct source_job *job, struct rows *rows,
		     struct err *e)
{
	struct my m = {.job = job, .rows = rows, .work.scan = scan_new()};
	int rc = run_model(&m, e);

	/* close the connection first: mysql_stmt_close would read the remaining
	 * rows
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
	scan_free(m.work.scan);
	buf_clear(&m.work.scratch);
	buf_clear(&m.since);
	mymoment_clear(&m.moment);
	return rc;
}

#define RUN   mysql_run
#define LACKS NULL
#else
#define RUN   NULL
#define LACKS "libmariadb-dev"
#endif

static const struct part_sql parting = {
	.before = "CAST(CONV(LEFT(MD5(CONCAT_WS(':', ",
	.cast = "CONVERT(",
	.as = " USING utf8mb4)",
	.between = ", ",
	.behind = ")), 8), 16, 10) AS UNSIGNED) % ",
	.wide = "",
	.too = "",
};

static const struct model_sql sql = {
	.quote = '`',
	.part = &parting,
	.backslash = true,
	.hash_comments = true,
	.dash_blank = true,
	.param = '?',
	.marks = "?",
	.only_params = true,
	.nulls_first = true,
	.blank_times = true,
};

extern const struct source source_mysql;
static const char tables[] =
	"SELECT CONCAT(IF(table_schema REGEXP '[.\"]', CONCAT('\"', "
	"REPLACE(table_schema, '\"', '\"\"'), '\"'), table_schema), '.',"
	" IF(table_name REGEXP '[.\"]', CONCAT('\"', REPLACE(table_name, '\"', "
	"'\"\"'), '\"'), table_name)) AS name,"
	" IF(table_type = 'BASE TABLE', 'table', LOWER(table_type)) AS kind,"
	" table_rows AS `rows` FROM information_schema.tables"
	" WHERE table_schema NOT IN ('information_schema', 'mysql',"
	" 'performance_schema', 'sys') ORDER BY 1";

const struct source source_mysql = {
	.scheme = {"mysql", "mariadb"},
	.help = "//[user@]host[:port]/database",
	.tables = tables,
	.sql = &sql,
	.server = true,
	.lacks = LACKS,
	.library = "mariadb",
	.run = RUN,
};
