#include "diff/state/kept_values.h"

#include <stdlib.h>

#include "core/mem.h"
#include "diff/keys/columns.h"
#include "wire/json/json.h"

/* ---- options ----------------------------------------------------------- */

uint32_t kept_values_sum_of(struct slice noted)
{
	return (uint32_t)hash_bytes(noted.p, noted.n, 0).lo;
}

/* Takes the first item from a list with commas. */
static struct slice next_item(struct slice *list)
{
	const char *comma = list->n ? memchr(list->p, ',', list->n) : NULL;
	size_t n = comma ? (size_t)(comma - list->p) : list->n;
	struct slice item = slice_of(list->p, n);

	*list = slice_of(list->p + n + (comma != NULL),
			 list->n - n - (comma != NULL));
	return item;
}

static bool has_item(struct slice list, struct slice item)
{
	while (list.n > 0) {
		if (slice_eq(next_item(&list), item))
			return true;
	}
	return false;
}

static bool has_items(struct slice list, struct slice items)
{
	while (items.n > 0) {
		if (!has_item(list, next_item(&items)))
			return false;
	}
	return true;
}

bool kept_values_covers(struct slice noted, struct slice asked)
{
	return asked.n == 0 || slice_is(noted, "row") ||
	       (!slice_is(asked, "row") && has_items(noted, asked));
}

static void add_items(struct buf *list, struct slice more)
{
	while (more.n > 0) {
		struct slice item = next_item(&more);

		if (has_item(buf_all(list), item))
			continue;
		if (list->n > 0)
			buf_char(list, ',');
		buf_slice(list, item);
	}
}

int kept_values_init(struct kept_values *k, const struct kept_values_options *o,
		     struct slice noted, const struct key *key, struct err *e)
{
	struct slice want = o->what ? slice_str(o->what) : noted;

	*k = (struct kept_values){.o = *o};
	if (o->what && want.n == 0)
		return err_names(
			e, ERR_USAGE,
			"option '--keep': expected hash, row or column names");
	if (o->what && slice_is(want, "hash"))
		want.n = 0;
	if (slice_is(want, "row"))
		buf_slice(&k->text, want);
	else
		add_items(&k->text, want);
	if (o->also && !slice_is(want, "row"))
		add_items(&k->text, slice_str(o->also));
	k->kind = k->text.n == 0                       ? KEPT_VALUES_HASH
		  : slice_is(buf_all(&k->text), "row") ? KEPT_VALUES_ROW
						       : KEPT_VALUES_COLUMNS;
	k->sum = kept_values_sum_of(buf_all(&k->text));
	k->changed = !slice_eq(buf_all(&k->text), noted);
	k->refill = !kept_values_covers(noted, buf_all(&k->text));
	k->widens = k->changed && kept_values_covers(buf_all(&k->text), noted);
	for (size_t i = 0; i < key->n; i++) {
		buf_slice(&k->key, key->column[i]);
		buf_char(&k->key, '\0');
	}
	k->row.scan = scan_new();
	k->was.scan = scan_new();
	return 0;
}

void kept_values_show(const struct kept_values *k, struct buf *b)
{
	struct slice rest = buf_all(&k->text);
	char before = '[';

	if (k->kind == KEPT_VALUES_HASH)
		return;
	buf_str(b, ",\"keep\":");
	if (k->kind == KEPT_VALUES_ROW) {
		buf_str(b, "\"row\"");
		return;
	}
	while (rest.n > 0) {
		struct slice item = next_item(&rest);

		buf_char(b, before);
		json_lossy(b, item, item.n);
		before = ',';
	}
	buf_char(b, ']');
}

static void clear_side(struct kept_values_side *s)
{
	scan_free(s->scan);
	free(s->take);
	free(s->counts);
	buf_clear(&s->text);
}

void kept_values_clear(struct kept_values *k)
{
	clear_side(&k->row);
	clear_side(&k->was);
	buf_clear(&k->text);
	buf_clear(&k->key);
	buf_clear(&k->scratch);
	*k = (struct kept_values){0};
}

