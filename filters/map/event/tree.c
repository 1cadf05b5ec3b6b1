#include "map/event/tree.h"

#include <stdlib.h>

#include "core/mem.h"
#include "wire/json/hash.h"
#include "wire/json/json.h"

enum { FEW = 16 }; /* members that are found by looking at each */

struct tree *tree_new(void)
{
	struct tree *t = mem_zero(sizeof(*t));

	t->kind = TREE_OBJECT;
	return t;
}

/* Depth is bounded by the steps of a path. */
void tree_free(struct tree *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++)
		tree_free(t->at[i]);
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

static struct tree *push(struct tree *t)
{
	if (t->n == t->size) {
		t->size = t->size ? 2 * t->size : 4;
		t->at = mem_resize(t->at, t->size * sizeof(*t->at));
	}
	t->at[t->n] = mem_zero(sizeof(struct tree));
	t->at[t->n]->kind = TREE_HOLE;
	return t->at[t->n++];
}

/* The slot of a name, or the free one where it belongs. */
static uint32_t *slot_of(const struct tree *t, struct slice name)
{
	size_t i = hash_bytes(name.p, name.n, 0).lo & (t->n_slots - 1);

	while (t->slot[i] != 0 &&
	       !slice_eq(buf_all(&t->at[t->slot[i] - 1]->name), name))
		i = (i + 1) & (t->n_slots - 1);
	return &t->slot[i];
}

/* Slots for all members, at most half of them used. */
static void make_slots(struct tree *t)
{
	free(t->slot);
	t->n_slots = 4 * FEW;
	while (t->n_slots < 4 * t->n)
		t->n_slots *= 2;
	t->slot = mem_zero(t->n_slots * sizeof(*t->slot));
	for (size_t i = 0; i < t->n; i++)
		*slot_of(t, buf_all(&t->at[i]->name)) = (uint32_t)i + 1;
}

static struct tree *member(struct tree *t, struct slice name)
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

/* The member that was pushed last has its name now. */
static void named(struct tree *t)
{
	if (t->n > FEW && t->n > t->n_slots / 2)
		make_slots(t);
	else if (t->n_slots > 0)
		*slot_of(t, buf_all(&t->at[t->n - 1]->name)) = (uint32_t)t->n;
}

static struct tree *add_member(struct tree *t, struct slice name)
{
	struct tree *m = push(t);

	buf_slice(&m->name, name);
	json_escape(&m->key, name);
	named(t);
	return m;
}

/* What stands at one step below t, made as a hole if missing; NULL where t is
 * not what the step asks for.
 */
static struct tree *step_down(struct tree *t, const struct path_step *s)
{
	struct tree *m;

	if (t->kind == TREE_HOLE)
		t->kind = s->name ? TREE_OBJECT : TREE_ARRAY;
	if (t->kind != (s->name ? TREE_OBJECT : TREE_ARRAY))
		return NULL;
	if (s->name) {
		m = member(t, slice_of(s->name, s->n));
		return m ? m : add_member(t, slice_of(s->name, s->n));
	}
	while (t->n <= s->index)
		push(t);
	return t->at[s->index];
}

static int settle(struct tree *t, const struct tree_end *end)
{
	if (t->kind != TREE_HOLE)
		return -1;
	t->kind = end->kind;
	t->end = *end;
	if (end->kind == TREE_LITERAL) {
		t->text = mem_copy(end->literal.p, end->literal.n);
		t->end.literal.p = t->text;
	}
	return 0;
}

static void spell(struct buf *b, const struct path *path)
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

static int collision(const struct path *path, const struct tree_end *end,
		     struct err *e)
{
	struct buf b = {0};

	if (end->field)
		field_clear(end->field);
	free(end->field);
	spell(&b, path);
	err_set(e, ERR_CONFIG,
		"two values for one place: '%.*s' is taken, or lies inside or "
		"around another target",
		SLICE_FMT(buf_all(&b)));
	buf_clear(&b);
	return -1;
}

int tree_put(struct tree *t, const char *body, const struct path *path,
	     const struct tree_end *end, struct err *e)
{
	if (body && !path->root)
		t = tree_object(t, body);
	for (size_t i = 0; t && i < path->n; i++)
		t = step_down(t, &path->step[i]);
	if (!t || settle(t, end) < 0)
		return collision(path, end, e);
	return 0;
}

int tree_put_key(struct tree *t, struct slice key, const struct tree_end *end,
		 struct err *e)
{
	struct buf name = {0};
	struct path one = {0};
	int rc = 0;

	json_decode(&name, key);
	path_add(&one, buf_all(&name));
	if (t->kind != TREE_OBJECT || member(t, buf_all(&name))) {
		rc = collision(&one, end, e);
	} else {
		struct tree *m = push(t);

		buf_slice(&m->name, buf_all(&name));
		buf_slice(&m->key, key);
		named(t);
		rc = settle(m, end);
	}
	path_clear(&one);
	buf_clear(&name);
	return rc;
}

struct tree *tree_object(struct tree *t, const char *name)
{
	struct tree *m = member(t, slice_str(name));

	if (!m)
		m = add_member(t, slice_str(name));
	if (m->kind == TREE_HOLE)
		m->kind = TREE_OBJECT;
	return m->kind == TREE_OBJECT ? m : NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct tree *x = *(struct tree *const *)a;
	const struct tree *y = *(struct tree *const *)b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	int c = n > 0 ? memcmp(x->name.p, y->name.p, n) : 0;

	if (c != 0)
		return c;
	return (x->name.n > y->name.n) - (x->name.n < y->name.n);
}

void tree_sort(struct tree *t)
{
	free(t->slot); /* places change */
	t->slot = NULL;
	t->n_slots = 0;
	if (t->n > 1)
		qsort(t->at, t->n, sizeof(*t->at), by_name);
}
