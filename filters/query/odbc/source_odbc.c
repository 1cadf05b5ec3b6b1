/* source_odbc.c - any database with an ODBC driver, through unixODBC.
 *
 * Rows are fetched in blocks, each column into its own array. A value longer
 * than its place there is fetched again separately; if the driver cannot do
 * that within a block, rows are fetched one by one. Numbers that fit no C type,
 * dates and times are fetched as text, in the form that the standard defines.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/mem.h"
#include "query/login.h"
#include "query/model_blame.h"
#include "query/odbc/odbc.h"
#include "query/odbc/odbcmysql.h"
#include "query/odbc/odbcparam.h"
#include "query/odbc/odbctype.h"
#include "query/source.h"
#include "query/watch.h"
#include "wire/stream/input.h"

#ifdef WITH_ODBC

enum {
	BLOCK_ROWS = 100,
	BLOCK_BYTES = 4 * 1024 * 1024, /* maximum size of a block */
	PIECE_BYTES = 65536,           /* piece of a long value */
	FLUSH_MS = 100,                /* maximum wait of a row while more
					* arrive */
	LOGIN_MS = 15 * 60 * 1000,     /* a warehouse may have to wake up */
	WORDS = 200,                   /* maximum length of a name in --check */
};

struct odbc_bound {
	struct odbctype type;
	bool bound;   /* false: each value is fetched separately */
	char *data;   /* values of the rows of a block */
	SQLLEN *size; /* their sizes, or SQL_NULL_DATA */
};

struct query {
	struct odbc odbc;
	struct odbcparam *param; /* one for each use in the model */
	const struct source_job *job;
	struct rows *rows;
	struct odbc_bound *column; /* n entries, like head */
	struct rows_column *head;
	size_t n;
	struct buf words; /* names and types of the columns, each with a NUL */
	size_t block;     /* rows of a block */
	SQLUSMALLINT *status; /* status of each row of the block */
	SQLULEN got;          /* rows in the current block */
	struct odbcvalue_work work;
	struct buf value; /* a long value */
	uint64_t flushed_ms;
	struct buf since; /* where it is not as in the model */
};

/* ---- the statement ----------------------------------------------------- */

#define QUOTE '\1' /* stands for the driver's quote until that is known */

/* Appends the model, with the names that rudder has quoted in the driver's
 * quotes.
 */
static void put_sql(const struct query *q, struct buf *sql)
{
	struct slice text = buf_all(&q->job->model->text);
	char quote[8];
	bool within = false;

	odbc_info(&q->odbc, SQL_IDENTIFIER_QUOTE_CHAR, quote, sizeof(quote));
	if (*quote == ' ')
		*quote = '\0'; /* the driver has no quote */
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == QUOTE) {
			buf_str(sql, quote);
			within = !within;
			continue;
		}
		buf_char(sql, c);
		if (within && *quote == c)
			buf_char(sql, c);
	}
}

static int prepare(const struct query *q, struct err *e)
{
	struct buf sql = {0};
	int rc = 0;

	put_sql(q, &sql);
	if (!SQL_SUCCEEDED(odbc_prepare(&q->odbc, &sql))) {
		(void)odbc_failed(&q->odbc, ERR_CONFIG, e);
		rc = model_blame(q->job->model, e);
	}
	buf_clear(&sql);
	return rc;
}

static int execute(const struct query *q, struct err *e)
{
	SQLRETURN rc = SQLExecute(q->odbc.stmt);

	if (SQL_SUCCEEDED(rc) || rc == SQL_NO_DATA)
		return 0;
	(void)odbc_failed(&q->odbc, ERR_CONFIG, e);
	return model_blame(q->job->model, e);
}

/* Describes column i; at[] are the offsets of its name and type in words, which
 * may still move.
 */
static int describe(struct query *q, size_t i, size_t at[2], struct err *e)
{
	struct odbc_bound *c = &q->column[i];
	struct odbc_column a;

	if (odbc_describe(&q->odbc, (SQLUSMALLINT)(i + 1), &a, e) < 0)
		return -1;
	at[0] = q->words.n;
	buf_add(&q->words, a.name, strlen(a.name) + 1);
	at[1] = q->words.n;
	buf_add(&q->words, a.type_name, strlen(a.type_name) + 1);
	odbctype_find(&q->odbc, &a, &c->type);
	return 0;
}

