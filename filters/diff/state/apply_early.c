#include "diff/state/apply_early.h"

#include <stdlib.h>

#include "core/mem.h"

enum { FIRST_SIZE = 1024, SHARE = 4 /* of --memory, one part */ };

/* Flags of an intent that is not accepted, in the low bits of a slot's rest:
 * which receipts it got. Above them are 16 bits of its change id
 * (pending_found_by) and its position in `pending`.
 */
enum { IN_USE = 1, REJECTED = 2, FAILED = 4, DOUBTED = 8 };
enum { LO_SHIFT = 4, AT_SHIFT = 20 };

static struct apply_early_slot slot_of(struct hash id, uint64_t at)
{
	return (struct apply_early_slot){
		.hi = id.hi,
		.rest = at << AT_SHIFT | (id.lo & 0xffff) << LO_SHIFT | IN_USE,
	};
}

static bool is_of(const struct apply_early_slot *x, struct hash id)
{
	return x->hi == id.hi && ((x->rest >> LO_SHIFT ^ id.lo) & 0xffff) == 0;
}

static uint64_t place_of(const struct apply_early_slot *x)
{
	return x->rest >> AT_SHIFT;
}

struct apply_early *apply_early_new(struct state *s, bool accept_rejected)
{
	struct apply_early *b = mem_zero(sizeof(*b));

	b->s = s;
	b->tail.fd = -1;
	b->t = (struct apply_rules){
		.s = s,
		.old = &s->snapshot,
		.accept_rejected = accept_rejected,
	};
	apply_parts_init(&b->parts, s, &b->t);
	return b;
}

/* Frees everything except the parts. */
static void forget(struct apply_early *b)
{
	free(b->slot);
	free(b->later);
	b->slot = NULL;
	b->later = NULL;
	b->n = b->size = b->n_later = b->later_size = 0;
	if (b->opened)
		pending_tail_clear(&b->tail);
	b->opened = false;
}

static void give_up(struct apply_early *b)
{
	b->given_up = true;
	forget(b);
	apply_parts_clear(&b->parts);
}

void apply_early_free(struct apply_early *b)
{
	if (!b)
		return;
	give_up(b);
	b->t.verdict = NULL;
	apply_rules_end(&b->t);
	free(b);
}

/* ---- intents by change id ---------------------------------------------- */

/* Uses bits that differ between ids: other bits are the same in all UUIDs. */
static size_t home_slot(const struct apply_early *b, uint64_t hi)
{
	enum { VARY = 16 };

	return hi >> VARY & (b->size - 1);
}

/* The slot of an id, or the free one where it would go. */
static size_t place(const struct apply_early *b, struct hash id)
{
	size_t i = home_slot(b, id.hi);

	while (b->slot[i].rest != 0 && !is_of(&b->slot[i], id))
		i = (i + 1) & (b->size - 1);
	return i;
}

static bool is_too_much(const struct apply_early *b)
{
	uint64_t bytes =
		b->size * sizeof(*b->slot) + b->later_size * sizeof(*b->later);

	return b->s->memory > 0 && bytes > b->s->memory / SHARE;
}

static void grow(struct apply_early *b)
{
	struct apply_early_slot *old = b->slot;
	size_t size = b->size;

	b->size = size ? 2 * size : FIRST_SIZE;
	b->slot = mem_zero(b->size * sizeof(*b->slot));
	for (size_t i = 0; i < size; i++) {
		struct hash id = {old[i].hi, old[i].rest >> LO_SHIFT};

		if (old[i].rest != 0)
			b->slot[place(b, id)] = old[i];
	}
	free(old);
}

static void remove_slot(struct apply_early *b, size_t i)
{
	size_t mask = b->size - 1, next = i;

	b->n--;
	for (;;) {
		size_t from;

		next = (next + 1) & mask;
		if (b->slot[next].rest == 0)
			break;
		from = home_slot(b, b->slot[next].hi);
		/* an entry must not move before the slot where its search
		 * begins
		 */
		if (((next - from) & mask) < ((next - i) & mask))
			continue;
		b->slot[i] = b->slot[next];
		i = next;
	}
	b->slot[i].rest = 0;
}

/* ---- intents as they are read ------------------------------------------ */

static ALWAYS_INLINE void touch(const struct apply_early *b, uint64_t hi)
{
	__builtin_prefetch(&b->slot[home_slot(b, hi)]);
}

/* Moves the queued intents into the table. */
static int put_ahead(struct apply_early *b, struct err *e)
{
	for (size_t k = 0; k < b->n_ahead; k++) {
		const struct apply_early_slot *x = &b->ahead[k];
		struct hash id = {x->hi, x->rest >> LO_SHIFT};
		size_t i = place(b, id);

		if (b->slot[i].rest != 0)
			return err_set(e, ERR_BUG, "the same change twice");
		b->slot[i] = *x;
		b->n++;
	}
	b->n_ahead = 0;
	return 0;
}

