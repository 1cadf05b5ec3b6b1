/* brake.h - when deletes are held back.
 *
 * Floor 2 (diff). A query may succeed with too few rows: an emptied table, a
 * view in the middle of its rebuild. So many deletes at once are held until
 * somebody names their exact number.
 */
#ifndef DIFF_BRAKE_H
#define DIFF_BRAKE_H

#include "core/err.h"

/* So many keys may always go under a limit in percent. */
#define BRAKE_FREE 100

struct brake {
	bool percent; /* limit is in percent of the snapshot's keys */
	uint64_t limit;
	bool has_permit; /* --allow-deletes was given */
	uint64_t permit; /* exactly so many may go */
};

/* What the run knows when it comes to deletes. */
struct brake_case {
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
int brake_init(struct brake *b, const char *max, const char *allow,
	       struct err *e) MUST_USE;

/* Whether the case lets anything be concluded from what did not come, be it
 * little or much.
 */
bool brake_sees(const struct brake_case *c);

/* Whether the deletes are held; if so *e says why and what lets them pass
 * (ERR_BRAKE).
 */
bool brake_holds(const struct brake *b, const struct brake_case *c,
		 struct err *e);

#endif
