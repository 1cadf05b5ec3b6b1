/* reread.h - decides whether the next run must read all rows again.
 *
 * Floor 2 (diff). A source that is read from a cursor on, or not at all
 * (--if-changed), returns only what is new. A run that should send every row,
 * or compares rows in a different way, needs the other rows too. It sends what
 * it got, removes the cursor from the state, puts "reread":true into its end
 * line, and is not complete.
 */
#ifndef DIFF_PASS_REREAD_H
#define DIFF_PASS_REREAD_H

#include "diff/pass/pass.h"

/* At the begin line: ERR_USAGE for --full if the rows begin at a cursor. */
int reread_begin(const struct pass_asked *asked,
		 const struct pass_arrived *arrived, struct err *e) MUST_USE;

/* After the last row, before the notes are written: ERR_CONFIG, ERR_IO. */
int reread_decide(struct pass *r, struct err *e) MUST_USE;

/* 0, or -1 with ERR_PARTIAL if the run did not read all rows that may be due.
 */
int reread_verdict(const struct pass_leaving *leaving, struct err *e) MUST_USE;

/* Adds to the end line either the cursor of the source, with the way in which
 * rows were compared, or "reread".
 */
void reread_end(const struct pass_leaving *leaving, struct buf *b);

#endif