static int put_intent(void *ctx, const struct intent *x, struct err *e)
{
	struct apply_early *b = ctx;
	struct hash id;

	apply_parts_version(&b->parts, x->version);
	if (x->action == PENDING_SAME)
		return apply_parts_put(&b->parts, x, APPLY_RULES_OPEN, e);
	if ((b->n + COUNT_OF(b->ahead)) * 4 >= b->size * 3)
		grow(b);
	id = pending_found_by(pending_id(x, b->tail.p.ids));
	touch(b, id.hi);
	b->ahead[b->n_ahead++] = slot_of(id, x->at);
	return b->n_ahead == COUNT_OF(b->ahead) ? put_ahead(b, e) : 0;
}

/* Reads the next frame of `pending`: 1, 0 if nothing was added to it, -1. */
static int read_more(struct apply_early *b, struct err *e)
{
	int rc;

	if (!b->opened) {
		rc = pending_tail_open(&b->tail, b->s->pending_path, e);
		b->opened = rc > 0;
		if (rc <= 0)
			return rc;
	}
	rc = pending_tail_next(&b->tail, put_intent, b, e);
	if (rc >= 0 && put_ahead(b, e) < 0)
		return -1;
	return rc > 0 && is_too_much(b) ? err_set(e, ERR_BUG, "too much") : rc;
}

/* ---- receipts ---------------------------------------------------------- */

static void keep_for_later(struct apply_early *b,
			   const struct receipts_file_record *r)
{
	if (b->n_later == b->later_size) {
		b->later_size += b->later_size / 2 + 64;
		b->later =
			mem_resize(b->later, b->later_size * sizeof(*b->later));
	}
	b->later[b->n_later++] = *r;
}

/* The slot of the id, reading `pending` as far as needed; -1 if not found;
 * -2 with *e set.
 */
static int64_t find(struct apply_early *b, struct hash id, struct err *e)
{
	int rc;

	do {
		if (b->size > 0) {
			size_t i = place(b, id);

			if (LIKELY(b->slot[i].rest != 0))
				return (int64_t)i;
		}
	} while ((rc = read_more(b, e)) > 0);
	return rc < 0 ? -2 : -1;
}

static int accept(struct apply_early *b, size_t i, struct err *e)
{
	struct intent x;

	pending_at(&b->tail.p, place_of(&b->slot[i]), &x);
	remove_slot(b, i);
	return apply_parts_put(&b->parts, &x, APPLY_RULES_ACCEPTED, e);
}

static bool is_accepted(const struct apply_early *b, uint32_t answer)
{
	return answer == APPLY_ACCEPTED ||
	       (b->t.accept_rejected &&
		(answer == APPLY_REJECTED || answer == APPLY_DOUBTED));
}

static uint32_t receipt_flag(uint32_t answer)
{
	switch (answer) {
	case APPLY_REJECTED:
		return REJECTED;
	case APPLY_FAILED:
		return FAILED;
	default:
		return DOUBTED;
	}
}

static int take(struct apply_early *b, const struct receipts_file_record *r,
		struct err *e)
{
	int64_t i = find(b, pending_found_by(r->id), e);

	if (UNLIKELY(i == -2))
		return -1;
	if (UNLIKELY(i < 0 || r->n > 1)) {
		keep_for_later(b, r);
		return is_too_much(b) ? -1 : 0;
	}
	if (LIKELY(is_accepted(b, r->answer)))
		return accept(b, (size_t)i, e);
	b->slot[i].rest |= receipt_flag(r->answer);
	return 0;
}

static struct receipts_file_record *queued_receipt(struct apply_early *b,
						   size_t i)
{
	return &b->on_the_way[i % COUNT_OF(b->on_the_way)];
}

static void take_next(struct apply_early *b)
{
	const struct receipts_file_record *r = queued_receipt(b, b->taken++);
	struct err ignored;

	if (UNLIKELY(r->answer == APPLY_COMPLETE))
		keep_for_later(b, r);
	else if (take(b, r, &ignored) < 0)
		give_up(b);
}

/* Each receipt waits in the queue: on arrival its slot is prefetched, and half
 * a queue later the intent to which the slot points.
 */
void apply_early_take(struct apply_early *b,
		      const struct receipts_file_record *r)
{
	enum { HALF = COUNT_OF(b->on_the_way) / 2 };

	if (b->given_up)
		return;
	*queued_receipt(b, b->arrived++) = *r;
	if (LIKELY(b->size > 0)) {
		struct hash id = pending_found_by(
			queued_receipt(b, b->arrived - HALF)->id);
		size_t i;

		touch(b, pending_found_by(r->id).hi);
		i = place(b, id);
		if (b->slot[i].rest != 0)
			pending_touch(&b->tail.p, place_of(&b->slot[i]));
	}
	if (b->arrived - b->taken == COUNT_OF(b->on_the_way))
		take_next(b);
}

