/* reread.h - decides whether the next run must read all rows again.
 *
 * Floor 2 (diff). A source that is read from a cursor on, or not at all
 * (--if-changed), gives only what is new. A run that is to send every row, or
 * compares rows in another way, needs the others too: it sends what it got,
 * removes the cursor from the state, says in its end line "reread":true, and is
 * not complete.
 */
#ifndef DIFF_PASS_REREAD_H
#define DIFF_PASS_REREAD_H

#include "diff/pass/pass.h"

/* At the begin line: ERR_USAGE for --full where the rows begin at a cursor. */
int reread_begin(const struct pass_asked *asked,
		 const struct pass_arrived *arrived, struct err *e) MUST_USE;

/* After the last row, before the notes of the state: ERR_CONFIG, ERR_IO. */
int reread_decide(struct pass *r, struct err *e) MUST_USE;

/* 0, or -1 with ERR_PARTIAL: the run did not read all that may be due. */
int reread_verdict(const struct pass_leaving *leaving, struct err *e) MUST_USE;

/* The cursor of the source and how rows were compared on the way to it, or what
 * was decided, as members of the end line.
 */
void reread_end(const struct pass_leaving *leaving, struct buf *b);

#endif
