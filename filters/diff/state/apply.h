/* apply.h - applies receipts to the state: what was delivered becomes the
 * snapshot.
 *
 * Floor 2 (diff). Receipts are written to the file `receipts` and applied as
 * they arrive, or by the next run if the commit was killed. Only an accepted
 * intent moves the snapshot, key by key, and never back: an intent older than
 * the key's version in the snapshot changes nothing. An intent that was surely
 * not delivered is dropped; all others stay. One that may have been delivered
 * is in doubt: it stays until it, or a later one of its key, is accepted,
 * whatever else is said of it before or afterwards.
 */
#ifndef DIFF_STATE_APPLY_H
#define DIFF_STATE_APPLY_H

#include "diff/state/state.h"

enum apply_answer {
	APPLY_ACCEPTED, /* accepted, delivered, or skipped on purpose */
	APPLY_REJECTED, /* permanently rejected */
	APPLY_FAILED,   /* not sent, or refused for now */
	APPLY_COMPLETE, /* all of an attempt was seen: see apply_complete */
	APPLY_UNKNOWN,  /* may have been delivered */
	APPLY_DOUBTED,  /* the same, and the last answer was a refusal */
};

struct apply_counts {
	uint64_t applied;    /* intents that moved the snapshot */
	uint64_t open;       /* intents that stay unacknowledged */
	uint64_t unknown;    /* receipts of no intent of this state */
	uint64_t generation; /* of the snapshot now */
};

/* Receipts that arrive. All-zero but for file.fd of -1 is closed. */
struct apply_early;

struct apply_receipts {
	struct journal file;       /* fill and flush it as any journal */
	struct apply_early *early; /* applies them as they arrive, or NULL */
};

/* Open the file of receipts for adding. Only one process does at a time:
 * ERR_TEMP. ERR_CREATE, ERR_IO. accept_rejected as below.
 */
int apply_open(struct apply_receipts *r, struct state *s, bool accept_rejected,
	       uint64_t wait_ms, struct err *e) MUST_USE;
void apply_close(struct apply_receipts *r);

/* Add one: change is 32 hex digits; i of n events of that change. */
void apply_add(struct apply_receipts *r, const char change[32], uint64_t i,
	       uint64_t n, enum apply_answer answer);

/* The same for one event of one. */
void apply_add_one(struct apply_receipts *r, struct hash change,
		   enum apply_answer answer);

/* Add the connection that delivers what is accepted from here on, as
 * state_connection_put has it.
 */
void apply_connection(struct apply_receipts *r, struct slice text);

/* Add that all receipts of that attempt (32 characters) were seen: what its run
 * said of the whole state counts.
 */
void apply_complete(struct apply_receipts *r, const char *attempt);

/* Apply all receipts: those of r, which were flushed, or with r NULL those in
 * the files. Without s->connection that of a killed commit counts. With
 * s->unproven another sender may have delivered what failed, or was refused,
 * here (wire/state/sent.h): it is in doubt. The state must be locked for
 * writing; it is not loaded before or after. accept_rejected: a rejected change
 * counts as done, so that it is sent again only when the row changes.
 * ERR_CONFIG, ERR_CREATE, ERR_IO: then the state is the old one, or the new one
 * and the receipts are applied again next time. What exceeds s->memory goes to
 * temporary files.
 */
int apply(struct state *s, struct apply_receipts *r, bool accept_rejected,
	  struct apply_counts *c, struct err *e) MUST_USE;

/* Apply the receipts that a killed commit left, if there are any. The state
 * must be locked for writing; it is not loaded before or after.
 */
int apply_left(struct state *s, struct err *e) MUST_USE;

/* Whether there are receipts to apply. */
bool apply_due(const struct state *s);

#endif
