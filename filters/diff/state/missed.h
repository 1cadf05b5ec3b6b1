/* missed.h - keys that are missing, and in how many runs.
 *
 * Floor 2 (diff). A note of the snapshot: entries ordered by key. For
 * --delete-after-runs, and for unacknowledged changes in modes without deletes.
 * A key without an entry was there in the last complete run.
 */
#ifndef DIFF_STATE_MISSED_H
#define DIFF_STATE_MISSED_H

#include "core/buf.h"
#include "wire/json/hash.h"

struct missed {
	struct hash key;
	uint32_t runs; /* complete ones of mode mirror, in a row */
	uint32_t open; /* 1: the last one, of another mode, kept its change */
};

/* In how many complete runs in a row the key was missing. O(log n) */
uint32_t missed_runs(struct slice note, struct hash key);

/* Whether its unacknowledged change was kept by the last one. O(log n) */
bool missed_open(struct slice note, struct hash key);

/* Add an entry to a note in the making; missed_order when all are there. */
void missed_add(struct buf *note, struct missed m);
void missed_order(struct buf *note);

/* The entries of a note: how many, and the one at i. */
static inline size_t missed_n(struct slice note)
{
	return note.n / sizeof(struct missed);
}
struct missed missed_at(struct slice note, size_t i);

#endif
