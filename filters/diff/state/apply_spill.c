#include "diff/state/apply_spill.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "core/mem.h"
#include "core/temp.h"
#include "diff/keys/spool.h"
#include "diff/state/cursor_file.h"
#include "diff/state/history.h"

enum {
	INTENT = 56,  /* bytes of pending that hold an intent, about */
	NEEDED = 400, /* bytes of memory for working one in, at most about */
	MAX_PARTS = 4096,
	CACHE = 8 * 1024 * 1024,
	CHUNK = 4096, /* bytes that are written at once, at least */
	SPOOLED = 16, /* each spool gets this fraction of the memory */
	AHEAD = 16,   /* intents from fetching a verdict to reading it */
	WAITS = 0x80, /* in a verdict: still unacknowledged */
};

/* A number, and what it is the intent of. */
struct id_record {
	struct hash id;
	uint32_t number, reserved;
};

struct apply_spill {
	struct state *s;
	struct apply_rules *t;
	unsigned parts, shift; /* part = hash.hi >> shift */
	struct spool ids, answers, keys;
	unsigned char *verdict; /* of each intent of pending */
	uint32_t n;
	uint64_t generation;

	/* the part by key in hand */
	unsigned part;
	size_t old;     /* of the snapshot, behind those of the parts before */
	struct buf raw; /* its records */
	struct intent *intent;
	uint32_t *number; /* of each in pending */
	unsigned char *part_verdict;
	struct snapshot_row *row;
	size_t n_part, size;
};

static uint64_t intents_of(const struct state *s)
{
	struct stat st;

	return stat(s->pending_path, &st) < 0 ? 0
					      : (uint64_t)st.st_size / INTENT;
}

bool apply_spill_wanted(const struct state *s)
{
	return s->memory > 0 && intents_of(s) * NEEDED > s->memory;
}

/* A part takes half of the memory at most, if the hashes are spread evenly, and
 * is made to fit the caches of the processor, unless that means small
 * writes.
 */
static bool is_large(const struct apply_spill *b, uint64_t part)
{
	return part > b->s->memory / 2 ||
	       (part > CACHE && b->s->memory / SPOOLED / b->parts >= 2 * CHUNK);
}

static void choose_parts(struct apply_spill *b)
{
	uint64_t need = intents_of(b->s) * NEEDED;

	b->shift = 63;
	for (b->parts = 2; b->parts < MAX_PARTS && is_large(b, need / b->parts);
	     b->parts *= 2)
		b->shift--;
}

/* ---- into parts -------------------------------------------------------- */

static int put_intent(void *ctx, const struct intent *i, struct err *e)
{
	struct apply_spill *b = ctx;
	struct id_record r = {
		.id = pending_id(i, b->s->pending.ids),
		.number = b->n++,
	};
	unsigned part = (unsigned)(r.id.hi >> b->shift);
	struct buf *to;

	if (i->version + (uint64_t)1 > b->generation)
		b->generation = i->version + (uint64_t)1;
	buf_add(spool_record(&b->ids, part), &r, sizeof(r));
	if (spool_add(&b->ids, part, e) < 0)
		return -1;
	part = (unsigned)(i->key.hi >> b->shift);
	to = spool_record(&b->keys, part);
	buf_add(to, &r.number, sizeof(r.number));
	pending_record(to, i);
	return spool_add(&b->keys, part, e);
}

static int put_answer(void *ctx, const struct apply_rules_record *r,
		      struct err *e)
{
	struct apply_spill *b = ctx;
	unsigned part = (unsigned)(r->id.hi >> b->shift);

	if (r->answer == APPLY_COMPLETE) {
		apply_rules_take(b->t, r);
		return 0;
	}
	buf_add(spool_record(&b->answers, part), r, sizeof(*r));
	return spool_add(&b->answers, part, e);
}

