/* rebase.h - records rows as delivered: rudder-diff --rebase.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_REBASE_H
#define DIFF_REBASE_H

#include "diff/diff.h"

/* Make the rows from fd the new snapshot, with the key columns asked for;
 * nothing is sent and open intents are forgotten. The rows must be complete.
 * out gets an empty stream of changes, so that a pipeline may follow. Errors
 * as diff_run; ERR_DATA leaves the state as it was.
 */
int rebase_run(const struct diff_options *o, int in, int out,
	       struct err *e) MUST_USE;

#endif
