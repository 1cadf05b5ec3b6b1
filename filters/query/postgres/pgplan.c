#include "query/postgres/pgplan.h"

#ifdef WITH_POSTGRES
#include <inttypes.h>
#include <stdlib.h>

#include "core/mem.h"
#include "query/postgres/pgcatalog.h"
#include "query/postgres/pgerror.h"
#include "query/postgres/pgparam.h"

enum { FLOAT4 = 700 };

static int describe(struct pgconn *p, struct err *e)
{
	struct buf sql = {0};
	PGresult *r;
	bool ok;

	buf_slice(&sql, buf_all(&p->job->model->text));
	r = PQprepare(p->conn, "", buf_cstr(&sql), 0, NULL);
	buf_clear(&sql);
	ok = PQresultStatus(r) == PGRES_COMMAND_OK;
	if (!ok)
		(void)pgerror_set_model(p, r, e);
	PQclear(r);
	if (!ok)
		return -1;
	p->described = PQdescribePrepared(p->conn, "");
	if (PQresultStatus(p->described) != PGRES_COMMAND_OK)
		return pgerror_set(p, p->described, e);
	if ((size_t)PQnparams(p->described) > p->job->model->n)
		return err_names(e, ERR_CONFIG,
				 "model '%s' has the parameter $%d without a "
				 "value: write :name and use -P NAME=VALUE",
				 p->job->model->name, PQnparams(p->described));
	return 0;
}

/* Asks for the native type names, like "numeric(12,2)", for --columns. */
static int ask_natives(struct pgconn *p, struct err *e)
{
	struct buf sql = {0};

	buf_str(&sql, "SELECT ");
	for (size_t i = 0; i < p->n; i++)
		buf_fmt(&sql, "%spg_catalog.format_type(%u, %d)",
			i > 0 ? "," : "", p->column[i].oid,
			PQfmod(p->described, (int)i));
	p->natives = PQexec(p->conn, buf_cstr(&sql));
	buf_clear(&sql);
	if (PQresultStatus(p->natives) != PGRES_TUPLES_OK)
		return pgerror_set(p, p->natives, e);
	for (size_t i = 0; i < p->n; i++)
		p->head[i].native = PQgetvalue(p->natives, 0, (int)i);
	return 0;
}

static void put_name(struct pgconn *p, size_t i)
{
	static const struct model_sql quotes = {.quote = '"'};
	struct buf *b = &p->column[i].select;

	buf_str(b, "t.");
	model_quote(b, &quotes, slice_str(p->head[i].name));
	if (p->text && p->column[i].oid == FLOAT4)
		buf_str(b, "::float8"); /* the text of a float4 would lose a
					 * digit */
}

static int find_columns(struct pgconn *p, struct err *e)
{
	bool all_known = true;

	p->n = (size_t)PQnfields(p->described);
	p->head = mem_zero((p->n + 1) * sizeof(*p->head));
	p->column = mem_zero((p->n + 1) * sizeof(*p->column));
	for (size_t i = 0; i < p->n; i++) {
		struct pgconn_column *c = &p->column[i];

		c->oid = PQftype(p->described, (int)i);
		if (!pgtype_find(c->oid, p->text, &c->value))
			all_known = false;
	}
	for (size_t i = 0; i < p->n; i++)
		p->head[i].name = PQfname(p->described, (int)i);
	if (!all_known && !p->text && pgcatalog_columns(p, e) < 0)
		return -1;
	for (size_t i = 0; i < p->n; i++) {
		struct pgconn_column *c = &p->column[i];

		if (!c->value.type && !c->value.shape)
			(void)pgtype_find(PGTYPE_TEXT, false, &c->value);
		if (c->select.n == 0)
			put_name(p, i);
		p->head[i].type = pgtype_word(&c->value);
	}
	return p->rows->list && p->n > 0 ? ask_natives(p, e) : 0;
}

int pgplan_columns(struct pgconn *p, struct err *e)
{
	return describe(p, e) < 0 ? -1 : find_columns(p, e);
}

void pgplan_select_from(const struct pgconn *p, struct buf *sql,
			struct slice from)
{
	buf_str(sql, "SELECT ");
	for (size_t i = 0; i < p->n; i++) {
		buf_str(sql, i > 0 ? "," : "");
		buf_slice(sql, buf_all(&p->column[i].select));
	}
	buf_str(sql, " FROM (\n");
	buf_slice(sql, from);
	buf_str(sql, "\n) AS t");
}

void pgplan_select(const struct pgconn *p, struct buf *sql)
{
	static const struct model_sql quotes = {.quote = '"'};
	struct buf model = {0};

	pgparam_put(p, &model);
	pgplan_select_from(p, sql, buf_all(&model));
	buf_clear(&model);
	if (p->rows->cursor) {
		/* the order of a subquery is not guaranteed */
		buf_str(sql, " ORDER BY t.");
		model_quote(sql, &quotes, slice_str(p->rows->cursor));
	}
	if (p->rows->limit < INT64_MAX)
		buf_fmt(sql, " LIMIT %" PRIu64, p->rows->limit + 1);
}

#endif
