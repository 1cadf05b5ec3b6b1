/* pending.h - the file `pending`: intents of changes that are unacknowledged.
 *
 *   change leaves          receipt
 *   -----------> pending ----------> accepted, delivered, skipped: the snapshot
 *                   |                moves, the intent ends
 *                   |--------------> rejected, failed: the snapshot stays, the
 *                   |                intent ends, the row is a new change;
 *                   |                not where the key was parked since an
 *                   |                older one that stays
 *                   `--------------> unknown, or none: the intent stays, and
 * the next run sends it under the same id
 *
 * Floor 2 (diff). A change is an intent first: written to the file `pending`
 * of the state before the change leaves rudder-diff. A key with an intent is
 * unknown, neither unchanged nor absent, until a receipt says it was accepted.
 *
 * The file is a journal (journal.h). Its head: seed (8), run id, key columns.
 * A frame is a mark of a new attempt, a list of intents, the number of a resend
 * that --full begins, or the notes of a run about the whole state. An intent
 * before the last mark is in doubt: whatever the receipt of a later attempt
 * with the same change id says, an earlier one may have arrived. Notes are in
 * force when the commit has seen all receipts of that attempt, except whose
 * turn it is (quota.h).
 */
#ifndef DIFF_STATE_PENDING_H
#define DIFF_STATE_PENDING_H

#include "diff/state/snapshot.h"
#include "wire/state/journal.h"

/* PENDING_SAME leaves no change: the row is as it was delivered, and the state
 * lacked the values to keep.
 */
enum pending_action {
	PENDING_INSERT,
	PENDING_UPDATE,
	PENDING_DELETE,
	PENDING_SAME
};

struct intent {
	struct hash key;
	struct hash row;  /* of the new row; zero: none, or not known */
	uint64_t line;    /* of it, as in its mark (row_hash.h) */
	uint64_t salt;    /* of its change id, or 0 (intent_seed) */
	const char *text; /* of the key, borrowed */
	const char *kept; /* values of the row (kept_values.h), borrowed */
	uint32_t text_n, kept_n;
	uint32_t keep_sum; /* of the --keep that they are of */
	uint32_t version;
	uint64_t at; /* where it stands in the file, or 0 */
	enum pending_action action;
	bool doubt;
	bool older; /* there are older ones of the key (unacked.h) */
};

struct pending {
	uint64_t seed;
	uint64_t ids;              /* seed of change ids (intent_seed) */
	struct slice run, columns; /* borrowed from the file */
	size_t n;                  /* intents */
	size_t marked;             /* intents before the last mark */
	uint64_t mark;             /* where that stands, or 0 */
	size_t n_same;             /* of PENDING_SAME, among them */
	uint64_t owed;             /* resend that --full began, or 0 */
	uint64_t owed_at;          /* intents from here on are of it or later */
	struct slice attempt;      /* that has said the notes, or empty */
	struct slice note[SNAPSHOT_NOTES];
	bool has_note[SNAPSHOT_NOTES];
	size_t valid; /* bytes of the file that were read */
	struct journal_file file;
};

/* The word for an action, as in the stream. */
const char *pending_word(enum pending_action a);

/* What stands for its row when it is delivered. */
static inline struct row_hash pending_mark_of(const struct intent *i)
{
	return (struct row_hash){.content = i->row.hi, .line = i->line};
}

/* The change id of an intent under the seed of its state: the same for a retry,
 * whatever the line of its row, and a new one for every new change. It is a
 * UUID of version 8.
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

/* Open the file and read its head, but none of its intents: 1, 0 when there is
 * none, -1 ERR_CONFIG, ERR_IO.
 */
int pending_open(struct pending *p, const char *path, struct err *e) MUST_USE;

/* The same for a file that is open, which stays the caller's to close; path is
 * borrowed.
 */
int pending_open_fd(struct pending *p, int fd, const char *path,
		    struct err *e) MUST_USE;

/* Read all intents of an opened file, once, keeping none: each is called for
 * one after the other. Doubt is what its record says; those before the last
 * mark (p->marked, known afterwards, as are the notes) are in doubt too. -1:
 * ERR_CONFIG, or what each said.
 */
typedef int pending_each_fn(void *ctx, const struct intent *i, struct err *e);
int pending_scan(struct pending *p, pending_each_fn *each, void *ctx,
		 struct err *e) MUST_USE;

/* The same frame by frame: 1, 0 at the end, -1. */
int pending_scan_frame(struct pending *p, pending_each_fn *each, void *ctx,
		       struct err *e) MUST_USE;

/* The file that was read is mapped elsewhere now: its n bytes are at to.
 */
void pending_move(struct pending *p, const char *to, size_t n);

/* The same once more when it was read, and as often as wanted: pending_walk,
 * then pending_next gives intent by intent: 1, 0 when that was all, -1
 * ERR_CONFIG when the file has changed. What was written behind is left out.
 */
struct pending_walk {
	const struct pending *p;
	struct journal_file file;
	struct slice list; /* what is left of a frame */
	unsigned form;
};
void pending_walk(const struct pending *p, struct pending_walk *w);
int pending_next(struct pending_walk *w, struct intent *i,
		 struct err *e) MUST_USE;

/* The intent that was at such a place in the file. */
void pending_at(const struct pending *p, uint64_t at, struct intent *i);

/* Fetch what pending_at will need. */
void pending_touch(const struct pending *p, uint64_t at);

/* Take the first record off a list of them: 1, 0 when it is empty, -1 if it
 * is invalid. The intent borrows from the list.
 */
int pending_parse(struct slice *list, struct intent *i) MUST_USE;

/* Open it and read all of it; then pending_walk and pending_at may follow. As
 * pending_open.
 */
int pending_read(struct pending *p, const char *path, struct err *e) MUST_USE;

void pending_clear(struct pending *p);

#endif
