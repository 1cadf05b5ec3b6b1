#include "diff/state/sample.h"

#include <stdlib.h>

#include "core/mem.h"
#include "diff/keys/columns.h"
#include "wire/json/json.h"

enum { NAMES = 64 * 1024 }; /* bytes of all names */

struct sample_head {
	uint32_t rows, columns, full, names_n;
};

/* ---- the note ---------------------------------------------------------- */

/* Takes the next name from the list; empty if it is invalid. */
static struct slice next_name(struct slice *list)
{
	struct slice name = {0};
	uint32_t n;

	if (list->n < sizeof(n))
		return name;
	memcpy(&n, list->p, sizeof(n));
	if (n < 2 || n > list->n - sizeof(n))
		return name;
	name = slice_of(list->p + sizeof(n), n);
	*list = slice_of(name.p + n, list->n - sizeof(n) - n);
	return name;
}

/* Parses a note. An invalid note (of a forged state) counts as no note. */
static bool parse_note(struct sample_view *v, struct slice note,
		       struct slice *names)
{
	struct slice rest;
	struct sample_head h;
	size_t tail;

	*v = (struct sample_view){0};
	if (note.n < sizeof(h))
		return false;
	memcpy(&h, note.p, sizeof(h));
	if (h.rows > SAMPLE_ROWS || h.columns > SAMPLE_COLUMNS)
		return false;
	tail = h.rows *
	       (sizeof(struct sample_row) + h.columns * sizeof(uint16_t));
	if (note.n - sizeof(h) < tail || h.names_n != note.n - sizeof(h) - tail)
		return false;
	*names = rest = slice_of(note.p + sizeof(h), h.names_n);
	for (size_t i = 0; i < h.columns; i++) {
		if (next_name(&rest).n == 0)
			return false;
	}
	*v = (struct sample_view){
		.n = h.rows,
		.columns = h.columns,
		.full = h.full != 0,
		.row = rest.p,
		.value = rest.p + h.rows * sizeof(struct sample_row),
	};
	return rest.n == 0;
}

static struct sample_row row_at(const struct sample_view *v, size_t i)
{
	struct sample_row r;

	memcpy(&r, v->row + i * sizeof(r), sizeof(r));
	return r;
}

static uint16_t value_at(const struct sample_view *v, size_t i, size_t column)
{
	uint16_t x;

	if (column >= v->columns)
		return 0;
	memcpy(&x, v->value + (i * v->columns + column) * sizeof(x), sizeof(x));
	return x;
}

/* The entry of the key; v->n if the key has no entry. */
static size_t find(const struct sample_view *v, struct hash key)
{
	size_t i = 0;

	while (i < v->n && !hash_eq(row_at(v, i).key, key))
		i++;
	return i;
}

/* ---- columns ----------------------------------------------------------- */

struct slice sample_name(const struct sample *s, size_t column)
{
	size_t from = column ? s->end[column - 1] : 0;

	return slice_of(s->names.p + from, s->end[column] - from);
}

static bool is_compared(const struct sample *s, struct slice name)
{
	struct buf plain = {0};
	bool counts;

	if (!s->compare && !s->ignore)
		return true;
	json_decode(&plain, json_inner(name));
	counts = columns_count(s->compare, s->ignore, buf_cstr(&plain));
	buf_clear(&plain);
	return counts;
}

/* The number of the column, which is added if it is new; -1 if there are too
 * many.
 */
static int column_of(struct sample *s, struct slice name)
{
	struct hash h = hash_bytes(name.p, name.n, s->seed);
	size_t at = h.lo % COUNT_OF(s->slot);

	for (; s->slot[at]; at = (at + 1) % COUNT_OF(s->slot)) {
		if (slice_eq(sample_name(s, s->slot[at] - (size_t)1), name))
			return s->slot[at] - 1;
	}
	if (s->columns == SAMPLE_COLUMNS || s->names.n + name.n > NAMES) {
		s->full = true;
		return -1;
	}
	buf_slice(&s->names, name);
	s->end[s->columns] = s->names.n;
	s->counts[s->columns] = is_compared(s, name);
	s->slot[at] = (uint16_t)++s->columns;
	return (int)s->columns - 1;
}

/* The name of a member in canonical form, with its quotes. */
static struct slice name_of(struct sample *s, const struct scan_member *m)
{
	struct slice quoted = slice_of(m->key.p - 1, m->key.n + 2);

	if (!memchr(quoted.p, '\\', quoted.n))
		return quoted;
	s->scratch.n = 0;
	hash_canonical(&s->scratch, quoted);
	return buf_all(&s->scratch);
}

