#include "map/event.h"

#include <stdlib.h>

#include "core/buf.h"
#include "core/mem.h"
#include "wire/control.h"
#include "wire/json.h"

static const struct event_type types[] = {
	{.name = "identify", .body = "traits"},
	{.name = "track", .body = "properties", .named = true},
};

const struct event_type *event_type(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	}
	return NULL;
}

const char *const *event_names(void)
{
	static const char *names[COUNT_OF(types) + 1];

	for (size_t i = 0; i < COUNT_OF(types); i++)
		names[i] = types[i].name;
	return names;
}

int event_reserved(const struct path *p, struct err *e)
{
	static const char *const ours[] = {"type",   "userId",   "anonymousId",
					   "event",  "recordId", "messageId",
					   "channel"};
	const struct path_step *s = p->step;

	if (!p->root)
		return 0;
	for (size_t i = 0; i < COUNT_OF(ours); i++) {
		if (slice_is(slice_of(s->name, s->n), ours[i]))
			return err_set(e, ERR_CONFIG,
				       "target '.%s' is reserved: rudder-map "
				       "writes it itself",
				       ours[i]);
	}
	if (slice_is(slice_of(s->name, s->n), "context") &&
	    (p->n == 1 || slice_is(slice_of(s[1].name, s[1].n), "sources")))
		return err_set(e, ERR_CONFIG,
			       "target '.context%s' is reserved: rudder-map "
			       "writes context.sources itself",
			       p->n == 1 ? "" : ".sources");
	return 0;
}

/* ---- single members --------------------------------------------------- */

static struct tree_end text_end(struct slice json)
{
	return (struct tree_end){.kind = TREE_LITERAL, .literal = json};
}

static void put_text(struct tree *t, const char *name, const char *text)
{
	struct buf b = {0};
	struct tree_end end;
	struct err e;
	int rc;

	json_string(&b, slice_str(text));
	end = text_end(buf_all(&b));
	rc = tree_put_key(t, slice_str(name), &end, &e);
	(void)rc; /* reserved names: nobody else puts them */
	buf_clear(&b);
}

static void put_end(struct tree *t, const char *name, enum tree_kind kind,
		    int member, bool optional)
{
	struct tree_end end = {.kind = kind, .optional = optional};
	struct err e;
	int rc;

	if (member >= 0)
		end.member = (size_t)member;
	rc = tree_put_key(t, slice_str(name), &end, &e);
	(void)rc;
}

static int find(const struct scan_member *m, size_t n, const char *name)
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

/* What every event has. An identifier is optional where there are two. */
static void put_envelope(struct tree *t, const struct event_source *from,
			 const char *type, struct slice sources)
{
	struct tree_end end = text_end(sources);
	struct err e;
	bool two = from->user_id >= 0 && from->anonymous_id >= 0;
	int rc;

	if (from->anonymous_id >= 0)
		put_end(t, "anonymousId", TREE_ID, from->anonymous_id, two);
	put_text(t, "channel", "sources");
	rc = tree_put_key(tree_object(t, "context"), slice_str("sources"), &end,
			  &e);
	(void)rc;
	put_end(t, "messageId", TREE_MESSAGE_ID, -1, false);
	put_end(t, "recordId", TREE_RECORD_ID, -1, false);
	put_text(t, "type", type);
	if (from->user_id >= 0)
		put_end(t, "userId", TREE_ID, from->user_id, two);
}

/* ---- columns ---------------------------------------------------------- */

/* The names of a row, decoded. */
struct names {
	struct buf text;
	struct slice *v; /* owned */
};

static void names_init(struct names *d, const struct scan_member *m, size_t n)
{
	size_t room = 1;

	*d = (struct names){.v = mem_zero((n + 1) * sizeof(*d->v))};
	for (size_t i = 0; i < n; i++)
		room += m[i].key.n;
	buf_room(&d->text, room); /* decoding never makes it longer */
	for (size_t i = 0; i < n; i++) {
		size_t from = d->text.n;

		json_decode(&d->text, m[i].key);
		d->v[i] = slice_of(d->text.p + from, d->text.n - from);
	}
}

static void names_clear(struct names *d)
{
	buf_clear(&d->text);
	free(d->v);
}

static bool fits(const struct mapping_column *c, struct slice name)
{
	struct slice pattern = slice_of(c->name, c->n);

	return c->glob ? mapping_glob(pattern, name) : slice_eq(pattern, name);
}

static bool left_out(const struct mapping *m, struct slice name)
{
	if (slice_is(name, CONTROL_NAME))
		return true;
	for (size_t i = 0; i < m->n_columns; i++) {
		if (m->column[i].leave_out && fits(&m->column[i], name))
			return true;
	}
	return false;
}

/* What a pattern, or no list at all, does not take: identifiers, and columns
 * that are named somewhere.
 */
static bool taken(const struct mapping *m, struct slice name)
{
	if ((m->user_id && slice_is(name, m->user_id)) ||
	    (m->anonymous_id && slice_is(name, m->anonymous_id)))
		return true;
	for (size_t i = 0; i < m->n_columns; i++) {
		const struct mapping_column *c = &m->column[i];

		if (!c->glob && !c->leave_out && fits(c, name))
			return true;
	}
	return false;
}

