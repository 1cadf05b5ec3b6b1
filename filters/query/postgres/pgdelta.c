#include "query/postgres/pgdelta.h"

#ifdef WITH_POSTGRES
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/num.h"
#include "query/delta_steps.h"
#include "query/postgres/pgcopy.h"
#include "query/postgres/pgerror.h"
#include "query/postgres/pgparam.h"
#include "query/postgres/pgplan.h"
#include "query/rows_columns.h"

enum { OLDEST = 110000, BPCHAR = 1042, DEEPEST = 16 };

static const char hash[] =
	"pg_catalog.hashtextextended((t.*)::text COLLATE \"C\", 0)";
static const char held_table[] = "pg_temp.rudder_delta";

static const struct model_sql quotes = {.quote = '"'};

/* Types whose values are equal in PostgreSQL exactly if they are the same key
 * to rudder-diff.
 */
static const struct {
	uint32_t oid;
	bool text; /* needs COLLATE "C" to be compared byte by byte */
} key_types[] = {
	{16, false},   /* boolean */
	{19, true},    /* name */
	{20, false},   /* bigint */
	{21, false},   /* smallint */
	{23, false},   /* integer */
	{25, true},    /* text */
	{26, false},   /* oid */
	{1042, true},  /* char(n) */
	{1043, true},  /* varchar */
	{1082, false}, /* date */
	{1114, false}, /* timestamp */
	{1184, false}, /* timestamptz */
	{1700, false}, /* numeric */
	{2950, false}, /* uuid */
};

/* ---- statements -------------------------------------------------------- */

/* Runs a statement and sets *n to the one number that it returns, or, for
 * CREATE TABLE AS, to the number of rows created.
 */
static int count(void *ctx, const char *text, uint64_t *n, struct err *e)
{
	struct pgconn *p = ctx;
	PGresult *r = pgconn_ask(p, text, e);
	bool made = r && PQresultStatus(r) == PGRES_COMMAND_OK;
	int rc = r ? 0 : -1;

	if (r && !made && PQresultStatus(r) != PGRES_TUPLES_OK)
		rc = pgerror_set(p, r, e);
	else if (r && !made && (PQntuples(r) != 1 || PQnfields(r) != 1))
		rc = pgerror_nonsense(e);
	else if (r && num_uint(slice_str(made ? PQcmdTuples(r)
					      : PQgetvalue(r, 0, 0)),
			       n) < 0)
		rc = pgerror_nonsense(e);
	PQclear(r);
	return rc;
}

/* Like count, but after an error *n is 0 and the transaction goes on. */
static int try(void *ctx, const char *text, uint64_t *n, struct err *e)
{
	struct err ignored;

	if (pgconn_command(ctx, "SAVEPOINT tried", e) < 0)
		return -1;
	if (count(ctx, text, n, &ignored) == 0)
		return 0;
	*n = 0;
	return pgconn_command(ctx, "ROLLBACK TO SAVEPOINT tried", e);
}

static int command(void *ctx, const char *text, struct err *e)
{
	return pgconn_command(ctx, text, e);
}

/* The text of the model, with its parameters replaced. Free with buf_clear. */
static struct buf model_text(const struct pgconn *p)
{
	struct buf b = {0};

	pgparam_put(p, &b);
	return b;
}

/* ---- checks ------------------------------------------------------------ */

static int key_type(const struct pgconn *p, struct delta_key *k, struct err *e)
{
	size_t at = 0;

	while (at < p->n && !slice_is(buf_all(&k->name), p->head[at].name))
		at++;
	if (at == p->n)
		return 0; /* rows_columns_check reports it */
	for (size_t i = 0; i < COUNT_OF(key_types); i++) {
		uint32_t oid = p->column[at].oid;

		/* PostgreSQL ignores trailing blanks of char(n), but with a
		 * fixed length all values have the same number of characters
		 */
		if (oid != key_types[i].oid ||
		    (oid == BPCHAR && PQfmod(p->described, (int)at) < 0))
			continue;
		k->stored = key_types[i].text ? "? COLLATE \"C\"" : NULL;
		return 0;
	}
	return err_names(e, ERR_CONFIG,
			 "--delta: the key column '%s' has a type whose values "
			 "PostgreSQL compares in another way than rudder-diff; "
			 "cast it in the model, to text for instance",
			 buf_cstr(&k->name));
}

/* Appends the field names of composite types: they are part of the rows, but
 * not of the hashed text.
 */
static void put_shape(struct buf *b, const struct pgtype_column *c,
		      unsigned depth)
{
	const struct pgshape *s = c->shape;

	for (size_t i = 0; s && depth < DEEPEST && i < s->n; i++) {
		buf_slice(b, buf_all(&s->field[i].name));
		buf_char(b, '(');
		put_shape(b, &s->field[i].value, depth + 1);
		buf_char(b, ')');
	}
}

