#include "diff/state/apply_rules.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"
#include "diff/state/state_connection.h"

const char apply_rules_magic[8] = "RudAnsw";

void apply_rules_clear(struct apply_rules *t)
{
	key_set_clear(&t->ids);
	key_set_clear(&t->best);
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
}

/* ---- verdicts ---------------------------------------------------------- */

/* Acceptance ends all doubt, nothing else does. */
static void judge(struct apply_rules *t, size_t intent,
		  enum apply_rules_verdict v)
{
	unsigned char *is = &t->verdict[intent];

	if (v == APPLY_RULES_ACCEPTED)
		*is = APPLY_RULES_ACCEPTED;
	else if (v > (*is & ~APPLY_RULES_DOUBT))
		*is = (unsigned char)(v | (*is & APPLY_RULES_DOUBT));
}

static void doubt(struct apply_rules *t, size_t intent)
{
	if (t->verdict[intent] == APPLY_RULES_ACCEPTED)
		return;
	t->verdict[intent] |= APPLY_RULES_DOUBT;
	t->doubts = true;
}

static void take_part(struct apply_rules *t, const struct apply_rules_record *r,
		      uint32_t intent, enum apply_rules_verdict v)
{
	if (t->n_parts == t->parts_size) {
		t->parts_size = t->parts_size ? 2 * t->parts_size : 64;
		t->part = mem_resize(t->part, t->parts_size * sizeof(*t->part));
	}
	t->part[t->n_parts++] =
		(struct apply_rules_part){intent, r->i, r->n, v};
}

static void take_complete(struct apply_rules *t,
			  const struct apply_rules_record *r)
{
	struct slice attempt = t->s->pending.attempt;

	if (attempt.n == 32 && hash_eq(pending_unhex(attempt.p), r->id))
		t->complete = true;
}

/* What an answer says, OPEN for one that leaves the intent in doubt. */
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

void apply_rules_take(struct apply_rules *t, const struct apply_rules_record *r)
{
	int64_t intent = key_set_get(&t->ids, pending_found_by(r->id));
	enum apply_rules_verdict v = verdict_of(t, r->answer);

	if (r->answer == APPLY_COMPLETE)
		take_complete(t, r);
	else if (intent < 0)
		t->counts->unknown++;
	else if (v == APPLY_RULES_OPEN)
		doubt(t, (size_t)intent);
	else if (r->n > 1)
		take_part(t, r, (uint32_t)intent, v);
	else
		judge(t, (size_t)intent, v);
}

static int by_intent(const void *a, const void *b)
{
	const struct apply_rules_part *x = a, *y = b;

	if (x->intent != y->intent)
		return x->intent < y->intent ? -1 : 1;
	if (x->i != y->i)
		return x->i < y->i ? -1 : 1;
	return (int)y->verdict - (int)x->verdict; /* the best first */
}

/* A change of several events is accepted when all of them are, and was surely
 * not delivered when none is. In between the destination holds a part of it:
 * the intent stays, in doubt.
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
				continue; /* the same event again */
			last = t->part[at].i;
			seen++;
			if (t->part[at].verdict < worst)
				worst = t->part[at].verdict;
			if (t->part[at].verdict > best)
				best = t->part[at].verdict;
		}
		if (seen == first->n && (worst == APPLY_RULES_ACCEPTED ||
					 best < APPLY_RULES_ACCEPTED))
			judge(t, first->intent, worst);
		else if (best == APPLY_RULES_ACCEPTED)
			doubt(t, first->intent);
	}
}

bool apply_rules_has_head(const char *path)
{
	static const char none[JOURNAL_HEAD];
	char head[JOURNAL_HEAD];
	struct err ignored;
	int fd = file_open_own(path, O_RDONLY, ERR_IO, &ignored);
	ssize_t n = fd < 0 ? 0 : read(fd, head, sizeof(head));

	if (fd >= 0)
		close(fd);
	return n == sizeof(head) && memcmp(head, none, sizeof(head)) != 0;
}

typedef int take_fn(void *ctx, const struct apply_rules_record *r,
		    struct err *e);

