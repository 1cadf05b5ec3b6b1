/* source_duckdb.c - a DuckDB file, or Parquet files through DuckDB.
 *
 * DuckDB runs within this process, read only. Its result is streamed, chunk by
 * chunk; values go from its vectors straight into the row. A watch ends a
 * query for which nobody waits, since DuckDB works where we cannot poll.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"
#include "query/duckdb/duckerror.h"
#include "query/duckdb/duckvalue.h"
#include "query/source.h"
#include "query/url.h"
#include "query/watch.h"

#define VIEW "files" /* what a model calls the files of parquet: */

struct db {
	struct duck d;
	void *db, *stmt;
	_Atomic(void *) conn;
	struct duck_result result;
	bool has_result;
	const struct source_job *job;
	struct rows *rows;
	struct buf path; /* without options */
	bool parquet;
	bool external_said; /* by the URL */
	char **name;        /* n of them, as the three below */
	struct ducktype **type;
	struct rows_column *head;
	struct buf *native;
	size_t n;
	struct duckvalue_work work;
};

/* In the model's own text, where DuckDB may tell the line. */
static int failed_model(const struct db *q, const char *why, struct err *e)
{
	const char *place = why ? strstr(why, "\nLINE ") : NULL;

	(void)duckerror_set(why, e);
	if (!place)
		return model_blame(q->job->model, e);
	return err_in(e, "model '%s' line %lu", q->job->model->name,
		      strtoul(place + 6, NULL, 10));
}

/* ---- the database ------------------------------------------------------ */

/* Of the URL, behind a '?', and how DuckDB calls them. */
static const char *const tuning[] = {"threads=", "memory=", "external=", NULL};
static const char *const called[] = {"threads", "memory_limit",
				     "enable_external_access"};

enum { EXTERNAL = 2 };

static size_t option_at(const char *text)
{
	size_t i = 0;

	while (tuning[i] && !slice_starts(slice_str(text), tuning[i]))
		i++;
	return i;
}

static int set(const struct db *q, void *config, const char *name,
	       const char *value, struct err *e)
{
	if (q->d.set_config(config, name, value) == 0)
		return 0;
	return err_set(e, ERR_USAGE, "source: DuckDB takes no %s of '%s'", name,
		       value);
}

/* "external=on" as DuckDB takes it; what is neither on nor off, it refuses. */
static const char *word_of(struct db *q, size_t option, const char *value)
{
	if (option != EXTERNAL)
		return value;
	q->external_said = true;
	return strcmp(value, "on") == 0    ? "true"
	       : strcmp(value, "off") == 0 ? "false"
					   : "neither on nor off";
}

/* A '?' is for a glob too: options are what begins as one of them. */
static int set_options(struct db *q, void *config, struct err *e)
{
	const char *where = q->job->where, *at = url_tuning(where, tuning);
	struct buf value = {0};
	int rc = 0;

	if (!at) {
		buf_str(&q->path, where);
		return 0;
	}
	buf_add(&q->path, where, (size_t)(at - where));
	while (rc == 0 && *at) {
		size_t i = option_at(++at), n = strcspn(at, "&");

		if (!tuning[i]) {
			rc = err_set(e, ERR_USAGE,
				     "source: unknown option '%.*s'", (int)n,
				     at);
			break;
		}
		value.n = 0;
		buf_add(&value, at, n);
		rc = set(q, config, called[i],
			 word_of(q, i, buf_cstr(&value) + strlen(tuning[i])),
			 e);
		at += n;
	}
	buf_clear(&value);
	return rc;
}

static bool in_memory(const struct db *q)
{
	return q->parquet || q->path.n == 0 ||
	       slice_is(buf_all(&q->path), ":memory:");
}

/* Nothing is written, but for what a big sort spills to a folder of its own;
 * nothing is fetched from the network that the model does not name.
 */
