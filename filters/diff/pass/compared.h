/* compared.h - which columns are compared, in this run and in the last one.
 *
 * Floor 2 (diff). When the compared columns change, no row is sent for that
 * alone. Instead each row is compared by the previous columns once more, and an
 * equal row gets its new hash by an intent without a change (PENDING_SAME).
 */
#ifndef DIFF_PASS_COMPARED_H
#define DIFF_PASS_COMPARED_H

#include "diff/keys/columns.h"
#include "diff/pass/diff_options.h"
#include "diff/state/snapshot.h"

struct compared {
	const char *compare, *ignore; /* for this run; NULL: not given */
	struct columns was;           /* of the run before, if again */
	bool again;                   /* compare rows by was as well */
	struct buf mapped, before;    /* storage of the lists */
	struct buf note;              /* for the state, if again */
};

/* Finds the columns to compare. "mapped" in the options means the columns that
 * the recorded mapping reads, or all columns if there is no mapping yet. note
 * are the notes of a snapshot, NULL for two files.
 */
void compared_init(struct compared *x, const struct diff_options *o,
		   const struct slice note[SNAPSHOT_NOTES]);

/* All-zero is allowed. */
void compared_clear(struct compared *x);

#endif