/* ---- scanned rows ------------------------------------------------------- */

static bool is_key(const struct kept_values *k, struct slice name)
{
	struct slice rest = buf_all(&k->key);

	while (rest.n > 0) {
		size_t n = strlen(rest.p);

		if (slice_eq(slice_of(rest.p, n), name))
			return true;
		rest = slice_of(rest.p + n + 1, rest.n - n - 1);
	}
	return false;
}

/* Which members are kept (those that --keep lists, in a row; all, in an object
 * of kept values; but no key columns) and which are compared.
 */
static NO_INLINE void learn_shape(struct kept_values *k,
				  struct kept_values_side *s)
{
	bool chosen = s == &k->row && k->kind == KEPT_VALUES_COLUMNS;
	struct buf name = {0};

	s->shape = scan_shape(s->scan);
	if (s->n > s->size) {
		s->size = s->n;
		s->take = mem_resize(s->take, s->size * sizeof(*s->take));
		s->counts = mem_resize(s->counts, s->size * sizeof(*s->counts));
	}
	for (size_t i = 0; i < s->n; i++) {
		name.n = 0;
		json_decode(&name, s->member[i].key);
		s->take[i] = !is_key(k, buf_all(&name)) &&
			     (!chosen || columns_listed(buf_cstr(&k->text),
							buf_cstr(&name)));
		s->counts[i] = columns_count(k->o.compare, k->o.ignore,
					     buf_cstr(&name));
	}
	buf_clear(&name);
}

/* A kept value was scanned when it was written, so it can be scanned again,
 * unless the state was forged: then it counts as an object without members.
 */
static void scan_side(struct kept_values *k, struct kept_values_side *s,
		      struct slice object)
{
	s->n = 0;
	if (scan_object(s->scan, object) < 0)
		return;
	s->member = scan_members(s->scan, &s->n);
	if (scan_shape(s->scan) != s->shape)
		learn_shape(k, s);
}

void kept_values_row(struct kept_values *k, struct slice line)
{
	if (k->kind != KEPT_VALUES_HASH)
		scan_side(k, &k->row, line);
}

/* Copies the object first if the scanner cannot read past its end. */
static void copy_and_scan(struct kept_values *k, struct kept_values_side *s,
			  struct slice object)
{
	s->text.n = 0;
	buf_slice(&s->text, object);
	memset(buf_room(&s->text, READER_PAD), 0, READER_PAD);
	scan_side(k, s, buf_all(&s->text));
}

static void add_member(struct buf *b, const struct scan_member *m)
{
	buf_char(b, '"');
	buf_slice(b, m->key);
	buf_str(b, "\":");
	buf_slice(b, m->value);
}

/* Adds members as an object: those that are kept, or all; with same, only those
 * that are compared.
 */
static void add_object(const struct kept_values_side *s, bool all, bool same,
		       struct buf *b)
{
	char before = '{';

	for (size_t i = 0; i < s->n; i++) {
		if ((!all && !s->take[i]) || (same && !s->counts[i]))
			continue;
		buf_char(b, before);
		add_member(b, &s->member[i]);
		before = ',';
	}
	if (before == '{')
		buf_char(b, '{');
	buf_char(b, '}');
}

struct slice kept_values_of(struct kept_values *k, bool same)
{
	struct buf *b = &k->row.text;

	b->n = 0;
	if (k->kind != KEPT_VALUES_HASH)
		add_object(&k->row, k->kind == KEPT_VALUES_ROW, same, b);
	return buf_all(b);
}

bool kept_values_lacks(const struct kept_values *k, struct slice kept)
{
	return k->kind != KEPT_VALUES_HASH && (kept.n == 0 || *kept.p == ' ');
}

struct slice kept_values_object(struct slice kept)
{
	if (kept.n > 0 && *kept.p == ' ')
		return slice_of(kept.p + 1, kept.n - 1);
	return kept;
}

/* ---- what differs ------------------------------------------------------ */