/* ---- rows -------------------------------------------------------------- */

struct sample *sample_new(const struct snapshot *old, const char *compare,
			  const char *ignore, uint64_t seed)
{
	struct sample *s = mem_zero(sizeof(*s));
	struct slice names = {0};

	s->old = old;
	s->compare = compare;
	s->ignore = ignore;
	s->seed = seed;
	s->scan = scan_new();
	s->below = UINT64_MAX;
	if (old->base >= SAMPLE_ROWS &&
	    old->hot[SAMPLE_ROWS - 1].key.hi < UINT64_MAX)
		s->below = old->hot[SAMPLE_ROWS - 1].key.hi + 1;
	if (!parse_note(&s->view, old->note[SNAPSHOT_SAMPLE], &names))
		s->view = (struct sample_view){0};
	/* a duplicate name means a forged state too */
	for (size_t i = 0; i < s->view.columns; i++) {
		if (column_of(s, next_name(&names)) != (int)i)
			s->view = (struct sample_view){0};
	}
	return s;
}

void sample_free(struct sample *s)
{
	if (!s)
		return;
	scan_free(s->scan);
	buf_clear(&s->scratch);
	buf_clear(&s->names);
	free(s);
}

static size_t highest(const struct sample *s)
{
	size_t high = 0;

	for (size_t i = 1; i < s->n; i++) {
		if (hash_order(s->row[i].key, s->row[high].key) > 0)
			high = i;
	}
	return high;
}

/* Where to put one more row: if all slots are used, over the highest key. */
static size_t slot_for_row(struct sample *s)
{
	size_t at = s->n < SAMPLE_ROWS ? s->n++ : highest(s);

	memset(s->value[at], 0, s->columns * sizeof(s->value[at][0]));
	return at;
}

static void put(struct sample *s, size_t at, struct hash key, uint64_t row,
		uint64_t was)
{
	uint64_t high;

	s->row[at] = (struct sample_row){key, row};
	s->was[at] = was;
	if (s->n < SAMPLE_ROWS)
		return;
	high = s->row[highest(s)].key.hi;
	s->below = high < s->below ? high : s->below;
}

void sample_take(struct sample *s, struct hash key, uint64_t row, uint64_t was,
		 const struct scan_member *m, size_t n)
{
	size_t at;

	if (n > SAMPLE_COLUMNS) {
		s->full = true;
		return;
	}
	at = slot_for_row(s);
	for (size_t i = 0; i < n; i++) {
		int column = column_of(s, name_of(s, &m[i]));
		uint16_t v;

		if (column < 0 || !s->counts[column])
			continue;
		v = (uint16_t)hash_value(m[i].value, s->seed, &s->scratch).lo;
		s->value[at][column] = v ? v : 1;
	}
	put(s, at, key, row, was);
}

void sample_line(struct sample *s, struct hash key, uint64_t row, uint64_t was,
		 struct slice line)
{
	const struct scan_member *m;
	size_t n;

	if (scan_object(s->scan, line) < 0)
		return; /* cannot happen: it was read before */
	m = scan_members(s->scan, &n);
	sample_take(s, key, row, was, m, n);
}

void sample_drop(struct sample *s, struct hash key)
{
	size_t at = find(&s->view, key);

	if (at < s->view.n)
		s->gone[at] = true;
}

/* ---- what differs ------------------------------------------------------ */

/* Counts a column of one row. A column that the old note had no room for does
 * not count as new.
 */
static void count(const struct sample *s, size_t column, uint16_t was,
		  uint16_t is, struct sample_change *c)
{
	if (was == is ||
	    (was == 0 && s->view.full && column >= s->view.columns))
		return;
	c->differs++;
	c->new += was == 0;
	c->gone += is == 0;
}

size_t sample_compare(const struct sample *s,
		      struct sample_change change[SAMPLE_COLUMNS])
{
	size_t n = 0;

	memset(change, 0, SAMPLE_COLUMNS * sizeof(*change));
	for (size_t i = 0; i < s->n; i++) {
		size_t at = find(&s->view, s->row[i].key);

		if (s->was[i] == 0 || at == s->view.n ||
		    row_at(&s->view, at).row != s->was[i])
			continue;
		for (size_t c = 0; c < s->columns; c++)
			count(s, c, value_at(&s->view, at, c), s->value[i][c],
			      &change[c]);
		n++;
	}
	return n;
}

/* ---- the next note ----------------------------------------------------- */

