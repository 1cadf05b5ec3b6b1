/* apply_early.h - matches receipts with intents, while receipts arrive.
 *
 * Floor 2 (diff). The first half of applying receipts (apply.h). Receipts
 * arrive roughly in the order of the intents. So `pending` is read only as far
 * as the receipts need it, while its run may still be writing it. Memory holds
 * the intents from the first unacknowledged one up to there, by change id, 16
 * bytes each. An accepted intent goes to its part (apply_parts.h) and is
 * forgotten; the others stay until all receipts have arrived. If they need too
 * much of --memory, or anything unexpected happens, all of this is given up:
 * the receipts are in their file, and apply_spill.h applies them from there.
 */
#ifndef DIFF_STATE_APPLY_EARLY_H
#define DIFF_STATE_APPLY_EARLY_H

#include "diff/state/apply_parts.h"
#include "diff/state/pending_tail.h"

/* An intent that is not accepted yet: 80 bits of its change id, its position in
 * `pending`, and flags of the receipts it got so far. In a free slot rest is 0.
 */
struct apply_early_slot {
	uint64_t hi, rest;
};

struct apply_early {
	struct state *s;      /* borrowed */
	struct apply_rules t; /* of s->snapshot, which may be loaded later */
	struct apply_parts parts;
	struct pending_tail tail;
	bool opened; /* whether tail is open */
	bool given_up;

	struct apply_early_slot *slot; /* open addressing, by change id */
	size_t n, size;

	/* Queues on the way into the table: intents, and receipts that look for
	 * one. They wait while the memory that they need is prefetched.
	 */
	struct apply_early_slot ahead[16];
	struct receipts_file_record on_the_way[16];
	size_t n_ahead, arrived, taken;

	/* Receipts to be handled at the end: of changes with several events, of
	 * an intent that was already accepted, or of no intent.
	 */
	struct receipts_file_record *later;
	size_t n_later, later_size;
};

/* The state must be locked against other runs. accept_rejected is as in apply.
 */
struct apply_early *apply_early_new(struct state *s, bool accept_rejected);

/* NULL is allowed. */
void apply_early_free(struct apply_early *b);

/* Takes a receipt that is in the file of receipts, or is about to be. */
void apply_early_take(struct apply_early *b,
		      const struct receipts_file_record *r);

/* Ends after the last receipt. s must be locked for writing and loaded except
 * for the intents (state_load_head), which are counted here. The intents and
 * their verdicts are in *parts then, for apply_parts_settle; the number of
 * receipts without an intent goes to the counts. Returns 1; 0 if this was given
 * up; -1: ERR_CONFIG, ERR_CREATE, ERR_IO.
 */
int apply_early_end(struct apply_early *b, struct apply_counts *c,
		    struct err *e) MUST_USE;

#endif
