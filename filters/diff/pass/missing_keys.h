/* missing_keys.h - keys that are missing from the rows: deletes, skips and
 * doubt.
 *
 * Floor 2 (diff). Called only after all rows of a complete input. The table at
 * the top of missing_keys.c decides what happens to a missing key.
 */
#ifndef DIFF_PASS_MISSING_KEYS_H
#define DIFF_PASS_MISSING_KEYS_H

#include "diff/pass/pass.h"

/* What happens to a key that is missing. */
enum missing_keys_outcome {
	MISSING_KEYS_STAYS,   /* in the state, unchanged; no line */
	MISSING_KEYS_BLOCKED, /* as STAYS, because of a delete guard */
	MISSING_KEYS_PARKED,  /* in the state, with an unknown row: a skip */
	MISSING_KEYS_DROPPED, /* leaves the state without a delete: a skip */
	MISSING_KEYS_DELETED  /* its delete leaves, if --max-changes permits */
};

/* What is known of a missing key: one value of each enum. They are bits, so
 * that a row of the table can name several.
 */
enum missing_keys_where { MISSING_KEYS_IN_STATE = 1, MISSING_KEYS_IN_FILE = 2 };
enum missing_keys_input { /* whether a missing key is really missing */
			  MISSING_KEYS_WHOLE = 1,
			  MISSING_KEYS_BLIND =
				  2, /* no: a guard doubts the input */
			  MISSING_KEYS_PARTIAL = 4 /* no: only a part of the
						    * rows was read */
};
enum missing_keys_twin { /* did the key arrive with another type? */
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
				   4, /* a row that arrived and is new */
			   MISSING_KEYS_HELD_MISSING =
				   8 /* a missing key that is still there */
};
enum missing_keys_open { /* its unacknowledged change */
			 MISSING_KEYS_ACKNOWLEDGED = 1, /* none */
			 MISSING_KEYS_CHANGED = 2,  /* an insert or update */
			 MISSING_KEYS_DELETING = 4, /* its delete */
			 MISSING_KEYS_LEFT =
				 8 /* that it was dropped from the state */
};
enum missing_keys_due { /* whether it may be deleted now */
			MISSING_KEYS_DUE = 1,
			MISSING_KEYS_DEFERRED =
				2, /* not yet: --delete-after-runs */
			MISSING_KEYS_GUARDED =
				4 /* not before the deletes are allowed */
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
	unsigned row;    /* enum missing_keys_row: of the snapshot */
};

/* Decides by the table; *why is the reason of a skip, or NULL. */
enum missing_keys_outcome missing_keys_decide(const struct missing_keys_key *k,
					      const char **why);

/* In mode mirror: sends the deletes of all missing keys, unless a delete guard
 * blocks them; then *blocked has the reason and r->leaving.blocked their
 * number. In other modes: keys with an unacknowledged change that are missing
 * in a second run leave as skips. 0, or -1 as emit_change.
 */
int missing_keys_send(struct pass *r, struct err *blocked,
		      struct err *e) MUST_USE;

#endif