static int set_config(struct db *q, void *config, struct err *e)
{
	const char *tmp = getenv("TMPDIR");
	struct buf folder = {0};
	int rc;

	buf_fmt(&folder, "%s/rudder-duckdb-%d", tmp && *tmp ? tmp : "/tmp",
		(int)getpid());
	rc = set(q, config, "temp_directory", buf_cstr(&folder), e);
	buf_clear(&folder);
	if (rc < 0 ||
	    set(q, config, "autoinstall_known_extensions", "false", e) < 0 ||
	    set_options(q, config, e) < 0)
		return -1;
	if (in_memory(q))
		return 0;
	/* its views could read any file, or send it somewhere */
	if (!q->external_said &&
	    set(q, config, "enable_external_access", "false", e) < 0)
		return -1;
	return set(q, config, "access_mode", "READ_ONLY", e);
}

static int open_db(struct db *q, struct err *e)
{
	const char *path;
	void *config = NULL, *conn = NULL;
	char *why = NULL;
	int rc = -1;

	if (q->d.create_config(&config) != 0)
		return err_set(e, ERR_OS, "out of memory");
	if (set_config(q, config, e) < 0)
		goto out;
	path = in_memory(q) ? NULL : buf_cstr(&q->path);
	if (path && access(path, R_OK) < 0)
		(void)err_sys(e, errno == EACCES ? ERR_DENIED : ERR_INPUT,
			      "cannot open '%s'", path);
	else if (q->d.open_ext(path, &q->db, config, &why) != 0)
		(void)duckerror_set(why, e);
	else if (q->d.connect(q->db, &conn) != 0)
		(void)err_set(e, ERR_OS, "DuckDB: cannot connect");
	else
		rc = 0;
	q->conn = conn;
	q->d.free(why);
out:
	q->d.destroy_config(&config);
	return rc;
}

static int command(struct db *q, const char *sql, struct err *e)
{
	struct duck_result r = {0};
	int rc = 0;

	if (q->d.query(q->conn, sql, &r) != 0)
		rc = duckerror_set(q->d.result_error(&r), e);
	q->d.destroy_result(&r);
	return rc;
}

static void put_string(struct buf *b, struct slice s)
{
	buf_char(b, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			buf_char(b, '\'');
		buf_char(b, s.p[i]);
	}
	buf_char(b, '\'');
}

/* A column that only some files have is null in the others. */
static int make_view(struct db *q, struct err *e)
{
	struct buf sql = {0};
	int rc;

	buf_str(&sql, "CREATE TEMP VIEW " VIEW " AS FROM read_parquet(");
	put_string(&sql, buf_all(&q->path));
	buf_str(&sql, ", union_by_name = true)");
	rc = command(q, buf_cstr(&sql), e);
	buf_clear(&sql);
	return rc;
}

static int begin(struct db *q, struct err *e)
{
	struct err ignored = {0};

	/* fails only where DuckDB has no zones, and then all is UTC */
	(void)!command(q, "SET TimeZone = 'UTC'", &ignored);
	return q->parquet ? make_view(q, e) : 0;
}

/* The number that a query gives. */
static int count(struct db *q, const char *sql, int64_t *n, struct err *e)
{
	struct duck_result r = {0};
	void *chunk = NULL;
	int rc = -1;

	if (q->d.query(q->conn, sql, &r) == 0)
		chunk = q->d.fetch_chunk(r);
	if (chunk) {
		const void *p = q->d.vector_get_data(
			q->d.data_chunk_get_vector(chunk, 0));

		memcpy(n, p, sizeof(*n));
		rc = 0;
		q->d.destroy_data_chunk(&chunk);
	} else {
		(void)duckerror_set(q->d.result_error(&r), e);
	}
	q->d.destroy_result(&r);
	return rc;
}

