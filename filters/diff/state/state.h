/* state.h - the folder of a sync: what is in it, and who may touch it.
 *
 * Floor 2 (diff). A folder, 0700, its files 0600:
 *
 *   file      content                       written by    durable
 *   snapshot  what the destination is       commit        fsync, rename
 *             known to hold (snapshot.h)
 *   rows-N    earlier snapshots, of which   commit        link
 *             the present one holds only
 *             what is different
 *   pending   intents: changes that left    diff, before  fdatasync
 *             and are unacknowledged        the change
 *             (pending.h)                   leaves
 *   sent      attempts: started, ended,     send          fdatasync
 *             number left in doubt                        at start
 *             (wire/state/sent.h)
 *   receipts  receipts that are not yet     commit        fsync
 *             applied (apply.h); 0.1 called
 *             it answers, which is still read
 *   cursor    how far the source was read   commit        fsync, rename
 *             (cursor_file.h)
 *   base      which tables in the           diff, before  fsync, rename
 *             warehouse --delta compares    the change;
 *             with (base_file.h)            commit
 *   started   when the newest committed run commit        fsync, rename
 *             began (started.h)
 *   runs      a line for each run (runs.h)  whoever ends  no
 *   hold      a plan waits (hold.h)         diff, commit  fsync, rename
 *   part      of which part of a table it   diff, before  fsync, rename
 *             is (part_pin.h)               the change
 *   failing   keys whose last receipt       commit        fsync, rename
 *             reports a failure (failing.h)
 *   log/      receipts (receipt_log.h)      commit        no
 *   lock      flock; text: token of the     diff, send,   no
 *             last run, its pid             commit, their
 *                                           children
 *   history/  earlier snapshots (history.h) commit        link
 *
 * Locks are flock(2) and end with their process. A run takes `lock` whole,
 * writes its token, and keeps it as a shared lock; so do the sender and the
 * commit of the same run. The folder itself is locked by whoever may write
 * snapshot or pending: the run, then the commit.
 */
#ifndef DIFF_STATE_STATE_H
#define DIFF_STATE_STATE_H

#include "diff/state/pending.h"
#include "diff/state/snapshot.h"
#include "diff/state/unacked.h"

enum { STATE_RUN = 64 };

/* Whether n look-ups are few: up to one in 1,024 keys of a large snapshot are
 * looked up without checking and indexing all of it.
 */
static inline bool state_is_few(const struct snapshot *s, uint64_t n)
{
	enum { SHARE = 1024, LEAST = 64 };

	return n <= s->places / SHARE + LEAST;
}

/* What the file `lock` says of the last run that took it. */
struct state_token {
	char attempt[33]; /* empty: no run took it */
	bool other;       /* it was not a run: --rebase, --forget */
	bool held;        /* it is not over: somebody has the lock now */
	long pid;
	uint64_t taken_ms; /* wall time */
	char run[21];      /* its id, or empty: not known yet */
	char given[21]; /* the id that it was given, where it resumes another */
};

struct state_connection;

struct state {
	char *dir; /* absolute */
	char *snapshot_path, *pending_path, *receipts_path, *lock_path;
	char *answers_path; /* receipts, under the name of 0.1 */
	int dir_fd, lock_fd;
	char attempt[33];          /* token of this run, hexadecimal */
	const char *use;           /* "rebase" for what is not a run, or NULL */
	struct state_token before; /* the token that ours has replaced */
	uint64_t memory;           /* to apply receipts with; 0: no bound */
	bool unproven;             /* see settle */
	uint64_t history; /* snapshots to keep; 0: leave the history alone */
	struct state_connection *connection; /* of the commit, or NULL */
	bool partly; /* the commit is of a part of a plan (--max-events): what
		      * its run said of the whole state waits for the rest, in
		      * `pending`, which stays also when no change is left */

	bool dry_run; /* the commit is of a dry run of rudder-send: what --full
		       * began is not owed */

