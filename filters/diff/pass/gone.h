/* gone.h - keys that are missing from the rows: deletes, and what else.
 *
 * Floor 2 (diff). Only after all rows of a complete input. What happens to a
 * missing key is decided by a table at the top of gone.c.
 */
#ifndef DIFF_PASS_GONE_H
#define DIFF_PASS_GONE_H

#include "diff/pass/run.h"

/* What happens to a key that is missing. */
enum gone_outcome {
	GONE_STAYS,   /* in the state, as it is; no line */
	GONE_BLOCKED, /* the same, by a delete guard */
	GONE_PARKED,  /* in the state, as one whose row is unknown: a skip */
	GONE_DROPPED, /* leaves the state without a delete: a skip */
	GONE_DELETED  /* its delete leaves, when it is its turn */
};

/* What is known of it: one value of each. They are bits, so that a row of the
 * table can name several.
 */
enum gone_where { GONE_IN_STATE = 1, GONE_IN_FILE = 2 };
enum gone_input { /* what follows from it */
		  GONE_WHOLE = 1,
		  GONE_BLIND = 2, /* nothing, by a guard that doubts it */
		  GONE_PARTIAL =
			  4 /* nothing, and the rest of the rows is elsewhere */
};
enum gone_twin { /* the same key of another type: has it arrived? */
		 GONE_NO_TWIN = 1,
		 GONE_TWIN_NEW = 2,
		 GONE_TWIN_DELIVERED = 4 /* and was delivered before */
};
enum gone_holder { /* who else has its identity */
		   GONE_NOBODY = 1,
		   GONE_HELD_DELIVERED =
			   2,         /* a row that arrived, delivered before */
		   GONE_HELD_NEW = 4, /* a row that arrived, a new one */
		   GONE_HELD_MISSING = 8 /* another missing key, still there */
};
enum gone_open {                        /* what is unacknowledged */
		 GONE_ACKNOWLEDGED = 1, /* nothing */
		 GONE_CHANGED = 2,      /* an insert or update */
		 GONE_DELETING = 4,     /* its delete */
		 GONE_LEFT = 8          /* that it was dropped from the state */
};
enum gone_due { /* whether deletes of its kind may leave */
		GONE_DUE = 1,
		GONE_DEFERRED = 2, /* not yet: --delete-after-runs */
		GONE_GUARDED = 4   /* not before they are allowed */
};
enum gone_row { GONE_ROW_KNOWN = 1, GONE_ROW_UNKNOWN = 2 };

struct gone_key {
	unsigned where;  /* enum gone_where, */
	unsigned input;  /* gone_input, */
	unsigned twin;   /* gone_twin, */
	unsigned holder; /* gone_holder, */
	unsigned open;   /* gone_open, */
	unsigned due;    /* gone_due, */
	unsigned row;    /* gone_row: as the snapshot has it */
};

/* By the table; *why is the reason of a skip, or NULL. */
enum gone_outcome gone_decide(const struct gone_key *k, const char **why);

/* In mode mirror the deletes of all missing keys, unless a delete guard blocks
 * them: then *blocked says so and r->blocked is their number. In other modes
 * unacknowledged keys that are missing in a second run leave as skips. 0, or -1
 * as emit_change.
 */
int gone_keys(struct run *r, struct err *blocked, struct err *e) MUST_USE;

/* Before a change of a key leaves that the snapshot does not have, or has
 * parked: the same key of another type, 7 for "7", is parked, since the
 * destination may hold one of them only. As emit_skip.
 */
int gone_retyped(struct run *r, struct slice text, struct err *e) MUST_USE;

#endif
