/* quota.h - gives changes turns when a run may send only N of them.
 *
 * Floor 2 (diff). For --max-changes. The rows that arrive first in every run
 * must not keep the others out. So each run promises the places of the next run
 * to keys whose change was postponed: in the order of their hashes, continuing
 * after the last promised key, round and round.
 *
 *     keys by hash   a  b  c  d  e  f  g        N = 2, all have changed
 *     run 1          x  x  -  -  -  -  -        promises c and d
 *     run 2                x  x  -  -  -        promises e and f
 *     run 3                      x  x  -        promises g
 *
 * A promised key has its place whatever arrives before it, so no key waits for
 * more runs than all keys need. A key that was tried and is unacknowledged has
 * no priority: keys that never get a receipt would keep all others out.
 *
 * The snapshot notes the promise: the keys, in order, and the last one of them.
 * A run makes its promise when it has seen all rows, and the promise holds
 * whatever happens to the changes of the run: if all of them fail, the next run
 * tries others.
 */
#ifndef DIFF_PASS_QUOTA_H
#define DIFF_PASS_QUOTA_H

#include "core/buf.h"
#include "core/err.h"
#include "wire/json/hash.h"

struct quota {
	uint64_t limit; /* changes in a run; 0: no limit */
	uint64_t sent;
	uint64_t waiting; /* keys whose change was postponed */

	struct slice promised;  /* hashes of keys, ordered; borrowed */
	struct hash hand;       /* the last promised key */
	uint64_t promised_left; /* promised keys that have not arrived yet */

	struct buf again; /* promised keys that were postponed again */
	struct buf next;  /* a heap of the next `limit` others */
};

/* promised and hand are the notes of the last run; empty: none. */
void quota_init(struct quota *t, uint64_t limit, struct slice promised,
		struct slice hand);

/* All-zero is allowed. */
void quota_clear(struct quota *t);

/* Whether the change of a key may leave. Call it once for each changed key. */
bool quota_take(struct quota *t, struct hash key);

/* Reports that a key arrived without a change. */
void quota_pass(struct quota *t, struct hash key);

/* 0, or -1 with ERR_PARTIAL if changes were postponed. */
int quota_verdict(uint64_t waiting, struct err *e) MUST_USE;

/* At the end of a run: makes the promise to the next run. */
void quota_promise(struct quota *t, struct buf *promised, struct buf *hand);

#endif
