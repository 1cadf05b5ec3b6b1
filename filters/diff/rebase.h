/* rebase.h - records rows as delivered: rudder-diff --rebase.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_REBASE_H
#define DIFF_REBASE_H

#include "diff/diff.h"

/* Makes the rows from fd the new snapshot, with the key columns of the options;
 * nothing is sent, and unacknowledged intents are dropped. The rows must be
 * complete. Writes an empty stream of changes to out, so that a pipeline may
 * follow. Errors as diff_run; after ERR_DATA the state is unchanged.
 */
int rebase_run(const struct diff_options *o, int in, int out,
	       struct err *e) MUST_USE;

#endif
