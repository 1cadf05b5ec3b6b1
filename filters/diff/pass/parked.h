/* parked.h - keys known to the state whose row at the destination is unknown.
 *
 * Floor 2 (diff). A key is parked by a skip. The receipt of the skip puts the
 * key into the state with an unknown row. So the key is sent under a new id
 * when its row arrives, and deleted by a run that deletes.
 *
 * 7 and "7" are two keys to the state, and so are two rows with one identity;
 * but most destinations treat them as one row. So before an event of one of
 * these keys leaves, the others are parked. Otherwise an unchanged row would
 * count as delivered although the destination now has other values; and an
 * unacknowledged change would be resent under its first id, which a destination
 * that drops known ids would ignore.
 *
 * If another row relies on a change of this run, and the change may be refused,
 * its key is parked too, with a skip of its own.
 */
#ifndef DIFF_PASS_PARKED_H
#define DIFF_PASS_PARKED_H

#include "diff/pass/pass.h"

/* Sets the kept values of a missing key in *i: those sent last, otherwise those
 * delivered. at is its position in the snapshot, or -1.
 */
void parked_values(const struct pass_base *base, struct intent *i,
		   const struct intent *open, int64_t at);

/* Parks a key, unless this run already did; open is its newest intent, or NULL.
 * overtaken: it is parked because an event for the same row at the destination
 * is sent, which replaces it there. Errors as emit_skip.
 */
int parked_park(struct pass *r, struct hash key, struct slice text,
		const struct intent *open, bool overtaken, const char *why,
		struct err *e) MUST_USE;

/* Call it before an event of a key leaves: parks the other keys that are the
 * same row to the destination and have not arrived so far in this run. Only for
 * a state. Errors as emit_skip, and ERR_CREATE.
 */
int parked_others(struct pass *r, struct hash key, struct slice text,
		  struct err *e) MUST_USE;

/* Ends the parking of a key that this run parked: its row is as it was
 * delivered. i is the new intent of the row. Errors as emit_skip.
 */
int parked_back(struct pass *r, struct intent *i, int64_t at,
		struct err *e) MUST_USE;

/* A key leaves the state, and other keys that arrived are the same row to the
 * destination. open is its newest intent, or NULL. The destination has the
 * values sent last, perhaps those of the leaving key. So this parks one of the
 * others, unless one is sent anyway, and the next run sends it. For two files,
 * with --identity, the row is only counted; without it a warning about types is
 * given elsewhere. Errors as above.
 */
int parked_holder(struct pass *r, struct hash key, struct slice text,
		  const struct intent *open, struct err *e) MUST_USE;

/* A missing key is dropped because other missing keys have its identity. Parks
 * those in case their delete is postponed or refused and they reappear. Errors
 * as above.
 */
int parked_missing(struct pass *r, struct hash key, struct slice text,
		   struct err *e) MUST_USE;

/* With --identity, for the row that was checked last by identity_is, of which i
 * is the change: *shares is whether the state or an earlier row of the run may
 * have its identity under another key. If the destination cannot have the row
 * itself (may_be_there), only keys of the state that have not arrived count:
 * the row takes the place of one of them. Errors as above.
 */
int parked_shares(struct pass *r, const struct intent *i, bool may_be_there,
		  bool *shares, struct err *e) MUST_USE;

/* Whether a new row takes the place of a key that is the same to the
 * destination but has another type, and that has not arrived so far; then *kept
 * has the values that were kept of it. Not with --identity (parked_shares).
 */
bool parked_takes_place(struct pass *r, const struct intent *i,
			struct slice *kept);

/* 0, or -1 with ERR_PARTIAL if parked_holder has counted rows. */
int parked_verdict(uint64_t rows, bool has_state, struct err *e) MUST_USE;

/* Whether this run parked the key, or parked another key because this one was
 * sent.
 */
static inline bool parked_now(const struct pass_arrived *arrived,
			      struct hash key)
{
	return UNLIKELY(arrived->parked.n > 0 || arrived->parked.has_zero) &&
	       key_set_has(&arrived->parked, key);
}

/* The version of a new intent, as state_version. If this run parked the key, it
 * is above that of the parking, so more than one above what is unacknowledged;
 * apply_rules.c recognizes the parking by that.
 */
const struct intent *parked_version(const struct pass_arrived *arrived,
				    struct intent *i, const struct intent *open,
				    uint64_t version);

#endif
