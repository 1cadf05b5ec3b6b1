/* classify.h - decides for each row: insert, update, unchanged or reject.
 *
 * Floor 2 (diff). For the rows of lines.c, whose hashes are already calculated.
 */
#ifndef DIFF_PASS_CLASSIFY_H
#define DIFF_PASS_CLASSIFY_H

#include "diff/pass/pass.h"

/* Looks the row up, and sends it if it is due. A row whose key may be a
 * duplicate is put aside (r->arrived.late). 0, or -1 as emit_change, ERR_IO for
 * a temporary file.
 */
int classify_row(struct pass *r, const struct pass_row *row,
		 struct err *e) MUST_USE;

/* For a line whose hash is that of the row delivered for the key at a position
 * of the snapshot (fast_path.h): whether the row can be skipped as unchanged,
 * which classify_unchanged then does. If its key is a duplicate, has an
 * unacknowledged change, or lacks values to keep, the line must go to
 * classify_row.
 */
bool classify_known(const struct pass_base *base,
		    const struct pass_arrived *arrived, struct hash key,
		    size_t at);
void classify_unchanged(struct pass *r, struct hash key, size_t at,
			struct slice line);

#endif
