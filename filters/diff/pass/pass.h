/* pass.h - the data of one pass over the rows, shared by the files of this
 * room.
 *
 * Floor 2 (diff). lines.c reads, classify.c decides, missing_keys.c sees to the
 * keys that did not arrive, emit.c writes; pass_run.c is the pass itself.
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

/* A row that waits for its place in the snapshot to be fetched. */
struct pass_row {
	struct slice line;
	struct slice members; /* from the first name to the end of the line */
	struct hash key, hash;
	uint64_t was; /* its content by the previous columns (compared.h) */
	size_t text_at, text_n; /* of its key, in texts */
	uint64_t lineno;
};

struct sorted_files;

/* What was asked, by options, the begin line and the state: fixed before the
 * first row.
 */
struct pass_asked {
	const struct diff_options *o;
	char id[STATE_RUN]; /* of the run */
	enum pass_mode mode;
	bool every_row; /* unchanged ones too */
	struct delete_guard guard;
	struct key key;
	struct columns columns;
	struct compared compared;
	struct tag tag;
	struct resend resend;
	struct row_hash_how marks;
	uint64_t seed;
};

/* What is known of the destination. */
struct pass_base {
	struct state *state; /* NULL for two files and for -n's writing */
	struct state *known; /* intents, or NULL for two files */
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
	} ahead; /* read of in before
		  * the pass */
	struct sorted_files
		*sorted; /* two sorted files (sorted_files.h), or NULL */
	uint64_t rows;
	uint64_t unreadable;             /* of them, whose key is unknown */
	uint64_t keyless;                /* of these, without a key */
	uint64_t keyless_line, bad_line; /* the first of each, or 0 */
	struct buf no_key;               /* what is wrong with it */
	bool blind;   /* nothing follows from what is missing */
	bool at_once; /* --delete-after-runs does not defer */

	unsigned char *seen;          /* a bit for each key of the snapshot */
	unsigned char *sent;          /* the same, of those whose change left */
	struct new_keys new_keys;     /* keys that the snapshot does not have */
	struct key_patterns patterns; /* of the keys (retyped.c) */
	uint64_t retyped_tried;       /* ways to write a key, before that */
	struct identity identity;
	struct same_identity same_identity;
	struct delta_rows delta;
	struct key_set parked;  /* by parked_others */
	struct key_set in_case; /* their change is refused (parked.h) */
	struct spool late;      /* rows whose key may be a duplicate */
	struct spool late_rows; /* --identity: rows whose -k may be one */
	uint64_t late_line;     /* number of the one in hand, or 0 */

	struct pass_row batch[PASS_BATCH];
	size_t n, touched; /* rows in it, and of which all is fetched */
	struct fast_path fast_path;
	struct buf texts; /* of the keys of the batch */
	struct hash_scratch scratch;
	struct buf plain; /* text of a key by its value */
};

/* What leaves: lines, notes for the commit, and the counts of them. */
struct pass_leaving {
	struct writer *out;
	bool begun;
	struct quota quota;
	struct buf note[SNAPSHOT_NOTES]; /* notes to write at the end */
	bool says[SNAPSHOT_NOTES];       /* whether the note is written */
	const char *reread; /* why the next run reads all rows, or NULL */
	struct buf cursor;  /* of the end line, as a member */
	struct buf names;   /* of the columns that changed */

	uint64_t inserts, updates, deletes, unchanged, ignored, rejects, skips;
	uint64_t changed;         /* changes that left */
	uint64_t blocked, listed; /* deletes, by a guard; shown of them */
	uint64_t deferred;        /* deletes, by --delete-after-runs */
	uint64_t retyped;
	uint64_t overtaken;     /* rows due once more, by parked_holder */
	uint64_t orphans;       /* keys that were sent once, and are missing */
	struct reasons reasons; /* of the rejects */
	bool unreadable_said;   /* blocked deletes say why rows are */
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

/* Say a note of the whole state at the end of the run. */
void pass_say(struct pass_leaving *leaving, enum snapshot_note which,
	      struct slice text);

/* The id of the run: that of a run to go on with, the one given by the
 * producer (may be empty), RUDDER_RUN_ID, or a new one. A state of an older
 * release may hold an id of another form: then a new one too. ERR_CONFIG where
 * RUDDER_RUN_ID is not a run id.
 */
int pass_choose_id(struct pass_asked *asked, struct pass_base *base,
		   struct slice given, struct err *e) MUST_USE;

#endif
