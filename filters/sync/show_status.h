/* show_status.h - rudder status: shows the status of syncs, as text or for
 * programs.
 *
 * Floor 2 (sync). A sync is named by its sync file or, without one, by the
 * folder of its state. A folder of states means all states in it.
 */
#ifndef SYNC_SHOW_STATUS_H
#define SYNC_SHOW_STATUS_H

#include "core/err.h"

struct status_options {
	char **names;       /* ended by NULL; empty: all syncs */
	const char *format; /* text, json, prometheus, html; NULL: text */
	const char *output; /* file that is replaced atomically; NULL: fd out */
	uint64_t max_age_ms; /* 0: max_age of each sync file */
};

/* Returns 0, or -1 with *e set:
 *
 *     ERR_EXPECT  the last run with status 0 of a sync is older than max_age
 *     ERR_INPUT   there is no such sync or state
 *     any         a sync cannot be read; the others are shown
 */
int show_status(const struct status_options *o, int out,
		struct err *e) MUST_USE;

#endif