static void take_fingerprint(const struct pgconn *p, struct delta *d)
{
	struct buf types = {0}, recipe = {0};

	for (size_t i = 0; i < p->n; i++) {
		buf_fmt(&types, "%u,%d,", p->column[i].oid,
			PQfmod(p->described, (int)i));
		put_shape(&types, &p->column[i].value, 0);
		buf_char(&types, '\n');
	}
	/* hash functions may change between major versions */
	buf_fmt(&recipe, "postgres 1, %d", PQserverVersion(p->conn) / 10000);
	delta_fingerprint(d, p->rows->reads, buf_cstr(&recipe), p->head, p->n,
			  buf_all(&types));
	buf_clear(&types);
	buf_clear(&recipe);
}

/* A temporary table cannot have a column of type record. */
static int check_columns(const struct pgconn *p, struct err *e)
{
	enum { RECORD = 2249, RECORDS = 2287 };

	for (size_t i = 0; i < p->n; i++) {
		if (p->column[i].oid == RECORD || p->column[i].oid == RECORDS)
			return err_names(e, ERR_CONFIG,
					 "--delta: the column '%s' is a record "
					 "without a type; cast it in the model",
					 p->head[i].name);
	}
	return 0;
}

static int check_schema(const struct pgconn *p, struct delta *d, struct err *e)
{
	static const char ask[] =
		"SELECT pg_catalog.has_schema_privilege(n.oid, 'CREATE')"
		" AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')"
		" AND pg_catalog.has_database_privilege("
		"pg_catalog.current_database(), 'TEMP')"
		" FROM pg_catalog.pg_namespace n WHERE n.nspname = $1";
	const char *value = buf_cstr(&d->schema_name);
	PGresult *r =
		PQexecParams(p->conn, ask, 1, NULL, &value, NULL, NULL, 0);
	int rc = 0;

	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		rc = pgerror_set(p, r, e);
	else if (PQntuples(r) != 1)
		rc = err_names(
			e, ERR_CONFIG,
			"--delta: there is no schema '%s': create it once, "
			"CREATE SCHEMA \"%s\"",
			value, value);
	else if (*PQgetvalue(r, 0, 0) != 't')
		rc = err_names(
			e, ERR_DENIED,
			"--delta: user '%s' may not create tables in the "
			"schema '%s', or no temporary ones: GRANT USAGE, "
			"CREATE ON SCHEMA, GRANT TEMPORARY ON DATABASE",
			PQuser(p->conn), value);
	PQclear(r);
	return rc;
}

static int find_tables(const struct pgconn *p, struct delta *d, struct err *e)
{
	static const char ask[] =
		"SELECT c.relname FROM pg_catalog.pg_class c"
		" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
		" WHERE n.nspname = $1 AND c.relkind = 'r'"
		" AND c.relname LIKE 'rudder\\_%'";
	const char *value = buf_cstr(&d->schema_name);
	PGresult *r =
		PQexecParams(p->conn, ask, 1, NULL, &value, NULL, NULL, 0);
	int rc = 0;

	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		rc = pgerror_set(p, r, e);
	for (int i = 0; rc == 0 && i < PQntuples(r); i++)
		delta_found(d, slice_str(PQgetvalue(r, i, 0)));
	PQclear(r);
	return rc;
}

/* ---- the tables -------------------------------------------------------- */

static int make_tables(struct pgconn *p, const struct delta_steps *s,
		       struct err *e)
{
	if (delta_steps_base(s, e) < 0 || delta_steps_hashes(s, e) < 0)
		return -1;
	if (!s->d->part)
		return 0;
	if (delta_steps_keys(s, e) < 0 ||
	    delta_steps_hold(s, held_table, e) < 0 ||
	    pgconn_command(p, "COMMIT", e) < 0)
		return -1;
	p->writes = false;
	return pgconn_begin(p, e);
}

/* ---- output ------------------------------------------------------------ */

static int say_begin(struct pgconn *p, const struct delta *d, struct err *e)
{
	struct buf begin = {0};
	int rc;

	delta_begin(d, &begin);
	p->rows->delta = buf_all(&begin);
	rc = rows_begin(p->rows, p->head, p->n, e);
	p->rows->delta = slice_of(NULL, 0);
	buf_clear(&begin);
	return rc;
}

static int copy_rows(struct pgconn *p, const struct delta *d, struct err *e)
{
	struct buf text = {0}, from = {0};
	int rc;

	if (d->part)
		buf_fmt(&from, "SELECT * FROM %s", held_table);
	else
		pgparam_put(p, &from);
	pgplan_select_from(p, &text, buf_all(&from));
	rc = pgcopy_select(p, buf_all(&text), e);
	buf_clear(&text);
	buf_clear(&from);
	return rc;
}

