#include "query/postgres/pgcatalog.h"

#ifdef WITH_POSTGRES
#include <stdlib.h>

#include "core/mem.h"
#include "query/postgres/pgerror.h"
#include "query/postgres/pgshape.h"

enum {
	DEEPEST = 16, /* maximum nesting of types */
	VOID = 2278,  /* OID of void, a pseudo-type whose text is empty */
};

struct type_field {
	char *name;
	uint32_t oid;
};

struct user_type {
	uint32_t oid, element, base;
	char kind; /* pg_type.typtype; 0 until it was read */
	struct type_field *field;
	size_t n;
};

struct catalog {
	struct user_type *type;
	size_t n;
	const struct pgshape_types *types; /* types of the values in records */
};

/* ---- what the catalog says -------------------------------------------- */

static struct user_type *find(const struct catalog *c, uint32_t oid)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->type[i].oid == oid)
			return &c->type[i];
	}
	return NULL;
}

static void add_type(struct catalog *c, uint32_t oid)
{
	struct pgtype_column known = {0};

	if (oid == 0 || pgtype_find(oid, false, &known) || find(c, oid))
		return;
	c->type = mem_resize(c->type, (c->n + 1) * sizeof(*c->type));
	c->type[c->n++] = (struct user_type){.oid = oid};
}

static uint32_t number(const PGresult *r, int row, int column)
{
	return (uint32_t)strtoul(PQgetvalue(r, row, column), NULL, 10);
}

/* Takes one row of the result of ask: a type, with one of its fields if it has
 * any.
 */
static void take_row(struct catalog *c, const PGresult *r, int row)
{
	struct user_type *t = find(c, number(r, row, 0));
	const char *name = PQgetvalue(r, row, 4);

	if (!t)
		return;
	t->kind = *PQgetvalue(r, row, 1);
	t->element = number(r, row, 2);
	t->base = number(r, row, 3);
	if (PQgetisnull(r, row, 4))
		return;
	t->field = mem_resize(t->field, (t->n + 1) * sizeof(*t->field));
	t->field[t->n++] = (struct type_field){mem_copy(name, strlen(name)),
					       number(r, row, 5)};
}

/* Reads the types from index `from` on. Returns 0, or -1 with *e set. */
static int ask(struct pgconn *p, struct catalog *c, size_t from, struct err *e)
{
	struct buf sql = {0};
	PGresult *r;
	int rc = 0;

	buf_str(&sql,
		"SELECT t.oid, t.typtype, coalesce(e.oid, 0), t.typbasetype,"
		" a.attname, a.atttypid FROM pg_catalog.pg_type t"
		" LEFT JOIN pg_catalog.pg_type e ON e.typarray = t.oid"
		" LEFT JOIN pg_catalog.pg_attribute a"
		" ON a.attrelid = t.typrelid AND t.typtype = 'c'"
		" AND a.attnum > 0 AND NOT a.attisdropped WHERE t.oid IN (0");
	for (size_t i = from; i < c->n; i++)
		buf_fmt(&sql, ",%u", c->type[i].oid);
	buf_str(&sql, ") ORDER BY t.oid, a.attnum");
	r = PQexec(p->conn, buf_cstr(&sql));
	buf_clear(&sql);
	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		rc = pgerror_set(p, r, e);
	for (int i = 0; rc == 0 && i < PQntuples(r); i++)
		take_row(c, r, i);
	PQclear(r);
	return rc;
}

/* Reads all types, and those of their elements and fields, until none is new.
 */
static int ask_all(struct pgconn *p, struct catalog *c, struct err *e)
{
	for (size_t from = 0; from < c->n;) {
		size_t end = c->n;

		if (ask(p, c, from, e) < 0)
			return -1;
		for (size_t i = from; i < end; i++) {
			add_type(c, c->type[i].element);
			add_type(c, c->type[i].base);
			for (size_t k = 0; k < c->type[i].n; k++)
				add_type(c, c->type[i].field[k].oid);
		}
		from = end;
	}
	return 0;
}

/* ---- how to get a value ------------------------------------------------ */

