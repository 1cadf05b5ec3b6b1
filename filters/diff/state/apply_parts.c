#include "diff/state/apply_parts.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/temp.h"
#include "diff/state/apply_notes.h"
#include "diff/state/history.h"
#include "diff/state/pending_write.h"

enum {
	PART_BITS = 10,
	PARTS = 1 << PART_BITS,
	SPOOLED = 16, /* this fraction of --memory is the buffer of the spool */
	GRAIN = 32,   /* bytes of pending for one bit: no intent is shorter */
	FORMS = 4, /* forms of records, encoded in a position: see pending.c */
};

/* The first byte of a packed intent is the length of the key's text, if the
 * rest is as usual. Otherwise these flags come first, with UNUSUAL, and then
 * the length.
 */
enum {
	ACTION = 3,
	DOUBT = 4,
	KEPT = 8,     /* kept_n and keep_sum follow */
	VERSION = 16, /* the version follows; else it is 0 */
	OTHER = 32,   /* it may stay pending: verdict and position follow */
	LOW = 64,     /* row.lo follows (PENDING_SAME) */
	UNUSUAL = 128,
};
enum {
	LONG = 255, /* the length of a text of 255 bytes or more is in 4 more
		       bytes */
	PLAIN = 1 + sizeof(struct hash) + 2 * sizeof(uint64_t)
};

void apply_parts_init(struct apply_parts *b, struct state *s,
		      struct apply_rules *t)
{
	uint64_t memory = s->memory > 0 ? s->memory : UINT64_MAX;

	*b = (struct apply_parts){.s = s, .t = t, .plain = true};
	spool_init(&b->keys, temp_dir(s->dir), PARTS, memory / SPOOLED, 1);
	spool_hold(&b->keys, memory / 4);
}

void apply_parts_clear(struct apply_parts *b)
{
	spool_clear(&b->keys);
	buf_clear(&b->waits);
	buf_clear(&b->doubts);
	free(b->intent);
	free(b->verdict);
	free(b->row);
	*b = (struct apply_parts){.s = NULL};
}

/* ---- packed ------------------------------------------------------------ */

static char *pack(char *to, const void *p, size_t n)
{
	memcpy(to, p, n);
	return to + n;
}

static void add_packed(struct buf *b, const struct intent *x,
		       unsigned char verdict)
{
	enum { FIXED = 96 }; /* at most, without text and values */
	bool has_extra =
		verdict != APPLY_RULES_ACCEPTED || apply_rules_is_park(x);
	unsigned char text_n =
		x->text_n < LONG ? (unsigned char)x->text_n : LONG;
	char *to = buf_room(b, FIXED + (size_t)x->text_n + x->kept_n);
	char *first = to;
	unsigned char head = (unsigned char)x->action;

	head |= x->doubt ? DOUBT : 0;
	head |= x->kept_n > 0 || x->keep_sum > 0 ? KEPT : 0;
	head |= x->version > 0 ? VERSION : 0;
	head |= has_extra ? OTHER : 0;
	head |= x->row.lo != 0 && x->action == PENDING_SAME ? LOW : 0;
	if (head != 0 || text_n >= UNUSUAL)
		*to++ = (char)(UNUSUAL | head);
	*to++ = (char)text_n;
	to = pack(to, &x->key, sizeof(x->key));
	to = pack(to, &x->row.hi, sizeof(x->row.hi));
	to = pack(to, &x->line, sizeof(x->line));
	if (head & VERSION)
		to = pack(to, &x->version, sizeof(x->version));
	if (UNLIKELY(text_n == LONG))
		to = pack(to, &x->text_n, sizeof(x->text_n));
	if (UNLIKELY(head & LOW))
		to = pack(to, &x->row.lo, sizeof(x->row.lo));
	if (UNLIKELY(head & OTHER)) {
		*to++ = (char)verdict;
		to = pack(to, &x->at, sizeof(x->at));
	}
	if (UNLIKELY(head & KEPT)) {
		to = pack(to, &x->kept_n, sizeof(x->kept_n));
		to = pack(to, &x->keep_sum, sizeof(x->keep_sum));
	}
	to = pack(to, x->text, x->text_n);
	if (UNLIKELY(x->kept_n > 0))
		to = pack(to, x->kept, x->kept_n);
	b->n += (size_t)(to - first);
}

