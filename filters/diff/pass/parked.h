/* parked.h - keys known to the state whose row at the destination is unknown.
 *
 * Floor 2 (diff). A key is parked by a skip: its receipt puts the key into the
 * state as one whose row is unknown. So it is sent under a new id when its row
 * arrives, and deleted by a run that deletes.
 *
 * To the state 7 and "7" are two keys, and so are two rows with one identity;
 * to most destinations they are one. So before an event of one leaves, the
 * others are parked: an unchanged row would else count as delivered, and an
 * unacknowledged change would be sent again under its first id, which a
 * destination that drops ids it knows would not take.
 *
 * Where another row relies on a change of this run, and the change is refused,
 * the key of the change is parked too, with a skip of its own.
 */
#ifndef DIFF_PASS_PARKED_H
#define DIFF_PASS_PARKED_H

#include "diff/pass/pass.h"

/* The values of a missing key, into *i: those that were sent last, otherwise
 * those that were delivered. at is its place in the snapshot, or -1.
 */
void parked_values(const struct pass_base *base, struct intent *i,
		   const struct intent *open, int64_t at);

/* Park a key, unless this run did; open is its newest intent, or NULL.
 * overtaken: because what the destination takes for the same is sent, which
 * then has its place there. As emit_skip.
 */
int parked_park(struct pass *r, struct hash key, struct slice text,
		const struct intent *open, bool overtaken, const char *why,
		struct err *e) MUST_USE;

/* Before an event of a key leaves: park what the destination takes for the same
 * and has not arrived so far in this run. Only for a state. As emit_skip, and
 * ERR_CREATE.
 */
int parked_others(struct pass *r, struct hash key, struct slice text,
		  struct err *e) MUST_USE;

/* A key that this run parked is parked no longer: i is of its row, which is as
 * it was delivered. As emit_skip.
 */
int parked_back(struct pass *r, struct intent *i, int64_t at,
		struct err *e) MUST_USE;

/* A key leaves, whose newest intent is open or NULL, that the destination takes
 * for the same as others that arrived. The destination has the values that were
 * sent last, perhaps of that key: park one of the others, unless one is sent
 * anyway, so that the next run sends it. Of two files one is only counted, with
 * --identity: else there is a warning of keys with two types. Errors as above.
 */
int parked_holder(struct pass *r, struct hash key, struct slice text,
		  const struct intent *open, struct err *e) MUST_USE;

/* A missing key is dropped, as other missing ones have its identity: these are
 * parked in case their delete waits or is refused, and they return. Errors as
 * above.
 */
int parked_missing(struct pass *r, struct hash key, struct slice text,
		   struct err *e) MUST_USE;

/* With --identity, for the row that was identified last: whether the state or
 * an earlier row of the run may have its identity under another key. Errors as
 * above.
 */
int parked_shares(struct pass *r, struct hash key, struct slice text,
		  bool *shares, struct err *e) MUST_USE;

/* 0, or -1 with ERR_PARTIAL where parked_holder has counted rows. */
int parked_verdict(uint64_t rows, bool has_state, struct err *e) MUST_USE;

/* Whether this run parked the key, or sent it and parked another for it.
 */
static inline bool parked_now(const struct pass_arrived *arrived,
			      struct hash key)
{
	return UNLIKELY(arrived->parked.n > 0 || arrived->parked.has_zero) &&
	       key_set_has(&arrived->parked, key);
}

/* The version of a new intent, as state_version, but above that of the parking
 * where this run parked the key: so more than one above what is unacknowledged,
 * by which apply_rules.c knows it.
 */
const struct intent *parked_version(const struct pass_arrived *arrived,
				    struct intent *i, const struct intent *open,
				    uint64_t version);

#endif
