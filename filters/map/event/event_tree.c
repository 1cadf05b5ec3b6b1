#include "map/event/event_tree.h"

#include <stdlib.h>

#include "core/mem.h"
#include "wire/json/hash.h"
#include "wire/json/json.h"

enum { FEW = 16 }; /* up to this number of members no hash table is used */

struct event_tree *event_tree_new(void)
{
	struct event_tree *t = mem_zero(sizeof(*t));

	t->kind = EVENT_TREE_OBJECT;
	return t;
}

/* Recursion is bounded by PATH_MAX_STEPS. */
void event_tree_free(struct event_tree *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++)
		event_tree_free(t->at[i]);
	if (t->end.field)
		field_clear(t->end.field);
	free(t->end.field);
	free(t->at);
	free(t->slot);
	free(t->text);
	buf_clear(&t->name);
	buf_clear(&t->key);
	free(t);
}

static struct event_tree *push(struct event_tree *t)
{
	if (t->n == t->size) {
		t->size = t->size ? 2 * t->size : 4;
		t->at = mem_resize(t->at, t->size * sizeof(*t->at));
	}
	t->at[t->n] = mem_zero(sizeof(struct event_tree));
	t->at[t->n]->kind = EVENT_TREE_HOLE;
	return t->at[t->n++];
}

/* The slot of the name in the hash table, or the free slot where it belongs. */
static uint32_t *slot_of(const struct event_tree *t, struct slice name)
{
	size_t i = hash_bytes(name.p, name.n, 0).lo & (t->n_slots - 1);

	while (t->slot[i] != 0 &&
	       !slice_eq(buf_all(&t->at[t->slot[i] - 1]->name), name))
		i = (i + 1) & (t->n_slots - 1);
	return &t->slot[i];
}

/* Builds the hash table of all members, at most half full. */
static void make_slots(struct event_tree *t)
{
	free(t->slot);
	t->n_slots = 4 * FEW;
	while (t->n_slots < 4 * t->n)
		t->n_slots *= 2;
	t->slot = mem_zero(t->n_slots * sizeof(*t->slot));
	for (size_t i = 0; i < t->n; i++)
		*slot_of(t, buf_all(&t->at[i]->name)) = (uint32_t)i + 1;
}

static struct event_tree *member(struct event_tree *t, struct slice name)
{
	if (t->n_slots > 0) {
		uint32_t at = *slot_of(t, name);

		return at > 0 ? t->at[at - 1] : NULL;
	}
	for (size_t i = 0; i < t->n; i++) {
		if (slice_eq(buf_all(&t->at[i]->name), name))
			return t->at[i];
	}
	return NULL;
}

/* Adds the last member, which now has its name, to the hash table. */
static void index_last(struct event_tree *t)
{
	if (t->n > FEW && t->n > t->n_slots / 2)
		make_slots(t);
	else if (t->n_slots > 0)
		*slot_of(t, buf_all(&t->at[t->n - 1]->name)) = (uint32_t)t->n;
}

static struct event_tree *add_member(struct event_tree *t, struct slice name)
{
	struct event_tree *m = push(t);

	buf_slice(&m->name, name);
	json_escape(&m->key, name);
	index_last(t);
	return m;
}

/* Follows one step of a path below t. A missing member or element is created as
 * a hole. NULL if t is an array and the step a name, or the reverse, or t is a
 * leaf.
 */
static struct event_tree *step_down(struct event_tree *t,
				    const struct path_step *s)
{
	struct event_tree *m;

	if (t->kind == EVENT_TREE_HOLE)
		t->kind = s->name ? EVENT_TREE_OBJECT : EVENT_TREE_ARRAY;
	if (t->kind != (s->name ? EVENT_TREE_OBJECT : EVENT_TREE_ARRAY))
		return NULL;
	if (s->name) {
		m = member(t, slice_of(s->name, s->n));
		return m ? m : add_member(t, slice_of(s->name, s->n));
	}
	while (t->n <= s->index)
		push(t);
	return t->at[s->index];
}

static int settle(struct event_tree *t, const struct event_tree_end *end)
{
	if (t->kind != EVENT_TREE_HOLE)
		return -1;
	t->kind = end->kind;
	t->end = *end;
	if (end->kind == EVENT_TREE_LITERAL) {
		t->text = mem_copy(end->literal.p, end->literal.n);
		t->end.literal.p = t->text;
	}
	return 0;
}

static void put_path(struct buf *b, const struct path *path)
{
	for (size_t i = 0; i < path->n; i++) {
		const struct path_step *s = &path->step[i];

		if (!s->name) {
			buf_fmt(b, "[%zu]", s->index);
			continue;
		}
		if (i > 0 || path->root)
			buf_char(b, '.');
		buf_add(b, s->name, s->n);
	}
}

static int collision(const struct path *path, const struct event_tree_end *end,
		     struct err *e)
{
	struct buf b = {0};

	if (end->field)
		field_clear(end->field);
	free(end->field);
	put_path(&b, path);
	err_names(e, ERR_CONFIG,
		  "two values for one target: '%.*s' is in use, or overlaps a "
		  "different target",
		  SLICE_FMT(buf_all(&b)));
	buf_clear(&b);
	return -1;
}

int event_tree_put(struct event_tree *t, const char *body,
		   const struct path *path, const struct event_tree_end *end,
		   struct err *e)
{
	if (body && !path->root)
		t = event_tree_object(t, body);
	for (size_t i = 0; t && i < path->n; i++)
		t = step_down(t, &path->step[i]);
	if (!t || settle(t, end) < 0)
		return collision(path, end, e);
	return 0;
}

int event_tree_put_key(struct event_tree *t, struct slice key,
		       const struct event_tree_end *end, struct err *e)
{
	struct buf name = {0};
	struct path one = {0};
	int rc = 0;

	json_decode(&name, key);
	path_add(&one, buf_all(&name));
	if (t->kind != EVENT_TREE_OBJECT || member(t, buf_all(&name))) {
		rc = collision(&one, end, e);
	} else {
		struct event_tree *m = push(t);

		buf_slice(&m->name, buf_all(&name));
		buf_slice(&m->key, key);
		index_last(t);
		rc = settle(m, end);
	}
	path_clear(&one);
	buf_clear(&name);
	return rc;
}

struct event_tree *event_tree_object(struct event_tree *t, const char *name)
{
	struct event_tree *m = member(t, slice_str(name));

	if (!m)
		m = add_member(t, slice_str(name));
	if (m->kind == EVENT_TREE_HOLE)
		m->kind = EVENT_TREE_OBJECT;
	return m->kind == EVENT_TREE_OBJECT ? m : NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct event_tree *x = *(struct event_tree *const *)a;
	const struct event_tree *y = *(struct event_tree *const *)b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	int c = n > 0 ? memcmp(x->name.p, y->name.p, n) : 0;

	if (c != 0)
		return c;
	return (x->name.n > y->name.n) - (x->name.n < y->name.n);
}

void event_tree_sort(struct event_tree *t)
{
	free(t->slot); /* sorting changes the indices in it */
	t->slot = NULL;
	t->n_slots = 0;
	if (t->n > 1)
		qsort(t->at, t->n, sizeof(*t->at), by_name);
}
