#include "diff/state/apply_rules.h"

#include <assert.h>
#include <stdlib.h>

#include "core/mem.h"

void apply_rules_clear(struct apply_rules *t)
{
	key_set_clear(&t->ids);
	free(t->part);
	t->part = NULL;
	t->n_parts = t->parts_size = 0;
}

void apply_rules_end(struct apply_rules *t)
{
	apply_rules_clear(t);
	key_clear(&t->key);
	kept_values_clear(&t->keep);
	buf_clear(&t->kept);
	hash_sort_clear(&t->order);
	free(t->moves);
	free(t->waits);
}

/* ---- verdicts ---------------------------------------------------------- */

/* Only an acceptance ends doubt. */
static void set_verdict(struct apply_rules *t, size_t intent,
			enum apply_rules_verdict v)
{
	unsigned char *current = &t->verdict[intent];

	if (v == APPLY_RULES_ACCEPTED)
		*current = APPLY_RULES_ACCEPTED;
	else if (v > (*current & ~APPLY_RULES_DOUBT))
		*current = (unsigned char)(v | (*current & APPLY_RULES_DOUBT));
}

static void set_doubt(struct apply_rules *t, size_t intent)
{
	if (t->verdict[intent] == APPLY_RULES_ACCEPTED)
		return;
	t->verdict[intent] |= APPLY_RULES_DOUBT;
	t->doubts = true;
}

static void take_part(struct apply_rules *t,
		      const struct receipts_file_record *r, uint32_t intent,
		      enum apply_rules_verdict v)
{
	if (t->n_parts == t->parts_size) {
		t->parts_size = t->parts_size ? 2 * t->parts_size : 64;
		t->part = mem_resize(t->part, t->parts_size * sizeof(*t->part));
	}
	t->part[t->n_parts++] =
		(struct apply_rules_part){intent, r->i, r->n, v};
}

void apply_rules_complete(struct apply_rules *t,
			  const struct receipts_file_record *r)
{
	struct slice attempt = t->s->pending.attempt;

	if (attempt.n == 32 && hash_eq(pending_unhex(attempt.p), r->id))
		t->complete = true;
}

/* The verdict that a receipt gives; OPEN if it leaves the intent in doubt. */
static enum apply_rules_verdict verdict_of(const struct apply_rules *t,
					   uint32_t answer)
{
	switch (answer) {
	case APPLY_ACCEPTED:
		return APPLY_RULES_ACCEPTED;
	case APPLY_REJECTED:
	case APPLY_DOUBTED:
		if (t->accept_rejected)
			return APPLY_RULES_ACCEPTED;
		return answer == APPLY_DOUBTED || t->s->unproven
			       ? APPLY_RULES_OPEN
			       : APPLY_RULES_REJECTED;
	case APPLY_FAILED:
		return t->s->unproven ? APPLY_RULES_OPEN : APPLY_RULES_FAILED;
	default:
		return APPLY_RULES_OPEN;
	}
}

void apply_rules_answer(struct apply_rules *t, uint32_t intent,
			const struct receipts_file_record *r)
{
	enum apply_rules_verdict v = verdict_of(t, r->answer);

	if (v == APPLY_RULES_OPEN)
		set_doubt(t, intent);
	else if (r->n > 1)
		take_part(t, r, intent, v);
	else
		set_verdict(t, intent, v);
}

void apply_rules_take(struct apply_rules *t,
		      const struct receipts_file_record *r)
{
	int64_t intent = key_set_get(&t->ids, pending_found_by(r->id));

	if (r->answer == APPLY_COMPLETE)
		apply_rules_complete(t, r);
	else if (intent < 0)
		t->counts->unknown++;
	else
		apply_rules_answer(t, (uint32_t)intent, r);
}

static int by_intent(const void *a, const void *b)
{
	const struct apply_rules_part *x = a, *y = b;

	if (x->intent != y->intent)
		return x->intent < y->intent ? -1 : 1;
	if (x->i != y->i)
		return x->i < y->i ? -1 : 1;
	return (int)y->verdict - (int)x->verdict; /* highest verdict first */
}