static int read_file(const char *path, take_fn *take, void *ctx, struct err *e)
{
	struct apply_rules_record r;
	struct journal_file f;
	struct slice payload;
	int rc;

	if (!apply_rules_has_head(path))
		return 0;
	rc = journal_open(&f, path, apply_rules_magic, e);
	if (rc <= 0)
		return rc;
	f.loose = true;
	while ((rc = journal_next(&f, &payload, e)) > 0) {
		for (; payload.n >= sizeof(r) && rc > 0;
		     payload = slice_of(payload.p + sizeof(r),
					payload.n - sizeof(r))) {
			memcpy(&r, payload.p, sizeof(r));
			if (take(ctx, &r, e) < 0)
				rc = -1;
		}
		if (rc < 0)
			break;
	}
	journal_forget(&f);
	return rc;
}

int apply_rules_read(const struct state *s, take_fn *take, void *ctx,
		     struct err *e)
{
	if (read_file(s->answers_path, take, ctx, e) < 0)
		return -1;
	return read_file(s->receipts_path, take, ctx, e);
}

/* ---- what moves -------------------------------------------------------- */

/* Whether the row is as it was delivered when that was said. Hashes by other
 * columns count together with the note of these, or not at all: then all rows
 * of the state have been compared by the same.
 */
static bool is_same(const struct apply_rules *t, const struct intent *x)
{
	int64_t at = snapshot_find(t->old, x->key);

	if (x->row.lo != 0 &&
	    !(t->complete && t->s->pending.has_note[SNAPSHOT_COMPARED]))
		return false;
	return at >= 0 && snapshot_version(t->old, (size_t)at) == x->version &&
	       snapshot_mark(t->old, (size_t)at).content == x->row.hi &&
	       x->keep_sum == t->keep.sum;
}

/* The newest accepted intent of each key, unless the snapshot is newer. */
static void find_best(struct apply_rules *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct intent *x = &t->intent[i];
		int64_t other, at;

		if (x->action == PENDING_SAME) {
			if (is_same(t, x) && !key_set_has(&t->best, x->key))
				key_set_put(&t->best, x->key, (uint32_t)i);
			continue;
		}
		if (t->verdict[i] != APPLY_RULES_ACCEPTED)
			continue;
		at = snapshot_find(t->old, x->key);
		if (at >= 0 &&
		    x->version < snapshot_version(t->old, (size_t)at))
			continue;
		other = key_set_get(&t->best, x->key);
		if (other < 0 || t->intent[other].version < x->version ||
		    t->intent[other].action == PENDING_SAME)
			key_set_put(&t->best, x->key, (uint32_t)i);
	}
}

/* Whose turn it is counts in any case (quota.h). */
static bool is_turn(size_t note)
{
	return note == SNAPSHOT_PROMISED || note == SNAPSHOT_HAND ||
	       note == SNAPSHOT_POSTPONED;
}

int apply_rules_notes(struct apply_rules *t, bool *any, struct err *e)
{
	const struct pending *p = &t->s->pending;
	struct slice noted = t->old->note[SNAPSHOT_KEEP];
	struct kept_values_options o = {.what = NULL};
	struct buf what = {0};
	int rc = 0;

	*any = false;
	for (size_t i = 0; i < SNAPSHOT_NOTES; i++) {
		if (!p->has_note[i] || !(t->complete || is_turn(i)))
			continue;
		t->old->note[i] = p->note[i];
		/* a sample of rows that did not arrive is worth nothing */
		*any = *any || i != SNAPSHOT_SAMPLE;
	}
	if (t->s->connection)
		state_connection_note(
			t->s->connection, t->old,
			t->complete && p->has_note[SNAPSHOT_RESENT], any);
	buf_slice(&what, t->old->note[SNAPSHOT_KEEP]);
	o.what = what.n > 0 ? buf_cstr(&what) : "hash";
	if (t->s->columns.n > 0)
		rc = key_from_json(&t->key, t->s->columns, e);
	if (rc == 0)
		rc = kept_values_init(&t->keep, &o, noted, &t->key, e);
	if (rc < 0) /* nobody typed it: it stands in the state */
		e->kind = ERR_CONFIG;
	t->keep.o.what = NULL;
	buf_clear(&what);
	return rc;
}

