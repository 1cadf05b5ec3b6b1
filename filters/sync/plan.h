/* plan.h - rudder plan: what a run would do, and the events to be sent later.
 *
 * Floor 2 (sync). With a file for the plan the changes are held in the state
 * (rudder-diff --hold), so nothing else is sent until rudder apply has sent or
 * declined them. Without one the state is not written.
 */
#ifndef SYNC_PLAN_H
#define SYNC_PLAN_H

#include "core/err.h"
#include "sync/stages.h"

struct plan_options {
	const char *path;        /* sync file, or folder of a project */
	const char *destination; /* see plan_targets.h; NULL: all */
	const char *output;      /* file for the plan, or NULL; with several
				  * each has its name behind that: FILE.crm */
	const char *format;      /* text (NULL), json or markdown */
	uint64_t sample;         /* rows of each action */
	uint64_t expires_ms;     /* how long it may be applied */
	struct stages_options stages;
};

#define PLAN_EXPIRES_MS ((uint64_t)24 * 3600 * 1000)
enum { PLAN_SAMPLE = 5 };

/* Writes what would be done to out, for each destination by itself. 0; -1 with
 * ERR_BLOCKED where deletes or a resend are blocked, ERR_PARTIAL where rows are
 * rejected (the plan is made all the same), or the status of what failed,
 * without a text where the tools have said it: then nothing is held.
 */
int plan_make(const struct plan_options *o, int out, struct err *e) MUST_USE;

#endif
