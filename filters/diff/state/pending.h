/* pending.h - the file `pending`: intents of changes that are unacknowledged.
 *
 *   change leaves             receipt
 *   -------------> pending ------------> accepted, delivered, skipped:
 *                     |                  the snapshot moves, the intent is
 *                     |                  dropped
 *                     |----------------> rejected, failed: the snapshot stays,
 *                     |                  the intent is dropped, the row is a
 *                     |                  new change (1)
 *                     `----------------> unknown, or no receipt: the intent
 *                                        stays; the next run sends it again
 *                                        under the same id
 *
 * (1) If the key was parked since an older intent that stays, this one stays
 * too (apply_rules.c).
 *
 * Floor 2 (diff). Before a change leaves rudder-diff, its intent is written to
 * the file `pending` of the state. The row of a key with an intent is unknown,
 * neither unchanged nor absent, until a receipt reports that it was accepted.
 *
 * The file is a journal (journal.h). Its head: seed (8), run id, key columns. A
 * frame is a mark that starts a new attempt, a list of intents, the number of a
 * resend that --full begins, or the notes of a run about the whole state. An
 * intent before the last mark is in doubt: an earlier attempt may have
 * delivered it, whatever the receipt of a later attempt with the same change id
 * reports. Notes take effect when the commit has seen all receipts of that
 * attempt; apply_notes.h has the exceptions.
 */
#ifndef DIFF_STATE_PENDING_H
#define DIFF_STATE_PENDING_H

#include "diff/state/snapshot.h"
#include "wire/state/journal.h"

/* PENDING_SAME leaves no change: the row is as it was delivered, but the state
 * lacks some of its values or hashes.
 */
enum pending_action {
	PENDING_INSERT,
	PENDING_UPDATE,
	PENDING_DELETE,
	PENDING_SAME
};

struct intent {
	struct hash key;
	struct hash row;  /* hash of the new row; zero: deleted or unknown */
	uint64_t line;    /* hash of its line, as in row_hash.h */
	uint64_t salt;    /* of its change id, or 0 (intent_seed) */
	const char *text; /* of the key (key.h), borrowed */
	const char *kept; /* values to keep (kept_values.h), borrowed */
	uint32_t text_n, kept_n;
	uint32_t keep_sum; /* checksum of the --keep they were kept under */
	uint32_t version;
	uint64_t at; /* position in the file, or 0 */
	enum pending_action action;
	bool doubt;
	bool older; /* the key has older intents (unacked.h) */
};

struct pending {
	uint64_t seed;
	uint64_t ids;              /* seed of change ids (intent_seed) */
	struct slice run, columns; /* borrowed from the file */
	size_t n;                  /* intents */
	size_t marked;             /* intents before the last mark */
	uint64_t mark;             /* position of the last mark, or 0 */
	size_t n_same;             /* of these, PENDING_SAME */
	uint64_t owed;             /* resend that --full began, or 0 */
	uint64_t owed_at;          /* intents from here on are of it or later */
	struct slice attempt;      /* whose run wrote the notes, or empty */
	struct slice note[SNAPSHOT_NOTES];
	bool has_note[SNAPSHOT_NOTES];
	size_t valid; /* bytes of the file that were read without error */
	struct journal_file file;
};

/* The word for an action, as in the stream. */
const char *pending_word(enum pending_action a);

/* The row hashes that the snapshot gets when the intent is accepted. */
static inline struct row_hash pending_mark_of(const struct intent *i)
{
	return (struct row_hash){.content = i->row.hi, .line = i->line};
}

/* The change id of an intent under the seed of its state. A retry has the same
 * id, even if the row's line is written differently; every new change has a new
 * one. It is a UUID of version 8.
 */
struct hash pending_id(const struct intent *i, uint64_t seed);

/* The same for an intent with that salt instead of its own. */
struct hash pending_id_salted(const struct intent *i, uint64_t salt,
			      uint64_t seed);

/* The part of a change id by which a receipt finds its intent: the first 24
 * digits, which all events of the change have (control_message_id).
 */
static inline struct hash pending_found_by(struct hash id)
{
	return (struct hash){id.hi, id.lo >> 32};
}

/* A change id as 32 hexadecimal digits, and back. */
void pending_hex(struct hash id, char hex[32]);
struct hash pending_unhex(const char hex[32]);

/* Opens the file and reads its head, but no intents: 1; 0 if there is no file;
 * -1 ERR_CONFIG, ERR_IO.
 */
int pending_open(struct pending *p, const char *path, struct err *e) MUST_USE;

/* The same for an open file, which the caller closes; path is borrowed. */
int pending_open_fd(struct pending *p, int fd, const char *path,
		    struct err *e) MUST_USE;

/* Reads all intents of an opened file, once, and keeps none: each is called for
 * one after the other. It gets doubt as the record has it. Intents before the
 * last mark (p->marked, known afterwards, as are the notes) are in doubt too.
 * -1: ERR_CONFIG, or the error of each.
 */
typedef int pending_each_fn(void *ctx, const struct intent *i, struct err *e);
int pending_scan(struct pending *p, pending_each_fn *each, void *ctx,
		 struct err *e) MUST_USE;

/* The same for one frame: 1, 0 at the end, -1. */
int pending_scan_frame(struct pending *p, pending_each_fn *each, void *ctx,
		       struct err *e) MUST_USE;

/* Updates pointers after the file was mapped elsewhere: its n bytes are at to.
 */
void pending_move(struct pending *p, const char *to, size_t n);

/* Reads the intents of a file that was read before, as often as needed: after
 * pending_walk, each pending_next returns an intent: 1, 0 after the last one,
 * -1 ERR_CONFIG if the file has changed. Intents written since it was read are
 * left out.
 */
struct pending_walk {
	const struct pending *p;
	struct journal_file file;
	struct slice list; /* rest of the current frame */
	unsigned form;
};
void pending_walk(const struct pending *p, struct pending_walk *w);
int pending_next(struct pending_walk *w, struct intent *i,
		 struct err *e) MUST_USE;

/* The intent at that position of the file. */
void pending_at(const struct pending *p, uint64_t at, struct intent *i);

/* Prefetches what pending_at needs. */
void pending_touch(const struct pending *p, uint64_t at);

/* Takes the first record from a list: 1, 0 if the list is empty, -1 if the
 * record is invalid. The intent borrows from the list.
 */
int pending_parse(struct slice *list, struct intent *i) MUST_USE;

/* Opens the file and reads all of it; then pending_walk and pending_at may be
 * called. Returns as pending_open.
 */
int pending_read(struct pending *p, const char *path, struct err *e) MUST_USE;

void pending_clear(struct pending *p);

#endif
