/* sync_verdict.h - judges the status of a sync: a word, a sentence and a level.
 *
 * Floor 2 (sync).
 */
#ifndef SYNC_REPORT_SYNC_VERDICT_H
#define SYNC_REPORT_SYNC_VERDICT_H

#include "sync/report/sync_report.h"

enum sync_level {
	LEVEL_NONE, /* no run yet */
	LEVEL_GOOD,
	LEVEL_WARN, /* it works, but needs attention */
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

/* The level of a run. A run that made a plan which is waiting was not killed.
 */
enum sync_level sync_verdict_of_run(const struct sync_report *r,
				    const struct report_run *run);

/* Whether the last run made a plan that has no receipts yet. */
bool sync_verdict_is_plan(const struct sync_report *r,
			  const struct report_run *run);

/* "good", "warn", "bad", "none": for class names and JSON. */
const char *sync_verdict_level_name(enum sync_level level);

/* Judges a sync at the time now_ms. */
void sync_verdict_of(struct sync_verdict *v, const struct sync_report *r,
		     uint64_t now_ms);

/* Whether the last run with status 0 is older than max_age_ms. */
bool sync_verdict_is_old(const struct sync_report *r, uint64_t now_ms);

/* Whether a run with status 1 has no failed row: it left work for the next run,
 * and its reason names it.
 */
bool sync_verdict_goes_on(const struct report_run *run);

#endif
