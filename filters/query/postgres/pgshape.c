#include "query/postgres/pgshape.h"

#include <stdlib.h>

#include "core/mem.h"
#include "query/postgres/pgbytes.h"
#include "wire/json/json.h"

enum {
	MAX_DIMENSIONS = 6,
	MAX_DEPTH = 32,
	RECORD = 2249,
	RECORD_ARRAY = 2287,
	UNKNOWN = 705
};

void pgshape_add(struct pgshape *s, const char *name,
		 const struct pgtype_column *value)
{
	struct pgshape_field *f;

	s->field = mem_resize(s->field, (s->n + 1) * sizeof(*s->field));
	f = &s->field[s->n++];
	*f = (struct pgshape_field){.value = *value};
	json_string(&f->name, slice_str(name));
	buf_char(&f->name, ':');
}

void pgshape_free(struct pgshape *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++) {
		buf_clear(&s->field[i].name);
		pgshape_free(s->field[i].value.shape);
	}
	free(s->field);
	free(s);
}

void pgshape_types_clear(struct pgshape_types *t)
{
	for (size_t i = 0; i < t->n; i++)
		pgshape_free(t->type[i].value.shape);
	free(t->type);
	*t = (struct pgshape_types){0};
}

bool pgshape_record(uint32_t oid, const struct pgshape_types *types,
		    struct pgtype_column *value)
{
	if (oid != RECORD && oid != RECORD_ARRAY)
		return false;
	*value = (struct pgtype_column){
		.array = oid == RECORD_ARRAY,
		.shape = mem_zero(sizeof(*value->shape))};
	value->shape->types = types;
	return true;
}

/* ---- arrays ------------------------------------------------------------ */

static bool take32(struct slice *v, uint32_t *n)
{
	if (v->n < sizeof(*n))
		return false;
	*n = pgbytes_32(v->p);
	*v = slice_of(v->p + sizeof(*n), v->n - sizeof(*n));
	return true;
}

static int put_one(const struct pgtype_column *c, struct buf *b, struct slice v,
		   struct pgtype_work *w);

/* The position in an array that is being read. */
struct pgshape_array {
	struct slice rest;
	size_t n; /* number of dimensions */
	uint32_t size[MAX_DIMENSIONS], at[MAX_DIMENSIONS];
};

static int put_element(const struct pgtype_column *c, struct buf *b,
		       struct pgshape_array *a, struct pgtype_work *w)
{
	uint32_t n;
	struct slice v;

	if (!take32(&a->rest, &n))
		return pgtype_bad_length(w);
	if (n == UINT32_MAX) {
		buf_str(b, "null");
		return 0;
	}
	if (n > a->rest.n)
		return pgtype_bad_length(w);
	v = slice_of(a->rest.p, n);
	a->rest = slice_of(a->rest.p + n, a->rest.n - n);
	return put_one(c, b, v, w);
}

/* Moves to the next element; closes the inner arrays that are finished and
 * opens new ones. False after the last element.
 */
static bool step(struct buf *b, struct pgshape_array *a)
{
	size_t d = a->n;

	while (d > 0 && ++a->at[d - 1] == a->size[d - 1]) {
		a->at[--d] = 0;
		buf_char(b, ']');
	}
	if (d == 0)
		return false;
	buf_char(b, ',');
	for (; d < a->n; d++)
		buf_char(b, '[');
	return true;
}

/* The header is the number of dimensions, flags and the type, then for each
 * dimension its size and lower bound. JSON has no lower bounds, so they are
 * dropped. The elements follow.
 */
static int put_array(const struct pgtype_column *c, struct buf *b,
		     struct slice v, struct pgtype_work *w)
{
	struct pgshape_array a = {0};

	uint32_t n;
	struct slice rest = v;

	if (v.n < 12 || !take32(&rest, &n))
		return pgtype_bad_length(w);
	a.n = n;
	if (a.n == 0) {
		buf_str(b, "[]");
		return 0;
	}
	if (a.n > MAX_DIMENSIONS || v.n < 12 + 8 * a.n)
		return pgtype_bad_length(w);
	for (size_t i = 0; i < a.n; i++) {
		rest = slice_of(v.p + 12 + 8 * i, 8);
		(void)take32(&rest, &a.size[i]);
		if (a.size[i] == 0)
			return pgtype_bad_length(w);
		buf_char(b, '[');
	}
	a.rest = slice_of(v.p + 12 + 8 * a.n, v.n - 12 - 8 * a.n);
	do {
		if (put_element(c, b, &a, w) < 0)
			return -1;
	} while (step(b, &a));
	return a.rest.n == 0 ? 0 : pgtype_bad_length(w);
}