size_t apply_rules_room(const struct apply_rules *t, size_t from, size_t to)
{
	return t->n + (t->keep.changed ? to - from : 0);
}

/* What was kept under another --keep. */
static void adapt(struct apply_rules *t, struct snapshot_row *row, bool whole)
{
	size_t at = t->kept.n;

	kept_values_adapt(&t->keep, slice_of(row->kept, row->kept_n), whole,
			  &t->kept);
	row->kept = t->kept.p + at;
	row->kept_n = (uint32_t)(t->kept.n - at);
}

/* Room for all that is adapted, so that it never moves. */
static void make_room(struct apply_rules *t, size_t from, size_t to)
{
	size_t room = 0;

	for (size_t i = 0; i < t->n; i++)
		room += t->intent[i].kept_n + KEPT_VALUES_ADAPTED;
	for (size_t i = from; i < to && t->keep.changed; i++)
		room += snapshot_kept(t->old, i).n + KEPT_VALUES_ADAPTED;
	t->kept.n = 0;
	buf_room(&t->kept, room);
}

/* The old keys for which nothing came, when another --keep is noted. */
static size_t other_rows(struct apply_rules *t, size_t from, size_t to,
			 struct snapshot_row *row)
{
	size_t n = 0;

	for (size_t i = from; i < to && t->keep.changed; i++) {
		struct slice kept = snapshot_kept(t->old, i);
		struct slice text = snapshot_text(t->old, i);

		if (kept.n == 0 ||
		    key_set_has(&t->best, snapshot_key(t->old, i)))
			continue;
		row[n] = (struct snapshot_row){
			.key = snapshot_key(t->old, i),
			.mark = snapshot_mark(t->old, i),
			.text = text.p,
			.kept = kept.p,
			.text_n = (uint32_t)text.n,
			.kept_n = (uint32_t)kept.n,
			.version = snapshot_version(t->old, i),
		};
		adapt(t, &row[n++], !t->keep.refill);
	}
	return n;
}

/* Of a row that is as it was delivered what was known stays known. */
static struct row_hash same_mark(const struct apply_rules *t,
				 const struct intent *x)
{
	struct row_hash m =
		snapshot_mark(t->old, (size_t)snapshot_find(t->old, x->key));

	if (x->line != 0)
		m.line = x->line;
	if (x->row.lo != 0) /* by other columns */
		m.content = x->row.lo;
	return m;
}

size_t apply_rules_rows(struct apply_rules *t, size_t from, size_t to,
			struct snapshot_row *row)
{
	size_t n = 0;

	find_best(t);
	make_room(t, from, to);
	for (size_t i = 0; i < t->n; i++) {
		const struct intent *x = &t->intent[i];
		bool same = x->action == PENDING_SAME;

		if (key_set_get(&t->best, x->key) != (int64_t)i)
			continue;
		row[n] = (struct snapshot_row){
			.key = x->key,
			.mark = same ? same_mark(t, x) : pending_mark_of(x),
			.text = x->text,
			.kept = x->kept,
			.text_n = x->text_n,
			.kept_n = x->kept_n,
			.version = x->version + !same,
			.gone = x->action == PENDING_DELETE,
		};
		if (x->keep_sum != t->keep.sum)
			adapt(t, &row[n], false);
		n++;
	}
	n += other_rows(t, from, to, row + n);
	snapshot_order(row, n);
	return n;
}

size_t apply_rules_applied(const struct apply_rules *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += t->intent[i].action != PENDING_SAME &&
		     key_set_get(&t->best, t->intent[i].key) == (int64_t)i;
	return n;
}

bool apply_rules_waits(const struct apply_rules *t, size_t i)
{
	const struct intent *x = &t->intent[i];
	int64_t at = snapshot_find(t->old, x->key);
	int64_t best = key_set_get(&t->best, x->key);

	if (x->action == PENDING_SAME)
		return false;
	if (at >= 0 && x->version < snapshot_version(t->old, (size_t)at))
		return false;
	if (best >= 0 && t->intent[best].action != PENDING_SAME &&
	    x->version <= t->intent[best].version)
		return false;
	return x->doubt || t->verdict[i] == APPLY_RULES_OPEN ||
	       (t->verdict[i] & APPLY_RULES_DOUBT) != 0;
}
