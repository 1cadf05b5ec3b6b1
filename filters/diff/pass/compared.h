/* compared.h - which columns are compared, in this run and in the last one.
 *
 * Floor 2 (diff). If they differ, no row is sent for that: each is compared by
 * the previous columns once more, and an equal one gets its new hash by an
 * intent that leaves no change (PENDING_SAME).
 */
#ifndef DIFF_PASS_COMPARED_H
#define DIFF_PASS_COMPARED_H

#include "diff/keys/columns.h"
#include "diff/pass/diff_options.h"
#include "diff/state/snapshot.h"

struct compared {
	const char *compare, *ignore; /* now; NULL: not given */
	struct columns was;           /* before, if again */
	bool again;                /* rows are to be compared by was as well */
	struct buf mapped, before; /* where the texts live */
	struct buf note;           /* for the state, if again */
};

/* The columns of the options, of which "mapped" stands for what the mapping
 * reads that the state was delivered with: all before there is one. note are
 * those of a snapshot, NULL for two files.
 */
void compared_init(struct compared *x, const struct diff_options *o,
		   const struct slice note[SNAPSHOT_NOTES]);

/* All-zero is allowed. */
void compared_clear(struct compared *x);

#endif