static const char *unpack(const char *from, void *p, size_t n)
{
	memcpy(p, from, n);
	return from + n;
}

/* Unpacks an intent that add_packed packed in this process, so nothing is
 * checked. Returns the end of it.
 */
static const char *unpack_intent(const char *from, struct intent *x,
				 unsigned char *verdict)
{
	unsigned char head =
		(unsigned char)*from & UNUSUAL ? (unsigned char)*from++ : 0;
	unsigned char text_n = (unsigned char)*from++;

	*x = (struct intent){
		.action = head & ACTION,
		.doubt = (head & DOUBT) != 0,
		.text_n = text_n,
	};
	*verdict = APPLY_RULES_ACCEPTED;
	from = unpack(from, &x->key, sizeof(x->key));
	from = unpack(from, &x->row.hi, sizeof(x->row.hi));
	from = unpack(from, &x->line, sizeof(x->line));
	if (head & VERSION)
		from = unpack(from, &x->version, sizeof(x->version));
	if (UNLIKELY(text_n == LONG))
		from = unpack(from, &x->text_n, sizeof(x->text_n));
	if (UNLIKELY(head & LOW))
		from = unpack(from, &x->row.lo, sizeof(x->row.lo));
	if (UNLIKELY(head & OTHER)) {
		*verdict = (unsigned char)*from++;
		from = unpack(from, &x->at, sizeof(x->at));
	}
	if (UNLIKELY(head & KEPT)) {
		from = unpack(from, &x->kept_n, sizeof(x->kept_n));
		from = unpack(from, &x->keep_sum, sizeof(x->keep_sum));
	}
	x->text = from;
	x->kept = from + x->text_n;
	return x->kept + x->kept_n;
}

int apply_parts_put(struct apply_parts *b, const struct intent *x,
		    unsigned char verdict, struct err *e)
{
	unsigned part = (unsigned)(x->key.hi >> (64 - PART_BITS));

	b->n++;
	b->moves = b->moves || verdict == APPLY_RULES_ACCEPTED ||
		   x->action == PENDING_SAME;
	if (LIKELY(verdict == APPLY_RULES_ACCEPTED &&
		   x->action < PENDING_DELETE)) {
		b->rows++;
		b->text_n += (uint64_t)x->text_n + x->kept_n;
	}
	b->plain = b->plain && x->action != PENDING_SAME &&
		   (x->keep_sum == b->keep_sum || b->n == 1);
	b->keep_sum = x->keep_sum;
	add_packed(spool_record(&b->keys, part), x, verdict);
	return spool_add(&b->keys, part, e);
}

/* ---- a bit for each intent --------------------------------------------- */

static void set_bit(struct buf *bits, uint64_t at)
{
	size_t i = (size_t)(at / FORMS / GRAIN);

	if (i / 8 >= bits->n) {
		size_t more = i / 8 + 1 - bits->n;

		memset(buf_room(bits, more), 0, more);
		bits->n += more;
	}
	bits->p[i / 8] |= (char)(1 << i % 8);
}

static bool has_bit(const struct buf *bits, uint64_t at)
{
	size_t i = (size_t)(at / FORMS / GRAIN);

	return i / 8 < bits->n && (bits->p[i / 8] >> i % 8 & 1) != 0;
}

/* ---- part by part ------------------------------------------------------ */

static void make_room(struct apply_parts *b)
{
	if (b->n_part < b->size)
		return;
	b->size = b->size ? b->size + b->size / 2 : 1024;
	b->intent = mem_resize(b->intent, b->size * sizeof(*b->intent));
	b->verdict = mem_resize(b->verdict, b->size);
}

static void load_part(struct apply_parts *b, struct slice all)
{
	b->n_part = 0;
	for (const char *p = all.p; p != all.p + all.n;) {
		make_room(b);
		p = unpack_intent(p, &b->intent[b->n_part],
				  &b->verdict[b->n_part]);
		b->n_part++;
	}
	b->t->intent = b->intent;
	b->t->n = b->n_part;
	b->t->verdict = b->verdict;
	b->t->same_bits = PART_BITS;
}

/* ---- the usual part ---------------------------------------------------- */