/* A change of several events is accepted when all events are, and certainly not
 * delivered when none is. Otherwise it was delivered in part, and the intent
 * stays, in doubt.
 */
void apply_rules_judge(struct apply_rules *t)
{
	if (t->n_parts == 0)
		return;
	qsort(t->part, t->n_parts, sizeof(*t->part), by_intent);
	for (size_t at = 0; at < t->n_parts;) {
		const struct apply_rules_part *first = &t->part[at];
		enum apply_rules_verdict worst = APPLY_RULES_ACCEPTED,
					 best = APPLY_RULES_OPEN;
		uint32_t seen = 0, last = 0;

		for (; at < t->n_parts && t->part[at].intent == first->intent;
		     at++) {
			if (t->part[at].i == last)
				continue; /* a repeated receipt */
			last = t->part[at].i;
			seen++;
			if (t->part[at].verdict < worst)
				worst = t->part[at].verdict;
			if (t->part[at].verdict > best)
				best = t->part[at].verdict;
		}
		if (seen == first->n && (worst == APPLY_RULES_ACCEPTED ||
					 best < APPLY_RULES_ACCEPTED))
			set_verdict(t, first->intent, worst);
		else if (best == APPLY_RULES_ACCEPTED)
			set_doubt(t, first->intent);
	}
}

/* ---- what moves the snapshot ------------------------------------------- */

/* The intents of one key, and the key's entry in the snapshot. */
struct group {
	const struct hash_sort_item *item;
	size_t n;
	int64_t old;      /* position, or -1 */
	uint32_t version; /* of the key in the snapshot */
	const struct intent *best;
};

/* Whether the snapshot still has the row for which a PENDING_SAME intent was
 * written. A row hash by new columns (row.lo) needs the note of these columns,
 * or the state would mix hashes of two sets of columns.
 */
static bool is_same(const struct apply_rules *t, const struct group *g,
		    const struct intent *x)
{
	if (x->row.lo != 0 &&
	    !(t->complete && t->s->pending.has_note[SNAPSHOT_COMPARED]))
		return false;
	return g->old >= 0 && g->version == x->version &&
	       snapshot_mark(t->old, (size_t)g->old).content == x->row.hi &&
	       x->keep_sum == t->keep.sum;
}

static bool is_open(const struct intent *x, unsigned char verdict)
{
	return x->doubt || verdict == APPLY_RULES_OPEN ||
	       (verdict & APPLY_RULES_DOUBT) != 0;
}

/* Whether the intent parks its key for a change (of the same version) that is
 * accepted or open. The park takes effect only if the change is refused.
 */
static bool is_live_park(const struct apply_rules *t, const struct group *g,
			 const struct intent *x)
{
	bool found = false;

	if (!apply_rules_is_park(x))
		return false;
	for (size_t k = 0; k < g->n && !found; k++) {
		uint32_t i = g->item[k].i;

		found = t->intent[i].version == x->version &&
			!apply_rules_is_park(&t->intent[i]) &&
			(t->verdict[i] == APPLY_RULES_ACCEPTED ||
			 is_open(&t->intent[i], t->verdict[i]));
	}
	return found;
}

/* Whether the intent is newer than the snapshot and what was accepted so far.
 */
static bool is_newer(const struct group *g, const struct intent *x)
{
	return x->action != PENDING_SAME &&
	       (g->old < 0 || x->version >= g->version) &&
	       (!g->best || g->best->action == PENDING_SAME ||
		x->version > g->best->version);
}

/* Whether the intent replaces the best accepted one of its key so far. */
static bool replaces_best(const struct apply_rules *t, const struct group *g,
			  const struct intent *x, unsigned char verdict)
{
	if (x->action == PENDING_SAME)
		return !g->best && is_same(t, g, x);
	return verdict == APPLY_RULES_ACCEPTED && is_newer(g, x) &&
	       !is_live_park(t, g, x);
}

/* Whether the key was parked between the open intent before this one and this
 * one. Parking takes a version, so the two differ by more than 1 (parked.h).
 */
