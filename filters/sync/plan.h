/* plan.h - rudder plan: shows what a run would do, and keeps the events to send
 * later.
 *
 * Floor 2 (sync). With a file for the plan the changes are held in the state
 * (rudder-diff --hold): nothing else is sent until rudder apply has sent or
 * declined them. Without such a file the state is not written.
 */
#ifndef SYNC_PLAN_H
#define SYNC_PLAN_H

#include "core/err.h"
#include "sync/stages.h"

struct plan_options {
	const char *path;        /* sync file, or folder of a project */
	const char *destination; /* see plan_targets.h; NULL: all */
	const char *output;      /* file for the plan, or NULL; several
				  * destinations have files like FILE.crm */
	const char *format;      /* text (NULL), json or markdown */
	uint64_t sample;         /* number of rows shown for each action */
	uint64_t expires_ms;     /* for how long the plan may be applied */
	struct stages_options stages;
};

#define PLAN_EXPIRES_MS ((uint64_t)24 * 3600 * 1000)
enum { PLAN_SAMPLE = 5 };

/* Writes the plan of each destination to out. Returns 0, or -1 with ERR_BLOCKED
 * if deletes or a resend are blocked, ERR_PARTIAL if rows are rejected (the
 * plan is made anyway), or the status of what failed; then nothing is held. *e
 * has no text if a tool has printed the error.
 */
int plan_make(const struct plan_options *o, int out, struct err *e) MUST_USE;

#endif
