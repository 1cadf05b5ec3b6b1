/* resend.h - resends every row after the mapping changed, or with --full.
 *
 * Floor 2 (diff). The commit of the run that came with a new mapping notes that
 * a resend is due (state_connection.h); the next run is full. Each resend has a
 * number, which is mixed into the hash of each row. So a row is due until it
 * was delivered under that number, however many runs were truncated, failed or
 * limited by --max-changes, and it is not sent twice. If the mapping changes
 * again before a resend has ended, the next resend gets a new number. Until it
 * begins, rows delivered under any number since before the first change are not
 * due.
 *
 * --full begins a resend as well. Its number is in `pending` before the first
 * change leaves, and the next commit notes it as owed, however the run ended.
 * Later runs without --full continue it, until one has read all rows and notes
 * the number as resent.
 */
#ifndef DIFF_PASS_RESEND_H
#define DIFF_PASS_RESEND_H

#include "diff/pass/diff_options.h"
#include "diff/state/state.h"
#include "diff/state/tag.h"

/* This many rows may be resent without being allowed; no rows if the events are
 * counted: track, page, screen.
 */
enum { RESEND_MOST = 100000 };

struct resend {
	bool due;        /* the state notes that a resend is due */
	bool full;       /* this run begins or continues it */
	bool waits;      /* for another mode: nothing is resent now */
	uint64_t n;      /* keys of the state */
	uint64_t most;   /* --max-resend */
	uint64_t number; /* mixed into the hashes of rows */
	uint64_t next;   /* rows numbered from here on are not due */
	uint64_t from;   /* rows with a number from here on are not due */
	uint64_t *other; /* for each of these numbers, the bits in which a row's
			  * content differs */
	size_t n_others;
	bool begun;     /* --full: this run begins one */
	bool owed;      /* --full began it, no run has read all rows since */
	bool write;     /* the number goes into `pending` */
	uint64_t renew; /* intents before that position get a new id */
	bool forgotten; /* by --on-mapping-change changed */
};

/* The number of the resend that --full began, as long as no run has read all
 * rows since; or 0. The intents of s must be loaded.
 */
uint64_t resend_owed(const struct state *s);

/* Initializes from the notes of the state and the options, and mixes the number
 * into t, which tag_init has set. updates: whether the mode sends rows that the
 * state has. s is loaded with its intents. ERR_USAGE.
 */
int resend_init(struct resend *x, const struct diff_options *o, bool updates,
		bool every_row, const struct state *s, struct tag *t,
		struct err *e) MUST_USE;

/* All-zero is allowed. */
void resend_clear(struct resend *x);

/* Whether a row was delivered under another number that is not due. differs:
 * its content in the state XOR its content now.
 */
static inline bool resend_explains(const struct resend *x, uint64_t differs)
{
	for (size_t i = 0; i < x->n_others; i++) {
		if (x->other[i] == differs)
			return true;
	}
	return false;
}

/* Whether this run begins or continues a resend. */
static inline bool resend_runs(const struct resend *x)
{
	return x->full || x->owed;
}

/* Whether an unacknowledged change is sent under a new id. With --full the
 * state may be from a backup: under the first id, a destination that drops
 * known ids would keep newer values.
 */
static inline bool resend_renews(const struct resend *x,
				 const struct intent *open)
{
	return open->at < x->renew;
}

/* The number of rows whose resend must be allowed first; 0: none. */
static inline uint64_t resend_blocked(const struct resend *x)
{
	return x->due && !x->full && !x->forgotten && !x->waits ? x->n : 0;
}

/* Prints the message that a resend begins, before the first change leaves. */
void resend_announce(const struct resend *x);

/* 0, or -1 with ERR_BLOCKED if this run has blocked a resend. */
int resend_verdict(const struct resend *x, struct err *e) MUST_USE;

#endif