static int find_columns(struct query *q, struct err *e)
{
	SQLSMALLINT n = 0;
	size_t(*at)[2];
	int rc = 0;

	if (!SQL_SUCCEEDED(SQLNumResultCols(q->odbc.stmt, &n)))
		return odbc_failed(&q->odbc, ERR_CONFIG, e);
	q->n = n > 0 ? (size_t)n : 0;
	q->column = mem_zero((q->n + 1) * sizeof(*q->column));
	q->head = mem_zero((q->n + 1) * sizeof(*q->head));
	at = mem_zero((q->n + 1) * sizeof(*at));
	for (size_t i = 0; rc == 0 && i < q->n; i++)
		rc = describe(q, i, at[i], e);
	for (size_t i = 0; rc == 0 && i < q->n; i++) {
		const char *native = q->words.p + at[i][1];

		q->head[i] = (struct rows_column){
			.name = q->words.p + at[i][0],
			.type = odbcvalue_word(q->column[i].type.kind),
			.native = *native ? native : NULL,
		};
	}
	free(at);
	return rc;
}

/* ---- blocks ------------------------------------------------------------ */

static bool is_fixed(const struct odbc_bound *c)
{
	return c->type.c != SQL_C_CHAR && c->type.c != SQL_C_WCHAR &&
	       c->type.c != SQL_C_BINARY;
}

/* Sets the number of rows of a block. It is 1 if values may be long and the
 * driver cannot fetch a long value from within a block.
 */
static void choose_block(struct query *q, SQLUINTEGER abilities)
{
	const SQLUINTEGER both = SQL_GD_BLOCK | SQL_GD_BOUND;
	size_t row = 0;
	bool fixed = true;

	for (size_t i = 0; i < q->n; i++) {
		row += q->column[i].type.bytes + sizeof(SQLLEN);
		fixed = fixed && is_fixed(&q->column[i]);
	}
	q->block = BLOCK_BYTES / (row + 1);
	if (q->block > BLOCK_ROWS)
		q->block = BLOCK_ROWS;
	if (q->block == 0 ||
	    (!fixed && ((abilities & both) != both || q->odbc.mysql)))
		q->block = 1;
	if (!SQL_SUCCEEDED(SQLSetStmtAttr(q->odbc.stmt, SQL_ATTR_ROW_ARRAY_SIZE,
					  odbc_number(q->block), 0)))
		q->block = 1;
}

/* Binds the columns: all, or only those before the first that may be long if
 * the driver can fetch a long value only from a column that is not bound.
 */
static int bind_columns(struct query *q, struct err *e)
{
	SQLUINTEGER abilities = 0;
	bool binding = true;

	(void)SQLGetInfo(q->odbc.conn, SQL_GETDATA_EXTENSIONS, &abilities,
			 sizeof(abilities), NULL);
	choose_block(q, abilities);
	q->status = mem_zero(q->block * sizeof(*q->status));
	if (!SQL_SUCCEEDED(SQLSetStmtAttr(
		    q->odbc.stmt, SQL_ATTR_ROWS_FETCHED_PTR, &q->got, 0)) ||
	    !SQL_SUCCEEDED(SQLSetStmtAttr(q->odbc.stmt, SQL_ATTR_ROW_STATUS_PTR,
					  q->status, 0)))
		return odbc_failed(&q->odbc, ERR_CONFIG, e);
	for (size_t i = 0; i < q->n; i++) {
		struct odbc_bound *c = &q->column[i];

		c->data = mem_zero(q->block * c->type.bytes);
		c->size = mem_zero(q->block * sizeof(*c->size));
		if (!is_fixed(c) &&
		    (q->odbc.mysql || !(abilities & SQL_GD_BOUND)))
			binding = false;
		c->bound = binding;
		if (binding &&
		    !SQL_SUCCEEDED(SQLBindCol(
			    q->odbc.stmt, (SQLUSMALLINT)(i + 1), c->type.c,
			    c->data, (SQLLEN)c->type.bytes, c->size)))
			return odbc_failed(&q->odbc, ERR_CONFIG, e);
	}
	return 0;
}

/* The bytes of the NUL after a value of this C type. */
static size_t end_bytes(SQLSMALLINT c)
{
	return c == SQL_C_CHAR ? 1 : c == SQL_C_WCHAR ? 2 : 0;
}

/* Fetches column i of the row in pieces. Returns 1 with *v set, 0 for NULL, or
 * -1. Stops at a length for which the row is then rejected.
 */
static int ask(struct query *q, size_t i, size_t row, struct slice *v,
	       struct err *e)
{
	const struct odbc_bound *c = &q->column[i];
	size_t behind = end_bytes(c->type.c);

