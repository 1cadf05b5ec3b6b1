/* source_duckdb.c - a DuckDB file, or Parquet files through DuckDB.
 *
 * DuckDB runs inside this process, read only except for --delta. Its result is
 * streamed, and values are written directly from its vectors. A watch ends a
 * query whose reader has gone, since this thread cannot poll while DuckDB
 * works.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "query/duckdb/duckconn.h"
#include "query/duckdb/duckdelta.h"
#include "query/duckdb/duckerror.h"
#include "query/duckdb/ducksql.h"
#include "query/duckdb/duckvalue.h"
#include "query/duckdb/parquet_view.h"
#include "query/model_blame.h"
#include "query/rows_columns.h"
#include "query/source.h"
#include "query/timestamp.h"
#include "query/watch.h"

struct db {
	struct duckconn c;
	void *stmt;
	struct duck_result result;
	bool has_result;
	const struct source_job *job;
	struct rows *rows;
	char **name; /* n entries, like the three below */
	struct ducktype **type;
	struct rows_column *head;
	struct buf *native;
	size_t n;
	struct duckvalue_work work;
	struct buf since; /* the value of --since, in UTC */
};

/* Reports an error in the model's text, with its line if DuckDB names one. */
static int failed_model(const struct db *q, const char *why, struct err *e)
{
	const char *place = why ? strstr(why, "\nLINE ") : NULL;

	(void)duckerror_set(why, e);
	if (!place)
		return model_blame(q->job->model, e);
	return err_in(e, "model '%s' line %lu", q->job->model->name,
		      strtoul(place + 6, NULL, 10));
}

static int say_steps(struct db *q, struct err *e)
{
	struct buf sql = {0};
	char text[80];
	int64_t n = 0;
	int rc;

	if (!q->rows->check)
		return 0;
	snprintf(text, sizeof(text), "DuckDB %s", q->c.d.library_version());
	if (rows_step(q->rows, ROWS_CONNECTION, text, e) < 0)
		return -1;
	if (q->c.parquet) {
		buf_str(&sql, "SELECT count(*) FROM glob(");
		duckconn_string(&sql, buf_all(&q->c.path));
		buf_char(&sql, ')');
	} else {
		buf_str(&sql, "SELECT count(*) FROM information_schema.tables");
	}
	rc = duckconn_count(&q->c, buf_cstr(&sql), &n, e);
	buf_clear(&sql);
	snprintf(text, sizeof(text), "%jd %s%s", (intmax_t)n,
		 q->c.parquet ? "file" : "table", n == 1 ? "" : "s");
	return rc < 0 ? -1 : rows_step(q->rows, ROWS_LISTING, text, e);
}

/* ---- the statement ----------------------------------------------------- */

static int prepare(struct db *q, const char *sql, struct err *e)
{
	const struct model *m = q->job->model;

	if (q->stmt)
		q->c.d.destroy_prepare(&q->stmt);
	if (q->c.d.prepare(q->c.conn, sql, &q->stmt) != 0)
		return failed_model(q, q->c.d.prepare_error(q->stmt), e);
	if (q->c.d.nparams(q->stmt) > m->n)
		return err_names(e, ERR_CONFIG,
				 "model '%s' has a parameter without a value: "
				 "use -P NAME=VALUE",
				 m->name);
	for (size_t i = 0; i < m->n; i++) {
		if (q->c.d.bind_varchar(q->stmt, i + 1, m->param[i].value) != 0)
			return failed_model(q, q->c.d.prepare_error(q->stmt),
					    e);
	}
	return 0;
}

static int execute(struct db *q, struct err *e)
{
	if (q->has_result)
		q->c.d.destroy_result(&q->result);
	q->has_result = true;
	if (q->c.d.execute_prepared_streaming(q->stmt, &q->result) != 0)
		return failed_model(q, q->c.d.result_error(&q->result), e);
	return 0;
}

/* Whether the types are known now; not if they depend on a parameter. */
static bool is_resolved(const struct db *q)
{
	void *type = q->c.d.prepared_statement_column_logical_type(q->stmt, 0);
	int id = type ? q->c.d.get_type_id(type) : DUCK_INVALID;

	q->c.d.destroy_logical_type(&type);
	return id != DUCK_INVALID;
}