static int say_steps(struct db *q, struct err *e)
{
	struct buf sql = {0};
	char text[80];
	int64_t n = 0;
	int rc;

	if (!q->rows->check)
		return 0;
	snprintf(text, sizeof(text), "DuckDB %s", q->d.library_version());
	if (rows_step(q->rows, ROWS_CONNECTION, text, e) < 0)
		return -1;
	if (q->parquet) {
		buf_str(&sql, "SELECT count(*) FROM glob(");
		put_string(&sql, buf_all(&q->path));
		buf_char(&sql, ')');
	} else {
		buf_str(&sql, "SELECT count(*) FROM information_schema.tables");
	}
	rc = count(q, buf_cstr(&sql), &n, e);
	buf_clear(&sql);
	snprintf(text, sizeof(text), "%jd %s", (intmax_t)n,
		 q->parquet ? "files" : "tables");
	return rc < 0 ? -1 : rows_step(q->rows, ROWS_LISTING, text, e);
}

/* ---- the statement ----------------------------------------------------- */

static int prepare(struct db *q, const char *sql, struct err *e)
{
	const struct model *m = q->job->model;

	if (q->stmt)
		q->d.destroy_prepare(&q->stmt);
	if (q->d.prepare(q->conn, sql, &q->stmt) != 0)
		return failed_model(q, q->d.prepare_error(q->stmt), e);
	if (q->d.nparams(q->stmt) > m->n)
		return err_set(e, ERR_CONFIG,
			       "model '%s' has a parameter without value",
			       m->name);
	for (size_t i = 0; i < m->n; i++) {
		if (q->d.bind_varchar(q->stmt, i + 1, m->param[i].value) != 0)
			return failed_model(q, q->d.prepare_error(q->stmt), e);
	}
	return 0;
}

static int execute(struct db *q, struct err *e)
{
	if (q->has_result)
		q->d.destroy_result(&q->result);
	q->has_result = true;
	if (q->d.execute_prepared_streaming(q->stmt, &q->result) != 0)
		return failed_model(q, q->d.result_error(&q->result), e);
	return 0;
}

/* Types are known before the statement runs, unless a parameter decides. */
static bool is_resolved(const struct db *q)
{
	void *type = q->d.prepared_statement_column_logical_type(q->stmt, 0);
	int id = type ? q->d.get_type_id(type) : DUCK_INVALID;

	q->d.destroy_logical_type(&type);
	return id != DUCK_INVALID;
}

static char *column_name(struct db *q, size_t i)
{
	const char *name;
	char *copy, *given;

	if (q->has_result) {
		name = q->d.column_name(&q->result, i);
		return mem_copy(name, strlen(name));
	}
	given = (char *)(uintptr_t)q->d.prepared_statement_column_name(q->stmt,
								       i);
	copy = mem_copy(given ? given : "", given ? strlen(given) : 0);
	q->d.free(given);
	return copy;
}

static void *column_type(struct db *q, size_t i)
{
	return q->has_result ? q->d.column_logical_type(&q->result, i)
			     : q->d.prepared_statement_column_logical_type(
				       q->stmt, i);
}

