/* apply_early.h - finds what the intents were answered, while receipts arrive.
 *
 * Floor 2 (diff). The first half of applying receipts (apply.h). Receipts come
 * in about the order of the intents: so `pending` is read only as far as they
 * are, while its run may still be writing it, and what is in memory are the
 * intents between the first unanswered one and there, by change id, 16 bytes
 * each. An accepted intent goes to its part (apply_parts.h) and is forgotten;
 * the others stay until all receipts came. When it is too much for --memory,
 * or anything is odd, all of this is given up: the receipts are in their file,
 * and apply_spill.h does it by that.
 */
#ifndef DIFF_STATE_APPLY_EARLY_H
#define DIFF_STATE_APPLY_EARLY_H

#include "diff/state/apply_parts.h"
#include "diff/state/pending_tail.h"

/* An intent that is not accepted yet: 80 bits of its change id, its place in
 * `pending`, and what was said of it. 0 in rest: the slot is free.
 */
struct apply_early_slot {
	uint64_t hi, rest;
};

struct apply_early {
	struct state *s;      /* borrowed */
	struct apply_rules t; /* of s->snapshot, which need not be loaded yet */
	struct apply_parts parts;
	struct pending_tail tail;
	bool opened; /* tail is */
	bool given_up;

	struct apply_early_slot *slot; /* open addressing, by change id */
	size_t n, size;

	/* on the way into it, and receipts on the way to it, while what they
	 * need is fetched
	 */
	struct apply_early_slot ahead[16];
	struct receipts_file_record on_the_way[16];
	size_t n_ahead, arrived, taken;

	/* receipts to be looked at in the end: of changes of several events, of
	 * what was accepted before, or of none
	 */
	struct receipts_file_record *later;
	size_t n_later, later_size;
};

/* The state must be locked against other runs. accept_rejected as in apply. */
struct apply_early *apply_early_new(struct state *s, bool accept_rejected);

/* NULL is allowed. */
void apply_early_free(struct apply_early *b);

/* A receipt, which is in the file of receipts or is about to be. */
void apply_early_take(struct apply_early *b,
		      const struct receipts_file_record *r);

/* When all came, with s locked for writing, and loaded but for the intents
 * (state_load_head), which are counted then: what was found goes to *parts,
 * for apply_parts_settle, and the number of answers to nothing to the counts.
 * 1; 0 when it was given up; -1 ERR_CONFIG, ERR_CREATE, ERR_IO.
 */
int apply_early_end(struct apply_early *b, struct apply_counts *c,
		    struct err *e) MUST_USE;

#endif
