/* sync_verdict.h - how a sync stands, in a word, a sentence and a level.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_SYNC_VERDICT_H
#define SYNC_REPORT_SYNC_VERDICT_H

#include "sync/report/sync_report.h"

enum sync_level {
	LEVEL_NONE, /* no run yet */
	LEVEL_GOOD,
	LEVEL_WARN, /* it works, and somebody should look */
	LEVEL_BAD,  /* it does not work */
	LEVEL_LEVELS
};

struct sync_verdict {
	enum sync_level level;
	const char *word;   /* "ok", "rows fail", at most 13 letters */
	char sentence[700]; /* for people, without a final stop; UTF-8 */
};

/* The level of one exit status; -1 is a run without a commit. */
enum sync_level sync_verdict_of_status(int status);

/* The same of a run: one that made a plan which waits is not a killed one. */
enum sync_level sync_verdict_of_run(const struct sync_report *r,
				    const struct report_run *run);

/* Whether the last run made a plan, and its receipts are not there yet. */
bool sync_verdict_is_plan(const struct sync_report *r,
			  const struct report_run *run);

/* "good", "warn", "bad", "none": for class names and JSON. */
const char *sync_verdict_level_name(enum sync_level level);

/* Of a sync as it is at that time. */
void sync_verdict_of(struct sync_verdict *v, const struct sync_report *r,
		     uint64_t now_ms);

/* Whether no run has ended with status 0 for as long as max_age_ms says. */
bool sync_verdict_is_old(const struct sync_report *r, uint64_t now_ms);

/* Whether no row of a run with status 1 failed: it has left something to the
 * next one, and its reason says what.
 */
bool sync_verdict_goes_on(const struct report_run *run);

#endif