static bool order_plain(struct apply_parts *b, struct slice all)
{
	struct hash_sort *o = &b->t->order;

	hash_sort_room(o, all.n / PLAIN + 1);
	for (size_t at = 0; at < all.n;) {
		struct hash_sort_item *x = &o->item[o->n++];
		unsigned char text_n = (unsigned char)all.p[at];

		if (UNLIKELY(text_n >= UNUSUAL))
			return false;
		x->i = (uint32_t)at;
		memcpy(&x->hi, all.p + at + 1 + offsetof(struct hash, hi),
		       sizeof(x->hi));
		at += PLAIN + text_n;
	}
	hash_sort_now(o, PART_BITS);
	return true;
}

static struct snapshot_row plain_row(const char *p)
{
	struct snapshot_row r = {.text_n = (unsigned char)*p, .version = 1};
	const char *from = unpack(p + 1, &r.key, sizeof(r.key));

	from = unpack(from, &r.mark.content, sizeof(r.mark.content));
	from = unpack(from, &r.mark.line, sizeof(r.mark.line));
	r.text = from;
	r.kept = from + r.text_n;
	return r;
}

/* If the snapshot was empty, each plain intent becomes a row, unless two
 * intents have the same key. Returns the number of rows, or 0 if the part needs
 * the general way.
 */
static size_t plain_rows(struct apply_parts *b, struct slice all)
{
	const struct hash_sort *o = &b->t->order;

	if (b->t->old->places > 0 || b->t->keep.kind != KEPT_VALUES_HASH ||
	    all.n > UINT32_MAX || !order_plain(b, all))
		return 0;
	b->row = mem_resize(b->row, (o->n + 1) * sizeof(*b->row));
	for (size_t k = 0; k < o->n; k++) {
		if (UNLIKELY(k > 0 && o->item[k - 1].hi == o->item[k].hi))
			return 0;
		b->row[k] = plain_row(all.p + o->item[k].i);
	}
	return o->n;
}

/* Marks the intents that stay pending. A part may be read twice, with the same
 * result.
 */
static void mark_pending(struct apply_parts *b)
{
	for (size_t i = 0; i < b->n_part; i++) {
		if (LIKELY(!b->t->waits[i]))
			continue;
		b->open += !has_bit(&b->waits, b->intent[i].at);
		set_bit(&b->waits, b->intent[i].at);
		if (b->verdict[i] & APPLY_RULES_DOUBT)
			set_bit(&b->doubts, b->intent[i].at);
	}
}

static void count_given(struct apply_parts *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (b->row[i].gone)
			continue;
		b->given++;
		b->given_n += (uint64_t)b->row[i].text_n + b->row[i].kept_n;
	}
}

/* At the end: 0, or -1 if the counted number of rows is wrong, because two
 * intents have the same key.
 */
static int check_counts(struct apply_parts *b, struct err *e)
{
	if (!b->counted || (b->given == b->rows && b->given_n == b->text_n))
		return 0;
	b->counted = false;
	return err_set(e, ERR_BUG, "the rows were miscounted");
}

/* The rows of the next part for the new snapshot. Also marks the intents that
 * stay pending.
 */
static int next_part(void *ctx, const struct snapshot_row **row, size_t *n,
		     struct err *e)
{
	struct apply_parts *b = ctx;
	size_t from, room, applied;
	struct slice all;

	while (b->part < PARTS && spool_empty(&b->keys, b->part) &&
	       !b->t->keep.changed)
		b->part++;
	if (b->part == PARTS)
		return check_counts(b, e);
	if (spool_all(&b->keys, b->part++, &all, e) < 0)
		return -1;
	*n = applied = plain_rows(b, all);
	if (*n > 0)
		goto given;
	load_part(b, all);
	from = b->old;
	while (b->t->keep.changed && b->old < b->t->old->base &&
	       snapshot_key(b->t->old, b->old).hi >> (64 - PART_BITS) < b->part)
		b->old++;
	room = apply_rules_room(b->t, from, b->old) + 1;
	b->row = mem_resize(b->row, room * sizeof(*b->row));
	*n = apply_rules_rows(b->t, from, b->old, b->row, &applied);
	mark_pending(b);
given:
	*row = b->row;
	b->t->counts->applied += applied;
	count_given(b, *n);
	return 1;
}