static int find_columns(struct db *q, struct err *e)
{
	size_t n = q->has_result
			   ? q->d.column_count(&q->result)
			   : q->d.prepared_statement_column_count(q->stmt);

	q->name = mem_zero((n + 1) * sizeof(char *));
	q->type = mem_zero((n + 1) * sizeof(struct ducktype *));
	q->head = mem_zero((n + 1) * sizeof(*q->head));
	q->native = mem_zero((n + 1) * sizeof(*q->native));
	q->n = n;
	for (size_t i = 0; i < n; i++) {
		q->name[i] = column_name(q, i);
		q->type[i] = ducktype_new(&q->d, column_type(q, i), e);
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

/* The model within a SELECT that has the limit, so that DuckDB can plan for
 * it, and the casts: whether there is any of them.
 */
static bool wrap(const struct db *q, struct buf *sql, const struct model_sql *s)
{
	bool limited = q->rows->limit < INT64_MAX, cast = false;

	buf_str(sql, "SELECT *");
	for (size_t i = 0; i < q->n; i++) {
		const char *to = ducktype_cast(q->type[i]);

		if (!to)
			continue;
		buf_str(sql, cast ? ", CAST(" : " REPLACE (CAST(");
		model_quote(sql, s, slice_str(q->name[i]));
		buf_fmt(sql, " AS %s) AS ", to);
		model_quote(sql, s, slice_str(q->name[i]));
		cast = true;
	}
	buf_str(sql, cast ? ") FROM (\n" : " FROM (\n");
	buf_slice(sql, buf_all(&q->job->model->text));
	buf_str(sql, "\n) rudder_model");
	if (limited)
		buf_fmt(sql, " LIMIT %ju", (uintmax_t)q->rows->limit + 1);
	return limited || cast;
}

/* The types of the columns that were cast. */
static int take_casts(struct db *q, struct err *e)
{
	if (q->d.column_count(&q->result) != q->n)
		return err_set(e, ERR_PROTOCOL,
			       "DuckDB: other columns than it had said");
	for (size_t i = 0; i < q->n; i++) {
		bool number = ducktype_is_number(q->type[i]);

		if (!ducktype_cast(q->type[i]))
			continue;
		ducktype_free(q->type[i]);
		q->type[i] = ducktype_new(&q->d, column_type(q, i), e);
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
	uint64_t n = q->d.data_chunk_get_size(chunk);

	for (size_t i = 0; i < q->n; i++)
		ducktype_at(q->type[i], q->d.data_chunk_get_vector(chunk, i));
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

/* What is finished goes out before DuckDB works on. */
static int fetch_all(struct db *q, struct err *e)
{
	while (!q->rows->partial) {
		void *chunk = q->d.fetch_chunk(q->result);
		const char *why;
		int rc;

		if (!chunk) {
			why = q->d.result_error(&q->result);
			return why ? duckerror_set(why, e) : 0;
		}
		rc = put_chunk(q, chunk, e);
		q->d.destroy_data_chunk(&chunk);
		if (rc < 0 || writer_flush(q->rows->w, e) < 0)
			return -1;
	}
	return 0;
}

static const struct model_sql sql = {
	.quote = '"',
	.nested_comments = true,
	.dollar_quotes = true,
	.param = '$',
	.numbered = true,
};

static int run_model(struct db *q, struct err *e)
{
	struct slice model = buf_all(&q->job->model->text);
	struct buf text = {0};
	int rc = -1;

	buf_slice(&text, model);
	if (open_db(q, e) < 0 || begin(q, e) < 0 || say_steps(q, e) < 0 ||
	    prepare(q, buf_cstr(&text), e) < 0 ||
	    (!is_resolved(q) && execute(q, e) < 0) || find_columns(q, e) < 0)
		goto out;
	rc = rows_begin(q->rows, q->head, q->n, e);
	if (rc > 0 && writer_flush(q->rows->w, e) < 0)
		rc = -1;
	if (rc <= 0)
		goto out;
	text.n = 0;
	if (wrap(q, &text, &sql)) {
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
	void *conn = atomic_exchange(&q->conn, NULL);

	if (q->has_result)
		q->d.destroy_result(&q->result);
	if (q->stmt)
		q->d.destroy_prepare(&q->stmt);
	if (conn)
		q->d.disconnect(&conn);
	if (q->db)
		q->d.close(&q->db);
	for (size_t i = 0; i < q->n; i++) {
		free(q->name[i]);
		ducktype_free(q->type[i]);
		buf_clear(&q->native[i]);
	}
	free(q->name);
	free(q->type);
	free(q->head);
	free(q->native);
	scan_free(q->work.scan);
	buf_clear(&q->work.scratch);
	buf_clear(&q->work.key);
	buf_clear(&q->path);
}

static void stop(void *ctx)
{
	struct db *q = ctx;
	void *conn = q->conn;

	if (conn)
		q->d.interrupt(conn);
}

static int run(const struct source_job *job, struct rows *rows, struct err *e)
{
	struct db q = {.job = job, .rows = rows};
	struct watch *watch;
	int rc;

	q.parquet = slice_starts(slice_str(job->url), "parquet:");
	if (duck_load(&q.d, e) < 0)
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
	.sql = &sql,
	.tuning = tuning,
	.run = run,
};
