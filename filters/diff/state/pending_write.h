/* pending_write.h - writes the file `pending`: intents, before their changes
 * leave.
 *
 * Floor 2 (diff). pending.h says what the file is, and reads it.
 */
#ifndef DIFF_STATE_PENDING_WRITE_H
#define DIFF_STATE_PENDING_WRITE_H

#include "diff/state/pending.h"

/* Creates the file. The salt is mixed into all its change ids; 0: no salt.
 * ERR_CREATE, ERR_IO.
 */
int pending_write_start(struct journal *j, const char *path, uint64_t seed,
			uint64_t salt, struct slice run, struct slice columns,
			struct err *e) MUST_USE;

/* Marks that a new attempt starts. Durable on return. ERR_IO. */
int pending_write_mark(struct journal *j, struct err *e) MUST_USE;

/* Records that every row must be sent under this number of a resend (resend.h),
 * whatever happens to this run. Durable on return. ERR_IO.
 */
int pending_write_owe(struct journal *j, uint64_t number,
		      struct err *e) MUST_USE;

/* Adds an intent to the current frame, which journal_flush writes;
 * pending_write_salted uses that salt instead of the intent's own.
 */
void pending_write_add(struct journal *j, const struct intent *i);
void pending_write_salted(struct journal *j, const struct intent *i,
			  uint64_t salt);

/* Adds the notes of the run about the whole state: note[i] if has[i]. attempt
 * is 32 characters. Durable on return. ERR_IO.
 */
int pending_write_notes(struct journal *j, const char *attempt,
			const struct slice note[SNAPSHOT_NOTES],
			const bool has[SNAPSHOT_NOTES], struct err *e) MUST_USE;

/* The same for a single note. */
int pending_write_note(struct journal *j, const char *attempt,
		       enum snapshot_note which, struct slice text,
		       struct err *e) MUST_USE;

/* Adds an intent to b as a record. */
void pending_write_record(struct buf *b, const struct intent *i);

/* Replaces a file by a new one with the same head and resend. After
 * pending_write_begin, call pending_write_keep for each intent that stays, in
 * their order; pending_write_done puts the new file in place. ERR_CREATE,
 * ERR_IO. pending_write_drop frees; without pending_write_done nothing changes.
 */
struct pending_new {
	struct journal j;
	struct buf temp;
	const char *path;           /* the old file, borrowed */
	const struct pending *like; /* path of the old file, borrowed */
	uint64_t owed;
};
int pending_write_begin(struct pending_new *n, const struct pending *like,
			const char *path, struct err *e) MUST_USE;
int pending_write_keep(struct pending_new *n, const struct intent *i,
		       struct err *e) MUST_USE;
/* Copies the notes too, if the old file has any. */
int pending_write_keep_notes(struct pending_new *n, const struct pending *like,
			     struct err *e) MUST_USE;
int pending_write_done(struct pending_new *n, struct err *e) MUST_USE;
void pending_write_drop(struct pending_new *n);

#endif
