/* resend.h - resends every row after the mapping changed, or with --full.
 *
 * Floor 2 (diff). The commit of the run that came with another mapping notes
 * that (state_connection.h); the next run is full. Each such resend has a
 * number, which is mixed into the hash of each row: so a row is due until it
 * was delivered by it, however many runs were truncated, failed or limited by
 * --max-changes, and one that was is not sent twice. Where the mapping changes
 * again before a resend has ended, the next one has a number of its own; until
 * it begins, no row is due that has one of the numbers since before the first.
 *
 * --full begins a resend as well. Its number is in `pending` before the first
 * change leaves, and the next commit notes it as owed, however the run ended.
 * A later run without --full goes on with it, until one has read all rows and
 * notes the number as resent.
 */
#ifndef DIFF_PASS_RESEND_H
#define DIFF_PASS_RESEND_H

#include "diff/pass/diff_options.h"
#include "diff/state/state.h"
#include "diff/state/tag.h"

/* Rows that are sent again without being allowed; none where the events are
 * counted: track, page, screen.
 */
enum { RESEND_MOST = 100000 };

struct resend {
	bool due;        /* the state notes that one is */
	bool full;       /* and this run begins it or goes on with it */
	bool waits;      /* for another mode: this one sends no row again */
	uint64_t n;      /* keys of the state */
	uint64_t most;   /* --max-resend */
	uint64_t number; /* mixed into rows */
	uint64_t next;   /* that of a resend after a change of the mapping */
	uint64_t from;   /* the lowest of which no row is due */
	uint64_t *other; /* what these others make of a row's content, as bits
			  * that differ */
	size_t n_others;
	bool begun; /* --full: this run begins one */
	bool owed;  /* --full began it, and no run has read all rows since */
	bool write; /* the number goes into `pending` */
	uint64_t renew; /* intents before that place get a new id */
	bool forgotten; /* --on-mapping-change changed: it is not due any more
			 */
};

/* The number of the resend that --full began and no run has read all rows of
 * since, or 0. s has its intents.
 */
uint64_t resend_owed(const struct state *s);

/* What the state notes, with the options. The number goes into t, which is
 * tag_init's. updates: whether rows that the state has are sent at all. s is
 * that of the state, with its intents. ERR_USAGE.
 */
int resend_init(struct resend *x, const struct diff_options *o, bool updates,
		bool every_row, const struct state *s, struct tag *t,
		struct err *e) MUST_USE;

/* All-zero is allowed. */
void resend_clear(struct resend *x);

/* Whether a row is as it was delivered under another number that is not due:
 * differs is its content in the state against its content now.
 */
static inline bool resend_explains(const struct resend *x, uint64_t differs)
{
	for (size_t i = 0; i < x->n_others; i++) {
		if (x->other[i] == differs)
			return true;
	}
	return false;
}

/* Whether rows are due by the resend that this run begins or goes on with. */
static inline bool resend_runs(const struct resend *x)
{
	return x->full || x->owed;
}

/* Whether what is unacknowledged is sent under a new id. With --full the state
 * may be from a backup: under the first id, a destination that has seen it
 * would keep what it was given since.
 */
static inline bool resend_renews(const struct resend *x,
				 const struct intent *open)
{
	return open->at < x->renew;
}

/* Rows that wait for somebody who allows their resend; 0: none. */
static inline uint64_t resend_blocked(const struct resend *x)
{
	return x->due && !x->full && !x->forgotten && !x->waits ? x->n : 0;
}

/* Before the first change leaves. */
void resend_announce(const struct resend *x);

/* 0, or -1 with ERR_BLOCKED: this run has blocked a resend. */
int resend_verdict(const struct resend *x, struct err *e) MUST_USE;

#endif
