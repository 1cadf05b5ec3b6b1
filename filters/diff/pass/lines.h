/* lines.h - reads the lines of a run and decides about each row, unchanged
 * ones unparsed.
 *
 * Floor 2 (diff). The part of pass.c that every row goes through. Rows are
 * decided in the order in which they come, in batches, so that the cache misses
 * of their keys overlap.
 */
#ifndef DIFF_PASS_LINES_H
#define DIFF_PASS_LINES_H

#include "diff/pass/pass.h"

/* Read r->arrived.in to its end. 0, or -1 as classify_row, or as the reader. */
int lines_read(struct pass *r, struct err *e) MUST_USE;

/* Decide upon the rows that were read and not yet decided upon. */
int lines_drain(struct pass *r, struct err *e) MUST_USE;

/* Past --memory, behind all others, the rows that were held because their key
 * may have come before.
 */
int lines_late(struct pass *r, struct err *e) MUST_USE;

#endif
