/* pass.h - the data of one pass over the rows, shared by the files of this
 * room.
 *
 * Floor 2 (diff). lines.c reads, classify.c decides about rows, missing_keys.c
 * about keys that did not arrive, emit.c writes; pass_run.c is the pass itself.
 */
#ifndef DIFF_PASS_PASS_H
#define DIFF_PASS_PASS_H

#include "core/progress.h"
#include "core/writer.h"
#include "diff/keys/columns.h"
#include "diff/keys/key.h"
#include "diff/keys/key_patterns.h"
#include "diff/keys/new_keys.h"
#include "diff/pass/compared.h"
#include "diff/pass/delete_guard.h"
#include "diff/pass/delta_rows.h"
#include "diff/pass/diff_options.h"
#include "diff/pass/fast_path.h"
#include "diff/pass/identity.h"
#include "diff/pass/quota.h"
#include "diff/pass/resend.h"
#include "diff/pass/same_identity.h"
#include "diff/state/kept_values.h"
#include "diff/state/sample.h"
#include "diff/state/state.h"
#include "diff/state/tag.h"
#include "wire/stream/reasons.h"

/* Rows looked up side by side, so that their cache misses overlap. */
enum { PASS_BATCH = 64 };

enum pass_mode {
	PASS_UPSERT,
	PASS_MIRROR,
	PASS_INSERT_ONLY,
	PASS_UPDATE_ONLY,
	PASS_FULL
};

/* A row in the batch, while its entry in the snapshot is prefetched. */
struct pass_row {
	struct slice line;
	struct slice members; /* from the first name to the end */
	struct hash key, hash;
	uint64_t was; /* its content for the previous columns (compared.h) */
	size_t text_at, text_n; /* of the text of its key, in texts */
	uint64_t lineno;
};

struct sorted_files;

/* What options, begin line and state ask for; fixed before the first row. */
struct pass_asked {
	const struct diff_options *o;
	char id[STATE_RUN]; /* of the run */
	enum pass_mode mode;
	bool every_row; /* send unchanged rows too */
	struct delete_guard guard;
	struct key key;
	struct columns columns;
	struct compared compared;
	struct tag tag;
	struct resend resend;
	struct row_hash_how marks;
	uint64_t seed;
};

/* What is known about the destination. */
struct pass_base {
	struct state *state; /* to write to; NULL for two files and dry runs */
	struct state *known; /* to read intents from; NULL for two files */
	const struct snapshot *old;
	struct kept_values keep;
	struct sample *sample; /* NULL for two files */
};

/* What has arrived: rows, and the sets of their keys. */
struct pass_arrived {
	struct input in;
	enum {
		PASS_NOTHING,
		PASS_LINE,
		PASS_END
	} ahead; /* what was read before the pass */
	struct sorted_files
		*sorted; /* two sorted files (sorted_files.h), or NULL */
	uint64_t rows;
	uint64_t unreadable;             /* rows with an unknown key */
	uint64_t keyless;                /* of these, rows without a key */
	uint64_t keyless_line, bad_line; /* first line of each, or 0 */
	struct buf no_key;               /* what is wrong with the first key */
	bool blind;   /* the input is in doubt: no key counts as missing */
	bool at_once; /* --delete-after-runs does not defer deletes */

	unsigned char *seen;          /* bit per position: the key arrived */
	unsigned char *sent;          /* bit per position: its change left */
	struct new_keys new_keys;     /* keys that the snapshot does not have */
	struct key_patterns patterns; /* of the keys (retyped.c) */
	uint64_t retyped_tried;       /* keys tried by retyped.c so far */
	struct identity identity;
	struct same_identity same_identity;
	struct delta_rows delta;
	struct key_set parked;  /* keys that parked_others has handled */
	struct key_set in_case; /* keys parked in case of a refusal */
	struct spool late;      /* rows whose key may be a duplicate */
	struct spool late_rows; /* --identity: the same for their -k */
	uint64_t late_line;     /* line number of the current one, or 0 */

	struct pass_row batch[PASS_BATCH];
	size_t n, touched; /* rows in it, and rows already prefetched */
	struct fast_path fast_path;
	struct buf texts; /* texts of the keys of the batch */
	struct hash_scratch scratch;
	struct buf plain; /* a key text in canonical form */
};

/* What leaves: lines, notes for the commit, and the counts of them. */
struct pass_leaving {
	struct writer *out;
	bool begun;
	struct quota quota;
	struct buf note[SNAPSHOT_NOTES]; /* notes to write at the end */
	bool says[SNAPSHOT_NOTES];       /* whether there is a note to write */
	const char *reread; /* why the next run reads all rows, or NULL */
	struct buf cursor;  /* of the end line, as a member */
	struct buf names;   /* of changed columns, for one change */

	uint64_t inserts, updates, deletes, unchanged, ignored, rejects, skips;
	uint64_t changed;         /* changes that left */
	uint64_t blocked, listed; /* deletes blocked by a guard, and listed */
	uint64_t deferred;        /* deletes deferred by --delete-after-runs */
	uint64_t retyped;
	uint64_t overtaken;     /* rows to send again, by parked_holder */
	uint64_t orphans;       /* missing keys with an unacknowledged insert */
	struct reasons reasons; /* of the rejects */
	bool unreadable_said;   /* the blocked reason has the unreadable rows */
	struct progress progress;
};

struct pass {
	struct pass_asked asked;
	struct pass_base base;
	struct pass_arrived arrived;
	struct pass_leaving leaving;
};

/* The word for a mode, as on the command line and in begin. */
const char *pass_mode_word(enum pass_mode m);

/* The mode of a word; false for an unknown word. */
bool pass_mode_read(const char *word, enum pass_mode *m) MUST_USE;

/* Sets a note about the whole state, which is written at the end of the run. */
void pass_set_note(struct pass_leaving *leaving, enum snapshot_note which,
		   struct slice text);

/* Sets the id of the run: that of an unfinished run that is resumed, the one
 * that the producer gives (may be empty), RUDDER_RUN_ID, or a new one. If the
 * state of an older release has an id in another form, a new one too.
 * ERR_CONFIG if RUDDER_RUN_ID is not a run id.
 */
int pass_choose_id(struct pass_asked *asked, struct pass_base *base,
		   struct slice given, struct err *e) MUST_USE;

#endif