	struct snapshot snapshot;
	struct pending pending;
	struct unacked unacked; /* intents of pending, by key */
	uint64_t seed, generation;
	uint64_t ids;  /* seed of the change ids of intents (intent_seed) */
	uint64_t salt; /* of the intents that this run adds, if resumed */
	struct slice columns; /* key columns, JSON; empty for a new state */

	struct journal journal;
	bool writing; /* journal is open */
	bool resumed; /* pending held intents: its run goes on */
};

/* Find or (with create) make the folder. ERR_INPUT when it is not there,
 * ERR_CREATE, ERR_DENIED when others may write to it.
 */
int state_open(struct state *s, const char *dir, bool create,
	       struct err *e) MUST_USE;
void state_close(struct state *s);

/* Take the locks of a run. ERR_TEMP, with the holder's pid, when another run
 * is not over after wait_ms.
 */
int state_lock_run(struct state *s, uint64_t wait_ms, struct err *e) MUST_USE;

/* What the file `lock` says, whoever holds it. */
void state_last(const struct state *s, struct state_token *t);

/* Adds the id of this run to the file `lock`, and the one that RUDDER_RUN_ID
 * gives if it is a different one: a commit of the same pipeline may know only
 * that.
 */
void state_name_run(const struct state *s, const char *run);

/* This run ends before anything left: no commit will name its token, so it is
 * removed.
 */
void state_forget_token(const struct state *s);

/* Take part in a run's lock, as the commit. Waits up to wait_ms. ERR_TEMP. */
int state_lock_shared(struct state *s, uint64_t wait_ms,
		      struct err *e) MUST_USE;

/* Whether the token is that of the last run, of which the lock is shared. */
bool state_is_attempt(const struct state *s, struct slice token);

/* Take the right to write snapshot and pending, waiting for the run to end. */
int state_lock_writing(struct state *s, uint64_t wait_ms,
		       struct err *e) MUST_USE;

/* Read snapshot and pending. ERR_CONFIG for damaged or mixed-up files. */
int state_load(struct state *s, struct err *e) MUST_USE;

/* The same but for the intents of pending, which is only opened, for
 * pending_scan.
 */
int state_load_head(struct state *s, struct err *e) MUST_USE;

/* Before a commit applies receipts: if --keep has changed, the values of all
 * keys are rewritten, so the snapshot becomes one file. ERR_CREATE, ERR_IO,
 * ERR_CONFIG.
 */
int state_prepare(struct state *s, struct err *e) MUST_USE;

/* Remove the files that the snapshot does not need any more. ERR_IO. */
int state_tidy(const struct state *s, struct err *e) MUST_USE;

/* Forget what state_load read. */
void state_unload(struct state *s);

/* The newest unacknowledged intent of a key, in *i, or NULL. */
static inline const struct intent *state_intent(const struct state *s,
						struct hash key,
						struct intent *i)
{
	return UNLIKELY(s->unacked.n > 0) && unacked_find(&s->unacked, key, i)
		       ? i
		       : NULL;
}

/* All of them, in the order in which they were written: after state_walk each
 * call gives the next, as pending_next.
 */
static inline void state_walk(const struct state *s, struct unacked_walk *w)
{
	unacked_walk(&s->pending, w);
}
int state_next(const struct state *s, struct unacked_walk *w, struct intent *i,
	       struct err *e) MUST_USE;

/* The version of a new intent for a key; version is that of the snapshot, open
 * the unacknowledged intent or NULL. It is that of open if the content is the
 * same, so that a retry keeps its id, otherwise a higher one. Returns open if
 * the content is the same, otherwise NULL.
 */
const struct intent *state_version(struct intent *i, const struct intent *open,
				   uint64_t version);

/* Make ready to write intents: starts pending, or marks a new attempt in it.
 * Done once; cheap afterwards.
 */
int state_write_ahead(struct state *s, struct slice run, struct slice columns,
		      struct err *e) MUST_USE;

/* What stands for the state in begin lines, as long as it is the same, whatever
 * its model, as STATE_ID hexadecimal digits at the end of b. Its seed cannot be
 * found by it.
 */
enum { STATE_ID = 20 };
void state_id(const struct state *s, struct buf *b);

#endif