/* The base type of a domain, also of nested domains; other types unchanged. */
static uint32_t base_type(const struct catalog *c, uint32_t oid)
{
	const struct user_type *t = find(c, oid);

	for (int i = 0; t && t->kind == 'd' && i < DEEPEST; i++) {
		oid = t->base;
		t = find(c, oid);
	}
	return oid;
}

/* Whether the binary value can be read without a cast; if so, sets *value. The
 * caller owns its shape.
 */
static bool is_readable(const struct catalog *c, uint32_t oid, int depth,
			struct pgtype_column *value)
{
	const struct user_type *t;
	struct pgtype_column part = {0};

	oid = base_type(c, oid);
	if (pgtype_find(oid, false, value))
		return true;
	t = find(c, oid);
	if (!t || depth == DEEPEST)
		return false;
	if (t->kind == 'e')
		return pgtype_find(PGTYPE_TEXT, false, value);
	if (t->element != 0) {
		if (!is_readable(c, t->element, depth + 1, value))
			return false;
		if (!value->array) {
			value->array = true;
			return true;
		}
		pgshape_free(value->shape); /* the elements are a domain over
					     * arrays */
		return false;
	}
	if (t->kind != 'c')
		return false;
	*value = (struct pgtype_column){
		.shape = mem_zero(sizeof(*value->shape))};
	for (size_t i = 0; i < t->n; i++) {
		part = (struct pgtype_column){0};
		if (!is_readable(c, t->field[i].oid, depth + 1, &part)) {
			pgshape_free(value->shape);
			value->shape = NULL;
			return false;
		}
		pgshape_add(value->shape, t->field[i].name, &part);
	}
	return true;
}

static void cast(struct buf *sql, const char *before, struct slice x,
		 const char *after, uint32_t oid, struct pgtype_column *value)
{
	buf_str(sql, before);
	buf_slice(sql, x);
	buf_str(sql, after);
	(void)pgtype_find(oid, false, value);
}

static void put_value(const struct catalog *c, uint32_t oid, struct slice x,
		      int depth, struct buf *sql, struct pgtype_column *value);

/* Selects a composite value as a ROW of its fields, each as put_value selects
 * it.
 */
static void put_fields(const struct catalog *c, const struct user_type *t,
		       struct slice x, int depth, struct buf *sql,
		       struct pgtype_column *value)
{
	static const struct model_sql quotes = {.quote = '"'};
	struct buf field = {0};

	*value = (struct pgtype_column){
		.shape = mem_zero(sizeof(*value->shape))};
	buf_str(sql, "CASE WHEN ");
	buf_slice(sql, x); /* IS NULL is true of a row of nulls as well */
	buf_str(sql, " IS DISTINCT FROM NULL THEN ROW(");
	for (size_t i = 0; i < t->n; i++) {
		struct pgtype_column part = {0};

		field.n = 0;
		buf_char(&field, '(');
		buf_slice(&field, x);
		buf_str(&field, ").");
		model_quote(&field, &quotes, slice_str(t->field[i].name));
		buf_str(sql, i > 0 ? "," : "");
		put_value(c, t->field[i].oid, buf_all(&field), depth + 1, sql,
			  &part);
		pgshape_add(value->shape, t->field[i].name, &part);
	}
	buf_str(sql, ") END");
	buf_clear(&field);
}

/* Selects an array whose elements need a cast, by selecting each element as
 * put_value does. An array of several dimensions becomes one element without
 * fields, which pgshape.c refuses.
 */
static void put_elements(const struct catalog *c, const struct user_type *t,
			 struct slice x, int depth, struct buf *sql,
			 struct pgtype_column *value)
{
	struct buf one = {0}, select = {0};

	buf_char(&one, '(');
	buf_slice(&one, x);
	buf_fmt(&one, ")[i%d]", depth);
	put_value(c, t->element, buf_all(&one), depth + 1, &select, value);
	buf_str(sql, "CASE WHEN pg_catalog.array_ndims(");
	buf_slice(sql, x);
	buf_str(sql, ") > 1 THEN ARRAY[ROW()] WHEN ");
	buf_slice(sql, x);
	buf_str(sql, " IS NOT NULL THEN ARRAY(SELECT ");
	buf_slice(sql, buf_all(&select));
	buf_str(sql, " FROM pg_catalog.generate_subscripts(");
	buf_slice(sql, x);
	buf_fmt(sql, ", 1) AS i%d ORDER BY i%d) END", depth, depth);
	value->array = true;
	value->shape->elements = true;
	buf_clear(&one);
	buf_clear(&select);
}