	q->value.n = 0;
	if (q->block > 1 &&
	    !SQL_SUCCEEDED(SQLSetPos(q->odbc.stmt, (SQLSETPOSIROW)(row + 1),
				     SQL_POSITION, SQL_LOCK_NO_CHANGE)))
		return odbc_failed_fetch(&q->odbc, e);
	for (;;) {
		char *to = buf_room(&q->value, PIECE_BYTES);
		SQLLEN left = 0;
		SQLRETURN rc = SQLGetData(q->odbc.stmt, (SQLUSMALLINT)(i + 1),
					  c->type.c, to, PIECE_BYTES, &left);

		if (rc == SQL_NO_DATA && q->value.n > 0)
			break; /* the value ended at the end of a piece */
		if (rc == SQL_NO_DATA)
			return err_set(e, ERR_PROTOCOL,
				       "ODBC: the driver lost a value");
		if (!SQL_SUCCEEDED(rc))
			return odbc_failed_fetch(&q->odbc, e);
		if (left == SQL_NULL_DATA)
			return 0;
		if (rc == SQL_SUCCESS && left < 0)
			return err_set(e, ERR_PROTOCOL,
				       "ODBC: the driver does not report the "
				       "length of a value");
		if (rc == SQL_SUCCESS ||
		    (left >= 0 && (size_t)left + behind <= PIECE_BYTES)) {
			q->value.n += (size_t)left;
			break;
		}
		q->value.n += PIECE_BYTES - behind;
		if (q->value.n > 2 * (size_t)INPUT_MAX_LINE)
			break;
	}
	*v = buf_all(&q->value);
	return 1;
}

/* Gets column i of a row of the block. Returns 1 with *v set, 0 for NULL, or
 * -1.
 */
static int get(struct query *q, size_t i, size_t row, struct slice *v,
	       struct err *e)
{
	const struct odbc_bound *c = &q->column[i];
	SQLLEN n = c->size[row];
	size_t most = c->type.bytes - end_bytes(c->type.c);

	if (!c->bound)
		return ask(q, i, row, v, e);
	if (n == SQL_NULL_DATA)
		return 0;
	if (is_fixed(c))
		n = (SQLLEN)c->type.bytes; /* some drivers set 0 */
	if (n < 0 || (size_t)n > most)
		return ask(q, i, row, v, e);
	*v = slice_of(c->data + row * c->type.bytes, (size_t)n);
	return 1;
}

/* ---- the rows ---------------------------------------------------------- */

static int put_row(struct query *q, size_t row, struct err *e)
{
	struct rows *r = q->rows;
	struct buf *b = rows_buf(r);

	for (size_t i = 0; i < q->n; i++) {
		struct slice v = {0};
		int rc = get(q, i, row, &v, e);

		if (rc < 0)
			return -1;
		rows_name(r, b, i);
		if (rc == 0)
			buf_add(b, "null", 4);
		else if (v.n > 2 * (size_t)INPUT_MAX_LINE)
			return rows_reject(r, (int)i, 0, INPUT_TOO_LONG,
					   slice_of(NULL, 0), e);
		else if (odbcvalue_put(q->column[i].type.kind,
				       q->column[i].type.c == SQL_C_WCHAR, b, v,
				       &q->work) < 0)
			return rows_reject(r, (int)i, 0, q->work.why,
					   slice_of(NULL, 0), e);
	}
	return rows_put(r, e);
}

/* The driver does the waiting, so rows are flushed at intervals. */
static int flush_now_and_then(struct query *q, struct err *e)
{
	uint64_t now = clock_mono_ms();

	if (now - q->flushed_ms < FLUSH_MS)
		return 0;
	q->flushed_ms = now;
	return writer_flush(q->rows->w, e);
}

static int fetch_all(struct query *q, struct err *e)
{
	while (!q->rows->partial) {
		SQLRETURN rc;

		q->got = 0;
		rc = SQLFetch(q->odbc.stmt);
		if (rc == SQL_NO_DATA)
			return q->odbc.mysql ? odbcmysql_check(&q->odbc,
							       q->job->model, e)
					     : 0;
		if (!SQL_SUCCEEDED(rc))
			return odbc_failed_fetch(&q->odbc, e);
		if (q->got == 0 && q->block == 1)
			q->got = 1; /* some drivers do not set it */
		if (q->got == 0 || q->got > q->block)
			return err_set(e, ERR_PROTOCOL,
				       "ODBC: the driver does not report the "
				       "number of rows it returned");
		for (size_t row = 0; row < q->got; row++) {
			if (rows_full(q->rows)) {
				q->rows->partial = true;
				return 0;
			}
			if (q->status[row] == SQL_ROW_ERROR)
				return odbc_failed_fetch(&q->odbc, e);
			if (put_row(q, row, e) < 0)
				return -1;
		}
		if (flush_now_and_then(q, e) < 0)
			return -1;
	}
	return 0;
}

