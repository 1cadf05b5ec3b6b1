/* source_trino.c - Trino over its REST protocol.
 *
 * The result of a statement arrives in pages (trstatement.h). Signals take
 * effect after the query was cancelled on the server.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/linux.h"
#include "core/mem.h"
#include "query/model_blame.h"
#include "query/part.h"
#include "query/rows_columns.h"
#include "query/source.h"
#include "query/timestamp.h"
#include "query/trino/trdelta.h"
#include "query/trino/trrows.h"
#include "query/trino/trstatement.h"
#include "query/trino/trtype.h"
#include "query/trino/trvalue.h"
#include "wire/json/span.h"

#ifdef WITH_CURL
struct trino {
	const struct source_job *job;
	struct rows *rows;
	struct trstatement s;
	struct buf sql;
	struct trrows r;
};

/* ---- the statement ----------------------------------------------------- */

/* Runs t->sql up to the page that names the columns. Returns 1, 0 if the result
 * ended before, or -1.
 */
static int run_to_columns(struct trino *t, struct err *e)
{
	if (trstatement_start(&t->s, buf_all(&t->sql), t->job->model, e) < 0)
		return -1;
	while (!t->s.page.columns.p) {
		if (t->s.next.n == 0)
			return 0;
		if (trstatement_next(&t->s, e) < 0)
			return -1;
	}
	return trrows_columns(&t->r, &t->s.page, e) < 0 ? -1 : 1;
}

/* Reads the columns of the model without computing rows. */
static int describe(struct trino *t, struct err *e)
{
	int rc;

	t->sql.n = 0;
	buf_str(&t->sql, "SELECT * FROM (");
	buf_slice(&t->sql, buf_all(&t->job->model->base));
	buf_str(&t->sql, "\n) AS rudder_model LIMIT 0");
	rc = run_to_columns(t, e);
	trstatement_cancel(&t->s);
	return rc < 0 ? -1 : 0;
}

/* Appends --since in the type of the cursor's column. */
static void put_since(struct trino *t, size_t i, const char *since)
{
	struct slice s = slice_str(since);
	struct buf text = {0};
	const char *word = t->r.head[i].type;
	bool stamp = strcmp(word, "datetime") == 0;

	if (strcmp(word, "date") == 0 && timestamp_blank(&text, s) == 0)
		text.n = 10;
	else if (!stamp || timestamp_blank(&text, s) < 0)
		text.n = 0, buf_slice(&text, s);
	else if (t->r.type[i]->kind == TRTYPE_ZONED_STAMP)
		buf_str(&text, " UTC");
	buf_str(&t->sql, "CAST(");
	trstatement_string(&t->sql, buf_all(&text));
	buf_fmt(&t->sql, " AS %s)", t->r.head[i].native);
	buf_clear(&text);
}

static int check_since(const struct trino *t, struct err *e)
{
	const struct model *m = t->job->model;

	for (size_t i = 0; m->since && i < t->r.n; i++) {
		if (t->r.type[i]->kind == TRTYPE_ZONED_STAMP &&
		    strcmp(t->r.head[i].name, m->cursor) == 0)
			return timestamp_check(slice_str(m->since), true, e);
	}
	return 0;
}

static const struct model_sql sql;

static void put_model(struct trino *t)
{
	const struct model *m = t->job->model;
	struct slice name = slice_str(m->cursor);
	struct buf *b = &t->sql;

	b->n = 0;
	if (!m->cursor) {
		buf_slice(b, buf_all(&m->base));
		return;
	}
	buf_str(b, "SELECT * FROM (");
	buf_slice(b, buf_all(&m->base));
	buf_str(b, "\n) AS rudder_model");
	for (size_t i = 0; m->since && i < t->r.n; i++) {
		if (strcmp(t->r.head[i].name, m->cursor) != 0)
			continue;
		buf_str(b, " WHERE ");
		model_quote(b, &sql, name);
		buf_str(b, " >= ");
		put_since(t, i, m->since);
		buf_str(b, " OR ");
		model_quote(b, &sql, name);
		buf_str(b, " IS NULL");
		if (strcmp(t->r.head[i].type, "float") == 0) {
			buf_str(b,
				" OR is_nan("); /* NaN compares with nothing */
			model_quote(b, &sql, name);
			buf_char(b, ')');
		}
	}
	buf_str(b, " ORDER BY ");
	model_quote(b, &sql, name);
}

