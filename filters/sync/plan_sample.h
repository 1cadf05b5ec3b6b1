/* plan_sample.h - reads the counts and sample rows of a plan.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_PLAN_SAMPLE_H
#define SYNC_PLAN_SAMPLE_H

#include "core/buf.h"
#include "core/err.h"

enum plan_action { PLAN_INSERT, PLAN_UPDATE, PLAN_DELETE, PLAN_ACTIONS };

/* One row of the sample. Owned texts. */
struct plan_row {
	enum plan_action action;
	char *id;
	char *change;     /* its id: 32 hexadecimal digits */
	char *before;     /* JSON, or NULL: not known */
	char *after;      /* JSON of the row; for a delete the known values */
	struct buf event; /* one JSON event per line; empty: none is sent */
};

struct plan_sample {
	struct plan_row *row; /* owned, in the order of actions */
	size_t n;
	struct buf counts; /* the members of the end line of the events, with
			    * commas: "inserts":1,... */
	/* from the begin line: what changed in the mapping, the mode, and the
	 * previous mode if different; empty: not known
	 */
	struct buf mapping_change, mode, mode_was;
	uint64_t count[PLAN_ACTIONS];
	uint64_t unchanged, events, rejects, blocked, deferred, postponed,
		resend_blocked;
};

/* Reads the changes and then the events, both from the current offset, and
 * selects the first n rows of each action. ERR_DATA if one has no end line;
 * ERR_IO.
 */
int plan_sample_read(struct plan_sample *s, int changes, int events, uint64_t n,
		     struct err *e) MUST_USE;

/* "insert", "update", "delete" */
const char *plan_sample_word(enum plan_action a);

/* All-zero is allowed. */
void plan_sample_clear(struct plan_sample *s);

#endif
