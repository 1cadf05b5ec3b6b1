/* commit_report.h - what a commit records: the run, failing keys, the log of
 * receipts.
 *
 * Floor 2 (diff). Nothing here decides what happens to a state.
 */
#ifndef DIFF_COMMIT_REPORT_H
#define DIFF_COMMIT_REPORT_H

#include "core/opt.h"
#include "diff/state/apply.h"
#include "diff/state/operations.h"
#include "diff/state/receipt_log.h"
#include "diff/state/runs.h"
#include "wire/stream/input.h"

struct commit_report {
	const struct state *state;
	uint64_t keep_log_ms;          /* 0: no log */
	size_t keep_runs;              /* see runs_trim */
	const struct opt_list *expect; /* NULL: no expectations */
	struct run_record record;
	int fd;                   /* descriptor of the receipts */
	uint64_t began_ms;        /* wall time */
	char now[RUNS_STAMP + 1]; /* time of the failures of this run */
	struct failing failing;
	struct receipt_log log;
	struct operations operations;
	bool dry_run; /* of rudder-diff -n: not a run */
	bool more;    /* there are more events than these receipts */
	bool open;    /* failing is loaded, and log is open if asked for */

	uint64_t shape; /* the shape for which at is valid */
	int at[6];      /* positions of the members of a receipt */
};

/* Call it at the start of the process. */
void commit_report_init(struct commit_report *t, const struct state *s);

/* Call it when the state is locked, and a first receipt or begin line has
 * arrived.
 */
void commit_report_open(struct commit_report *t);

/* Handle the current begin line and end line. */
void commit_report_begin(struct commit_report *t, const struct input *in);
void commit_report_end(struct commit_report *t, const struct input *in);

/* What the current receipt reports: success, a failure, or neither. */
enum commit_report_says {
	COMMIT_REPORT_NEITHER,
	COMMIT_REPORT_FINE,
	COMMIT_REPORT_FAILURE
};
/* Whether receipts of accepted changes do not affect the reports. */
static inline bool commit_report_ignores_fine(const struct commit_report *t)
{
	return t->keep_log_ms == 0 && t->failing.n == 0;
}

void commit_report_receipt(struct commit_report *t, const struct input *in,
			   enum commit_report_says says);

/* Writes the log of receipts before the commit waits for input. */
void commit_report_flush(struct commit_report *t);

/* Sets a count of the record. */
void commit_report_count(struct commit_report *t, enum runs_count c,
			 uint64_t n);

/* Call it when all receipts are applied. whole: they are all receipts of the
 * last run, which is complete. Renews the list of failing keys.
 */
void commit_report_applied(struct commit_report *t,
			   const struct apply_counts *n, bool whole);

/* Checks the run against --expect: 0, or -1 ERR_EXPECT. */
int commit_report_expect(struct commit_report *t, struct err *e) MUST_USE;

/* Ends the commit with the error e, or with success if rc is 0: adds the record
 * of the run, and frees.
 */
void commit_report_close(struct commit_report *t, const struct input *in,
			 int rc, const struct err *e);

#endif