static char *column_name(struct db *q, size_t i)
{
	const char *name;
	char *copy, *given;

	if (q->has_result) {
		name = q->c.d.column_name(&q->result, i);
		return mem_copy(name, strlen(name));
	}
	given = (char *)(uintptr_t)q->c.d.prepared_statement_column_name(
		q->stmt, i);
	copy = mem_copy(given ? given : "", given ? strlen(given) : 0);
	q->c.d.free(given);
	return copy;
}

static void *column_type(struct db *q, size_t i)
{
	return q->has_result ? q->c.d.column_logical_type(&q->result, i)
			     : q->c.d.prepared_statement_column_logical_type(
				       q->stmt, i);
}

static int find_columns(struct db *q, struct err *e)
{
	size_t n = q->has_result
			   ? q->c.d.column_count(&q->result)
			   : q->c.d.prepared_statement_column_count(q->stmt);

	q->name = mem_zero((n + 1) * sizeof(char *));
	q->type = mem_zero((n + 1) * sizeof(struct ducktype *));
	q->head = mem_zero((n + 1) * sizeof(*q->head));
	q->native = mem_zero((n + 1) * sizeof(*q->native));
	q->n = n;
	for (size_t i = 0; i < n; i++) {
		q->name[i] = column_name(q, i);
		q->type[i] = ducktype_new(&q->c.d, column_type(q, i), e);
		if (!q->type[i])
			return err_in(e, "column '%s'", q->name[i]);
		ducktype_native(q->type[i], &q->native[i]);
		q->head[i] = (struct rows_column){
			.name = q->name[i],
			.type = ducktype_word(q->type[i]),
			.native = buf_cstr(&q->native[i]),
		};
	}
	return 0;
}

/* Builds the SELECT around `from`, as ducksql_wrap. */
static bool wrap(const struct db *q, struct slice from, struct buf *sql)
{
	const struct ducksql s = {
		.name = q->name,
		.type = q->type,
		.n = q->n,
		.limit = q->rows->limit,
	};

	return ducksql_wrap(&s, from, sql);
}

/* Replaces the types of the columns that were cast. */
static int take_casts(struct db *q, struct err *e)
{
	if (q->c.d.column_count(&q->result) != q->n)
		return err_set(
			e, ERR_PROTOCOL,
			"DuckDB: the columns differ from those announced");
	for (size_t i = 0; i < q->n; i++) {
		bool number = ducktype_is_number(q->type[i]);

		if (!ducktype_cast(q->type[i]))
			continue;
		ducktype_free(q->type[i]);
		q->type[i] = ducktype_new(&q->c.d, column_type(q, i), e);
		if (!q->type[i])
			return -1;
		if (number)
			ducktype_set_number(q->type[i]);
	}
	return 0;
}

/* ---- the rows ---------------------------------------------------------- */

static int put_row(struct db *q, uint64_t row, struct err *e)
{
	struct buf *b = rows_buf(q->rows);

	for (size_t i = 0; i < q->n; i++) {
		rows_name(q->rows, b, i);
		if (duckvalue_put(q->type[i], b, row, &q->work) < 0)
			return rows_reject(q->rows, (int)i, 0, q->work.why,
					   slice_of(NULL, 0), e);
	}
	return rows_put(q->rows, e);
}

static int put_chunk(struct db *q, void *chunk, struct err *e)
{
	uint64_t n = q->c.d.data_chunk_get_size(chunk);

	for (size_t i = 0; i < q->n; i++)
		ducktype_at(q->type[i], q->c.d.data_chunk_get_vector(chunk, i));
	for (uint64_t row = 0; row < n; row++) {
		if (rows_full(q->rows)) {
			q->rows->partial = true;
			return 0;
		}
		if (put_row(q, row, e) < 0)
			return -1;
	}
	return 0;
}

/* Flushes finished rows after each chunk, before DuckDB works on the next. */
static int fetch_all(struct db *q, struct err *e)
{
	while (!q->rows->partial) {
		void *chunk = q->c.d.fetch_chunk(q->result);
		const char *why;
		int rc;

		if (!chunk) {
			why = q->c.d.result_error(&q->result);
			return why ? duckerror_set(why, e) : 0;
		}
		rc = put_chunk(q, chunk, e);
		q->c.d.destroy_data_chunk(&chunk);
		if (rc < 0 || writer_flush(q->rows->w, e) < 0)
			return -1;
	}
	return 0;
}

