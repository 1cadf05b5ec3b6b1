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

/* The columns of a row, with two marks for each. */
struct names {
	struct column_names of;
	bool *left_out, *taken; /* owned; one element more than columns, for
				   "not found" */
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

/* Marks the columns that one entry of the list matches. A name that is not
 * found marks the extra last element.
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

/* Sets left_out for columns that the list excludes. Marks ids, and columns that
 * an entry names, as taken: a pattern or an empty list does not select them.
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

/* State while columns are put into the layout t. */
struct filling {
	struct event_tree *t;
	const struct mapping *m;
	const char *body; /* the root member for relative targets */
	const struct scan_member *member;
	struct names names;
	bool defaults; /* a missing column gets its default */
};

static int put_column(const struct filling *f, const struct mapping_column *c,
		      size_t i, struct err *e)
{
	struct event_tree *body = NULL;
	struct event_tree_end end;

	if (!c || !c->renamed)
		body = event_tree_object(f->t, f->body);
	if ((!c || !c->renamed) && !body)
		return err_names(e, ERR_CONFIG,
				 "two values for one target: '.%s' is in use",
				 f->body);
	end = fill_value(f->m, c, f->member, i);
	return body ? event_tree_put_key(body, f->member[i].key, &end, e)
		    : event_tree_put(f->t, f->body, &c->to, &end, e);
}

/* Puts the default, if any, of a named column that the row does not have. */
static int put_missing(const struct filling *to, const struct mapping_column *c,
		       struct err *e)
{
	struct slice name = column_name(c);
	struct field *f = mapping_field(to->m, c, name);
	struct path one = {0};
	int rc = 0;

	path_add(&one, name);
	if (f && f->fallback && to->defaults) {
		struct event_tree_end end =
			event_tree_text(slice_of(f->fallback, f->fallback_n));

		rc = event_tree_put(to->t, to->body, c->renamed ? &c->to : &one,
				    &end, e);
	}
	if (f)
		field_clear(f);
	free(f);
	path_clear(&one);
	return rc;
}

/* Puts the columns that one entry of the list selects. c NULL: there is no
 * list, so all columns are put.
 */
static int put_entry(const struct filling *f, const struct mapping_column *c,
		     struct err *e)
{
	const struct names *d = &f->names;

	if (c && !c->glob) {
		size_t i = column_names_find(&d->of, column_name(c));

		if (i == d->of.n || d->left_out[i])
			return put_missing(f, c, e);
		return put_column(f, c, i, e);
	}
	for (size_t i = 0; i < d->of.n; i++) {
		if (d->left_out[i] || d->taken[i] ||
		    (c && !mapping_glob(column_name(c), d->of.v[i])))
			continue;
		if (put_column(f, c, i, e) < 0)
			return -1;
	}
	return 0;
}

static int put_entries(const struct filling *f, struct err *e)
{
	const struct mapping *m = f->m;
	int rc = m->all ? put_entry(f, NULL, e) : 0;

	for (size_t i = 0; rc == 0 && i < m->n_columns; i++) {
		if (!m->column[i].leave_out)
			rc = put_entry(f, &m->column[i], e);
	}
	return rc;
}

int fill_columns(struct event_tree *t, const struct mapping *m,
		 const struct scan_member *member, size_t n, struct err *e)
{
	struct filling f = {.t = t,
			    .m = m,
			    .body = m->type->body,
			    .member = member,
			    .defaults = true};
	int rc;

	names_init(&f.names, member, n);
	mark_all(m, &f.names);
	rc = put_entries(&f, e);
	names_clear(&f.names);
	return rc;
}

/* ---- deletes ----------------------------------------------------------- */

static bool is_key(struct slice name, struct slice keys)
{
	for (size_t at = 0; at < keys.n; at += strlen(keys.p + at) + 1) {
		if (slice_is(name, keys.p + at))
			return true;
	}
	return false;
}

/* Whether an entry of the list names the column, or has its name as target. */
static bool has_entry(const struct mapping *m, struct slice name)
{
	for (size_t i = 0; i < m->n_columns; i++) {
		const struct mapping_column *c = &m->column[i];
		const struct path_step *s = c->to.step;

		if (c->glob || c->leave_out)
			continue;
		if (slice_eq(column_name(c), name) ||
		    (c->renamed && !c->to.root && s->name &&
		     slice_eq(slice_of(s->name, s->n), name)))
			return true;
	}
	return false;
}

/* Puts the key columns first, under their own names unless the list names them.
 */
static int put_keys(const struct filling *f, struct slice keys, struct err *e)
{
	const struct names *d = &f->names;

	for (size_t i = 0; i < d->of.n; i++) {
		if (d->left_out[i] || !is_key(d->of.v[i], keys))
			continue;
		d->taken[i] = true;
		if (!has_entry(f->m, d->of.v[i]) &&
		    put_column(f, NULL, i, e) < 0)
			return -1;
	}
	return 0;
}

int fill_delete(struct event_tree *t, const struct mapping *m,
		struct slice keys, const struct scan_member *member, size_t n,
		struct err *e)
{
	struct filling f = {
		.t = t, .m = m, .body = "properties", .member = member};
	int rc;

	(void)event_tree_object(t, f.body); /* even if empty */
	names_init(&f.names, member, n);
	mark_all(m, &f.names);
	rc = put_keys(&f, keys, e);
	if (rc == 0 && !m->jq)
		rc = put_entries(&f, e);
	names_clear(&f.names);
	return rc;
}

/* ---- constants and computed values -------------------------------------- */

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
