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

/* Appends the members last_run, last_ok, last_status and failing to b. Sets
 * *old to ERR_EXPECT if no run has succeeded within max_age_ms (0: no limit).
 * ERR_IO, ERR_DENIED.
 */
int show_runs_status(const struct state *s, struct buf *b, uint64_t max_age_ms,
		     struct err *old, struct err *e) MUST_USE;

/* Prints all records of runs, oldest first, and one more for a run without a
 * record.
 */
int show_runs_all(const char *dir, int out, struct err *e) MUST_USE;

/* Prints the failing keys. */
int show_runs_failing(const char *dir, int out, struct err *e) MUST_USE;

/* Prints the logged receipts of a key (--keep-log), or without any what the
 * state has about the key, as rows of RudderStack's sync_log. ERR_INPUT if it
 * has nothing.
 */
int show_runs_log(const char *dir, const char *id, int out,
		  struct err *e) MUST_USE;

#endif