/* Converts --since to UTC, like the rows: DuckDB ignores the offset for a
 * column without time zone, and without one assumes the session's zone. Returns
 * 1 if it changed the value, 0 if not, or -1.
 */
static int take_since(struct db *q, struct err *e)
{
	struct model *m = q->job->model;
	bool zoned;

	for (size_t i = 0; m->since && i < q->n; i++) {
		if (strcmp(q->head[i].name, m->cursor) != 0 ||
		    strcmp(q->head[i].type, "datetime") != 0)
			continue;
		zoned = slice_is(slice_str(q->head[i].native),
				 "TIMESTAMP WITH TIME ZONE");
		if (zoned && timestamp_check(slice_str(m->since), true, e) < 0)
			return -1;
		if (timestamp_blank(&q->since, slice_str(m->since)) < 0)
			return 0;
		buf_str(&q->since, zoned ? "+00" : "");
		m->param[m->n - 1].value = buf_cstr(&q->since);
		return 1;
	}
	return 0;
}

/* ---- --delta ----------------------------------------------------------- */

/* Writes the rows of a SELECT that has the columns of q, or, if others,
 * different columns, whose types it takes from the result.
 */
static int put_select(struct db *q, const struct buf *text, bool others,
		      struct err *e)
{
	struct buf copy = {0};
	int rc;

	buf_slice(&copy, buf_all(text));
	rc = prepare(q, buf_cstr(&copy), e);
	buf_clear(&copy);
	if (rc < 0 || execute(q, e) < 0)
		return -1;
	for (size_t i = 0; others && i < q->n; i++) {
		ducktype_free(q->type[i]);
		q->type[i] = ducktype_new(&q->c.d, column_type(q, i), e);
		if (!q->type[i])
			return -1;
	}
	if (!others && take_casts(q, e) < 0)
		return -1;
	return fetch_all(q, e);
}

static int put_missing(struct db *q, const struct duckdelta *x, struct err *e)
{
	struct rows_column key[DELTA_KEYS] = {{0}};
	struct buf text = {0};
	size_t n = q->n;
	int rc;

	for (size_t k = 0; k < x->d->n_keys; k++)
		key[k].name = buf_cstr(&x->d->key[k].name);
	for (size_t k = 0; k < x->d->n_keys; k++)
		key[k].type = "any";
	rows_missing_begin(q->rows, key, x->d->n_keys);
	duckdelta_missing(x, &text);
	q->n = x->d->n_keys; /* the key has no more columns than the model */
	rc = put_select(q, &text, true, e);
	q->n = n;
	buf_clear(&text);
	return rc < 0 ? -1 : rows_missing_end(q->rows, x->d->missing, e);
}

static int put_delta(struct db *q, const struct duckdelta *x, struct err *e)
{
	struct buf begin = {0}, from = {0}, text = {0};
	int rc;

	delta_begin(x->d, &begin);
	q->rows->delta = buf_all(&begin);
	rc = rows_begin(q->rows, q->head, q->n, e);
	q->rows->delta = slice_of(NULL, 0);
	duckdelta_rows(x, &from);
	(void)wrap(q, buf_all(&from), &text);
	if (rc >= 0)
		rc = put_select(q, &text, false, e);
	if (rc == 0 && x->d->part)
		rc = put_missing(q, x, e);
	buf_clear(&begin);
	buf_clear(&from);
	buf_clear(&text);
	return rc < 0 ? -1 : 0;
}

static int try_delta(struct db *q, const struct duckdelta *x, struct err *e)
{
	struct buf text = {0};
	int rc = duckdelta_try(x, e);

	buf_fmt(&text, "tables can be created in the schema %s", x->d->schema);
	if (rc == 0)
		rc = rows_step(q->rows, ROWS_DELTA, buf_cstr(&text), e);
	buf_clear(&text);
	return rc;
}