static bool same_name(struct slice a, struct slice b, struct buf *scratch)
{
	size_t n;

	if (slice_eq(a, b))
		return true;
	if (!(a.n && memchr(a.p, '\\', a.n)) &&
	    !(b.n && memchr(b.p, '\\', b.n)))
		return false;
	scratch->n = 0;
	json_decode(scratch, a);
	n = scratch->n;
	json_decode(scratch, b);
	return slice_eq(slice_of(scratch->p, n),
			slice_of(scratch->p + n, scratch->n - n));
}

static bool same_value(struct slice a, struct slice b, uint64_t seed,
		       struct buf *scratch)
{
	return slice_eq(a, b) || hash_eq(hash_value(a, seed, scratch),
					 hash_value(b, seed, scratch));
}

/* Finds a member by name, starting after the one found last: both objects
 * mostly have the same order.
 */
static const struct scan_member *find(struct kept_values *k, struct slice name,
				      size_t *from)
{
	const struct kept_values_side *s = &k->was;

	for (size_t i = 0; i < s->n; i++) {
		size_t at = (*from + i) % s->n;

		if (same_name(s->member[at].key, name, &k->scratch)) {
			*from = at + 1;
			return &s->member[at];
		}
	}
	return NULL;
}

static void add_name(struct buf *b, struct slice name, size_t *n)
{
	buf_char(b, (*n)++ ? ',' : '[');
	buf_char(b, '"');
	buf_slice(b, name);
	buf_char(b, '"');
}

/* Adds the names of columns that the row does not have any more. */
static void add_gone(struct kept_values *k, struct buf *b, size_t *n)
{
	for (size_t i = 0; i < k->was.n; i++) {
		struct slice name = k->was.member[i].key;
		bool there = !k->was.take[i];

		for (size_t j = 0; j < k->row.n && !there; j++)
			there = same_name(k->row.member[j].key, name,
					  &k->scratch);
		if (!there)
			add_name(b, name, n);
	}
}

bool kept_values_changed(struct kept_values *k, struct slice kept,
			 uint64_t seed, struct buf *b)
{
	struct slice object = kept_values_object(kept);
	bool whole = object.n == kept.n && !k->changed;
	size_t n = 0, found = 0, from = 0, wanted = 0;

	if (k->kind == KEPT_VALUES_HASH || kept.n == 0)
		return false;
	copy_and_scan(k, &k->was, object);
	for (size_t i = 0; i < k->was.n; i++)
		wanted += k->was.take[i];
	for (size_t i = 0; i < k->row.n; i++) {
		const struct scan_member *m = &k->row.member[i], *was;

		was = k->was.n ? find(k, m->key, &from) : NULL;
		if (was && k->was.take[was - k->was.member])
			found++;
		if (was ? !same_value(was->value, m->value, seed, &k->scratch)
			: whole && k->row.take[i] && k->row.counts[i])
			add_name(b, m->key, &n);
	}
	if (found < wanted)
		add_gone(k, b, &n);
	if (n == 0)
		buf_char(b, '[');
	buf_char(b, ']');
	return true;
}

/* ---- what was kept ----------------------------------------------------- */

void kept_values_members(struct kept_values *k, struct slice kept,
			 struct buf *b)
{
	if (kept.n == 0)
		return;
	copy_and_scan(k, &k->was, kept_values_object(kept));
	for (size_t i = 0; i < k->was.n; i++) {
		if (!k->was.take[i])
			continue;
		buf_char(b, ',');
		add_member(b, &k->was.member[i]);
	}
}

void kept_values_adapt(struct kept_values *k, struct slice kept, bool whole,
		       struct buf *b)
{
	if (k->kind == KEPT_VALUES_HASH || kept.n == 0)
		return;
	if (!whole || *kept.p == ' ')
		buf_char(b, ' ');
	if (k->kind == KEPT_VALUES_ROW) {
		buf_slice(b, kept_values_object(kept));
		return;
	}
	copy_and_scan(k, &k->row, kept_values_object(kept));
	add_object(&k->row, false, false, b);
}
