/* resend.h - resends every row after the mapping changed.
 *
 * Floor 2 (diff). The commit of the run that came with another mapping notes
 * that (state_connection.h); the next run is full. Each such resend has a
 * number, which is mixed into the hash of each row: so a row is due until it
 * was delivered by it, however many runs were truncated, failed or limited by
 * --max-changes, and one that was is not sent twice. Where the mapping changes
 * again before a resend has ended, the next one has a number of its own.
 */
#ifndef DIFF_PASS_RESEND_H
#define DIFF_PASS_RESEND_H

#include "diff/pass/diff_options.h"
#include "diff/state/snapshot.h"
#include "diff/state/tag.h"

/* Rows that are sent again without being allowed; none where the events are
 * counted: track, page, screen.
 */
enum { RESEND_MOST = 100000 };

struct resend {
	bool due;        /* the state notes that one is */
	bool full;       /* and this run begins it or goes on with it */
	uint64_t n;      /* keys of the state */
	uint64_t most;   /* --max-resend */
	uint64_t number; /* mixed into rows */
	bool forgotten;  /* --on-mapping-change changed: it is not due any more
			  */
};

/* What the state notes, with the options. The number goes into t, which is
 * tag_init's. ERR_USAGE.
 */
int resend_init(struct resend *x, const struct diff_options *o, bool every_row,
		const struct snapshot *old, uint64_t seed, struct tag *t,
		struct err *e) MUST_USE;

/* Rows that wait for somebody who allows their resend; 0: none. */
static inline uint64_t resend_blocked(const struct resend *x)
{
	return x->due && !x->full && !x->forgotten ? x->n : 0;
}

/* Before the first change leaves. */
void resend_announce(const struct resend *x);

/* The error of a run that blocked one: ERR_BLOCKED. */
int resend_verdict(const struct resend *x, struct err *e) MUST_USE;

#endif
