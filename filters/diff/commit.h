/* commit.h - receipts into the state: rudder-diff --commit.
 *
 * Floor 2 (diff). Receipts are written to a file as they arrive, so that a
 * killed commit loses few of them. They are applied when the input ends,
 * complete or not: each receipt is true by itself.
 */
#ifndef DIFF_COMMIT_H
#define DIFF_COMMIT_H

#include "core/err.h"
#include "core/opt.h"
#include "wire/stream/input.h"

struct commit_options {
	const char *state;    /* folder */
	const char *rejected; /* "retry" or "accept" */
	const char *stats;
	uint64_t memory;  /* bytes, then temporary files; 0: no bound */
	uint64_t history; /* snapshots to keep; 0: leave the history alone */
	uint64_t keep_log_ms; /* keep receipts so long; 0: keep none */
	uint64_t keep_runs;   /* records of runs to keep; 0: RUNS_KEPT */
	uint64_t lock_wait_ms;
	const struct opt_list *expect; /* see expect.h; NULL: nothing */
	bool confine; /* give up all other files, and the network */
	struct input_options input;
};

/* Receipts from fd in. 0 when every row of the run is where it should be, else
 * -1: ERR_PARTIAL when some are still due, ERR_BLOCKED when the run held
 * deletes back, ERR_EXPECT when it is not as expected, ERR_DATA when the
 * receipts were truncated (what came is committed).
 */
int commit_run(const struct commit_options *o, int in, struct err *e) MUST_USE;

#endif
