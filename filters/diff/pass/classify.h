/* classify.h - decides for each row: insert, update, unchanged or reject.
 *
 * Floor 2 (diff). For the rows of lines.c, each with its hashes at hand.
 */
#ifndef DIFF_PASS_CLASSIFY_H
#define DIFF_PASS_CLASSIFY_H

#include "diff/pass/pass.h"

/* Look the row up, and send it if it is due; one whose key may have come before
 * waits (r->arrived.late). 0, or -1 as emit_change, ERR_IO for a temporary
 * file.
 */
int classify_row(struct pass *r, const struct pass_row *row,
		 struct err *e) MUST_USE;

/* Of a row that is the one delivered of the key at a position of the snapshot,
 * as its line says (fast_path.h): whether nothing else keeps it from being left
 * out, which classify_unchanged then does. If its key came before, a change of
 * it is unacknowledged, or more of it is to be kept, it goes to classify_row.
 */
bool classify_known(const struct pass_base *base,
		    const struct pass_arrived *arrived, struct hash key,
		    size_t at);
void classify_unchanged(struct pass *r, struct hash key, size_t at,
			struct slice line);

#endif
