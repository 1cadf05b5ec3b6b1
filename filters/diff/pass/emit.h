/* emit.h - writes changes, and their intents before them.
 *
 * Floor 2 (diff). Before a change of a state leaves, its intent must be on
 * disk: writing a line adds the intent to the journal, and the writer calls
 * emit_sync_begin and emit_sync_end before anybody can read the line. All
 * functions return 0, or -1 with ERR_IO, ERR_CREATE.
 */
#ifndef DIFF_PASS_EMIT_H
#define DIFF_PASS_EMIT_H

#include "diff/pass/pass.h"

/* Writes the begin line, made from that of the producer (may be empty). */
int emit_begin(struct pass *r, struct slice body, struct err *e) MUST_USE;

/* A change to write. */
struct emit_line {
	const struct intent *intent;
	const struct intent *again;   /* sent once more, or NULL */
	struct slice members;         /* the row from its first name on; empty:
				       * a delete */
	struct slice changed, before; /* JSON, or empty if unknown */
	bool doubt;  /* of an insert: the destination may have an older row */
	bool shared; /* another row may have its identity */
};

int emit_change(struct pass *r, const struct emit_line *l,
		struct err *e) MUST_USE;

/* Writes a PENDING_SAME intent: the row is as it was delivered, but more of it
 * must be recorded.
 */
int emit_same(struct pass_asked *asked, struct pass_base *base,
	      const struct intent *i, struct err *e) MUST_USE;

/* Writes a control line for a delete that a guard blocks. It changes nothing.
 */
int emit_blocked(struct pass_asked *asked, struct pass_leaving *leaving,
		 struct slice text, struct err *e) MUST_USE;

/* Writes the notes of the run about the whole state, after all rows. */
int emit_notes(struct pass *r, struct err *e) MUST_USE;

/* Writes a skip: a change of the state without an event. Its receipt moves the
 * state like any other.
 */
int emit_skip(struct pass *r, const struct intent *i,
	      const struct intent *again, const char *reason,
	      struct err *e) MUST_USE;

/* Writes the reject line of a row. */
int emit_reject(struct pass *r, const struct pass_row *row, const char *why,
		struct err *e) MUST_USE;

/* Writes the end line with the counts of the run. */
int emit_end(struct pass *r, const struct err *blocked, struct err *e) MUST_USE;

/* Called by the writer: make the intents of the buffered changes durable, and
 * wait until they are. ctx is the run.
 */
int emit_sync_begin(void *ctx, struct err *e) MUST_USE;
int emit_sync_end(void *ctx, struct err *e) MUST_USE;

#endif
