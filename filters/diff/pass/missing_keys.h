/* missing_keys.h - keys that are missing from the rows: deletes, skips and
 * doubt.
 *
 * Floor 2 (diff). Only after all rows of a complete input. What happens to a
 * missing key is decided by a table at the top of missing_keys.c.
 */
#ifndef DIFF_PASS_MISSING_KEYS_H
#define DIFF_PASS_MISSING_KEYS_H

#include "diff/pass/pass.h"

/* What happens to a key that is missing. */
enum missing_keys_outcome {
	MISSING_KEYS_STAYS,   /* in the state, as it is; no line */
	MISSING_KEYS_BLOCKED, /* the same, by a delete guard */
	MISSING_KEYS_PARKED,  /* in the state, as one whose row is unknown: a
				 skip */
	MISSING_KEYS_DROPPED, /* leaves the state without a delete: a skip */
	MISSING_KEYS_DELETED  /* its delete leaves, when it is its turn */
};

/* What is known of it: one value of each. They are bits, so that a row of the
 * table can name several.
 */
enum missing_keys_where { MISSING_KEYS_IN_STATE = 1, MISSING_KEYS_IN_FILE = 2 };
enum missing_keys_input { /* what follows from it */
			  MISSING_KEYS_WHOLE = 1,
			  MISSING_KEYS_BLIND =
				  2, /* nothing, by a guard that doubts it */
			  MISSING_KEYS_PARTIAL = 4 /* nothing, and the rest of
						      the rows is elsewhere */
};
enum missing_keys_twin { /* the same key of another type: has it arrived? */
			 MISSING_KEYS_NO_TWIN = 1,
			 MISSING_KEYS_TWIN_NEW = 2,
			 MISSING_KEYS_TWIN_DELIVERED =
				 4 /* and was delivered before */
};
enum missing_keys_holder { /* who else has its identity */
			   MISSING_KEYS_NOBODY = 1,
			   MISSING_KEYS_HELD_DELIVERED =
				   2, /* a row that arrived, delivered before */
			   MISSING_KEYS_HELD_NEW =
				   4, /* a row that arrived, a new one */
			   MISSING_KEYS_HELD_MISSING =
				   8 /* another missing key, still there */
};
enum missing_keys_open { /* what is unacknowledged */
			 MISSING_KEYS_ACKNOWLEDGED = 1, /* nothing */
			 MISSING_KEYS_CHANGED = 2,  /* an insert or update */
			 MISSING_KEYS_DELETING = 4, /* its delete */
			 MISSING_KEYS_LEFT =
				 8 /* that it was dropped from the state */
};
enum missing_keys_due { /* whether deletes of its kind may leave */
			MISSING_KEYS_DUE = 1,
			MISSING_KEYS_DEFERRED =
				2, /* not yet: --delete-after-runs */
			MISSING_KEYS_GUARDED =
				4 /* not before they are allowed */
};
enum missing_keys_row {
	MISSING_KEYS_ROW_KNOWN = 1,
	MISSING_KEYS_ROW_UNKNOWN = 2
};

struct missing_keys_key {
	unsigned where;  /* enum missing_keys_where */
	unsigned input;  /* enum missing_keys_input */
	unsigned twin;   /* enum missing_keys_twin */
	unsigned holder; /* enum missing_keys_holder */
	unsigned open;   /* enum missing_keys_open */
	unsigned due;    /* enum missing_keys_due */
	unsigned row;    /* enum missing_keys_row, of the snapshot */
};

/* By the table; *why is the reason of a skip, or NULL. */
enum missing_keys_outcome missing_keys_decide(const struct missing_keys_key *k,
					      const char **why);

/* In mode mirror the deletes of all missing keys, unless a delete guard blocks
 * them: then *blocked says so and r->leaving.blocked is their number. In other
 * modes unacknowledged keys that are missing in a second run leave as skips. 0,
 * or -1 as emit_change.
 */
int missing_keys_keys(struct pass *r, struct err *blocked,
		      struct err *e) MUST_USE;

#endif