/* Runs a statement and prints its first value as a step of --check. */
static int say_step(struct trino *t, enum rows_steps step, const char *before,
		    const char *statement, const char *things, struct err *e)
{
	char text[200];
	const char *p, *end;

	t->sql.n = 0;
	buf_str(&t->sql, statement);
	if (trstatement_start(&t->s, buf_all(&t->sql), NULL, e) < 0)
		return -1;
	while (!t->s.page.data.p && t->s.next.n > 0) {
		if (trstatement_next(&t->s, e) < 0)
			return -1;
	}
	p = t->s.page.data.p
		    ? trvalue_skip(trvalue_skip(t->s.page.data.p + 1) + 1)
		    : "";
	end = *p == '"'
		      ? span_string(p, t->s.page.data.p + t->s.page.data.n) - 1
		      : p + strcspn(p, ",] ");
	p += *p == '"';
	snprintf(text, sizeof(text), "%s%.*s%s%s", before, (int)(end - p), p,
		 things,
		 !*things || slice_is(slice_of(p, (size_t)(end - p)), "1")
			 ? ""
			 : "s");
	trstatement_cancel(&t->s);
	return rows_step(t->rows, step, text, e);
}

static int say_steps(struct trino *t, struct err *e)
{
	bool catalog = t->s.url.path && *t->s.url.path;

	if (!t->rows->check)
		return 0;
	if (say_step(t, ROWS_CONNECTION, "Trino ", "SELECT version()", "", e) <
	    0)
		return -1;
	if (!catalog)
		return say_step(t, ROWS_LISTING, "",
				"SELECT count(*) FROM system.metadata.catalogs",
				" readable catalog", e);
	return say_step(t, ROWS_LISTING, "",
			"SELECT count(*) FROM information_schema.tables WHERE "
			"table_schema <> 'information_schema'",
			" readable table", e);
}

/* Writes the rows of this page and of all that follow. */
static int put_pages(struct trino *t, struct err *e)
{
	for (;;) {
		int rc = trrows_put(&t->r, &t->s.page, e);

		if (rc <= 0 || t->s.next.n == 0)
			return rc < 0 ? -1 : 0;
		if (trstatement_next(&t->s, e) < 0)
			return -1;
	}
}

static int fetch_rows(struct trino *t, struct err *e)
{
	int rc = run_to_columns(t, e);

	if (rc < 0)
		return model_blame(t->job->model, e);
	if (rc == 0)
		return err_set(e, ERR_PROTOCOL,
			       "Trino ended the result without columns");
	rc = rows_begin(t->rows, t->r.head, t->r.n, e);
	return rc > 0 ? put_pages(t, e) : rc;
}

/* ---- --delta ----------------------------------------------------------- */

/* Runs t->sql and writes its rows, whose columns are known. */
static int put_statement(struct trino *t, struct err *e)
{
	if (trstatement_start(&t->s, buf_all(&t->sql), NULL, e) < 0)
		return -1;
	return put_pages(t, e);
}

static int put_missing(struct trino *t, const struct trdelta *x, struct err *e)
{
	struct rows_column head[DELTA_KEYS];
	struct trtype *type[DELTA_KEYS], **types = t->r.type;
	size_t n = t->r.n;
	int rc;

	for (size_t k = 0; k < x->d->n_keys; k++) {
		for (size_t i = 0; i < n; i++) {
			if (!slice_is(buf_all(&x->d->key[k].name),
				      t->r.head[i].name))
				continue;
			head[k] = t->r.head[i];
			type[k] = t->r.type[i];
		}
	}
	rows_missing_begin(t->rows, head, x->d->n_keys);
	t->sql.n = 0;
	trdelta_missing(x, &t->sql);
	t->r.type = type;
	t->r.n = x->d->n_keys;
	rc = put_statement(t, e);
	t->r.type = types;
	t->r.n = n;
	return rc < 0 ? -1 : rows_missing_end(t->rows, x->d->missing, e);
}

static int put_delta(struct trino *t, struct trdelta *x, struct err *e)
{
	struct buf begin = {0};
	int rc;

	delta_begin(x->d, &begin);
	t->rows->delta = buf_all(&begin);
	rc = rows_begin(t->rows, t->r.head, t->r.n, e);
	t->rows->delta = slice_of(NULL, 0);
	buf_clear(&begin);
	if (rc < 0)
		return -1;
	t->sql.n = 0;
	trdelta_rows(x, &t->sql);
	t->r.delta = x;
	rc = put_statement(t, e);
	t->r.delta = NULL;
	if (rc < 0)
		return model_blame(t->job->model, e);
	return x->d->part ? put_missing(t, x, e) : 0;
}

static int try_delta(struct trino *t, struct trdelta *x, struct err *e)
{
	struct buf text = {0};
	int rc = trdelta_try(x, e);

	buf_fmt(&text, "tables can be created in the schema %s", x->d->schema);
	if (rc == 0)
		rc = rows_step(t->rows, ROWS_DELTA, buf_cstr(&text), e);
	buf_clear(&text);
	return rc;
}

