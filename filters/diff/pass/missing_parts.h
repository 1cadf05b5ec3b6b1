/* missing_parts.h - what missing_keys.c, missing_count.c and retyped.c share.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_PASS_MISSING_PARTS_H
#define DIFF_PASS_MISSING_PARTS_H

#include "diff/pass/missing_keys.h"
#include "diff/pass/pass.h"

/* The row hash in the intent of a key that is dropped from the state without a
 * delete. Without it, the intent would look like a delete.
 */
static const struct hash missing_dropped_row = {.lo = 1};

/* Whether the key at i of the snapshot arrived in this run. */
static inline bool missing_arrived_at(const struct pass_arrived *arrived,
				      size_t i)
{
	return arrived->seen[i >> 3] >> (i & 7) & 1;
}

/* With --delta: an unacknowledged insert whose row is not reported as missing.
 */
static inline bool missing_is_unreported(const struct pass_base *base,
					 const struct pass_arrived *arrived,
					 struct hash key)
{
	struct intent i;

	return state_intent(base->known, key, &i) &&
	       !key_set_has(&arrived->delta.orphans, key);
}

/* Whether a key arrived in this run. */
static inline bool missing_arrived(const struct pass_base *base,
				   const struct pass_arrived *arrived,
				   struct hash key)
{
	int64_t at = snapshot_find(base->old, key);

	if (at >= 0)
		return missing_arrived_at(arrived, (size_t)at);
	return new_keys_has(&arrived->new_keys, key) ||
	       (arrived->delta.part &&
		missing_is_unreported(base, arrived, key));
}

/* The first position from i on whose key is missing, or the number of
 * positions. With --delta the snapshot need not be whole for that.
 */
static inline size_t missing_next(const struct pass *r, size_t i)
{
	const struct snapshot *s = r->base.old;
	bool part = r->arrived.delta.part;

	for (; i < s->places; i++) {
		if ((i & 7) == 0 && r->arrived.seen[i >> 3] == 0xff)
			i += 7;
		else if (!missing_arrived_at(&r->arrived, i) &&
			 (part || snapshot_live(s, i) == i))
			return i;
	}
	return s->places;
}

/* Walks over the unacknowledged changes, as state_next. */
static inline void missing_walk_open(const struct pass_base *base,
				     struct unacked_walk *w)
{
	if (base->known)
		state_walk(base->known, w);
}

static inline int missing_next_open(const struct pass_base *base,
				    struct unacked_walk *w, struct intent *i,
				    struct err *e)
{
	return base->known ? state_next(base->known, w, i, e) : 0;
}

/* Whether an unacknowledged insert is of a missing row. The destination may
 * have it.
 */
static inline bool missing_is_orphan(const struct pass_base *base,
				     const struct pass_arrived *arrived,
				     const struct intent *i)
{
	return snapshot_find(base->old, i->key) < 0 &&
	       !missing_arrived(base, arrived, i->key);
}

/* The unacknowledged change of a key; open is its newest intent, or NULL. */
static inline enum missing_keys_open missing_open_of(const struct intent *open)
{
	if (!open)
		return MISSING_KEYS_ACKNOWLEDGED;
	if (open->action != PENDING_DELETE)
		return MISSING_KEYS_CHANGED;
	return hash_eq(open->row, missing_dropped_row) ? MISSING_KEYS_LEFT
						       : MISSING_KEYS_DELETING;
}

/* Whether --delete-after-runs defers the delete of a missing key. A delete that
 * was already sent is not deferred.
 */
bool missing_count_defers(const struct pass *r, struct hash key);

/* In mode mirror: counts the missing keys for the guards, and for the note of
 * missing keys.
 */
int missing_count(struct pass *r, struct delete_guard_case *c,
		  struct err *e) MUST_USE;

/* In other modes: missing_count_returned copies the note of missing keys
 * without those that reappeared; then missing_count_open notes for each missing
 * key with an unacknowledged change whether the change stays. partial: the run
 * has read only a part of the rows, so it does not count.
 */
void missing_count_returned(struct pass *r, bool partial);
void missing_count_open(struct pass_base *base, struct pass_leaving *leaving,
			struct hash key, bool stays);

#endif
