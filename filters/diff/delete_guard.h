/* delete_guard.h - when deletes are held back.
 *
 * Floor 2 (diff). A query may succeed with too few rows: an emptied table, a
 * view in the middle of its rebuild. So many deletes at once are held until
 * somebody names their exact number.
 */
#ifndef DIFF_DELETE_GUARD_H
#define DIFF_DELETE_GUARD_H

#include "core/err.h"

/* So many keys may always go under a limit in percent. */
#define DELETE_GUARD_FREE 100

struct delete_guard {
	bool percent; /* limit is in percent of the snapshot's keys */
	uint64_t limit;
	bool has_permit; /* --allow-deletes was given */
	uint64_t permit; /* exactly so many may go */
};

/* What the run knows when it comes to deletes. */
struct delete_guard_case {
	uint64_t deletes;
	uint64_t keys;       /* in the snapshot, or perhaps delivered */
	uint64_t rows;       /* that came, refused ones too */
	uint64_t unreadable; /* rows whose key nobody knows */
	bool trusted_eof;    /* no end line: --trust-eof */
	bool partial;        /* the end line says that rows were left out */
	bool canary_gone;    /* a key of --require-key did not come */
};

/* From --max-deletes ("10%", "500"; NULL for the default, 10 %) and
 * --allow-deletes (NULL: not given). ERR_USAGE.
 */
int delete_guard_init(struct delete_guard *b, const char *max,
		      const char *allow, struct err *e) MUST_USE;

/* Whether the case lets anything be concluded from what did not come, be it
 * little or much.
 */
bool delete_guard_sees(const struct delete_guard_case *c);

/* Whether the deletes are held; if so *e says why and what lets them pass
 * (ERR_BLOCKED).
 */
bool delete_guard_blocks(const struct delete_guard *b,
			 const struct delete_guard_case *c, struct err *e);

#endif
