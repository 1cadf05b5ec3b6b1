/* show_runs.h - shows the runs of a state, its failing keys, and the receipts
 * of one key.
 *
 * Floor 2 (diff). Output is NDJSON, for people with jq. Reasons are shown as
 * messages show them (abort_reason), or with -v as the destination gave them.
 */
#ifndef DIFF_SHOW_RUNS_H
#define DIFF_SHOW_RUNS_H

#include "core/err.h"
#include "diff/state/state.h"

/* The members last_run, last_ok, last_status and failing, at the end of b.
 * *old becomes ERR_EXPECT when no run has succeeded for max_age_ms (0:
 * whenever). ERR_IO, ERR_DENIED.
 */
int show_runs_status(const struct state *s, struct buf *b, uint64_t max_age_ms,
		     struct err *old, struct err *e) MUST_USE;

/* All records of runs, oldest first, and a last one for a run without one. */
int show_runs_all(const char *dir, int out, struct err *e) MUST_USE;

/* The keys that fail. */
int show_runs_failing(const char *dir, int out, struct err *e) MUST_USE;

/* The receipts of a key that were kept (--keep-log), or without any what the
 * state knows of it, as rows of RudderStack's sync_log. ERR_INPUT when it knows
 * nothing.
 */
int show_runs_log(const char *dir, const char *id, int out,
		  struct err *e) MUST_USE;

#endif