static int run_delta(struct db *q, struct err *e)
{
	const struct duckdelta x = {
		.c = &q->c,
		.d = q->job->delta,
		.model = q->job->model,
		.head = q->head,
		.n = q->n,
	};

	if (q->rows->list || q->rows->check) {
		int rc = rows_begin(q->rows, q->head, q->n, e);

		if (rc < 0 || q->rows->list)
			return rc;
	}
	if (q->job->model->n > 0)
		return err_set(e, ERR_USAGE,
			       "--delta on DuckDB takes no parameters: put "
			       "their values into the model");
	if (rows_columns_check(q->rows, q->head, q->n, e) < 0 ||
	    duckdelta_check(&x, e) < 0)
		return -1;
	if (q->rows->check)
		return try_delta(q, &x, e);
	if (duckdelta_make(&x, q->rows->reads, e) < 0 ||
	    put_delta(q, &x, e) < 0 || duckdelta_end(&x, e) < 0)
		return -1;
	delta_end(x.d, &q->rows->tail);
	return 0;
}

static int run_model(struct db *q, struct err *e)
{
	struct slice model = buf_all(&q->job->model->text);
	struct buf text = {0};
	int again, rc = -1;

	buf_slice(&text, model);
	if (duckconn_open(&q->c, e) < 0 || duckconn_begin(&q->c, e) < 0 ||
	    (q->c.parquet && parquet_view_make(&q->c, e) < 0) ||
	    say_steps(q, e) < 0 || prepare(q, buf_cstr(&text), e) < 0 ||
	    (!is_resolved(q) && execute(q, e) < 0) || find_columns(q, e) < 0)
		goto out;
	if (q->job->delta) {
		rc = run_delta(q, e);
		goto out;
	}
	rc = rows_begin(q->rows, q->head, q->n, e);
	if (rc > 0 && writer_flush(q->rows->w, e) < 0)
		rc = -1;
	if (rc <= 0)
		goto out;
	text.n = 0;
	again = take_since(q, e);
	if (again < 0) {
		rc = -1;
	} else if (wrap(q, model, &text) || again > 0) {
		rc = prepare(q, buf_cstr(&text), e);
		if (rc == 0)
			rc = execute(q, e);
	} else if (!q->has_result) {
		rc = execute(q, e);
	} else {
		rc = 0;
	}
	if (rc < 0 || take_casts(q, e) < 0 || fetch_all(q, e) < 0)
		rc = -1;
out:
	buf_clear(&text);
	return rc;
}

static void clear(struct db *q)
{
	if (q->has_result)
		q->c.d.destroy_result(&q->result);
	if (q->stmt)
		q->c.d.destroy_prepare(&q->stmt);
	for (size_t i = 0; i < q->n; i++) {
		free(q->name[i]);
		ducktype_free(q->type[i]);
		buf_clear(&q->native[i]);
	}
	free(q->name);
	free(q->type);
	free(q->head);
	free(q->native);
	buf_clear(&q->since);
	scan_free(q->work.scan);
	buf_clear(&q->work.scratch);
	buf_clear(&q->work.key);
	duckconn_close(&q->c);
}

static void stop(void *ctx)
{
	struct db *q = ctx;
	void *conn = q->c.conn;

	if (conn)
		q->c.d.interrupt(conn);
}

static int duckdb_run(const struct source_job *job, struct rows *rows,
		      struct err *e)
{
	struct db q = {.job = job,
		       .rows = rows,
		       .c.where = job->where,
		       .c.writes = job->delta != NULL};
	struct watch *watch;
	int rc;

	q.c.parquet = slice_starts(slice_str(job->url), "parquet:");
	if (duck_load(&q.c.d, e) < 0)
		return -1;
	watch = watch_start(rows->fd, job->timeout_ms, stop, &q, e);
	if (!watch)
		return -1;
	q.work.scan = scan_new();
	rc = run_model(&q, e);
	watch_leave(watch);
	clear(&q);
	return watch_end(watch, rc, e);
}

extern const struct source source_duckdb;
const struct source source_duckdb = {
	.scheme = {"duckdb"},
	.help = "[file]",
	.tables = ducksql_tables,
	.sql = &ducksql,
	.tuning = duckconn_tuning,
	.run = duckdb_run,
};
