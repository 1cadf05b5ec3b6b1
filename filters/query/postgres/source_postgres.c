/* source_postgres.c - PostgreSQL, streamed as binary from one snapshot; and
 * Redshift, which has the same protocol, as text.
 */
#include "query/part.h"
#include "query/postgres/pgconn.h"
#include "query/postgres/pgcopy.h"
#include "query/postgres/pgdelta.h"
#include "query/postgres/pgplan.h"
#include "query/postgres/pgrows.h"
#include "query/timestamp.h"

#ifdef WITH_POSTGRES

enum { TIMESTAMP = 1114, TIMESTAMPTZ = 1184 };

/* Converts the time of --since to UTC, like the rows, whatever the time zone of
 * the session: PostgreSQL ignores the offset for a column without time zone.
 */
static int take_since(struct pgconn *p, struct err *e)
{
	struct model *m = p->job->model;

	for (size_t i = 0; m->since && i < p->n; i++) {
		uint32_t oid = p->column[i].oid;

		if ((oid != TIMESTAMP && oid != TIMESTAMPTZ) ||
		    strcmp(p->head[i].name, m->cursor) != 0)
			continue;
		if (oid == TIMESTAMPTZ &&
		    timestamp_check(slice_str(m->since), true, e) < 0)
			return -1;
		if (timestamp_blank(&p->since, slice_str(m->since)) < 0)
			continue;
		buf_str(&p->since, oid == TIMESTAMPTZ ? "+00" : "");
		m->param[m->n - 1].value = buf_cstr(&p->since);
	}
	return 0;
}

static int run_model(struct pgconn *p, struct err *e)
{
	int rc;

	if (pgconn_open(p, e) < 0 || pgconn_begin(p, e) < 0 ||
	    pgconn_steps(p, e) < 0 || pgplan_columns(p, e) < 0)
		return -1;
	if (p->job->delta)
		return pgdelta_run(p, p->job->delta, e);
	rc = rows_begin(p->rows, p->head, p->n, e);
	if (rc <= 0)
		return rc;
	if (take_since(p, e) < 0)
		return -1;
	return p->text ? pgrows_run(p, e) : pgcopy_run(p, e);
}

static int postgres_run(const struct source_job *job, struct rows *rows,
			struct err *e)
{
	struct pgconn p = {
		.job = job,
		.rows = rows,
		.work.scan = scan_new(),
		.text = slice_starts(slice_str(job->url), "redshift:"),
		.writes = job->delta != NULL,
	};
	int rc = run_model(&p, e);

	pgconn_close(&p);
	buf_clear(&p.work.scratch);
	scan_free(p.work.scan);
	return rc;
}

#define RUN   postgres_run
#define LACKS NULL
#else
#define RUN   NULL
#define LACKS "libpq-dev"
#endif

static const struct part_sql parting = {
	.before = "('x' || substr(md5(",
	.cast = "CAST(",
	.as = " AS text)",
	.between = " || ':' || ",
	.behind = "), 1, 8))::bit(32)::bigint % ",
	.wide = "CAST(",
	.too = " AS bigint)",
};

static const struct model_sql sql = {
	.quote = '"',
	.part = &parting,
	.delta = true,
	.nested_comments = true,
	.dollar_quotes = true,
	.param = '$',
	.numbered = true,
	.marks = "$",
};

extern const struct source source_postgres;
static const char tables[] =
	"SELECT CASE WHEN n.nspname ~ '[.\"]' THEN '\"' || replace(n.nspname, "
	"'\"', '\"\"') || '\"' ELSE n.nspname END || '.'"
	" || CASE WHEN c.relname ~ '[.\"]' THEN '\"' || replace(c.relname, "
	"'\"', '\"\"') || '\"' ELSE c.relname END AS name,"
	" CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'"
	" WHEN 'f' THEN 'foreign table' ELSE 'table' END AS kind,"
	" CASE WHEN c.relkind NOT IN ('v', 'f') AND c.reltuples >= 0"
	" THEN c.reltuples::bigint END AS rows"
	" FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
	" ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', "
	"'f')"
	" AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
	" AND n.nspname !~ '^pg_(toast|temp|internal)'"
	" AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1";

const struct source source_postgres = {
	.scheme = {"postgres", "postgresql", "redshift"},
	.help = "//[user@][host][:port]/[database]",
	.tables = tables,
	.sql = &sql,
	.server = true,
	.lacks = LACKS,
	.library = "pq",
	.run = RUN,
};
