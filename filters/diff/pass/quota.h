/* quota.h - gives changes turns when a run may send only N of them.
 *
 * Floor 2 (diff). For --max-changes. The rows that arrive first in every run
 * must not keep the others out. So each run promises the places of the next run
 * to keys that had to wait: in the order of their hashes, continuing after the
 * last promised key, round and round.
 *
 *     keys by hash   a  b  c  d  e  f  g        N = 2, all have changed
 *     run 1          x  x  -  -  -  -  -        promises c and d
 *     run 2                x  x  -  -  -        promises e and f
 *     run 3                      x  x  -        promises g
 *
 * A promised key has its place whatever arrives before it, so each key waits
 * for at most as many runs as all keys need. A key does not come first because
 * it was tried and is unacknowledged: keys that never get a receipt would keep
 * all others out.
 *
 * The promise is noted in the snapshot: the keys, in order, and the last of
 * them. It is made when a run has seen all rows, and counts from then on,
 * whatever happens to its changes: if all of them fail, the next run tries
 * others.
 */
#ifndef DIFF_PASS_QUOTA_H
#define DIFF_PASS_QUOTA_H

#include "core/buf.h"
#include "core/err.h"
#include "wire/json/hash.h"

struct quota {
	uint64_t limit; /* changes a run; 0: no limit */
	uint64_t sent;
	uint64_t waiting; /* keys that had to wait */

	struct slice promised;  /* hashes of keys, rising; borrowed */
	struct hash hand;       /* the last of them, on the way round */
	uint64_t promised_left; /* promised ones still to come */

	struct buf again; /* promised keys that had to wait */
	struct buf next;  /* others: the limit's nearest behind hand, a heap */
};

/* promised and hand are what the last run noted; empty: nothing. */
void quota_init(struct quota *t, uint64_t limit, struct slice promised,
		struct slice hand);

/* All-zero is allowed. */
void quota_clear(struct quota *t);

/* Whether the change of a key may leave, once for each key. */
bool quota_take(struct quota *t, struct hash key);

/* A key came that has no change. */
void quota_pass(struct quota *t, struct hash key);

/* 0, or -1 with ERR_PARTIAL where keys had to wait. */
int quota_verdict(uint64_t waiting, struct err *e) MUST_USE;

/* At the end: the promise to the next run. */
void quota_promise(struct quota *t, struct buf *promised, struct buf *hand);

#endif