static int into_parts(struct apply_spill *b, struct err *e)
{
	const char *dir = temp_dir(b->s->dir);
	size_t memory = b->s->memory / SPOOLED;

	spool_init(&b->ids, dir, b->parts, memory, sizeof(struct id_record));
	spool_init(&b->answers, dir, b->parts, memory,
		   sizeof(struct apply_rules_record));
	spool_init(&b->keys, dir, b->parts, memory, 0);
	b->generation = b->s->snapshot.generation + 1;
	if (b->s->pending.file.map.n > 0 &&
	    pending_scan(&b->s->pending, put_intent, b, e) < 0)
		return -1;
	return apply_rules_read(b->s, put_answer, b, e);
}

/* ---- by change id ------------------------------------------------------ */

static int judge_part(struct apply_spill *b, unsigned part, struct err *e)
{
	struct slice x;
	int rc;

	spool_rewind(&b->ids, part);
	while ((rc = spool_next(&b->ids, &x, e)) > 0) {
		struct id_record r;

		memcpy(&r, x.p, sizeof(r));
		key_set_put(&b->t->ids, pending_found_by(r.id), r.number);
	}
	spool_rewind(&b->answers, part);
	while (rc == 0 && (rc = spool_next(&b->answers, &x, e)) > 0) {
		struct apply_rules_record r;

		memcpy(&r, x.p, sizeof(r));
		apply_rules_take(b->t, &r);
		rc = 0;
	}
	apply_rules_judge(b->t);
	apply_rules_clear(b->t);
	return rc;
}

static int judge(struct apply_spill *b, struct err *e)
{
	b->verdict = mem_table((size_t)b->n + 1);
	b->t->verdict = b->verdict;
	for (unsigned p = 0; p < b->parts; p++) {
		if (judge_part(b, p, e) < 0)
			return -1;
	}
	spool_clear(&b->ids);
	spool_clear(&b->answers);
	return 0;
}

/* ---- by key ------------------------------------------------------------ */

static void make_room(struct apply_spill *b)
{
	if (b->n_part < b->size)
		return;
	b->size = b->size ? b->size + b->size / 2 : 1024;
	b->intent = mem_resize(b->intent, b->size * sizeof(*b->intent));
	b->number = mem_resize(b->number, b->size * sizeof(*b->number));
	b->part_verdict = mem_resize(b->part_verdict, b->size);
}

static int load_part(struct apply_spill *b, struct err *e)
{
	struct slice x;
	int rc;

	apply_rules_clear(b->t);
	b->raw.n = b->n_part = 0;
	spool_rewind(&b->keys, b->part++);
	while ((rc = spool_next(&b->keys, &x, e)) > 0) {
		make_room(b);
		memcpy(&b->number[b->n_part++], x.p, sizeof(uint32_t));
		buf_add(&b->raw, x.p + sizeof(uint32_t),
			x.n - sizeof(uint32_t));
	}
	x = buf_all(&b->raw);
	for (size_t i = 0; rc == 0 && i < b->n_part; i++) {
		if (i + AHEAD < b->n_part)
			__builtin_prefetch(&b->verdict[b->number[i + AHEAD]]);
		if (pending_parse(&x, &b->intent[i]) <= 0)
			return err_set(e, ERR_BUG,
				       "a temporary file has changed");
		if (b->number[i] < b->s->pending.marked)
			b->intent[i].doubt = true;
		b->part_verdict[i] =
			b->verdict[b->number[i]] & (unsigned char)~WAITS;
	}
	b->t->intent = b->intent;
	b->t->n = b->n_part;
	b->t->verdict = b->part_verdict;
	return rc;
}

/* The rows of the next part for the new snapshot; on the way it is noted which
 * intents still wait.
 */
static int next_part(void *ctx, const struct snapshot_row **row, size_t *n,
		     struct err *e)
{
	struct apply_spill *b = ctx;
	size_t from;

	if (b->part == b->parts)
		return 0;
	if (load_part(b, e) < 0)
		return -1;
	from = b->old;
	while (b->old < b->t->old->base &&
	       snapshot_key(b->t->old, b->old).hi >> b->shift < b->part)
		b->old++;
	b->row = mem_resize(b->row, (apply_rules_room(b->t, from, b->old) + 1) *
					    sizeof(*b->row));
	*row = b->row;
	*n = apply_rules_rows(b->t, from, b->old, b->row);
	b->t->counts->applied += apply_rules_applied(b->t);
	for (size_t i = 0; i < b->n_part; i++) {
		if (apply_rules_waits(b->t, i))
			b->verdict[b->number[i]] |= WAITS;
	}
	return 1;
}

