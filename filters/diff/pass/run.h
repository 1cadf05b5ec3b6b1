/* run.h - one pass over the rows of a model: what leaves as a change.
 *
 * Floor 2 (diff). The heart of rudder-diff, for a state (diff.c) and for two
 * files (compare.c): they say what is known, this reads and decides.
 */
#ifndef DIFF_PASS_RUN_H
#define DIFF_PASS_RUN_H

#include "core/progress.h"
#include "core/writer.h"
#include "diff/diff.h"
#include "diff/keys/columns.h"
#include "diff/keys/fresh.h"
#include "diff/keys/key.h"
#include "diff/pass/delete_guard.h"
#include "diff/pass/glance.h"
#include "diff/pass/identity.h"
#include "diff/pass/turns.h"
#include "diff/state/keep.h"
#include "diff/state/sample.h"
#include "diff/state/state.h"
#include "diff/state/tag.h"

/* Rows looked up side by side, so that their cache misses overlap. */
enum { RUN_BATCH = 64 };

enum run_mode {
	RUN_UPSERT,
	RUN_MIRROR,
	RUN_INSERT_ONLY,
	RUN_UPDATE_ONLY,
	RUN_FULL
};

/* A row that waits for its place in the snapshot to be fetched. */
struct run_row {
	struct slice line;
	struct slice members; /* from the first name to the end of the line */
	struct hash key, hash;
	size_t text_at, text_n; /* of its key, in texts */
	uint64_t lineno;
};

struct sorted;

struct run {
	const struct diff_options *o;
	struct sorted *sorted; /* two sorted files (sorted.h), or NULL */
	enum run_mode mode;
	bool every_row; /* unchanged ones too */
	struct delete_guard guard;
	struct input in;
	struct writer *out;
	struct key key;
	struct columns columns;
	struct keep keep;
	struct sample *sample; /* NULL for two files */
	struct tag tag;
	struct turns turns;
	struct buf note[SNAPSHOT_NOTES]; /* said at the end, */
	bool says[SNAPSHOT_NOTES];       /* if so */
	struct state *state; /* NULL for two files and for -n's writing */
	const struct snapshot *old;
	struct state *known; /* intents, or NULL for two files */
	char id[STATE_RUN];  /* of the run */
	bool begun;
	bool blind;   /* nothing follows from what is missing */
	bool at_once; /* --delete-after-runs does not defer */

	unsigned char *seen; /* a bit for each key of the snapshot */
	struct fresh fresh;  /* keys that the snapshot does not have */
	struct identity identity;
	struct spool late;      /* rows whose key may have come before, */
	struct spool late_rows; /* or, with --identity, whose -k may */
	uint64_t late_line;     /* number of the one in hand, or 0 */
	struct run_row batch[RUN_BATCH];
	size_t n, touched; /* rows in it, and of which all is fetched */
	struct glance glance;
	struct buf texts;   /* of the keys of the batch */
	struct buf scratch; /* for hashes */
	struct buf plain;   /* text of a key by its value */
	struct buf names;   /* of the columns that changed */

	uint64_t seed;
	struct mark_how marks;
	uint64_t rows, inserts, updates, deletes, unchanged, ignored, rejects;
	uint64_t blocked, listed; /* deletes, by a guard; shown of them */
	uint64_t skips, retyped;
	uint64_t orphans;  /* keys that were sent once, and are missing */
	uint64_t deferred; /* deletes, by --delete-after-runs */
	uint64_t unreadable;
	struct progress progress;
};

/* The word for a mode, as on the command line and in begin. */
const char *run_mode_word(enum run_mode m);

/* The settings. The rest is zero: the caller sets old, seed and key, and for
 * a state known, and state unless it is a dry run. ERR_USAGE.
 */
int run_init(struct run *r, const struct diff_options *o,
	     struct err *e) MUST_USE;
void run_clear(struct run *r);

/* What the state notes, and the options that change it, once the key and the
 * seed are known. NULL for two files. ERR_USAGE.
 */
int run_notes(struct run *r, const struct slice note[SNAPSHOT_NOTES],
	      struct err *e) MUST_USE;

/* Say a note of the whole state at the end of the run. */
void run_say(struct run *r, enum snapshot_note which, struct slice text);

/* The id of the run: that of a run to go on with, the one given by the
 * producer (may be empty), RUDDER_RUN_ID, or a new one. A state of an older
 * release may hold an id of another form: then a new one too. ERR_CONFIG where
 * RUDDER_RUN_ID is not a run id.
 */
int run_choose_id(struct run *r, struct slice given, struct err *e) MUST_USE;

/* Where changes go: to fd, which run_all closes. */
void run_output(struct run *r, int fd);

/* Read r->in to its end, with all that belongs to it. 0, or -1 with the
 * verdict, as diff_run.
 */
int run_all(struct run *r, struct err *e) MUST_USE;

#endif
