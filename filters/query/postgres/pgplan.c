#include "query/postgres/pgplan.h"

#ifdef WITH_POSTGRES
#include <inttypes.h>
#include <stdlib.h>

#include "core/mem.h"
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
		(void)pgconn_failed_model(p, r, e);
	PQclear(r);
	if (!ok)
		return -1;
	p->described = PQdescribePrepared(p->conn, "");
	if (PQresultStatus(p->described) != PGRES_COMMAND_OK)
		return pgconn_failed(p, p->described, e);
	if ((size_t)PQnparams(p->described) > p->job->model->n ||
	    p->job->model->numbers)
		return err_set(e, ERR_CONFIG,
			       "model '%s' has the parameter $%d without "
			       "value: write :name, and give it by -P",
			       p->job->model->name, PQnparams(p->described));
	return 0;
}

/* How to get a column of a type that pgtype.c does not know; a row of the
 * catalogue: oid, typtype, and the typtype of the elements of an array.
 */
static void choose_cast(struct pgconn_column *c, const PGresult *r, int i)
{
	char type = *PQgetvalue(r, i, 1);
	bool array = !PQgetisnull(r, i, 2);
	char element = array ? *PQgetvalue(r, i, 2) : ' ';

	if (type == 'e') {
		(void)pgtype_find(PGTYPE_TEXT, false, &c->value);
	} else if (type == 'c' || type == 'p' || element == 'c') {
		c->cast = PGCONN_AS_JSON;
		(void)pgtype_find(PGTYPE_JSON, false, &c->value);
	} else if (array) {
		c->cast = PGCONN_AS_TEXT_ARRAY;
		(void)pgtype_find(PGTYPE_TEXT_ARRAY, false, &c->value);
	} else {
		c->cast = PGCONN_AS_TEXT;
		(void)pgtype_find(PGTYPE_TEXT, false, &c->value);
	}
}

static int ask_types(struct pgconn *p, struct err *e)
{
	struct buf sql = {0};
	PGresult *r;
	int rc = 0;

	buf_str(&sql, "SELECT t.oid, t.typtype, e.typtype"
		      " FROM pg_catalog.pg_type t"
		      " LEFT JOIN pg_catalog.pg_type e ON e.typarray = t.oid"
		      " WHERE t.oid IN (0");
	for (size_t i = 0; i < p->n; i++) {
		if (!p->column[i].value.type)
			buf_fmt(&sql, ",%u", p->column[i].oid);
	}
	buf_char(&sql, ')');
	r = PQexec(p->conn, buf_cstr(&sql));
	buf_clear(&sql);
	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		rc = pgconn_failed(p, r, e);
	for (int i = 0; rc == 0 && i < PQntuples(r); i++) {
		unsigned long oid = strtoul(PQgetvalue(r, i, 0), NULL, 10);

		for (size_t k = 0; k < p->n; k++) {
			if (p->column[k].oid == oid)
				choose_cast(&p->column[k], r, i);
		}
	}
	PQclear(r);
	return rc;
}

/* "numeric(12,2)" and so on, for --columns. */
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
		return pgconn_failed(p, p->natives, e);
	for (size_t i = 0; i < p->n; i++)
		p->head[i].native = PQgetvalue(p->natives, 0, (int)i);
	return 0;
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
	if (!all_known && !p->text && ask_types(p, e) < 0)
		return -1;
	for (size_t i = 0; i < p->n; i++) {
		struct pgconn_column *c = &p->column[i];

		if (p->text && c->oid == FLOAT4)
			c->cast = PGCONN_AS_FLOAT8;
		if (!c->value.type) {
			/* dropped this very moment, or it is text anyway */
			c->cast = p->text ? PGCONN_AS_IS : PGCONN_AS_TEXT;
			(void)pgtype_find(PGTYPE_TEXT, false, &c->value);
		}
		p->head[i].name = PQfname(p->described, (int)i);
		p->head[i].type = pgtype_word(&c->value);
	}
	return p->rows->list && p->n > 0 ? ask_natives(p, e) : 0;
}

int pgplan_columns(struct pgconn *p, struct err *e)
{
	return describe(p, e) < 0 ? -1 : find_columns(p, e);
}

void pgplan_select(const struct pgconn *p, struct buf *sql)
{
	static const struct model_sql quotes = {.quote = '"'};
	static const char *const around[][2] = {
		[PGCONN_AS_IS] = {"", ""},
		[PGCONN_AS_TEXT] = {"", "::pg_catalog.text"},
		[PGCONN_AS_TEXT_ARRAY] = {"", "::pg_catalog.text[]"},
		[PGCONN_AS_JSON] = {"pg_catalog.to_json(", ")"},
		/* as text it would lose a digit on Redshift */
		[PGCONN_AS_FLOAT8] = {"", "::float8"},
	};

	buf_str(sql, "SELECT ");
	for (size_t i = 0; i < p->n; i++) {
		const struct pgconn_column *c = &p->column[i];

		buf_str(sql, i > 0 ? "," : "");
		buf_str(sql, around[c->cast][0]);
		buf_str(sql, "t.");
		model_quote(sql, &quotes, slice_str(p->head[i].name));
		buf_str(sql, around[c->cast][1]);
	}
	buf_str(sql, " FROM (\n");
	pgparam_put(p, sql);
	buf_str(sql, "\n) AS t");
	if (p->rows->cursor) {
		/* the order of a subquery is no promise */
		buf_str(sql, " ORDER BY t.");
		model_quote(sql, &quotes, slice_str(p->rows->cursor));
	}
	if (p->rows->limit < INT64_MAX)
		buf_fmt(sql, " LIMIT %" PRIu64, p->rows->limit + 1);
}

#endif
