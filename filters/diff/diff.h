/* diff.h - turns rows into changes since the last delivered state.
 *
 * Floor 2 (diff). One pass: each row is looked up by the hash of its key, and
 * its change leaves before the command waits for the next row. Deletes come
 * last, and only after all rows were seen and if no delete guard blocks them.
 *
 * Memory: 2 to 4 bytes for each key of the snapshot for its index (at most 64
 * MiB), one bit for each key that was seen, 20 to 30 bytes for each key that
 * the snapshot does not have; above a limit these go to disk (new_keys.h).
 */
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H

#include "diff/pass/diff_options.h"

/* Reads rows from fd in, and writes changes to fd out, which is closed. 0, or
 * -1 with the verdict: after ERR_PARTIAL and ERR_BLOCKED the stream is
 * complete.
 */
int diff_run(const struct diff_options *o, int in, int out,
	     struct err *e) MUST_USE;

#endif
