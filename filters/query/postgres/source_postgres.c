/* source_postgres.c - PostgreSQL: one snapshot, streamed in binary; and
 * Redshift, which speaks its protocol, as text.
 */
#include "query/postgres/pgconn.h"
#include "query/postgres/pgcopy.h"
#include "query/postgres/pgplan.h"
#include "query/postgres/pgrows.h"

#ifdef WITH_POSTGRES

static int run_model(struct pgconn *p, struct err *e)
{
	int rc;

	if (pgconn_open(p, e) < 0 || pgconn_begin(p, e) < 0 ||
	    pgconn_steps(p, e) < 0 || pgplan_columns(p, e) < 0)
		return -1;
	rc = rows_begin(p->rows, p->head, p->n, e);
	if (rc <= 0)
		return rc;
	return p->text ? pgrows_run(p, e) : pgcopy_run(p, e);
}

static int run(const struct source_job *job, struct rows *rows, struct err *e)
{
	struct pgconn p = {
		.job = job,
		.rows = rows,
		.work.scan = scan_new(),
		.text = slice_starts(slice_str(job->url), "redshift:"),
	};
	int rc = run_model(&p, e);

	pgconn_close(&p);
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
	.scheme = {"postgres", "postgresql", "redshift"},
	.sql = &sql,
	.server = true,
	.lacks = LACKS,
	.run = RUN,
};