static int say_steps(struct query *q, struct err *e)
{
	char dbms[WORDS], version[WORDS], driver[WORDS], text[4 * WORDS];
	size_t n = 0;

	if (!q->rows->check)
		return 0;
	odbc_info(&q->odbc, SQL_DBMS_NAME, dbms, sizeof(dbms));
	odbc_info(&q->odbc, SQL_DBMS_VER, version, sizeof(version));
	odbc_info(&q->odbc, SQL_DRIVER_NAME, driver, sizeof(driver));
	snprintf(text, sizeof(text), "%s %s by %s", dbms, version, driver);
	if (rows_step(q->rows, ROWS_CONNECTION, text, e) < 0 ||
	    odbc_count_tables(&q->odbc, &n, e) < 0)
		return -1;
	snprintf(text, sizeof(text), "%zu table%s", n, n == 1 ? "" : "s");
	return rows_step(q->rows, ROWS_LISTING, text, e);
}

/* Hints that a driver may ignore; the limits are also enforced here. */
static void set_limits(struct query *q)
{
	size_t wait_s = (size_t)(q->job->timeout_ms / 1000 + 1);

	if (q->job->timeout_ms > 0)
		(void)SQLSetStmtAttr(q->odbc.stmt, SQL_ATTR_QUERY_TIMEOUT,
				     odbc_number(wait_s), 0);
	if (q->rows->limit < INT32_MAX)
		(void)SQLSetStmtAttr(q->odbc.stmt, SQL_ATTR_MAX_ROWS,
				     odbc_number((size_t)q->rows->limit + 1),
				     0);
}

static int run_model(struct query *q, struct err *e)
{
	bool wanted = !q->rows->list && !q->rows->check;
	int rc;

	set_limits(q);
	if (say_steps(q, e) < 0 ||
	    (q->odbc.mysql && odbcmysql_model(q->job->model, e) < 0) ||
	    prepare(q, e) < 0)
		return -1;
	if (q->odbc.mysql)
		odbcmysql_since(&q->odbc, q->job->model, &q->since);
	if (odbcparam_bind(&q->odbc, q->job->model, &q->param, e) < 0 ||
	    (wanted && execute(q, e) < 0) || find_columns(q, e) < 0)
		return -1;
	rc = rows_begin(q->rows, q->head, q->n, e);
	if (rc <= 0)
		return rc;
	if (writer_flush(q->rows->w, e) < 0 || bind_columns(q, e) < 0)
		return -1;
	return fetch_all(q, e);
}

static void clear(struct query *q)
{
	odbc_close(&q->odbc); /* first, while the bound memory still exists */
	for (size_t i = 0; i < q->n; i++) {
		free(q->column[i].data);
		free(q->column[i].size);
	}
	odbcparam_free(q->param, q->job->model->uses);
	free(q->column);
	free(q->head);
	free(q->status);
	buf_clear(&q->words);
	buf_clear(&q->value);
	buf_clear(&q->since);
	buf_clear(&q->work.narrow);
	buf_clear(&q->work.scratch);
	scan_free(q->work.scan);
}

static void stop(void *ctx)
{
	const struct query *q = ctx;

	(void)SQLCancel(q->odbc.stmt);
}

static int odbc_run(const struct source_job *job, struct rows *rows,
		    struct err *e)
{
	struct query q = {.job = job, .rows = rows, .work.scan = scan_new()};
	struct watch *watch = NULL;
	struct login *login =
		login_begin("the database", job->timeout_ms, LOGIN_MS, rows, e);
	int rc = login ? odbc_open(&q.odbc, job->where, e) : -1;

	if (login)
		login_end(login);
	if (rc == 0) {
		watch = watch_start(rows->fd, job->timeout_ms, stop, &q, e);
		rc = watch ? run_model(&q, e) : -1;
	}
	if (watch)
		watch_leave(watch);
	clear(&q);
	return watch ? watch_end(watch, rc, e) : rc;
}

#define RUN   odbc_run
#define LACKS NULL
#else
#define RUN   NULL
#define QUOTE '"'
#define LACKS "unixodbc-dev"
#endif

static const struct model_sql sql = {
	.quote = QUOTE, .bare = true, .param = '?', .blank_times = true};

extern const struct source source_odbc;
const struct source source_odbc = {
	.scheme = {"odbc"},
	.help = "attribute=value;...",
	.sql = &sql,
	.server = true,
	.lacks = LACKS,
	.library = "odbc",
	.run = RUN,
};
