/* commit.h - receipts into the state: rudder-diff --commit.
 *
 * Floor 2 (diff). Receipts are written to a file as they arrive, so that a
 * killed commit loses few of them. They are applied when the input ends,
 * complete or not: each receipt holds by itself.
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
	uint64_t memory;      /* bytes, then temporary files; 0: no limit */
	uint64_t history;     /* snapshots to keep; 0: do not touch them */
	uint64_t keep_log_ms; /* how long to keep receipts; 0: keep none */
	uint64_t keep_runs;   /* records of runs to keep; 0: RUNS_KEPT */
	uint64_t lock_wait_ms;
	const struct opt_list *expect; /* see expect.h; NULL: no expectations */
	bool confine; /* give up access to other files and the network */
	struct input_options input;
};

/* Reads receipts from fd in. 0 if every row of the run is settled, else -1:
 * ERR_PARTIAL if some are still due, ERR_BLOCKED if the run blocked deletes,
 * ERR_EXPECT if an expectation is not met, ERR_DATA if the receipts were
 * truncated (those that arrived are applied).
 */
int commit_run(const struct commit_options *o, int in, struct err *e) MUST_USE;

#endif
