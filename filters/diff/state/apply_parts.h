/* apply_parts.h - intents by key with their verdicts: what moves the snapshot,
 * and what stays pending.
 *
 * Floor 2 (diff). The second half of applying receipts (apply.h), after
 * apply_early.h or apply_spill.h has matched receipts with intents. The intents
 * that matter are put aside in parts by key, packed into 35 bytes each plus the
 * text of the key: in memory up to a quarter of --memory, then in a temporary
 * file. Part by part, in the order of keys, they become the rows of the next
 * snapshot, by the rules of apply_rules.h. A bit for the position of each
 * intent in `pending` records whether it stays there; `pending` is rewritten at
 * the end.
 */
#ifndef DIFF_STATE_APPLY_PARTS_H
#define DIFF_STATE_APPLY_PARTS_H

#include "diff/keys/spool.h"
#include "diff/state/apply_rules.h"

struct apply_parts {
	struct state *s;       /* borrowed */
	struct apply_rules *t; /* borrowed */
	struct spool keys;
	uint64_t n;          /* intents put */
	uint64_t generation; /* above every version of the intents */

	bool moves; /* some may move the snapshot */

	/* accepted intents except deletes: their number, and the bytes of their
	 * texts and values. If plain, these bytes go into the snapshot
	 * unchanged.
	 */
	uint64_t rows, text_n;
	uint32_t keep_sum; /* of the intent put last */
	bool plain;
	bool counted; /* the snapshot is being written with these counts */

	/* a bit for each position in pending: it stays pending; it is now in
	 * doubt
	 */
	struct buf waits, doubts;
	uint64_t open;

	/* the current part */
	unsigned part;
	size_t old; /* snapshot position after the parts before */
	struct intent *intent;
	unsigned char *verdict;
	struct snapshot_row *row;
	size_t n_part, size;
	uint64_t given, given_n; /* rows so far, and bytes of their texts */
};

/* s->memory is the bound; s need not be loaded yet. */
void apply_parts_init(struct apply_parts *b, struct state *s,
		      struct apply_rules *t);

/* All-zero is allowed. */
void apply_parts_clear(struct apply_parts *b);

/* Puts an intent with its verdict (enum apply_rules_verdict): accepted, open or
 * in doubt, or an intent PENDING_SAME. An intent that is dropped because it was
 * certainly not delivered need not be put. x->at is its position in `pending`;
 * x->doubt must be right unless it is accepted. ERR_CREATE, ERR_IO.
 */
int apply_parts_put(struct apply_parts *b, const struct intent *x,
		    unsigned char verdict, struct err *e) MUST_USE;

/* Reports a version that is in use, so that the generation stays above it. */
static inline void apply_parts_version(struct apply_parts *b, uint32_t version)
{
	if (b->generation <= version)
		b->generation = version + (uint64_t)1;
}

/* After all intents were put, with s loaded and all intents of s->pending
 * counted: writes the next snapshot, then the intents that stay pending. Fills
 * the counts of t except unknown. ERR_CONFIG, ERR_CREATE, ERR_IO.
 */
int apply_parts_settle(struct apply_parts *b, struct err *e) MUST_USE;

#endif
