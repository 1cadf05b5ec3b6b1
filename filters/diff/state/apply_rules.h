/* apply_rules.h - the rules by which receipts change intents, see apply.h.
 *
 * Floor 2 (diff). First each intent gets a verdict, by its change id
 * (apply_early.c, apply_spill.c). Then, for one part of the keys after the
 * other (apply_parts.c), the newest accepted intent of each key moves the
 * snapshot.
 */
#ifndef DIFF_STATE_APPLY_RULES_H
#define DIFF_STATE_APPLY_RULES_H

#include "diff/keys/hash_sort.h"
#include "diff/keys/key_set.h"
#include "diff/state/apply.h"
#include "diff/state/kept_values.h"
#include "diff/state/receipts_file.h"

/* The verdict on an intent; a higher value overrules a lower one. */
enum apply_rules_verdict {
	APPLY_RULES_OPEN,
	APPLY_RULES_FAILED,
	APPLY_RULES_REJECTED,
	APPLY_RULES_ACCEPTED,
	APPLY_RULES_DOUBT = 0x40 /* with the first three: it may have arrived */
};

/* Whether an intent only parks its key (parked.h). Such an intent may stay
 * pending although it was accepted.
 */
static inline bool apply_rules_is_park(const struct intent *x)
{
	return x->action <= PENDING_UPDATE && hash_eq(x->row, (struct hash){0});
}

/* A receipt for one event of a change that has several events. */
struct apply_rules_part {
	uint32_t intent, i, n;
	enum apply_rules_verdict verdict;
};

struct apply_rules {
	struct state *s;
	struct snapshot *old;
	bool accept_rejected;
	bool doubts;   /* some intent is in doubt because of these receipts */
	bool complete; /* all receipts were seen: its notes take effect */
	struct key key;
	struct kept_values keep; /* the values that the new snapshot keeps */
	unsigned char *verdict;  /* of each intent, by its number */
	struct apply_counts *counts;

	/* matching receipts, by change id */
	struct key_set ids; /* change id -> number of the intent */
	struct apply_rules_part *part;
	size_t n_parts, parts_size;

	/* applying verdicts, by key */
	const struct intent *intent; /* n of them, numbered as verdict */
	size_t n;
	unsigned same_bits;     /* leading bits that their keys share */
	struct hash_sort order; /* of their keys */
	bool *moves, *waits;    /* of each intent */
	size_t flags_size;
	struct buf kept; /* values made to fit keep */
};

/* Frees ids and parts before the next part. All-zero is allowed. */
void apply_rules_clear(struct apply_rules *t);

/* Frees everything. All-zero is allowed. */
void apply_rules_end(struct apply_rules *t);

/* Gives a receipt to the intent with its id, or counts it as unknown. After the
 * last receipt call apply_rules_judge, for changes of several events.
 */
void apply_rules_take(struct apply_rules *t,
		      const struct receipts_file_record *r);
void apply_rules_judge(struct apply_rules *t);

/* The same for an intent that the caller has found, and for the record that all
 * receipts of an attempt were seen.
 */
void apply_rules_answer(struct apply_rules *t, uint32_t intent,
			const struct receipts_file_record *r);
void apply_rules_complete(struct apply_rules *t,
			  const struct receipts_file_record *r);

/* The largest number of rows that apply_rules_rows may return for these
 * positions.
 */
size_t apply_rules_room(const struct apply_rules *t, size_t from, size_t to);

/* Fills row[] with the changed rows whose old position is in [from, to), sorted
 * by key, and returns their number. They are borrowed until the next call. The
 * number of rows of accepted intents goes to *applied, and t->waits marks the
 * intents that stay unacknowledged.
 */
size_t apply_rules_rows(struct apply_rules *t, size_t from, size_t to,
			struct snapshot_row *row, size_t *applied);

#endif
