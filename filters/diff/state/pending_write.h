/* pending_write.h - writes the file `pending`: intents, before their changes
 * leave.
 *
 * Floor 2 (diff). pending.h says what the file is, and reads it.
 */
#ifndef DIFF_STATE_PENDING_WRITE_H
#define DIFF_STATE_PENDING_WRITE_H

#include "diff/state/pending.h"

/* Start a new file. The salt goes into all its change ids; 0: no salt.
 * ERR_CREATE, ERR_IO.
 */
int pending_write_start(struct journal *j, const char *path, uint64_t seed,
			uint64_t salt, struct slice run, struct slice columns,
			struct err *e) MUST_USE;

/* Mark that a new attempt starts: durable when it returns. ERR_IO. */
int pending_write_mark(struct journal *j, struct err *e) MUST_USE;

/* Every row is to be sent under the number of a resend (resend.h), whatever
 * happens to this run: durable when it returns. ERR_IO.
 */
int pending_write_owe(struct journal *j, uint64_t number,
		      struct err *e) MUST_USE;

/* Add one to the frame being filled, which journal_flush writes; or the same
 * with that salt instead of its own.
 */
void pending_write_add(struct journal *j, const struct intent *i);
void pending_write_salted(struct journal *j, const struct intent *i,
			  uint64_t salt);

/* What the run says of the whole state: new notes for the snapshot, of those
 * for which has is true. attempt is 32 characters. Durable when it returns.
 * ERR_IO.
 */
int pending_write_notes(struct journal *j, const char *attempt,
			const struct slice note[SNAPSHOT_NOTES],
			const bool has[SNAPSHOT_NOTES], struct err *e) MUST_USE;

/* An intent as a record at the end of b. */
void pending_write_record(struct buf *b, const struct intent *i);

/* A new file in the place of another, with the head and the resend of that:
 * begin, pending_write_keep for each intent of the other, in their order;
 * pending_write_done makes it the file. ERR_CREATE, ERR_IO. pending_write_drop
 * frees; nothing changes unless it was done.
 */
struct pending_new {
	struct journal j;
	struct buf temp;
	const char *path;           /* borrowed, as like is */
	const struct pending *like; /* may be read meanwhile */
	uint64_t owed;
};
int pending_write_begin(struct pending_new *n, const struct pending *like,
			const char *path, struct err *e) MUST_USE;
int pending_write_keep(struct pending_new *n, const struct intent *i,
		       struct err *e) MUST_USE;
/* The notes of the other file too, if it has any. */
int pending_write_keep_notes(struct pending_new *n, const struct pending *like,
			     struct err *e) MUST_USE;
int pending_write_done(struct pending_new *n, struct err *e) MUST_USE;
void pending_write_drop(struct pending_new *n);

#endif
