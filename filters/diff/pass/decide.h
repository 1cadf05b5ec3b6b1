/* decide.h - what becomes of a row: a change, or nothing.
 *
 * Floor 2 (diff). For the rows of lines.c, each with its hashes at hand.
 */
#ifndef DIFF_PASS_DECIDE_H
#define DIFF_PASS_DECIDE_H

#include "diff/pass/run.h"

/* Look the row up, and send it if it is due; one whose key may have come before
 * waits (r->late). 0, or -1 as emit_change, ERR_IO for a temporary file.
 */
int decide_row(struct run *r, const struct run_row *row,
	       struct err *e) MUST_USE;

/* Of a row that is the one delivered of the key at a position of the snapshot,
 * as its line says (glance.h): whether nothing else keeps it from being left
 * out, which decide_unchanged then does. Its key came before, a change of it
 * has no answer, more of it is to be kept: then it goes to decide_row.
 */
bool decide_known(const struct run *r, struct hash key, size_t at);
void decide_unchanged(struct run *r, struct hash key, size_t at,
		      struct slice line);

#endif
