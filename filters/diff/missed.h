/* missed.h - keys that did not come, and in how many runs, for
 * --delete-after-runs.
 *
 * Floor 2 (diff). A note of the snapshot: entries ordered by key. A key that
 * has none was there in the last complete run.
 */
#ifndef DIFF_MISSED_H
#define DIFF_MISSED_H

#include "core/buf.h"
#include "wire/hash.h"

struct missed {
	struct hash key;
	uint32_t runs, reserved;
};

/* In how many complete runs in a row the key did not come. O(log n) */
uint32_t missed_runs(struct slice note, struct hash key);

/* Add an entry to a note in the making; missed_order when all are there. */
void missed_add(struct buf *note, struct hash key, uint32_t runs);
void missed_order(struct buf *note);

/* The entries of a note: how many, and the one at i. */
static inline size_t missed_n(struct slice note)
{
	return note.n / sizeof(struct missed);
}
struct missed missed_at(struct slice note, size_t i);

#endif