static void first_part(void *ctx)
{
	struct apply_parts *b = ctx;

	b->part = 0;
	b->old = 0;
	b->t->counts->applied = 0;
	b->given = b->given_n = 0;
}

/* ---- the next snapshot ------------------------------------------------- */

/* If the snapshot was empty and all intents are plain, the rows are counted
 * already, unless two intents have the same key: then it is written again, with
 * the rows counted first.
 */
static int write_counted(struct apply_parts *b, struct snapshot_feed *feed,
			 struct err *e)
{
	const struct state *s = b->s;
	int rc;

	feed->counted = b->counted;
	feed->n = b->rows;
	feed->text_n = b->text_n;
	rc = snapshot_update(&b->s->snapshot, feed, b->t->keep.changed,
			     b->generation, s->snapshot_path, e);
	if (rc == 0 || b->counted || !feed->counted)
		return rc;
	feed->counted = false;
	return snapshot_update(&b->s->snapshot, feed, b->t->keep.changed,
			       b->generation, s->snapshot_path, e);
}

static int write_snapshot(struct apply_parts *b, struct err *e)
{
	struct snapshot_feed feed = {
		.next = next_part, .rewind = first_part, .ctx = b};
	struct state *s = b->s;
	const struct snapshot_row *row;
	bool noted;
	size_t n;
	int rc;

	if (state_prepare(s, e) < 0 || apply_notes(b->t, &noted, e) < 0)
		return -1;
	s->snapshot.seed = s->seed;
	s->snapshot.columns = s->columns;
	if (b->generation <= s->snapshot.generation)
		b->generation = s->snapshot.generation + 1;
	b->t->counts->generation = s->snapshot.generation;
	if (noted || b->moves) {
		b->t->counts->generation = b->generation;
		/* adapting values to a different --keep changes their length */
		b->counted = b->plain && s->snapshot.places == 0 &&
			     (b->keep_sum == b->t->keep.sum ||
			      (b->keep_sum == 0 &&
			       b->t->keep.kind == KEPT_VALUES_HASH));
		history_keep(s);
		return write_counted(b, &feed, e);
	}
	first_part(b);
	while ((rc = next_part(b, &row, &n, e)) > 0)
		;
	return rc;
}

/* ---- what stays pending ------------------------------------------------- */

struct rewriting {
	const struct apply_parts *b;
	struct pending_new new;
	uint64_t mark;
};

static int copy_pending(void *ctx, const struct intent *i, struct err *e)
{
	struct rewriting *w = ctx;
	struct intent x = *i;

	if (!has_bit(&w->b->waits, x.at))
		return 0;
	x.doubt = x.doubt || x.at < w->mark || has_bit(&w->b->doubts, x.at);
	return pending_write_keep(&w->new, &x, e);
}

static int rewrite(struct apply_parts *b, struct err *e)
{
	struct rewriting w = {.b = b, .mark = b->s->pending.mark};
	struct pending again;
	int rc = pending_open(&again, b->s->pending_path, e);

	if (rc <= 0)
		return rc;
	rc = pending_write_begin(&w.new, &again, b->s->pending_path, e);
	if (rc == 0)
		rc = pending_scan(&again, copy_pending, &w, e);
	if (rc == 0 && b->s->partly)
		rc = pending_write_keep_notes(&w.new, &again, e);
	if (rc == 0)
		rc = pending_write_done(&w.new, e);
	pending_write_drop(&w.new);
	pending_clear(&again);
	return rc;
}

static int write_pending(struct apply_parts *b, struct err *e)
{
	const struct pending *p = &b->s->pending;

	if (snapshot_sound(&b->s->snapshot, e) < 0)
		return -1;
	b->t->counts->open = b->open;
	if (b->open == 0 && !b->s->partly)
		return file_remove(b->s->pending_path, e);
	return b->open < p->n || b->t->doubts ? rewrite(b, e) : 0;
}

int apply_parts_settle(struct apply_parts *b, struct err *e)
{
	/* many look-ups are faster after everything is checked and indexed */
	if (!state_is_few(&b->s->snapshot, b->n) &&
	    snapshot_whole(&b->s->snapshot, e) < 0)
		return -1;
	return write_snapshot(b, e) < 0 ? -1 : write_pending(b, e);
}