static bool was_parked(const struct apply_rules *t, const struct group *g,
		       const struct intent *x)
{
	int64_t below = -1;

	for (size_t k = 0; k < g->n; k++) {
		uint32_t i = g->item[k].i;
		const struct intent *y = &t->intent[i];

		if (y->version < x->version && y->version > below &&
		    is_newer(g, y) && is_open(y, t->verdict[i]))
			below = y->version;
	}
	return below >= 0 && x->version - below > 1;
}

/* Whether an intent stays pending. If the key was parked since an older open
 * intent, a failed one stays too: otherwise the older one would be resent under
 * its first id, and the destination has seen a newer event for the same row.
 */
static bool stays_pending(const struct apply_rules *t, const struct group *g,
			  uint32_t i)
{
	const struct intent *x = &t->intent[i];

	return is_newer(g, x) && (is_open(x, t->verdict[i]) ||
				  was_parked(t, g, x) || is_live_park(t, g, x));
}

/* Finds the newest accepted intent of a key that is newer than the snapshot,
 * and which intents of the key stay pending.
 */
static void judge_group(struct apply_rules *t, struct group *g)
{
	g->best = NULL;
	g->old = snapshot_find(t->old, t->intent[g->item->i].key);
	g->version = g->old < 0 ? 0 : snapshot_version(t->old, (size_t)g->old);
	for (size_t k = 0; k < g->n; k++) {
		uint32_t i = g->item[k].i;

		if (replaces_best(t, g, &t->intent[i], t->verdict[i]))
			g->best = &t->intent[i];
	}
	for (size_t k = 0; k < g->n; k++) {
		t->moves[g->item[k].i] = &t->intent[g->item[k].i] == g->best;
		t->waits[g->item[k].i] = stays_pending(t, g, g->item[k].i);
	}
}

/* By key; intents of one key stay in their order. */
static void order_items(struct apply_rules *t)
{
	struct hash_sort_item *item;

	hash_sort_room(&t->order, t->n);
	item = t->order.item;
	t->order.n = t->n;
	for (size_t i = 0; i < t->n; i++)
		item[i] = (struct hash_sort_item){t->intent[i].key.hi,
						  (uint32_t)i};
	hash_sort_now(&t->order, t->same_bits);
	item = t->order.item;
	for (size_t i = 1; i < t->n; i++) {
		const struct hash_sort_item x = item[i];
		uint64_t lo = t->intent[x.i].key.lo;
		size_t to = i;

		for (; to > 0 && item[to - 1].hi == x.hi &&
		       t->intent[item[to - 1].i].key.lo > lo;
		     to--)
			item[to] = item[to - 1];
		item[to] = x;
	}
}

/* For all keys: which intents move the snapshot, and which stay pending. */
static void judge_all(struct apply_rules *t)
{
	if (t->n > t->flags_size) {
		t->flags_size = t->n + t->n / 4;
		t->moves = mem_resize(t->moves, t->flags_size);
		t->waits = mem_resize(t->waits, t->flags_size);
	}
	for (size_t at = 0; at < t->n;) {
		struct group g = {.item = &t->order.item[at], .n = 1};
		struct hash key = t->intent[g.item->i].key;

		while (at + g.n < t->n && g.item[g.n].hi == key.hi &&
		       t->intent[g.item[g.n].i].key.lo == key.lo)
			g.n++;
		judge_group(t, &g);
		at += g.n;
	}
}

size_t apply_rules_room(const struct apply_rules *t, size_t from, size_t to)
{
	return t->n + (t->keep.changed ? to - from : 0);
}

/* Converts the values of a row that were kept under a different --keep. */
static void convert(struct apply_rules *t, struct snapshot_row *row, bool whole)
{
	const char *was = t->kept.p;
	size_t at = t->kept.n;

	kept_values_adapt(&t->keep, slice_of(row->kept, row->kept_n), whole,
			  &t->kept);
	assert(t->kept.p == was); /* other rows point there */
	row->kept = t->kept.p + at;
	row->kept_n = (uint32_t)(t->kept.n - at);
}

