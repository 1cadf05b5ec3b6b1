/* settling.h - what answers make of intents: the rules of settle.h.
 *
 * Floor 2 (diff). For all intents at once (settle.c), or for those of a part
 * (bulk.c). A verdict is first taken for each intent, by its change id; then
 * the newest accepted intent of each key moves the snapshot.
 */
#ifndef DIFF_STATE_SETTLING_H
#define DIFF_STATE_SETTLING_H

#include "diff/keys/keyset.h"
#include "diff/state/keep.h"
#include "diff/state/settle.h"

/* Of the file of receipts, a journal of frames with records. */
extern const char settling_magic[8];

struct settling_record {
	struct hash id;
	uint32_t i, n; /* event i of n */
	uint32_t answer, reserved;
};

/* What is known of an intent; higher wins over lower. */
enum settling_verdict {
	SETTLING_OPEN,
	SETTLING_FAILED,
	SETTLING_REJECTED,
	SETTLING_ACCEPTED,
	SETTLING_DOUBT = 0x40 /* set beside the first three: it may have
			       * arrived
			       */
};

/* One event of a change that became several. */
struct settling_part {
	uint32_t intent, i, n;
	enum settling_verdict verdict;
};

struct settling {
	struct state *s;
	struct snapshot *old;
	bool accept_rejected;
	bool doubts;   /* an intent came to be in doubt */
	bool complete; /* what the run said of the whole state counts */
	struct key key;
	struct keep keep;       /* as the new snapshot notes it */
	unsigned char *verdict; /* of each intent, by its number */
	struct settle_counts *counts;

	/* by change id */
	struct keyset ids; /* change id -> number of the intent */
	struct settling_part *part;
	size_t n_parts, parts_size;

	/* by key */
	const struct intent *intent; /* n; number i is that of verdict */
	size_t n;
	struct keyset best; /* key -> its newest accepted intent */
	struct buf kept;    /* values made to fit keep */
};

/* Forget ids, parts and best, for the next part. All-zero is allowed. */
void settling_clear(struct settling *t);

/* Forget all. All-zero is allowed. */
void settling_end(struct settling *t);

/* The intents whose ids are known take an answer, or the counts say that nobody
 * does. When all came: settling_judge, for changes of several events.
 */
void settling_take(struct settling *t, const struct settling_record *r);
void settling_judge(struct settling *t);

/* Whether a file of receipts has a head: a commit that was killed, or whose
 * power was cut, at its very start leaves none, and nothing behind it counts.
 */
bool settling_has_head(const char *path);

/* Read all receipts taken down; 0 also when there are none. ERR_CONFIG. */
int settling_read(const struct state *s,
		  int (*take)(void *ctx, const struct settling_record *r,
			      struct err *e),
		  void *ctx, struct err *e) MUST_USE;

/* When all answers were read: what is noted from now on, in t->old. Whether a
 * note is another one goes to *any. ERR_CONFIG.
 */
int settling_notes(struct settling *t, bool *any, struct err *e) MUST_USE;

/* How many rows settling_rows may give for these old keys. */
size_t settling_room(const struct settling *t, size_t from, size_t to);

/* Find the newest accepted intent of each key, and give what they make of the
 * snapshot, of which the keys are among the old ones at from up to to: ordered
 * rows, how many. They borrow until the next call.
 */
size_t settling_rows(struct settling *t, size_t from, size_t to,
		     struct snapshot_row *row);

/* After it: how many of them are of accepted intents. */
size_t settling_applied(const struct settling *t);

/* After it: whether intent i still waits for an answer. */
bool settling_waits(const struct settling *t, size_t i);

#endif