/* Sets *only to p with the key columns alone, in the order of the key. Its
 * values are borrowed from p.
 */
static void take_key_columns(const struct pgconn *p, const struct delta *d,
			     struct pgconn *only)
{
	*only = *p;
	only->head = mem_zero((d->n_keys + 1) * sizeof(*only->head));
	only->column = mem_zero((d->n_keys + 1) * sizeof(*only->column));
	only->n = d->n_keys;
	for (size_t k = 0; k < d->n_keys; k++) {
		for (size_t i = 0; i < p->n; i++) {
			if (!slice_is(buf_all(&d->key[k].name),
				      p->head[i].name))
				continue;
			only->head[k] = p->head[i];
			only->column[k] = p->column[i];
		}
	}
}

static int copy_missing(struct pgconn *p, const struct delta *d, struct err *e)
{
	struct buf text = {0}, from = {0};
	struct pgconn only;
	int rc;

	take_key_columns(p, d, &only);
	only.greeted = only.ended = false;
	only.seen = 0;
	rows_missing_begin(p->rows, only.head, only.n);
	delta_sql_missing(&from, d, &quotes);
	pgplan_select_from(&only, &text, buf_all(&from));
	rc = pgcopy_select(&only, buf_all(&text), e);
	if (rc == 0)
		rc = rows_missing_end(p->rows, d->missing, e);
	p->work = only.work;
	free(only.head);
	free(only.column);
	buf_clear(&text);
	buf_clear(&from);
	return rc;
}

/* For --check: creates and drops a table, as a run would. */
static int try_schema(struct pgconn *p, const struct delta *d, struct err *e)
{
	struct buf text = {0};
	int rc;

	buf_str(&text, "CREATE TABLE ");
	delta_sql_table(&text, d, &quotes, 'h');
	buf_str(&text, " (k0 int); DROP TABLE ");
	delta_sql_table(&text, d, &quotes, 'h');
	rc = pgconn_command(p, buf_cstr(&text), e);
	if (rc == 0)
		rc = pgconn_command(p, "COMMIT", e);
	text.n = 0;
	buf_fmt(&text, "tables can be created in the schema %s", d->schema);
	if (rc == 0)
		rc = rows_step(p->rows, ROWS_DELTA, buf_cstr(&text), e);
	buf_clear(&text);
	return rc;
}

static int check_all(struct pgconn *p, struct delta *d, struct err *e)
{
	if (d->schema_parts != 1)
		return err_names(e, ERR_USAGE,
				 "option '--delta': '%s' is not the name of a "
				 "schema",
				 d->schema);
	if (PQserverVersion(p->conn) < OLDEST)
		return err_names(e, ERR_CONFIG, "--delta needs PostgreSQL 11");
	for (size_t i = 0; i < d->n_keys; i++) {
		if (key_type(p, &d->key[i], e) < 0)
			return -1;
	}
	return check_columns(p, e) < 0 ? -1 : check_schema(p, d, e);
}

static int read_changed(struct pgconn *p, const struct delta_steps *s,
			struct err *e)
{
	struct delta *d = s->d;

	if (make_tables(p, s, e) < 0 || say_begin(p, d, e) < 0 ||
	    copy_rows(p, d, e) < 0 || (d->part && copy_missing(p, d, e) < 0) ||
	    pgconn_command(p, "COMMIT", e) < 0)
		return -1;
	delta_steps_drop(s, "SET lock_timeout TO '2s'; ");
	delta_end(d, &p->rows->tail);
	return 0;
}

int pgdelta_run(struct pgconn *p, struct delta *d, struct err *e)
{
	struct delta_steps s = {
		.d = d,
		.sql = &quotes,
		.model = p->job->model,
		.hash = hash,
		.ctx = p,
		.count = count,
		.try = try,
		.command = command,
	};
	struct buf model;
	int rc;

	if (p->rows->list)
		return rows_begin(p->rows, p->head, p->n, e);
	if (p->rows->check && rows_begin(p->rows, p->head, p->n, e) < 0)
		return -1;
	if (check_all(p, d, e) < 0)
		return -1;
	if (p->rows->check)
		return try_schema(p, d, e);
	rc = rows_columns_check(p->rows, p->head, p->n, e);
	take_fingerprint(p, d);
	if (rc < 0 || find_tables(p, d, e) < 0 ||
	    (p->job->model->n > 0 && pgparam_set(p, e) < 0))
		return -1;
	model = model_text(p);
	s.text = buf_all(&model);
	rc = read_changed(p, &s, e);
	buf_clear(&model);
	return rc;
}

#endif
