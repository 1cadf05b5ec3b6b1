/* apply.h - applies receipts to the state: what was delivered becomes the
 * snapshot.
 *
 * Floor 2 (diff). Receipts are written to the file `receipts` and applied as
 * they arrive, or by the next run if the commit was killed. Only an accepted
 * intent moves the snapshot, key by key, and never back: an intent older than
 * the key's version in the snapshot changes nothing. An intent that was
 * certainly not delivered is dropped; all others stay. An intent that may have
 * been delivered is in doubt: it stays until it, or a later intent of its key,
 * is accepted. No other receipt, before or after, ends the doubt.
 */
#ifndef DIFF_STATE_APPLY_H
#define DIFF_STATE_APPLY_H

#include "diff/state/state.h"

enum apply_answer {
	APPLY_ACCEPTED, /* accepted, delivered, or skipped on purpose */
	APPLY_REJECTED, /* permanently rejected */
	APPLY_FAILED,   /* not sent, or rejected for now */
	APPLY_COMPLETE, /* attempt is over: see apply_complete */
	APPLY_UNKNOWN,  /* may have been delivered */
	APPLY_DOUBTED,  /* the same, and the last attempt was rejected */
};

struct apply_counts {
	uint64_t applied;    /* intents that moved the snapshot */
	uint64_t open;       /* intents that remain unacknowledged */
	uint64_t unknown;    /* receipts without an intent in this state */
	uint64_t generation; /* of the snapshot afterwards */
};

/* Receipts that arrive. A value that is all-zero except file.fd = -1 is closed.
 */
struct apply_early;

struct apply_receipts {
	struct journal file;       /* add to it and flush it as any journal */
	struct apply_early *early; /* applies them as they arrive, or NULL */
};

/* Opens the file of receipts for appending. Only one process may have it open:
 * ERR_TEMP otherwise. ERR_CREATE, ERR_IO. accept_rejected is as in apply.
 */
int apply_open(struct apply_receipts *r, struct state *s, bool accept_rejected,
	       uint64_t wait_ms, struct err *e) MUST_USE;
void apply_close(struct apply_receipts *r);

/* Adds a receipt: change is 32 hex digits; it is for event i of the n events of
 * that change.
 */
void apply_add(struct apply_receipts *r, const char change[32], uint64_t i,
	       uint64_t n, enum apply_answer answer);

/* The same for a change of one event. */
void apply_add_one(struct apply_receipts *r, struct hash change,
		   enum apply_answer answer);

/* Adds the connection that delivers the changes accepted from here on, as
 * state_connection_put writes it.
 */
void apply_connection(struct apply_receipts *r, struct slice text);

/* Adds a record that all receipts of this attempt (32 characters) were seen, so
 * that the notes of its run take effect.
 */
void apply_complete(struct apply_receipts *r, const char *attempt);

/* Applies all receipts: those of r, which were flushed, or with r NULL those in
 * the files. If s->connection is NULL, the connection that a killed commit left
 * in the files is used. If s->unproven is set, a different sender may have
 * delivered a change that this one reports as failed or rejected
 * (wire/state/sent.h), so that change is in doubt. With accept_rejected a
 * rejected change counts as done: it is sent again only when the row changes.
 * The state must be locked for writing; it is not loaded before or after. What
 * exceeds s->memory goes to temporary files. ERR_CONFIG, ERR_CREATE, ERR_IO:
 * then the state is the old one, or the new one and the receipts are applied
 * again next time.
 */
int apply(struct state *s, struct apply_receipts *r, bool accept_rejected,
	  struct apply_counts *c, struct err *e) MUST_USE;

/* Applies the receipts that a killed commit left, if there are any. The state
 * must be locked for writing; it is not loaded before or after.
 */
int apply_left(struct state *s, struct err *e) MUST_USE;

/* Whether there are receipts to apply. */
bool apply_due(const struct state *s);

#endif
