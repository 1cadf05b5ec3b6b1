#include "query/postgres/pgrows.h"

#include <stdlib.h>

#include "core/mem.h"
#include "query/postgres/pgerror.h"
#include "query/postgres/pgplan.h"
#include "query/postgres/pgtext.h"

bool pgrows_fits(const char *count, uint64_t seen)
{
	return *count == '\0' || strtoull(count, NULL, 10) == seen;
}

#ifdef WITH_POSTGRES

static int start_query(struct pgconn *p, struct err *e)
{
	const struct model *m = p->job->model;
	const char **values = mem_zero(m->n * sizeof(*values));
	struct buf sql = {0};
	int ok;

	for (size_t i = 0; i < m->n; i++)
		values[i] = m->param[i].value;
	pgplan_select(p, &sql);
	ok = PQsendQueryParams(p->conn, buf_cstr(&sql), (int)m->n, NULL, values,
			       NULL, NULL, 0) &&
	     PQsetSingleRowMode(p->conn);
	buf_clear(&sql);
	free(values);
	return ok ? 0 : pgerror_set(p, NULL, e);
}

static int put_result(struct pgconn *p, const PGresult *r, struct err *e)
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
		else if (pgtext_put(&p->column[i].value, b, v, &p->work) < 0)
			return rows_reject(p->rows, k, 0, p->work.why,
					   slice_of(NULL, 0), e);
	}
	return rows_put(p->rows, e);
}

/* Returns 1 after a row, 0 when the server reported the end, -1 on error. */
static int take_result(struct pgconn *p, struct err *e)
{
	PGresult *r;
	int rc;

	while (PQisBusy(p->conn)) {
		if (pgconn_wait(p, e) < 0)
			return -1;
	}
	r = PQgetResult(p->conn);
	switch (PQresultStatus(r)) {
	case PGRES_SINGLE_TUPLE:
		rc = put_result(p, r, e) < 0 ? -1 : 1;
		break;
	case PGRES_TUPLES_OK:
		p->ended = true;
		rc = pgrows_fits(PQcmdTuples(r), p->seen) ? 0
							  : pgerror_nonsense(e);
		break;
	default:
		rc = pgerror_set(p, r, e);
		break;
	}
	PQclear(r);
	return rc;
}

int pgrows_run(struct pgconn *p, struct err *e)
{
	int rc = start_query(p, e);

	if (rc < 0)
		return -1;
	do
		rc = take_result(p, e);
	while (rc > 0);
	if (rc < 0)
		return -1;
	PQclear(PQgetResult(p->conn)); /* NULL: ends this query */
	return pgconn_command(p, "COMMIT", e);
}

#endif