/* ---- when all receipts have arrived ------------------------------------- */

static int compare_ids(const void *x, const void *y)
{
	const struct hash *a = x, *b = y;

	return hash_order(*a, *b);
}

/* Receipts whose id no open intent has: repeats for an intent that is already
 * accepted, or receipts of no intent of this state, which are counted.
 */
struct unmatched {
	const struct apply_early *b;
	struct hash *id; /* ordered */
	bool *found;
	size_t n;
};

static int match_intent(void *ctx, const struct intent *x, struct err *e)
{
	struct unmatched *o = ctx;
	struct hash id = pending_found_by(pending_id(x, o->b->tail.p.ids));
	const struct hash *at;

	(void)e;
	at = bsearch(&id, o->id, o->n, sizeof(id), compare_ids);
	for (const struct hash *k = at;
	     k && k < o->id + o->n && hash_eq(*k, id); k++)
		o->found[k - o->id] = true;
	for (const struct hash *k = at; k && k > o->id && hash_eq(k[-1], id);
	     k--)
		o->found[k - 1 - o->id] = true;
	return 0;
}

static int count_unknown(struct unmatched *o, struct apply_counts *c,
			 struct err *e)
{
	struct pending_walk w;
	struct intent x;
	int rc = 0;

	if (o->n == 0)
		return 0;
	qsort(o->id, o->n, sizeof(*o->id), compare_ids);
	o->found = mem_zero(o->n);
	if (o->b->opened) {
		pending_walk(&o->b->tail.p, &w);
		while ((rc = pending_next(&w, &x, e)) > 0)
			match_intent(o, &x, e);
	}
	for (size_t i = 0; i < o->n; i++)
		c->unknown += !o->found[i];
	free(o->found);
	return rc;
}

static void answer_slots(struct apply_early *b)
{
	static const struct {
		uint32_t said;
		uint32_t answer;
	} answers[] = {
		{REJECTED, APPLY_REJECTED},
		{FAILED, APPLY_FAILED},
		{DOUBTED, APPLY_UNKNOWN},
	};

	for (size_t i = 0; i < b->size; i++) {
		for (size_t k = 0; k < COUNT_OF(answers); k++) {
			const struct receipts_file_record r = {
				.n = 1, .answer = answers[k].answer};

			if (b->slot[i].rest & answers[k].said)
				apply_rules_answer(&b->t, (uint32_t)i, &r);
		}
	}
}

static void answer_later(struct apply_early *b, struct unmatched *o)
{
	for (size_t k = 0; k < b->n_later; k++) {
		const struct receipts_file_record *r = &b->later[k];
		struct hash id = pending_found_by(r->id);
		size_t i = b->size > 0 ? place(b, id) : 0;

		if (r->answer == APPLY_COMPLETE)
			apply_rules_complete(&b->t, r);
		else if (b->size > 0 && b->slot[i].rest != 0)
			apply_rules_answer(&b->t, (uint32_t)i, r);
		else
			o->id[o->n++] = id;
	}
}

static int put_slots(struct apply_early *b, struct err *e)
{
	for (size_t i = 0; i < b->size; i++) {
		unsigned char verdict = b->t.verdict[i];
		struct intent x;

		if (b->slot[i].rest == 0)
			continue;
		pending_at(&b->tail.p, place_of(&b->slot[i]), &x);
		if (apply_parts_put(&b->parts, &x, verdict, e) < 0)
			return -1;
	}
	return 0;
}

static int end_all(struct apply_early *b, struct apply_counts *c, struct err *e)
{
	struct unmatched o = {
		.b = b,
		.id = mem_resize(NULL, b->n_later * sizeof(*o.id)),
	};
	unsigned char *verdict = mem_zero(b->size);
	int rc;

	b->t.counts = c;
	b->t.verdict = verdict;
	answer_slots(b);
	answer_later(b, &o);
	apply_rules_judge(&b->t);
	rc = put_slots(b, e);
	if (rc == 0)
		rc = count_unknown(&o, c, e);
	b->t.verdict = NULL;
	free(verdict);
	free(o.id);
	forget(b);
	return rc;
}

int apply_early_end(struct apply_early *b, struct apply_counts *c,
		    struct err *e)
{
	struct err ignored;
	int rc = 0;

	while (!b->given_up && b->taken < b->arrived)
		take_next(b);
	/* `pending` was dropped because the key columns have changed */
	if (b->s->pending.file.map.n == 0 && b->opened)
		give_up(b);
	while (!b->given_up && b->s->pending.file.map.n > 0 &&
	       (rc = read_more(b, &ignored)) > 0)
		;
	if (rc < 0 || b->given_up ||
	    (b->opened &&
	     pending_tail_hand_over(&b->tail, &b->s->pending) < 0)) {
		give_up(b);
		return 0;
	}
	return end_all(b, c, e) < 0 ? -1 : 1;
}
