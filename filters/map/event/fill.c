#include "map/event/fill.h"

#include <stdlib.h>

#include "core/mem.h"
#include "map/event/event.h"
#include "wire/json/column_names.h"
#include "wire/json/json.h"
#include "wire/stream/control.h"

int fill_find(const struct scan_member *m, size_t n, const char *name)
{
	struct buf b = {0};
	int found = -1;

	for (size_t i = 0; name && i < n && found < 0; i++) {
		b.n = 0;
		json_decode(&b, m[i].key);
		if (slice_is(buf_all(&b), name))
			found = (int)i;
	}
	buf_clear(&b);
	return found;
}

/* What is known of each name of a row. */
struct names {
	struct column_names of;
	bool *left_out, *taken; /* owned; of one more, which stands for none */
};

static void names_init(struct names *d, const struct scan_member *m, size_t n)
{
	column_names_init(&d->of, m, n);
	d->left_out = mem_zero((n + 1) * sizeof(*d->left_out));
	d->taken = mem_zero((n + 1) * sizeof(*d->taken));
}

static void names_clear(struct names *d)
{
	column_names_clear(&d->of);
	free(d->left_out);
	free(d->taken);
}

static struct slice column_name(const struct mapping_column *c)
{
	return slice_of(c->name, c->n);
}

/* Marks the names that one entry of the list fits; those are members 0 to n-1,
 * and one more, which stands for none.
 */
static void mark(const struct names *d, const struct mapping_column *c,
		 bool *marks)
{
	if (!c->glob) {
		marks[column_names_find(&d->of, column_name(c))] = true;
		return;
	}
	for (size_t i = 0; i < d->of.n; i++) {
		if (mapping_glob(column_name(c), d->of.v[i]))
			marks[i] = true;
	}
}

/* left_out: by the list. taken: what a pattern, or no list at all, does not
 * take: identifiers, and columns that are named somewhere.
 */
static void mark_all(const struct mapping *m, const struct names *d)
{
	const char *const ids[] = {m->user_id, m->anonymous_id, m->group_id,
				   m->previous_id};

	d->left_out[column_names_find(&d->of, slice_str(CONTROL_NAME))] = true;
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		if (ids[i])
			d->taken[column_names_find(&d->of, slice_str(ids[i]))] =
				true;
	}
	for (size_t i = 0; i < m->n_identifiers; i++)
		d->taken[column_names_find(
			&d->of, slice_str(m->identifier[i].name))] = true;
	for (size_t i = 0; i < m->n_columns; i++) {
		const struct mapping_column *c = &m->column[i];

		if (c->leave_out)
			mark(d, c, d->left_out);
		else if (!c->glob)
			mark(d, c, d->taken);
	}
}

/* The end of a column's value, with what is done to it. */
struct event_tree_end fill_value(const struct mapping *m,
				 const struct mapping_column *c,
				 const struct scan_member *member, size_t i)
{
	struct event_tree_end end = {.kind = EVENT_TREE_VALUE, .member = i};
	struct buf name = {0};

	json_decode(&name, member[i].key);
	end.field = mapping_field(m, c, buf_all(&name));
	end.optional = end.field && end.field->null == FIELD_OMIT;
	buf_clear(&name);
	return end;
}

static int put_column(struct event_tree *t, const struct mapping *m,
		      const struct mapping_column *c,
		      const struct scan_member *member, size_t i, struct err *e)
{
	struct event_tree *body = NULL;
	struct event_tree_end end;

	if (!c || !c->renamed)
		body = event_tree_object(t, m->type->body);
	if ((!c || !c->renamed) && !body)
		return err_set(e, ERR_CONFIG,
			       "two values for one target: '.%s' is in use",
			       m->type->body);
	end = fill_value(m, c, member, i);
	return body ? event_tree_put_key(body, member[i].key, &end, e)
		    : event_tree_put(t, m->type->body, &c->to, &end, e);
}

/* A named column that the row does not have, but a default. */
static int put_missing(struct event_tree *t, const struct mapping *m,
		       const struct mapping_column *c, struct err *e)
{
	struct slice name = slice_of(c->name, c->n);
	struct field *f = mapping_field(m, c, name);
	struct path one = {0};
	int rc = 0;

	path_add(&one, name);
	if (f && f->fallback) {
		struct event_tree_end end =
			event_tree_text(slice_of(f->fallback, f->fallback_n));

		rc = event_tree_put(t, m->type->body,
				    c->renamed ? &c->to : &one, &end, e);
	}
	if (f)
		field_clear(f);
	free(f);
	path_clear(&one);
	return rc;
}

/* The columns that one entry of the list takes; c NULL: no list. */
static int put_entry(struct event_tree *t, const struct mapping *m,
		     const struct mapping_column *c,
		     const struct scan_member *member, const struct names *d,
		     struct err *e)
{
	if (c && !c->glob) {
		size_t i = column_names_find(&d->of, column_name(c));

		if (i == d->of.n || d->left_out[i])
			return put_missing(t, m, c, e);
		return put_column(t, m, c, member, i, e);
	}
	for (size_t i = 0; i < d->of.n; i++) {
		if (d->left_out[i] || d->taken[i] ||
		    (c && !mapping_glob(column_name(c), d->of.v[i])))
			continue;
		if (put_column(t, m, c, member, i, e) < 0)
			return -1;
	}
	return 0;
}

int fill_columns(struct event_tree *t, const struct mapping *m,
		 const struct scan_member *member, size_t n, struct err *e)
{
	struct names d;
	int rc = 0;

	names_init(&d, member, n);
	mark_all(m, &d);
	if (m->all)
		rc = put_entry(t, m, NULL, member, &d, e);
	for (size_t i = 0; rc == 0 && i < m->n_columns; i++) {
		if (!m->column[i].leave_out)
			rc = put_entry(t, m, &m->column[i], member, &d, e);
	}
	names_clear(&d);
	return rc;
}

int fill_constants(struct event_tree *t, const struct mapping *m, struct err *e)
{
	for (size_t i = 0; i < m->n_constants; i++) {
		const struct mapping_constant *c = &m->constant[i];
		struct event_tree_end end =
			event_tree_text(slice_of(c->json, c->n));

		if (event_tree_put(t, m->type->body, &c->to, &end, e) < 0)
			return -1;
	}
	return 0;
}

int fill_computed(struct event_tree *t, const struct mapping *m, struct err *e)
{
	for (size_t i = 0; i < m->n_computed; i++) {
		struct event_tree_end end = {
			.kind = EVENT_TREE_EXTRA,
			.member = i,
			.optional = true,
			.field = mapping_computed_field(m, &m->computed[i]),
		};

		if (event_tree_put(t, m->type->body, &m->computed[i].to, &end,
				   e) < 0)
			return -1;
	}
	return 0;
}
