/* receipt_log.h - the folder `log` of a state: receipts of earlier runs.
 *
 * Floor 2 (diff). A file for each run that had receipts, named for the time at
 * which it started and its id (2026-11-22T05:44:48.120Z-RUN). It is written as
 * receipts arrive: what a killed commit has read is there. The first line says
 * which run, the last one when it ended:
 *
 *     {"log":1,"run":"d4…","started":"2026-11-22T05:44:48.120Z"}
 *     {"id":"42","operation":"update","status":"rejected","code":422,"reason":"…"}
 *     {"ended":"2026-11-22T05:45:02.003Z"}
 */
#ifndef DIFF_STATE_RECEIPT_LOG_H
#define DIFF_STATE_RECEIPT_LOG_H

#include "diff/state/failing.h"

struct receipt_log {
	struct buf line; /* not written yet */
	char *path;      /* NULL: nothing is kept */
	int fd;          /* -1: not open, or it has failed */
};

/* Starts to keep the receipts of a run. A failure is a warning, and ends the
 * keeping.
 */
void receipt_log_open(struct receipt_log *l, const struct state *s,
		      const char *started, const char *run);

/* Adds a receipt; all are JSON values, or empty. */
void receipt_log_add(struct receipt_log *l, const struct failing_receipt *r);

/* Writes what was added. */
void receipt_log_flush(struct receipt_log *l);

/* The run has ended. ended NULL: only frees. */
void receipt_log_close(struct receipt_log *l, const char *ended);

/* Remove files of runs that started more than keep_ms before the newest run
 * that is at least a day old (or keep_ms, if that is less). Not before now: a
 * clock that is ahead for some runs would remove the receipts of all others.
 */
void receipt_log_prune(const struct state *s, uint64_t now_ms,
		       uint64_t keep_ms);

/* What the log has of a key. */
struct receipt_log_seen {
	size_t files;      /* of any keys */
	size_t n;          /* receipts of the key */
	bool settled;      /* any of them reports success, or a skip */
	bool settled_last; /* the last one does */
	bool deleted;      /* and is of a delete */
};

/* One line for each receipt of the key, as a row of RudderStack's sync_log,
 * oldest first, at the end of b; the reasons as messages show them, or whole.
 * *seen is filled. ERR_IO.
 */
int receipt_log_show(const struct state *s, const struct key *k, const char *id,
		     bool whole, struct buf *b, struct receipt_log_seen *seen,
		     struct err *e) MUST_USE;

/* A row of it, at the end of b with LF. Empty values are null. */
struct receipt_log_row {
	const char *run, *started, *ended;
	struct slice id, operation; /* JSON values */
	const char *status;         /* "succeeded", "failed", "skipped" */
	struct slice reason;        /* JSON, or empty */
};
void receipt_log_row(struct buf *b, const struct state *s,
		     const struct receipt_log_row *r);

/* Take a key out of all files; *found is set when it was there. */
int receipt_log_forget(const struct state *s, const struct key *k,
		       const char *id, bool *found, struct err *e) MUST_USE;

#endif
