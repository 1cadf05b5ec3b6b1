/* commit_parts.h - the data of a commit, shared by its files.
 *
 * Floor 2 (diff). commit_receipts.c reads the receipts, commit.c applies them,
 * commit_verdict.c reports the result.
 */
#ifndef DIFF_COMMIT_PARTS_H
#define DIFF_COMMIT_PARTS_H

#include <string.h>

#include "core/progress.h"
#include "diff/commit.h"
#include "diff/commit_report.h"
#include "diff/state/apply.h"
#include "diff/state/state_connection.h"

struct commit {
	const struct commit_options *o;
	struct state *state;
	struct input in;
	struct apply_receipts answers;
	bool open; /* whether answers is open */
	bool ours; /* the receipts are of the last attempt of the state */
	/* answers has the connection of these receipts already: because of an
	 * accepted one, or only of settled ones
	 */
	bool told, told_settled;
	char attempt[33];           /* that attempt */
	struct buf reads;           /* of begin: what the cursor is for */
	struct buf base;            /* of end: --delta run that may settle */
	uint64_t base_rejects;      /* the rejects that such a run may have */
	struct buf sender, refused; /* see wire/state/sent.h */
	struct commit_report report;
	uint64_t shape;
	int status_at, message_at, refused_at, late_at, untried_at, stage_at;
	uint64_t excused; /* unknown, but settled by --rejected accept */
	struct state_connection connection;
	uint64_t blocked, postponed, deferred, overtaken, resend_blocked;
	struct buf blocked_reason; /* empty: not known */
	bool reread;               /* rows before the cursor may be due */
	bool more;                 /* there are more events (--max-events) */
	bool stopped;              /* and nothing else is missing */
	uint64_t receipts, accepted, rejected, failed, unknown, skipped,
		foreign, dry_run;
	uint64_t unread;  /* of the foreign ones, lines that are not JSON */
	uint64_t untried; /* the sender ended before it tried them */
	uint64_t late;    /* settled by an earlier commit, so not sent again */
	uint64_t settled; /* rows that the mapping left out, that are given up,
			   * or that may have arrived */
};

static inline bool commit_accepts_rejected(const struct commit *c)
{
	return strcmp(c->o->rejected, "accept") == 0;
}

/* The number of receipts that leave their row due. */
static inline uint64_t commit_due(const struct commit *c)
{
	return c->failed + c->untried + c->dry_run + c->unknown - c->excused +
	       c->foreign + (commit_accepts_rejected(c) ? 0 : c->rejected);
}

/* Reads all receipts, writes them to the state, and counts them. What was read
 * before an error counts. Errors of input_next, ERR_CONFIG for receipts of
 * another state, and errors of the lock.
 */
int commit_receipts_read(struct commit *c, struct progress *p,
			 struct err *e) MUST_USE;

/* Flushes the receipts that were read to disk. It is a reader_wait_fn; ctx is
 * the commit.
 */
int commit_receipts_down(void *ctx, struct err *e) MUST_USE;

#endif
