/* receipt_log.h - the folder `log` of a state: receipts of earlier runs.
 *
 * Floor 2 (diff). A file for each run that had receipts, named for its start
 * time and id (2026-11-22T05:44:48.120Z-RUN). It is written as receipts arrive,
 * so that it has them even if the commit is killed. The first line names the
 * run, the last one has its end time:
 *
 *   {"log":1,"run":"d4…","started":"2026-11-22T05:44:48.120Z"}
 *     {"id":"42","operation":"update","status":"rejected","code":422,"reason":"…"}
 *     {"ended":"2026-11-22T05:45:02.003Z"}
 */
#ifndef DIFF_STATE_RECEIPT_LOG_H
#define DIFF_STATE_RECEIPT_LOG_H

#include "diff/state/failing.h"

struct receipt_log {
	struct buf line; /* not written yet */
	char *path;      /* NULL: not logging */
	int fd;          /* -1: not open, or a write has failed */
};

/* Starts the log of a run. A failure is only a warning, and stops the logging.
 */
void receipt_log_open(struct receipt_log *l, const struct state *s,
		      const char *started, const char *run);

/* Adds a receipt; all members are JSON values, or empty. */
void receipt_log_add(struct receipt_log *l, const struct failing_receipt *r);

/* Writes the receipts that were added. */
void receipt_log_flush(struct receipt_log *l);

/* Ends the file; with ended NULL without a last line. */
void receipt_log_close(struct receipt_log *l, const char *ended);

/* Removes files of runs that started more than keep_ms before the newest run
 * that is at least a day old (or keep_ms old, if that is less). It does not
 * count back from now: if the clock is ahead for some runs, that would remove
 * the receipts of all others.
 */
void receipt_log_prune(const struct state *s, uint64_t now_ms,
		       uint64_t keep_ms);

/* What the log has about a key. */
struct receipt_log_seen {
	size_t files;      /* in the folder, of any keys */
	size_t n;          /* receipts of the key */
	bool settled;      /* at least one reports success, or a skip */
	bool settled_last; /* the last one does */
	bool deleted;      /* the last one is of a delete */
};

/* Adds one line to b for each receipt of the key, oldest first, as a row of
 * RudderStack's sync_log. Reasons are as messages show them, or with whole as
 * they were given. Fills *seen. ERR_IO.
 */
int receipt_log_show(const struct state *s, const struct key *k, const char *id,
		     bool whole, struct buf *b, struct receipt_log_seen *seen,
		     struct err *e) MUST_USE;

/* Adds a row of sync_log to b, with LF. Empty values become null. */
struct receipt_log_row {
	const char *run, *started, *ended;
	struct slice id, operation; /* JSON values */
	const char *status;         /* "succeeded", "failed", "skipped" */
	struct slice reason;        /* JSON, or empty */
};
void receipt_log_row(struct buf *b, const struct state *s,
		     const struct receipt_log_row *r);

/* Removes a key from all files; *found is set if it was there. */
int receipt_log_forget(const struct state *s, const struct key *k,
		       const char *id, bool *found, struct err *e) MUST_USE;

#endif