static bool has_row(const struct sample *s, struct hash key)
{
	for (size_t i = 0; i < s->n; i++) {
		if (hash_eq(s->row[i].key, key))
			return true;
	}
	return false;
}

/* Whether the snapshot still has the row of an entry. */
static bool is_current(const struct snapshot *old, const struct sample_row *r)
{
	int64_t at = snapshot_find(old, r->key);

	return at >= 0 && snapshot_mark(old, (size_t)at).content == r->row;
}

/* Copies entries of the old note whose rows did not arrive in this run. */
static void carry_over(struct sample *s)
{
	for (size_t i = 0; i < s->view.n; i++) {
		struct sample_row r = row_at(&s->view, i);
		size_t at;

		if (s->gone[i] || r.key.hi >= s->below ||
		    !is_current(s->old, &r) || has_row(s, r.key))
			continue;
		at = slot_for_row(s);
		for (size_t c = 0; c < s->view.columns; c++)
			s->value[at][c] = value_at(&s->view, i, c);
		put(s, at, r.key, r.row, 0);
		s->full = s->full || s->view.full;
	}
}

static int by_key(const void *a, const void *b)
{
	const struct sample_row *const *x = a, *const *y = b;

	return hash_order((*x)->key, (*y)->key);
}

/* The columns that at least one row has. */
static size_t used_columns(const struct sample *s,
			   uint16_t column[SAMPLE_COLUMNS])
{
	size_t n = 0;

	for (size_t c = 0; c < s->columns; c++) {
		size_t i = 0;

		while (i < s->n && s->value[i][c] == 0)
			i++;
		if (i < s->n)
			column[n++] = (uint16_t)c;
	}
	return n;
}

static void add_names(const struct sample *s, const uint16_t *column, size_t n,
		      struct buf *b)
{
	for (size_t c = 0; c < n; c++) {
		struct slice name = sample_name(s, column[c]);
		uint32_t length = (uint32_t)name.n;

		buf_add(b, &length, sizeof(length));
		buf_slice(b, name);
	}
}

void sample_note(struct sample *s, struct buf *b)
{
	const struct sample_row *row[SAMPLE_ROWS];
	uint16_t column[SAMPLE_COLUMNS];
	struct sample_head h = {0};
	size_t from = b->n;

	carry_over(s);
	for (size_t i = 0; i < s->n; i++)
		row[i] = &s->row[i];
	if (s->n > 0)
		qsort(row, s->n, sizeof(row[0]), by_key);
	h.rows = (uint32_t)s->n;
	h.columns = (uint32_t)used_columns(s, column);
	h.full = s->full;
	buf_add(b, &h, sizeof(h));
	add_names(s, column, h.columns, b);
	h.names_n = (uint32_t)(b->n - from - sizeof(h));
	memcpy(b->p + from, &h, sizeof(h));
	for (size_t i = 0; i < s->n; i++)
		buf_add(b, row[i], sizeof(*row[i]));
	for (size_t i = 0; i < s->n; i++) {
		const uint16_t *v = s->value[row[i] - s->row];

		for (size_t c = 0; c < h.columns; c++)
			buf_add(b, &v[column[c]], sizeof(v[0]));
	}
}

/* ---- forgetting -------------------------------------------------------- */

static bool is_listed(const struct snapshot_row *row, size_t n, struct hash key)
{
	for (size_t i = 0; i < n; i++) {
		if (hash_eq(row[i].key, key))
			return true;
	}
	return false;
}

void sample_but(struct slice note, const struct snapshot *old,
		const struct snapshot_row *row, size_t n, struct buf *b)
{
	bool keep[SAMPLE_ROWS];
	size_t from = b->n, width;
	struct sample_view v;
	struct slice names;
	struct sample_head h;

	if (!parse_note(&v, note, &names))
		return;
	memcpy(&h, note.p, sizeof(h));
	h.rows = 0;
	for (size_t i = 0; i < v.n; i++) {
		struct hash key = row_at(&v, i).key;

		keep[i] =
			snapshot_find(old, key) >= 0 && !is_listed(row, n, key);
		h.rows += keep[i];
	}
	buf_slice(b, slice_of(note.p, (size_t)(v.row - note.p)));
	memcpy(b->p + from, &h, sizeof(h));
	for (size_t i = 0; i < v.n; i++) {
		if (keep[i])
			buf_add(b, v.row + i * sizeof(struct sample_row),
				sizeof(struct sample_row));
	}
	width = v.columns * sizeof(uint16_t);
	for (size_t i = 0; i < v.n; i++) {
		if (keep[i])
			buf_add(b, v.value + i * width, width);
	}
}
