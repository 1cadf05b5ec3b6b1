/* sync_report.h - reads the data of one sync: its state, its runs, and its
 * failing rows.
 *
 * Floor 2 (sync). All data comes from rudder-diff --status --runs --failing,
 * run as one command. Texts are as rudder-diff prints them, and contain no
 * values of rows except the ids of failing rows.
 */
#ifndef SYNC_REPORT_SYNC_REPORT_H
#define SYNC_REPORT_SYNC_REPORT_H

#include "core/buf.h"
#include "core/err.h"

/* The counts of a run; the names are those of rudder-diff --runs. */
enum report_count {
	REPORT_ROWS,
	REPORT_INSERTS,
	REPORT_UPDATES,
	REPORT_DELETES,
	REPORT_UNCHANGED,
	REPORT_IGNORED,
	REPORT_BLOCKED,
	REPORT_POSTPONED,
	REPORT_DEFERRED,
	REPORT_RECEIPTS,
	REPORT_SUCCEEDED,
	REPORT_SKIPPED,
	REPORT_FAILED,
	REPORT_REJECTED,
	REPORT_UNKNOWN,
	REPORT_UNTRIED,
	REPORT_PENDING,
	REPORT_FAILING,
	REPORT_QUERY_MS, /* times of the stages themselves, if they were
			  * measured */
	REPORT_DIFF_MS,
	REPORT_MAP_MS,
	REPORT_SEND_MS,
	REPORT_COMMIT_MS,
	REPORT_COUNTS /* number of counts */
};

struct report_run {
	struct slice line;   /* JSON, as rudder-diff wrote it; borrowed */
	uint64_t started_ms; /* 0: not known */
	uint64_t ended_ms;   /* 0: no commit */
	uint64_t ms;         /* duration; 0: not known */
	int status;          /* -1: no commit */
	bool complete;
	char *id, *stage, *reason, *mode; /* owned; empty: not known */
	uint64_t count[REPORT_COUNTS];
	bool has[REPORT_COUNTS];
};

/* A row whose last receipt reports a failure. */
struct report_row {
	char *id, *action, *status, *reason; /* owned */
	uint64_t code, attempts, since_ms, last_ms;
};

struct sync_report {
	char *name;      /* name of the sync and its destination: "users/crm" */
	char *state;     /* folder of the state */
	bool never;      /* there is no state yet: no run has begun */
	struct err lack; /* error that prevents showing it; ERR_NONE: none */

	struct slice status; /* JSON of --status; borrowed */
	uint64_t keys, pending, failing, resend;
	uint64_t last_ms, good_ms; /* end of the last run, and of the last with
				    * status 0; 0: none */
	uint64_t running_ms; /* start of a run that has not ended; 0: none */
	uint64_t hold_ms; /* start of a plan that waits for review; 0: none */
	uint64_t expires_ms; /* when the plan expires, or 0 */
	uint64_t max_age_ms; /* maximum time between successful runs; 0: no
			      * limit */

	struct report_run *run; /* owned; oldest first */
	size_t n_runs;
	struct report_row *row; /* owned */
	size_t n_rows;
	struct buf kept; /* memory of the slices */
};

/* Runs rudder-diff for a state, which becomes r.state; name and state are
 * copied. An error goes to r.lack, so that one damaged state does not hide the
 * others. *r must be cleared in any case.
 */
void sync_report_read(struct sync_report *r, const char *name,
		      const char *state);

/* Also allows an all-zero struct. */
void sync_report_clear(struct sync_report *r);

/* Whether the state exists but cannot be read, so that values missing here are
 * unknown.
 */
static inline bool sync_report_is_hidden(const struct sync_report *r)
{
	return r->lack.kind != ERR_NONE && !r->never;
}

/* The last run, or NULL. */
const struct report_run *sync_report_last(const struct sync_report *r);

/* Inserts, updates and deletes of a run together. */
uint64_t sync_report_changes(const struct report_run *run);

/* The name of stage i, from 0, of the stages whose own times may be in a run's
 * record (rudder-stream(5), end); NULL after the last.
 */
enum { SYNC_REPORT_STAGES = REPORT_COMMIT_MS - REPORT_QUERY_MS + 1 };
const char *sync_report_stage(size_t i);

/* Whether a run has the own time of any stage. */
bool sync_report_has_stages(const struct report_run *run);

#endif
