#include "query/postgres/pgparam.h"

#ifdef WITH_POSTGRES
#include <stdlib.h>

#include "core/mem.h"
#include "query/postgres/pgerror.h"

/* Reads the names of the parameters' types, by oid, as SQL writes them without
 * a length: "pg_catalog.int8".
 */
static PGresult *ask_names(const struct pgconn *p)
{
	struct buf sql = {0};
	PGresult *r;

	buf_str(&sql, "SELECT t.oid, pg_catalog.quote_ident(n.nspname) || '.' "
		      "|| pg_catalog.quote_ident(t.typname)"
		      " FROM pg_catalog.pg_type t"
		      " JOIN pg_catalog.pg_namespace n ON n.oid = "
		      "t.typnamespace WHERE t.oid IN (0");
	for (int i = 0; i < PQnparams(p->described); i++)
		buf_fmt(&sql, ",%u", PQparamtype(p->described, i));
	buf_char(&sql, ')');
	r = PQexec(p->conn, buf_cstr(&sql));
	buf_clear(&sql);
	return r;
}

static const char *name_of(const PGresult *r, uint32_t oid)
{
	for (int i = 0; i < PQntuples(r); i++) {
		if (strtoul(PQgetvalue(r, i, 0), NULL, 10) == oid)
			return PQgetvalue(r, i, 1);
	}
	return "pg_catalog.text";
}

static int take_names(struct pgconn *p, struct err *e)
{
	PGresult *r = ask_names(p);
	int n = PQnparams(p->described);
	int rc = 0;

	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		rc = pgerror_set(p, r, e);
	p->param = mem_zero(p->job->model->n * sizeof(*p->param));
	for (size_t i = 0; rc == 0 && i < p->job->model->n; i++) {
		uint32_t oid =
			(int)i < n ? PQparamtype(p->described, (int)i) : 0;
		const char *type = name_of(r, oid);

		/* the outer cast keeps a scalar: without it "= ANY ((SELECT
		 * ...))" would be a comparison with the rows of a subquery
		 */
		buf_fmt(&p->param[i],
			"((SELECT pg_catalog.current_setting('rudder.p%zu')"
			"::%s)::%s)",
			i, type, type);
	}
	PQclear(r);
	return rc;
}

int pgparam_set(struct pgconn *p, struct err *e)
{
	const struct model *m = p->job->model;
	const char **values = mem_zero(m->n * sizeof(*values));
	struct buf sql = {0};
	PGresult *r;
	int rc = take_names(p, e);

	for (size_t i = 0; i < m->n; i++) {
		values[i] = m->param[i].value;
		buf_str(&sql, i == 0 ? "SELECT " : ", ");
		buf_fmt(&sql,
			"pg_catalog.set_config('rudder.p%zu', $%zu, true)", i,
			i + 1);
	}
	if (rc == 0) {
		r = PQexecParams(p->conn, buf_cstr(&sql), (int)m->n, NULL,
				 values, NULL, NULL, 0);
		if (PQresultStatus(r) != PGRES_TUPLES_OK)
			rc = pgerror_set(p, r, e);
		PQclear(r);
	}
	buf_clear(&sql);
	free(values);
	return rc;
}

void pgparam_put(const struct pgconn *p, struct buf *sql)
{
	const struct model *m = p->job->model;
	struct slice text = buf_all(&m->text);
	size_t at = 0;

	for (size_t i = 0; p->param && i < m->uses; i++) {
		const struct model_use *u = &m->use[i];

		buf_add(sql, text.p + at, u->at - at);
		buf_slice(sql, buf_all(&p->param[u->param]));
		at = u->at + u->n;
	}
	buf_add(sql, text.p + at, text.n - at);
}

#endif
