/* commit_verdict.h - how a commit ends: its summary, and what it reports as
 * error.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_COMMIT_VERDICT_H
#define DIFF_COMMIT_VERDICT_H

#include "diff/commit_parts.h"

/* After all receipts were applied, with these counts: prints the summary.
 * Returns 0 if every change is settled, else -1. One problem is reported as the
 * error, any others as warnings.
 */
int commit_verdict(struct commit *c, const struct apply_counts *n,
		   struct err *e) MUST_USE;

#endif
