/* state_connection.h - the connection a state was delivered with: mapping,
 * destination, mode.
 *
 * Floor 2 (diff). A JSON object with the members of the begin line, as they
 * were: "mode", "mapping" of rudder-map, "destination" of rudder-send, and
 * "attempt", the run that delivered last. rudder-diff puts it into the begin
 * line of the next run (`was`), where the other tools compare; the commit
 * renews it. A stream without a destination says nothing of it.
 */
#ifndef DIFF_STATE_STATE_CONNECTION_H
#define DIFF_STATE_STATE_CONNECTION_H

#include "diff/state/snapshot.h"
#include "wire/stream/control.h"

struct state_connection {
	struct buf mode, mapping, destination; /* JSON, of the begin line */
	char attempt[33];
	bool accepted; /* by at least one receipt, or agreed where none came */
	bool agreed;   /* --accept-connection */
	bool aborted;  /* a stage failed: a mapping with a slip, perhaps */
	char how[8];   /* --on-mapping-change: "", "changed", "none", "now" */

	struct buf note;
	uint64_t resent; /* the number of resends, where it is moved on */
	uint64_t before; /* what it was before that */
	bool resend;     /* the mapping has changed: the next run is full */
	bool conflict;   /* this run had another mapping before */
	size_t keys;     /* to be sent again */
};

/* What the begin line of receipts says, which r has read last. */
void state_connection_read(struct state_connection *c,
			   const struct control_reader *r, const char *attempt);

/* What is known of it as JSON, at the end of b, and back from there, as one by
 * which a receipt was accepted.
 */
void state_connection_put(const struct state_connection *c, struct buf *b);
void state_connection_take(struct state_connection *c, struct slice text);

/* The notes of the commit: those in s become the new ones, which live as long
 * as c. Whether one differs goes to *any. resent: the run has sent every row
 * with its mapping. was_due: before this commit a resend was due, of another
 * mapping than is noted now, perhaps.
 */
void state_connection_note(struct state_connection *c, struct snapshot *s,
			   bool resent, bool was_due, bool *any);

/* What the commit has noticed: 0, or -1 with ERR_CONFIG for two mappings,
 * ERR_PARTIAL for a resend.
 */
int state_connection_verdict(const struct state_connection *c,
			     struct err *e) MUST_USE;

/* Whether the connection that is noted sends events that are counted: track,
 * page or screen.
 */
bool state_connection_counts(struct slice note);

/* The columns that its mapping reads, as patterns: nothing at the end of b
 * where that is not known, or all.
 */
void state_connection_columns(struct slice note, struct buf *b);

/* The mode that is noted, as in begin; empty: none. Free with buf_clear. */
void state_connection_mode(struct slice note, struct buf *mode);

/* Whether that is insert-only: then a resend waits for another mode. */
bool state_connection_only_inserts(struct slice note);

/* Whether rows delivered with the mapping that is noted are to be sent again
 * with the one of record, a "mapping" member as in a begin line: 1 or 0, and 0
 * without a note. ERR_CONFIG where record is not one.
 */
int state_connection_changes(struct slice note, struct slice record,
			     struct err *e) MUST_USE;

/* All-zero is allowed. */
void state_connection_clear(struct state_connection *c);

#endif
