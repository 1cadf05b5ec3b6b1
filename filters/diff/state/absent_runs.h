/* absent_runs.h - counts the complete runs in which a key was missing.
 *
 * Floor 2 (diff). A note of the snapshot: entries ordered by key. Used by
 * --delete-after-runs, and for unacknowledged changes in modes without deletes.
 * A key without an entry was present in the last complete run.
 */
#ifndef DIFF_STATE_ABSENT_RUNS_H
#define DIFF_STATE_ABSENT_RUNS_H

#include "core/buf.h"
#include "wire/json/hash.h"

struct absent_runs {
	struct hash key;
	uint32_t runs; /* complete runs of mode mirror, in a row */
	uint32_t open; /* 1: the last run kept its open change */
};

/* The number of complete runs in a row in which the key was missing. O(log n)
 */
uint32_t absent_runs_of(struct slice note, struct hash key);

/* Whether the last run kept the key's unacknowledged change. O(log n) */
bool absent_runs_open(struct slice note, struct hash key);

/* Adds an entry to a new note. Call absent_runs_order after the last one. */
void absent_runs_add(struct buf *note, struct absent_runs m);
void absent_runs_order(struct buf *note);

/* The number of entries in a note, and the entry at i. */
static inline size_t absent_runs_n(struct slice note)
{
	return note.n / sizeof(struct absent_runs);
}
struct absent_runs absent_runs_at(struct slice note, size_t i);

#endif
