/* apply_parts.h - intents by key with their verdicts: what moves, and what
 * waits.
 *
 * Floor 2 (diff). The second half of applying receipts (apply.h), after
 * apply_early.h or apply_spill.h has found what each intent was answered. The
 * intents that count are put aside in parts by key, packed, 35 bytes each and
 * the text of the key: in memory up to a quarter of --memory, then in a
 * temporary file. Part by part, in the order of keys, they become the rows of
 * the next snapshot, by the rules of apply_rules.h; those that still wait are
 * noted by a bit for their place in `pending`, which is rewritten in the end.
 */
#ifndef DIFF_STATE_APPLY_PARTS_H
#define DIFF_STATE_APPLY_PARTS_H

#include "diff/keys/spool.h"
#include "diff/state/apply_rules.h"

struct apply_parts {
	struct state *s;       /* borrowed */
	struct apply_rules *t; /* borrowed */
	struct spool keys;
	uint64_t n;          /* put */
	uint64_t generation; /* above every version of them */

	bool moves; /* some may move the snapshot */

	/* accepted, without deletes: how many, and bytes of their texts and
	 * values, which stay as they are if plain
	 */
	uint64_t rows, text_n;
	uint32_t keep_sum; /* of the one put last */
	bool plain;
	bool counted; /* the snapshot is being written by these */

	/* a bit for each place in pending: waits, and came to be in doubt */
	struct buf waits, doubts;
	uint64_t open;

	/* the part at hand */
	unsigned part;
	size_t old; /* of the snapshot, behind those of the parts before */
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

/* Put an intent with its verdict (enum apply_rules_verdict): accepted,
 * unanswered or in doubt, or PENDING_SAME. One that is dropped, because it was
 * certainly not delivered, need not be put. x->at is its place in `pending`,
 * and x->doubt is known unless it is accepted. ERR_CREATE, ERR_IO.
 */
int apply_parts_put(struct apply_parts *b, const struct intent *x,
		    unsigned char verdict, struct err *e) MUST_USE;

/* A version that is in use. */
static inline void apply_parts_version(struct apply_parts *b, uint32_t version)
{
	if (b->generation <= version)
		b->generation = version + (uint64_t)1;
}

/* When all were put, and s is loaded, all intents of s->pending counted: write
 * the next snapshot, then what still waits. Fills the counts of t but for
 * unknown. ERR_CONFIG, ERR_CREATE, ERR_IO.
 */
int apply_parts_settle(struct apply_parts *b, struct err *e) MUST_USE;

#endif
