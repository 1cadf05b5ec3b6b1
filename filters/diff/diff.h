/* diff.h - rows into changes since the last delivered state.
 *
 * Floor 2 (diff). One pass: a row is looked up by the hash of its key, and a
 * change leaves before the next row is waited for. Deletes come last, and
 * only when all rows were seen and no delete guard blocks them.
 *
 * Memory: 2 to 4 bytes a key of the snapshot for its index (at most 64 MiB),
 * one bit a key seen, 20 to 30 bytes for each key that the snapshot does not
 * have; past a bound these go to disk (new_keys.h).
 */
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H

#include "diff/pass/diff_options.h"

/* Rows from fd in, changes to fd out, which is closed. 0, or -1 with
 * the verdict: ERR_PARTIAL and ERR_BLOCKED mean that the stream is complete.
 */
int diff_run(const struct diff_options *o, int in, int out,
	     struct err *e) MUST_USE;

#endif