/* Reserves memory for all converted values, so that the buffer never moves. */
static void make_room(struct apply_rules *t, size_t from, size_t to)
{
	size_t room = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (t->intent[i].keep_sum != t->keep.sum)
			room += t->intent[i].kept_n + KEPT_VALUES_ADAPTED;
	}
	for (size_t i = from; i < to && t->keep.changed; i++)
		room += snapshot_kept(t->old, i).n + KEPT_VALUES_ADAPTED;
	t->kept.n = 0;
	buf_room(&t->kept, room);
}

/* If --keep has changed: adds old keys without a new row, values converted. */
static size_t add_converted(struct apply_rules *t, size_t from, size_t to,
			    struct snapshot_row *row, size_t had)
{
	size_t n = had, next = 0;

	for (size_t i = from; i < to && t->keep.changed; i++) {
		struct hash key = snapshot_key(t->old, i);
		struct slice kept = snapshot_kept(t->old, i);
		struct slice text = snapshot_text(t->old, i);

		while (next < had && hash_order(row[next].key, key) < 0)
			next++;
		if (kept.n == 0 || (next < had && hash_eq(row[next].key, key)))
			continue;
		row[n] = (struct snapshot_row){
			.key = key,
			.mark = snapshot_mark(t->old, i),
			.text = text.p,
			.kept = kept.p,
			.text_n = (uint32_t)text.n,
			.kept_n = (uint32_t)kept.n,
			.version = snapshot_version(t->old, i),
		};
		convert(t, &row[n++], !t->keep.refill);
	}
	if (n > had)
		snapshot_order(row, n);
	return n;
}

/* A row found unchanged keeps its hashes, except those that the intent has. */
static struct row_hash same_mark(const struct apply_rules *t,
				 const struct intent *x)
{
	struct row_hash m =
		snapshot_mark(t->old, (size_t)snapshot_find(t->old, x->key));

	if (x->line != 0)
		m.line = x->line;
	if (x->row.lo != 0) /* hash for the columns compared now */
		m.content = x->row.lo;
	return m;
}

static const struct intent *item(const struct apply_rules *t, size_t k)
{
	return &t->intent[t->order.item[k].i];
}

/* The intent with the values to keep of item k, which is accepted: if it was
 * sent first under a different --keep, a PENDING_SAME intent of the same row
 * may have them (classify.c).
 */
static const struct intent *values_of(const struct apply_rules *t, size_t k)
{
	const struct intent *x = item(t, k);

	if (LIKELY(x->keep_sum == t->keep.sum) || x->action == PENDING_DELETE)
		return x;
	while (k > 0 && hash_eq(item(t, k - 1)->key, x->key))
		k--;
	for (; k < t->n && hash_eq(item(t, k)->key, x->key); k++) {
		const struct intent *y = item(t, k);

		if (y->action == PENDING_SAME && y->version == x->version &&
		    y->row.hi == x->row.hi && y->keep_sum == t->keep.sum)
			return y;
	}
	return x;
}

size_t apply_rules_rows(struct apply_rules *t, size_t from, size_t to,
			struct snapshot_row *row, size_t *applied)
{
	size_t n = 0;

	*applied = 0;
	order_items(t);
	judge_all(t);
	make_room(t, from, to);
	for (size_t k = 0; k < t->n; k++) {
		const struct intent *x = item(t, k), *values;
		bool same = x->action == PENDING_SAME;

		if (!t->moves[t->order.item[k].i])
			continue;
		values = values_of(t, k);
		row[n] = (struct snapshot_row){
			.key = x->key,
			.mark = same ? same_mark(t, x) : pending_mark_of(x),
			.text = x->text,
			.kept = values->kept,
			.text_n = x->text_n,
			.kept_n = values->kept_n,
			.version = x->version + !same,
			.gone = x->action == PENDING_DELETE,
		};
		if (UNLIKELY(values->keep_sum != t->keep.sum))
			convert(t, &row[n], false);
		*applied += !same;
		n++;
	}
	return add_converted(t, from, to, row, n);
}