/* Appends to sql the expression that selects x, a value of this type, and sets
 * *value to how the result is read.
 */
static void put_value(const struct catalog *c, uint32_t oid, struct slice x,
		      int depth, struct buf *sql, struct pgtype_column *value)
{
	const struct user_type *t = find(c, base_type(c, oid));
	const struct user_type *of =
		t ? find(c, base_type(c, t->element)) : NULL;

	*value = (struct pgtype_column){0};
	if (pgshape_record(oid, c->types, value) ||
	    is_readable(c, oid, depth, value))
		buf_slice(sql, x);
	else if (t && t->kind == 'c' && depth < DEEPEST)
		put_fields(c, t, x, depth, sql, value);
	else if (t && of && of->kind == 'c' && depth + 1 < DEEPEST)
		put_elements(c, t, x, depth, sql, value);
	else if (t && oid != VOID &&
		 (t->kind == 'c' || t->kind == 'p' ||
		  (t->element != 0 &&
		   (!of || of->kind == 'c' || of->element != 0))))
		cast(sql, "pg_catalog.to_json(", x, ")", PGTYPE_JSON, value);
	else if (t && t->element != 0)
		cast(sql, "", x, "::pg_catalog.text[]", PGTYPE_TEXT_ARRAY,
		     value);
	else
		cast(sql, "", x, "::pg_catalog.text", PGTYPE_TEXT, value);
}

static bool has_record(const struct pgconn *p)
{
	struct pgtype_column c;
	bool has = false;

	for (size_t i = 0; i < p->n && !has; i++) {
		has = pgshape_record(p->column[i].oid, NULL, &c);
		if (has)
			pgshape_free(c.shape);
	}
	return has;
}

/* Adds all enumerations and domains, since a record may have values of them. */
static int add_enums_and_domains(const struct pgconn *p, struct catalog *c,
				 struct err *e)
{
	PGresult *r = PQexec(p->conn, "SELECT oid FROM pg_catalog.pg_type"
				      " WHERE typtype IN ('e', 'd')");
	int rc = 0;

	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		rc = pgerror_set(p, r, e);
	for (int i = 0; rc == 0 && i < PQntuples(r); i++)
		add_type(c, number(r, i, 0));
	PQclear(r);
	return rc;
}

/* Keeps how to read these types, for as long as the connection lives. */
static void keep_types(const struct catalog *c, struct pgshape_types *t)
{
	t->type = mem_zero((c->n + 1) * sizeof(*t->type));
	for (size_t i = 0; i < c->n; i++) {
		struct pgshape_type *k = &t->type[t->n];

		k->oid = c->type[i].oid;
		t->n += is_readable(c, k->oid, 0, &k->value);
	}
}

int pgcatalog_columns(struct pgconn *p, struct err *e)
{
	static const struct model_sql quotes = {.quote = '"'};
	struct catalog c = {.types = &p->types};
	struct buf x = {0};
	bool record = has_record(p);
	int rc = record ? add_enums_and_domains(p, &c, e) : 0;

	for (size_t i = 0; i < p->n; i++)
		add_type(&c, p->column[i].oid);
	if (rc == 0)
		rc = ask_all(p, &c, e);
	if (rc == 0 && record)
		keep_types(&c, &p->types);
	for (size_t i = 0; rc == 0 && i < p->n; i++) {
		struct pgconn_column *col = &p->column[i];

		if (col->value.type)
			continue;
		x.n = 0;
		buf_str(&x, "t.");
		model_quote(&x, &quotes, slice_str(p->head[i].name));
		put_value(&c, col->oid, buf_all(&x), 0, &col->select,
			  &col->value);
	}
	buf_clear(&x);
	for (size_t i = 0; i < c.n; i++) {
		for (size_t k = 0; k < c.type[i].n; k++)
			free(c.type[i].field[k].name);
		free(c.type[i].field);
	}
	free(c.type);
	return rc;
}

#endif