static void first_part(void *ctx)
{
	struct apply_spill *b = ctx;

	b->part = 0;
	b->old = 0;
	b->t->counts->applied = 0;
}

static bool any_moves(const struct apply_spill *b)
{
	return b->s->pending.n_same > 0 ||
	       memchr(b->verdict, APPLY_RULES_ACCEPTED, b->n) != NULL;
}

static int write_snapshot(struct apply_spill *b, struct err *e)
{
	const struct snapshot_feed feed = {
		.next = next_part, .rewind = first_part, .ctx = b};
	struct state *s = b->s;
	const struct snapshot_row *row;
	bool noted;
	size_t n;
	int rc;

	if (state_prepare(s, e) < 0 || apply_rules_notes(b->t, &noted, e) < 0)
		return -1;
	s->snapshot.seed = s->seed;
	s->snapshot.columns = s->columns;
	b->t->counts->generation = s->snapshot.generation;
	if (noted || any_moves(b)) {
		b->t->counts->generation = b->generation;
		history_keep(s);
		return snapshot_update(&s->snapshot, &feed, b->t->keep.changed,
				       b->generation, s->snapshot_path, e);
	}
	first_part(b);
	while ((rc = next_part(b, &row, &n, e)) > 0)
		;
	return rc;
}

/* ---- what still waits -------------------------------------------------- */

struct rewriting {
	struct apply_spill *b;
	struct pending_new new;
	uint32_t at;
};

static int keep_waiting(void *ctx, const struct intent *i, struct err *e)
{
	struct rewriting *w = ctx;
	struct intent x = *i;

	x.doubt = x.doubt || w->at < w->b->s->pending.marked ||
		  (w->b->verdict[w->at] & APPLY_RULES_DOUBT) != 0;
	if ((w->b->verdict[w->at++] & WAITS) == 0)
		return 0;
	pending_add(&w->new.j, &x);
	return pending_more(&w->new, e);
}

static int rewrite(struct apply_spill *b, struct err *e)
{
	struct rewriting w = {.b = b};
	struct pending again;
	int rc = pending_open(&again, b->s->pending_path, e);

	if (rc <= 0)
		return rc;
	rc = pending_begin(&w.new, &again, b->s->pending_path, e);
	if (rc == 0)
		rc = pending_scan(&again, keep_waiting, &w, e);
	if (rc == 0)
		rc = pending_done(&w.new, e);
	pending_drop(&w.new);
	pending_clear(&again);
	return rc;
}

static int write_pending(struct apply_spill *b, struct err *e)
{
	uint64_t open = 0;

	if (snapshot_sound(&b->s->snapshot, e) < 0)
		return -1;
	for (uint32_t i = 0; i < b->n; i++)
		open += (b->verdict[i] & WAITS) != 0;
	b->t->counts->open = open;
	if (open == 0)
		return pending_remove(b->s->pending_path, e);
	return open < b->n || b->t->doubts ? rewrite(b, e) : 0;
}

int apply_spill_settle(struct state *s, struct apply_rules *t, struct err *e)
{
	struct apply_spill b = {.s = s, .t = t};
	int rc;

	choose_parts(&b);
	rc = state_load_head(s, e);
	if (rc == 0)
		rc = snapshot_whole(&s->snapshot, e);
	if (rc == 0)
		rc = cursor_file_check(s, e);
	if (rc == 0)
		rc = into_parts(&b, e);
	if (rc == 0)
		rc = judge(&b, e);
	if (rc == 0)
		rc = write_snapshot(&b, e);
	if (rc == 0)
		rc = write_pending(&b, e);
	spool_clear(&b.ids);
	spool_clear(&b.answers);
	spool_clear(&b.keys);
	buf_clear(&b.raw);
	free(b.verdict);
	free(b.intent);
	free(b.number);
	free(b.part_verdict);
	free(b.row);
	return rc;
}
