/* lines.h - reads the lines of a run and decides about each row, unchanged ones
 * unparsed.
 *
 * Floor 2 (diff). Every row goes through this part of the pass. Rows are
 * decided in the order of arrival, in batches, so that the cache misses of
 * their keys overlap.
 */
#ifndef DIFF_PASS_LINES_H
#define DIFF_PASS_LINES_H

#include "diff/pass/pass.h"

/* Reads r->arrived.in to its end. 0, or -1 as classify_row, or as the reader.
 */
int lines_read(struct pass *r, struct err *e) MUST_USE;

/* Decides about the rows that were read but not decided yet. */
int lines_drain(struct pass *r, struct err *e) MUST_USE;

/* After all other rows: decides about rows that were put aside because --memory
 * was exceeded and their key may be a duplicate.
 */
int lines_late(struct pass *r, struct err *e) MUST_USE;

#endif
