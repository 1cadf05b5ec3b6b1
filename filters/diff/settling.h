/* settling.h - what answers make of intents: the rules of settle.h.
 *
 * Floor 2 (diff). For all intents at once (settle.c), or for those of a part
 * (bulk.c). A verdict is first taken for each intent, by its change id; then
 * the newest accepted intent of each key moves the snapshot.
 */
#ifndef DIFF_SETTLING_H
#define DIFF_SETTLING_H

#include "diff/settle.h"

/* Of the file of answers, a journal of frames with records. */
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
	SETTLING_ACCEPTED
};

/* One event of a change that became several. */
struct settling_part {
	uint32_t intent, i, n;
	enum settling_verdict verdict;
};

struct settling {
	const struct snapshot *old;
	bool accept_rejected;
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
};

/* Forget ids, parts and best, for the next part. All-zero is allowed. */
void settling_clear(struct settling *t);

/* The intents whose ids are known take an answer, or the counts say that nobody
 * does. When all came: settling_judge, for changes of several events.
 */
void settling_take(struct settling *t, const struct settling_record *r);
void settling_judge(struct settling *t);

/* Read all answers in the file; 0 also when there is none. ERR_CONFIG. */
int settling_read(const char *path,
		  int (*take)(void *ctx, const struct settling_record *r,
			      struct err *e),
		  void *ctx, struct err *e) MUST_USE;

/* Find the newest accepted intent of each key, and give what they make of the
 * snapshot: ordered rows (room for n), how many.
 */
size_t settling_rows(struct settling *t, struct snapshot_row *row);

/* After it: whether intent i still waits for an answer. */
bool settling_waits(const struct settling *t, size_t i);

#endif
