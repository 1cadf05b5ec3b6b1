/* emit.h - writes changes, and their intents before them.
 *
 * Floor 2 (diff). A change of a state leaves behind its intent: writing a line
 * adds the intent to the journal, and the writer calls emit_sync_begin and
 * emit_sync_end before the line can be read by anybody. All return 0, or -1
 * with ERR_IO, ERR_CREATE.
 */
#ifndef DIFF_PASS_EMIT_H
#define DIFF_PASS_EMIT_H

#include "diff/pass/pass.h"

/* The begin line, from that of the producer (may be empty). */
int emit_begin(struct pass *r, struct slice body, struct err *e) MUST_USE;

/* What the line of a change says. */
struct emit_line {
	const struct intent *intent;
	const struct intent *again; /* sent once more, as it was, or NULL */
	struct slice members; /* what follows `_rudder`; empty: a delete, which
			       * has its key and what was kept */
	struct slice changed, before; /* JSON, or empty: not known */
	bool doubt;  /* an insert: the destination may have an older row */
	bool shared; /* another row may have its identity */
};

int emit_change(struct pass *r, const struct emit_line *l,
		struct err *e) MUST_USE;

/* A row that is as it was delivered, of which more is to be kept. */
int emit_same(struct pass_asked *asked, struct pass_base *base,
	      const struct intent *i, struct err *e) MUST_USE;

/* A delete that a guard blocks, as a control line that moves nothing. */
int emit_blocked(struct pass_asked *asked, struct pass_leaving *leaving,
		 struct slice text, struct err *e) MUST_USE;

/* What the run says of the whole state, once it has seen all rows. */
int emit_notes(struct pass *r, struct err *e) MUST_USE;

/* A change of the state alone: it leaves as a skip, whose receipt moves the
 * state as any other.
 */
int emit_skip(struct pass *r, const struct intent *i,
	      const struct intent *again, const char *reason,
	      struct err *e) MUST_USE;

/* The reject line of a row. */
int emit_reject(struct pass *r, const struct pass_row *row, const char *why,
		struct err *e) MUST_USE;

/* The end line with the counts of the run. */
int emit_end(struct pass *r, const struct err *blocked, struct err *e) MUST_USE;

/* The writer's: begin to make durable the intents of what is about to leave,
 * and wait until they are. ctx is the run.
 */
int emit_sync_begin(void *ctx, struct err *e) MUST_USE;
int emit_sync_end(void *ctx, struct err *e) MUST_USE;

#endif
