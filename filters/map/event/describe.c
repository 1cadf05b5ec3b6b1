#include "map/event/describe.h"

#include <string.h>

#include "map/screen/preview.h"
#include "wire/json/json.h"
#include "wire/stream/control.h"

#define ARROW   " \xe2\x86\x92 "
#define NOWHERE " \xe2\x80\x93"

/* A walk over the leaves of an event's layout. */
struct describe_walk {
	struct buf *b;
	struct buf path;
	const struct scan_member *member;
	size_t which; /* index of the column whose targets are written, or
			 SIZE_MAX: constants and computed values */
	bool found;
};

/* Appends text without control characters, which a terminal would obey. */
static void put_safe(struct buf *b, struct slice s)
{
	size_t from = b->n;

	buf_slice(b, s);
	preview_safe(b, from, true);
}

static void new_line(struct buf *b, size_t from)
{
	if (b->n > from)
		buf_char(b, '\n');
}

static bool is_member(const struct event_tree *t)
{
	return t->kind == EVENT_TREE_VALUE || t->kind == EVENT_TREE_ID ||
	       t->kind == EVENT_TREE_TEXT || t->kind == EVENT_TREE_IDENTIFIER;
}

/* Whether the walk is at a member that every event has, which is not listed. */
static bool is_envelope(const struct describe_walk *w)
{
	static const char *const paths[] = {"channel", "type", "action",
					    "context.sources"};

	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		if (slice_is(buf_all(&w->path), paths[i]))
			return true;
	}
	return false;
}

/* Appends the cast and the mask of a value: " (number, trim+lower)". */
static void put_field(struct buf *b, const struct field *f)
{
	const char *cast = f ? field_cast_word(f->cast) : NULL;

	if (!f || (!cast && f->n_steps == 0))
		return;
	buf_fmt(b, " (%s%s", cast ? cast : "",
		cast && f->n_steps > 0 ? ", " : "");
	field_mask_text(b, f);
	buf_char(b, ')');
}

static void put_leaf(struct describe_walk *w, const struct event_tree *t)
{
	size_t from = w->b->n;

	if (w->which != SIZE_MAX) {
		if (!is_member(t) || t->end.member != w->which)
			return;
		json_decode(w->b, w->member[w->which].key);
		put_field(w->b, t->end.field);
	} else if (t->kind == EVENT_TREE_LITERAL && !is_envelope(w)) {
		buf_str(w->b, "= ");
		buf_slice(w->b, t->end.literal);
	} else if (t->kind == EVENT_TREE_EXTRA) {
		buf_str(w->b, "jq");
	} else {
		return;
	}
	preview_safe(w->b, from, true);
	w->found = true;
	buf_str(w->b, ARROW);
	put_safe(w->b, buf_all(&w->path));
	buf_char(w->b, '\n');
}

/* Recursion is bounded by PATH_MAX_STEPS. */
static void walk_tree(struct describe_walk *w, const struct event_tree *t)
{
	size_t n = w->path.n;

	if (t->kind != EVENT_TREE_OBJECT && t->kind != EVENT_TREE_ARRAY) {
		put_leaf(w, t);
		return;
	}
	for (size_t i = 0; i < t->n; i++) {
		const struct event_tree *m = t->at[i];

		if (t->kind == EVENT_TREE_ARRAY)
			buf_fmt(&w->path, "[%zu]", i);
		else if (n > 0)
			buf_char(&w->path, '.');
		if (t->kind == EVENT_TREE_OBJECT)
			buf_slice(&w->path, buf_all(&m->name));
		walk_tree(w, m);
		w->path.n = n;
	}
}

void describe_tree(struct buf *b, const struct event_tree *t,
		   const struct scan_member *member, size_t n)
{
	struct describe_walk w = {.b = b, .member = member};
	struct buf name = {0};
	size_t from = b->n;

	for (w.which = 0; w.which < n; w.which++) {
		w.found = false;
		walk_tree(&w, t);
		name.n = 0;
		json_decode(&name, member[w.which].key);
		if (w.found || slice_is(buf_all(&name), CONTROL_NAME))
			continue;
		put_safe(b, buf_all(&name));
		buf_str(b, NOWHERE "\n");
	}
	w.which = SIZE_MAX;
	walk_tree(&w, t);
	if (b->n > from)
		b->n--;
	buf_clear(&name);
	buf_clear(&w.path);
}

void describe_program(struct buf *b, const char *program)
{
	struct slice text = slice_str(program);
	size_t from = b->n;

	while (text.n > 0) {
		const char *lf = memchr(text.p, '\n', text.n);
		size_t n = lf ? (size_t)(lf - text.p) : text.n;

		new_line(b, from);
		put_safe(b, slice_of(text.p, n));
		n += lf != NULL;
		text = slice_of(text.p + n, text.n - n);
	}
}