/* Runs --delta for the columns that describe has found. */
static int run_steps(struct trino *t, struct trdelta *x, struct err *e)
{
	if (t->job->model->n > 0)
		return err_set(e, ERR_USAGE,
			       "--delta on Trino takes no parameters: put "
			       "their values into the model");
	if (rows_columns_check(t->rows, t->r.head, t->r.n, e) < 0 ||
	    trdelta_check(x, e) < 0)
		return -1;
	if (t->rows->check)
		return try_delta(t, x, e);
	if (trdelta_make(x, t->rows->reads, e) < 0 || put_delta(t, x, e) < 0 ||
	    trdelta_end(x, e) < 0)
		return -1;
	delta_end(x->d, &t->rows->tail);
	return 0;
}

static int run_delta(struct trino *t, struct err *e)
{
	struct trdelta x = {
		.s = &t->s,
		.d = t->job->delta,
		.model = t->job->model,
		.head = t->r.head,
		.type = t->r.type,
		.n = t->r.n,
	};
	int rc;

	if (t->rows->list || t->rows->check) {
		rc = rows_begin(t->rows, t->r.head, t->r.n, e);
		if (rc < 0 || t->rows->list)
			return rc;
	}
	rc = run_steps(t, &x, e);
	trdelta_clear(&x);
	return rc;
}

static int run_model(struct trino *t, struct err *e)
{
	bool dry = t->rows->list || t->rows->check;

	if (trstatement_connect(&t->s, t->job, t->rows, e) < 0 ||
	    say_steps(t, e) < 0)
		return -1;
	if ((dry || t->job->model->cursor || t->job->delta) &&
	    describe(t, e) < 0)
		return model_blame(t->job->model, e);
	if (t->job->delta)
		return run_delta(t, e);
	if (dry)
		return rows_begin(t->rows, t->r.head, t->r.n, e) < 0 ? -1 : 0;
	if (rows_columns_cursor(t->rows, t->r.head, t->r.n, e) < 0 ||
	    check_since(t, e) < 0)
		return -1;
	put_model(t);
	trrows_forget(&t->r);
	return fetch_rows(t, e);
}

static void clear(struct trino *t)
{
	trrows_clear(&t->r);
	trstatement_clear(&t->s);
	buf_clear(&t->sql);
}

/* Blocks SIGPIPE and the signals in *quit: SIGINT, SIGTERM and SIGHUP unless
 * they are ignored.
 */
static void hold_signals(sigset_t *quit, sigset_t *was)
{
	static const int all[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction a;
	sigset_t held;

	sigemptyset(quit);
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		if (sigaction(all[i], NULL, &a) == 0 && a.sa_handler != SIG_IGN)
			sigaddset(quit, all[i]);
	}
	held = *quit;
	sigaddset(&held, SIGPIPE);
	sigprocmask(SIG_BLOCK, &held, was);
}

static int trino_run(const struct source_job *job, struct rows *rows,
		     struct err *e)
{
	struct trino t = {.job = job, .rows = rows};
	sigset_t quit, was;
	int rc;

	trrows_init(&t.r, rows);
	hold_signals(&quit, &was);
	t.s.options.quit = linux_signals(&quit);
	writer_quit(rows->w, t.s.options.quit);
	rc = run_model(&t, e);
	trstatement_cancel(&t.s);
	clear(&t);
	writer_quit(rows->w, -1);
	if (t.s.options.quit >= 0)
		close(t.s.options.quit);
	sigprocmask(SIG_SETMASK, &was, NULL); /* a pending signal may end the
					       * process here */
	return rc;
}

#define RUN   trino_run
#define LACKS NULL
#else
#define RUN   NULL
#define LACKS "libcurl4-openssl-dev"
#endif

static const struct part_sql parting = {
	.before = "from_base(substr(to_hex(md5(to_utf8(",
	.cast = "CAST(",
	.as = " AS varchar)",
	.between = " || ':' || ",
	.behind = "))), 1, 8), 16) % ",
	.wide = "CAST(",
	.too = " AS bigint)",
};

static const struct model_sql sql = {
	.quote = '"',
	.part = &parting,
	.param = '?',
	.delta = true,
	.own_cursor = true,
};

extern const struct source source_trino;
static const char tables[] =
	"SELECT table_schema || '.' || table_name AS name,"
	" CASE table_type WHEN 'BASE TABLE' THEN 'table' ELSE "
	"lower(table_type) END"
	" AS kind, CAST(NULL AS bigint) AS rows FROM information_schema.tables"
	" WHERE table_schema <> 'information_schema' ORDER BY 1";

const struct source source_trino = {
	.scheme = {"trino", "trinos"},
	.help = "//[user@]host[:port]/[catalog[/schema]]",
	.tables = tables,
	.sql = &sql,
	.server = true,
	.lacks = LACKS,
	.library = "curl",
	.run = RUN,
};
