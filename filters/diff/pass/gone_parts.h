/* gone_parts.h - what gone.c, gone_count.c and retyped.c share.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_PASS_GONE_PARTS_H
#define DIFF_PASS_GONE_PARTS_H

#include "diff/pass/gone.h"
#include "diff/pass/run.h"

/* The row hash of the intent of a key that is dropped from the state without a
 * delete: else it would look like the intent of one.
 */
static const struct hash gone_dropped = {.lo = 1};

/* Whether the key at i of the snapshot arrived in this run. */
static inline bool gone_seen(const struct run *r, size_t i)
{
	return r->seen[i >> 3] >> (i & 7) & 1;
}

/* Whether a key arrived in this run. */
static inline bool gone_came(const struct run *r, struct hash key)
{
	int64_t at = snapshot_find(r->old, key);

	return at >= 0 ? gone_seen(r, (size_t)at) : fresh_has(&r->fresh, key);
}

/* The unacknowledged changes, one after the other, as state_next. */
static inline void gone_first_open(const struct run *r, struct waits_walk *w)
{
	if (r->known)
		state_walk(r->known, w);
}

static inline int gone_next_open(const struct run *r, struct waits_walk *w,
				 struct intent *i, struct err *e)
{
	return r->known ? state_next(r->known, w, i, e) : 0;
}

/* An unacknowledged insert whose row is missing: it may have arrived. */
static inline bool gone_is_orphan(const struct run *r, const struct intent *i)
{
	return snapshot_find(r->old, i->key) < 0 &&
	       !fresh_has(&r->fresh, i->key);
}

/* What is unacknowledged of a key; open is its newest intent, or NULL. */
static inline enum gone_open gone_open_of(const struct intent *open)
{
	if (!open)
		return GONE_ACKNOWLEDGED;
	if (open->action != PENDING_DELETE)
		return GONE_CHANGED;
	return hash_eq(open->row, gone_dropped) ? GONE_LEFT : GONE_DELETING;
}

/* Whether the delete of a missing key is for a later run, by
 * --delete-after-runs. One that was sent before is due.
 */
bool gone_count_defers(const struct run *r, struct hash key);

/* Count the missing keys, for the guards and for the note of them. In mode
 * mirror.
 */
int gone_count(struct run *r, struct delete_guard_case *c,
	       struct err *e) MUST_USE;

/* The other modes note which of the counted keys are back, and then of each
 * missing key with an unacknowledged change whether that stays. partial: this
 * run counts for nothing.
 */
void gone_count_returned(struct run *r, bool partial);
void gone_count_open(struct run *r, struct hash key, bool stays);

#endif
