/* runs.h - the file `runs` of a state: one line of JSON for each run.
 *
 * Floor 2 (diff). Whoever ends a run adds its record: the commit, or the next
 * run if there was no commit. A record is one write of at most RUNS_LINE bytes
 * with O_APPEND, without a lock and without fsync, so that a run that could not
 * get the lock is recorded too. A line that cannot be read is skipped.
 */
#ifndef DIFF_STATE_RUNS_H
#define DIFF_STATE_RUNS_H

#include "diff/state/state.h"
#include "wire/stream/abort.h"

enum {
	RUNS_LINE = 4096,       /* bytes of a record, with LF */
	RUNS_KEPT = 1000,       /* records, when the file is trimmed */
	RUNS_KEPT_MOST = 10000, /* the largest --keep-runs */
	RUNS_STAMP = 24         /* characters of a time */
};

/* The counts in a record. Those before RUNS_OF_END are members of the end line.
 */
enum runs_count {
	RUNS_ROWS,
	RUNS_INSERTS,
	RUNS_UPDATES,
	RUNS_DELETES,
	RUNS_UNCHANGED,
	RUNS_IGNORED,
	RUNS_BLOCKED,
	RUNS_POSTPONED,
	RUNS_DEFERRED,
	RUNS_QUERY_MS, /* time that each stage worked: tool_own_ms */
	RUNS_DIFF_MS,
	RUNS_MAP_MS,
	RUNS_SEND_MS,
	RUNS_OF_END,                 /* how many */
	RUNS_RECEIPTS = RUNS_OF_END, /* all of them */
	RUNS_SUCCEEDED,              /* accepted or delivered */
	RUNS_SKIPPED,
	RUNS_FAILED, /* rejected, failed and unknown */
	RUNS_REJECTED,
	RUNS_UNKNOWN,
	RUNS_UNTRIED, /* the sender ended before it tried them */
	RUNS_PENDING, /* unacknowledged changes afterwards */
	RUNS_FAILING, /* keys afterwards (failing.h) */
	RUNS_COMMIT_MS,
	RUNS_COUNTS /* how many */
};

struct run_record {
	char run[STATE_RUN]; /* empty: unknown */
	char attempt[33];    /* empty: unknown */
	char started[RUNS_STAMP + 1];
	char ended[RUNS_STAMP + 1]; /* empty: no commit */
	char mode[16];
	uint64_t ms;
	int status;    /* exit status of the pipeline; -1: unknown */
	bool complete; /* all stages finished */
	char stage[ABORT_STAGE + 1]; /* that failed, or empty */
	char reason[ABORT_REASON + 1];
	uint64_t generation; /* of the snapshot afterwards; 0: unknown */
	uint64_t count[RUNS_COUNTS];
	bool has[RUNS_COUNTS];
};

/* The name of a count, in records and expectations. */
const char *runs_name(enum runs_count c);

/* Formats a wall time for a record. */
void runs_stamp(char stamp[RUNS_STAMP + 1], uint64_t wall_ms);

/* Adds a record. A failure is only a warning, because the run itself is not
 * affected. If the run ended with the same failure, it is shown with -v only.
 */
void runs_add(const struct state *s, const struct run_record *r);

/* Trims the file to the newest `keep` records (at least 1), once it has twice
 * as many. The state must be locked for writing.
 */
void runs_trim(const struct state *s, size_t keep);

/* Whether the last run does not hold the lock any more and left no record; then
 * *r gets what is known of the run. For the holder of the lock, or a reader.
 */
bool runs_unrecorded(const struct state *s, const struct state_token *last,
		     struct run_record *r);

/* Adds the record of the run before, if it left none. For a process that has
 * just taken the lock and loaded `pending`.
 */
void runs_add_missing(const struct state *s);

/* Passes all readable records to each, oldest first; each returns false to
 * stop. ERR_IO, ERR_DENIED.
 */
typedef bool runs_each_fn(void *ctx, const struct run_record *r,
			  struct slice line);
int runs_each(const struct state *s, runs_each_fn *each, void *ctx,
	      struct err *e) MUST_USE;

/* ERR_CONFIG if the snapshot of the state is missing although a run has written
 * one. As a first run it would send every row, but delete none of those
 * that the lost snapshot had.
 */
int runs_check_snapshot(const struct state *s, struct err *e) MUST_USE;

/* Adds a record as JSON to b, without LF. */
void runs_show(struct buf *b, const struct run_record *r);

#endif