/* ---- composite values -------------------------------------------------- */

static int put_fields(const struct pgshape *s, struct buf *b, struct slice v,
		      struct pgtype_work *w)
{
	uint32_t n, type;

	if (!take32(&v, &n))
		return pgtype_bad_length(w);
	if (n != s->n && s->elements) {
		w->why = "an array of several dimensions of a composite type "
			 "with a range or such in it: unnest it in the model";
		return -1;
	}
	if (n != s->n)
		return pgtype_bad_length(w);
	buf_char(b, '{');
	for (size_t i = 0; i < s->n; i++) {
		buf_str(b, i > 0 ? "," : "");
		buf_slice(b, buf_all(&s->field[i].name));
		if (!take32(&v, &type) || !take32(&v, &n))
			return pgtype_bad_length(w);
		if (n == UINT32_MAX) {
			buf_str(b, "null");
			continue;
		}
		if (n > v.n)
			return pgtype_bad_length(w);
		if (pgshape_put(&s->field[i].value, b, slice_of(v.p, n), w) < 0)
			return -1;
		v = slice_of(v.p + n, v.n - n);
	}
	buf_char(b, '}');
	return v.n == 0 ? 0 : pgtype_bad_length(w);
}

/* Finds how to read a value of a record, by the oid of its type. */
static int find_type(const struct pgshape *s, uint32_t oid,
		     struct pgtype_column *c, struct pgtype_work *w)
{
	*c = (struct pgtype_column){0};
	if (pgtype_find(oid == UNKNOWN ? PGTYPE_TEXT : oid, false, c))
		return 0;
	for (size_t i = 0; i < s->types->n; i++) {
		if (s->types->type[i].oid != oid)
			continue;
		*c = s->types->type[i].value;
		return 0;
	}
	w->why = "a record has a value of a type that is not the server's own: "
		 "cast it to text, or the record to a composite type";
	return -1;
}

static int put_value(const struct pgshape *s, uint32_t oid, struct buf *b,
		     struct slice v, struct pgtype_work *w)
{
	struct pgshape record = {.types = s->types};
	struct pgtype_column c = {.shape = &record,
				  .array = oid == RECORD_ARRAY};

	if (oid != RECORD && oid != RECORD_ARRAY &&
	    find_type(s, oid, &c, w) < 0)
		return -1;
	return pgshape_put(&c, b, v, w);
}

/* Like put_fields, but the field names are unknown and each value brings its
 * type.
 */
static int put_record(const struct pgshape *s, struct buf *b, struct slice v,
		      struct pgtype_work *w)
{
	uint32_t n, type, size;

	if (!take32(&v, &n))
		return pgtype_bad_length(w);
	buf_char(b, '{');
	for (uint32_t i = 1; i <= n; i++) {
		buf_fmt(b, "%s\"f%u\":", i > 1 ? "," : "", i);
		if (!take32(&v, &type) || !take32(&v, &size))
			return pgtype_bad_length(w);
		if (size == UINT32_MAX) {
			buf_str(b, "null");
			continue;
		}
		if (size > v.n)
			return pgtype_bad_length(w);
		if (put_value(s, type, b, slice_of(v.p, size), w) < 0)
			return -1;
		v = slice_of(v.p + size, v.n - size);
	}
	buf_char(b, '}');
	return v.n == 0 ? 0 : pgtype_bad_length(w);
}

static int put_deeper(const struct pgshape *s, struct buf *b, struct slice v,
		      struct pgtype_work *w)
{
	int rc = -1;

	w->depth++;
	if (w->depth > MAX_DEPTH)
		w->why = "records within records, more than 32";
	else
		rc = s->types ? put_record(s, b, v, w) : put_fields(s, b, v, w);
	w->depth--;
	return rc;
}

static int put_one(const struct pgtype_column *c, struct buf *b, struct slice v,
		   struct pgtype_work *w)
{
	return c->shape ? put_deeper(c->shape, b, v, w)
			: pgtype_put(c, b, v, w);
}

int pgshape_put(const struct pgtype_column *c, struct buf *b, struct slice v,
		struct pgtype_work *w)
{
	return c->array ? put_array(c, b, v, w) : put_one(c, b, v, w);
}
