#include "diff/settling.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "core/mem.h"

const char settling_magic[8] = "RudAnsw";

void settling_clear(struct settling *t)
{
	keyset_clear(&t->ids);
	keyset_clear(&t->best);
	free(t->part);
	t->part = NULL;
	t->n_parts = t->parts_size = 0;
}

/* ---- verdicts ---------------------------------------------------------- */

static void judge(struct settling *t, size_t intent, enum settling_verdict v)
{
	if (v > t->verdict[intent])
		t->verdict[intent] = (unsigned char)v;
}

static void take_part(struct settling *t, const struct settling_record *r,
		      uint32_t intent, enum settling_verdict v)
{
	if (t->n_parts == t->parts_size) {
		t->parts_size = t->parts_size ? 2 * t->parts_size : 64;
		t->part = mem_resize(t->part, t->parts_size * sizeof(*t->part));
	}
	t->part[t->n_parts++] = (struct settling_part){intent, r->i, r->n, v};
}

void settling_take(struct settling *t, const struct settling_record *r)
{
	int64_t intent = keyset_get(&t->ids, r->id);
	enum settling_verdict v =
		r->answer == SETTLE_ACCEPTED   ? SETTLING_ACCEPTED
		: r->answer == SETTLE_REJECTED ? SETTLING_REJECTED
					       : SETTLING_FAILED;

	if (v == SETTLING_REJECTED && t->accept_rejected)
		v = SETTLING_ACCEPTED;
	if (intent < 0)
		t->counts->unknown++;
	else if (r->n > 1)
		take_part(t, r, (uint32_t)intent, v);
	else
		judge(t, (size_t)intent, v);
}

static int by_intent(const void *a, const void *b)
{
	const struct settling_part *x = a, *y = b;

	if (x->intent != y->intent)
		return x->intent < y->intent ? -1 : 1;
	if (x->i != y->i)
		return x->i < y->i ? -1 : 1;
	return (int)y->verdict - (int)x->verdict; /* the best first */
}

/* A change of several events is accepted when all of them are, and was surely
 * not delivered when none is. In between the destination holds a part of it:
 * the intent stays.
 */
void settling_judge(struct settling *t)
{
	if (t->n_parts == 0)
		return;
	qsort(t->part, t->n_parts, sizeof(*t->part), by_intent);
	for (size_t at = 0; at < t->n_parts;) {
		const struct settling_part *first = &t->part[at];
		enum settling_verdict worst = SETTLING_ACCEPTED,
				      best = SETTLING_OPEN;
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
		if (seen == first->n &&
		    (worst == SETTLING_ACCEPTED || best < SETTLING_ACCEPTED))
			judge(t, first->intent, worst);
	}
}

int settling_read(const char *path,
		  int (*take)(void *ctx, const struct settling_record *r,
			      struct err *e),
		  void *ctx, struct err *e)
{
	struct settling_record r;
	struct journal_file f;
	struct slice payload;
	struct stat st;
	int rc;

	/* a commit killed at its very start leaves less than a head */
	if (stat(path, &st) < 0 || st.st_size < JOURNAL_HEAD)
		return 0;
	rc = journal_open(&f, path, settling_magic, e);
	if (rc <= 0)
		return rc;
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

/* ---- what moves -------------------------------------------------------- */

/* The newest accepted intent of each key, unless the snapshot is newer. */
static void find_best(struct settling *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct intent *x = &t->intent[i];
		int64_t other, at;

		if (t->verdict[i] != SETTLING_ACCEPTED)
			continue;
		at = snapshot_find(t->old, x->key);
		if (at >= 0 && x->version < t->old->cold[at].version)
			continue;
		other = keyset_get(&t->best, x->key);
		if (other < 0 || t->intent[other].version < x->version)
			keyset_put(&t->best, x->key, (uint32_t)i);
	}
}

size_t settling_rows(struct settling *t, struct snapshot_row *row)
{
	size_t n = 0;

	find_best(t);
	for (size_t i = 0; i < t->n; i++) {
		const struct intent *x = &t->intent[i];

		if (t->verdict[i] != SETTLING_ACCEPTED ||
		    keyset_get(&t->best, x->key) != (int64_t)i)
			continue;
		row[n++] = (struct snapshot_row){
			.key = x->key,
			.row = x->row,
			.text = x->text,
			.text_n = x->text_n,
			.version = x->version + 1,
			.gone = x->action == PENDING_DELETE,
		};
	}
	snapshot_order(row, n);
	return n;
}

bool settling_waits(const struct settling *t, size_t i)
{
	const struct intent *x = &t->intent[i];
	int64_t at = snapshot_find(t->old, x->key);
	int64_t best = keyset_get(&t->best, x->key);

	if (at >= 0 && x->version < t->old->cold[at].version)
		return false;
	if (best >= 0 && x->version <= t->intent[best].version)
		return false;
	return t->verdict[i] == SETTLING_OPEN || x->doubt;
}
