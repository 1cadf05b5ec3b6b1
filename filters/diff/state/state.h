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

/* Whether n look-ups are few: for up to one key in 1,024 of a large snapshot,
 * it is not checked and indexed as a whole.
 */
static inline bool state_is_few(const struct snapshot *s, uint64_t n)
{
	enum { SHARE = 1024, LEAST = 64 };

	return n <= s->places / SHARE + LEAST;
}

/* What the file `lock` has about the last run that took it. */
struct state_token {
	char attempt[33]; /* empty: no run took the lock */
	bool other;       /* taken by --rebase or --forget, not by a run */
	bool held;        /* somebody has the lock now */
	long pid;
	uint64_t taken_ms; /* wall time */
	char run[21];      /* run id, or empty: not known yet */
	char given[21];    /* from RUDDER_RUN_ID, if that differs */
};

struct state_connection;

struct state {
	char *dir; /* absolute */
	char *snapshot_path, *pending_path, *receipts_path, *lock_path;
	char *answers_path; /* receipts of version 0.1 */
	int dir_fd, lock_fd;
	char attempt[33];          /* token of this run, hexadecimal */
	const char *use;           /* "rebase" if it is not a run, else NULL */
	struct state_token before; /* the token before ours */
	uint64_t memory;           /* to apply receipts; 0: no bound */
	bool unproven;             /* other senders may have sent, see apply */
	uint64_t history;          /* snapshots to keep; 0: do not touch them */
	struct state_connection *connection; /* of the commit, or NULL */
	bool partly; /* the commit is of one part of a plan (--max-events): the
		      * notes of its run stay in `pending` for the rest, even if
		      * no change is left */

	bool dry_run; /* rudder-send made a dry run: the resend that --full
		       * began is not owed */

	struct snapshot snapshot;
	struct pending pending;
	struct unacked unacked; /* the intents of pending, by key */
	uint64_t seed, generation;
	uint64_t ids;  /* seed of the change ids of intents (intent_seed) */
	uint64_t salt; /* of the intents that this run adds, if resumed */
	struct slice columns; /* key columns, JSON; empty for a new state */

	struct journal journal;
	bool writing; /* journal is open */
	bool resumed; /* pending had intents: this run continues theirs */
};

/* Finds or (with create) makes the folder. ERR_INPUT if it does not exist,
 * ERR_CREATE, ERR_DENIED if others may write to it.
 */
int state_open(struct state *s, const char *dir, bool create,
	       struct err *e) MUST_USE;
void state_close(struct state *s);

/* Takes the locks of a run. ERR_TEMP, with the holder's pid, if another run is
 * still active after wait_ms.
 */
int state_lock_run(struct state *s, uint64_t wait_ms, struct err *e) MUST_USE;

/* Reads the file `lock`, without needing the lock. */
void state_last(const struct state *s, struct state_token *t);

/* Adds the id of this run to the file `lock`, and RUDDER_RUN_ID if it is
 * different: a commit of the same pipeline may know only that one.
 */
void state_name_run(const struct state *s, const char *run);

/* Removes the token of a run that ends before anything left: no commit will
 * name it.
 */
void state_forget_token(const struct state *s);

/* Shares the lock of a run, for its commit. Waits up to wait_ms. ERR_TEMP. */
int state_lock_shared(struct state *s, uint64_t wait_ms,
		      struct err *e) MUST_USE;

/* Whether the token is that of the last run, whose lock is shared. */
bool state_is_attempt(const struct state *s, struct slice token);

/* Takes the right to write snapshot and pending, after the run has ended. */
int state_lock_writing(struct state *s, uint64_t wait_ms,
		       struct err *e) MUST_USE;

/* Reads snapshot and pending. ERR_CONFIG for damaged files, and for files of
 * two states.
 */
int state_load(struct state *s, struct err *e) MUST_USE;

/* The same without the intents of pending, which is only opened, for
 * pending_scan.
 */
int state_load_head(struct state *s, struct err *e) MUST_USE;

/* Call it before a commit applies receipts. If --keep has changed, the values
 * of all keys are rewritten, so the snapshot is made one file. ERR_CREATE,
 * ERR_IO, ERR_CONFIG.
 */
int state_prepare(struct state *s, struct err *e) MUST_USE;

/* Removes files that the snapshot does not need any more. ERR_IO. */
int state_tidy(const struct state *s, struct err *e) MUST_USE;

/* Frees what state_load has read. */
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

/* Walks over the newest intent of each key, in the order of the file: call
 * state_walk, then state_next as pending_next.
 */
static inline void state_walk(const struct state *s, struct unacked_walk *w)
{
	unacked_walk(&s->pending, w);
}
int state_next(const struct state *s, struct unacked_walk *w, struct intent *i,
	       struct err *e) MUST_USE;

/* Sets the version of a new intent. version is that of the snapshot; open is
 * the key's unacknowledged intent or NULL. If open has the same content, the
 * new intent gets its version, so that a retry keeps its id, and open is
 * returned. Otherwise it gets a higher version, and NULL is returned.
 */
const struct intent *state_version(struct intent *i, const struct intent *open,
				   uint64_t version);

/* Prepares for writing intents: creates pending, or marks a new attempt in it.
 * Cheap after the first call.
 */
int state_write_ahead(struct state *s, struct slice run, struct slice columns,
		      struct err *e) MUST_USE;

/* Adds the id of the state for begin lines to b, as STATE_ID hexadecimal
 * digits. It is the same for the whole life of a state, whatever its model, and
 * does not reveal the seed.
 */
enum { STATE_ID = 20 };
void state_id(const struct state *s, struct buf *b);

#endif