static int put_column(struct tree *t, const struct mapping *m,
		      const struct mapping_column *c,
		      const struct scan_member *member, size_t i, struct err *e)
{
	struct tree_end end = {.kind = TREE_VALUE, .member = i};
	struct tree *body;

	if (c && c->renamed)
		return tree_put(t, m->type->body, &c->to, &end, e);
	body = tree_object(t, m->type->body);
	if (!body)
		return err_set(e, ERR_CONFIG,
			       "two values for one place: '.%s' is taken",
			       m->type->body);
	return tree_put_key(body, member[i].key, &end, e);
}

/* The columns that one entry of the list takes; c NULL: no list. */
static int put_entry(struct tree *t, const struct mapping *m,
		     const struct mapping_column *c,
		     const struct scan_member *member, size_t n,
		     const struct names *d, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (left_out(m, d->v[i]))
			continue;
		if (c && !fits(c, d->v[i]))
			continue;
		if ((!c || c->glob) && taken(m, d->v[i]))
			continue;
		if (put_column(t, m, c, member, i, e) < 0)
			return -1;
	}
	return 0;
}

static int put_columns(struct tree *t, const struct mapping *m,
		       const struct scan_member *member, size_t n,
		       struct err *e)
{
	struct names d;
	int rc = 0;

	names_init(&d, member, n);
	if (m->all)
		rc = put_entry(t, m, NULL, member, n, &d, e);
	for (size_t i = 0; rc == 0 && i < m->n_columns; i++) {
		if (!m->column[i].leave_out)
			rc = put_entry(t, m, &m->column[i], member, n, &d, e);
	}
	names_clear(&d);
	return rc;
}

static int put_constants(struct tree *t, const struct mapping *m, struct err *e)
{
	for (size_t i = 0; i < m->n_constants; i++) {
		const struct mapping_constant *c = &m->constant[i];
		struct tree_end end = text_end(slice_of(c->json, c->n));

		if (tree_put(t, m->type->body, &c->to, &end, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- whole events ----------------------------------------------------- */

static void find_sources(struct event_source *from, const struct mapping *m,
			 const struct scan_member *member, size_t n)
{
	from->user_id = find(member, n, m->user_id);
	from->anonymous_id = find(member, n, m->anonymous_id);
	from->event = find(member, n, m->event_column);
}

int event_tree(struct tree **t, const struct mapping *m,
	       const struct scan_member *member, size_t n, struct slice sources,
	       struct event_source *from, struct err *e)
{
	*t = tree_new();
	find_sources(from, m, member, n);
	put_envelope(*t, from, m->type->name, sources);
	if (m->event)
		put_text(*t, "event", m->event);
	else if (from->event >= 0)
		put_end(*t, "event", TREE_TEXT, from->event, false);
	(void)tree_object(*t, m->type->body); /* there even when empty */
	if (put_columns(*t, m, member, n, e) < 0 ||
	    put_constants(*t, m, e) < 0) {
		tree_free(*t);
		*t = NULL;
		return -1;
	}
	tree_sort(*t);
	return 0;
}

int event_delete_tree(struct tree **t, const struct mapping *m,
		      const struct scan_member *member, size_t n,
		      struct slice sources, struct event_source *from,
		      struct err *e)
{
	struct tree *body;

	*t = tree_new();
	find_sources(from, m, member, n);
	put_envelope(*t, from, "track", sources);
	put_text(*t, "event", m->delete_event);
	body = tree_object(*t, "properties");
	for (size_t i = 0; i < n; i++) {
		struct tree_end end = {.kind = TREE_VALUE, .member = i};

		if (slice_is(member[i].key, CONTROL_NAME))
			continue;
		if (tree_put_key(body, member[i].key, &end, e) < 0) {
			tree_free(*t);
			*t = NULL;
			return -1;
		}
	}
	tree_sort(*t);
	return 0;
}

int event_check(const struct mapping *m, struct err *e)
{
	static const struct tree_end end = {.kind = TREE_VALUE};
	struct tree *t = tree_new();
	int rc = 0;

	(void)tree_object(t, m->type->body);
	for (size_t i = 0; rc == 0 && i < m->n_columns; i++) {
		const struct mapping_column *c = &m->column[i];
		struct path one = {0};

		if (c->glob || c->leave_out)
			continue;
		path_add(&one, slice_of(c->name, c->n));
		rc = tree_put(t, m->type->body, c->renamed ? &c->to : &one,
			      &end, e);
		path_clear(&one);
	}
	if (rc == 0)
		rc = put_constants(t, m, e);
	tree_free(t);
	return rc;
}

const char *event_missing(const struct mapping *m,
			  const struct scan_member *member, size_t n)
{
	if (m->user_id && find(member, n, m->user_id) < 0)
		return m->user_id;
	if (m->anonymous_id && find(member, n, m->anonymous_id) < 0)
		return m->anonymous_id;
	if (m->event_column && find(member, n, m->event_column) < 0)
		return m->event_column;
	for (size_t i = 0; i < m->n_columns; i++) {
		const struct mapping_column *c = &m->column[i];

		if (!c->glob && !c->leave_out && find(member, n, c->name) < 0)
			return c->name;
	}
	return NULL;
}
