/* state_connection.h - the connection a state was delivered with: mapping,
 * destination, mode.
 *
 * Floor 2 (diff). A JSON object with members of the begin line, unchanged:
 * "mode", "mapping" of rudder-map, "destination" of rudder-send, and "attempt",
 * the run that delivered last. rudder-diff puts it into the begin line of the
 * next run (`was`), where the other tools compare it with theirs; the commit
 * renews it. A stream without a destination does not change it.
 *
 * Before anything was accepted, rows may have been left out by the mapping
 * (--where), rejected with --rejected accept, or be in doubt. Then only the
 * settings of the mapping are noted, so that a changed mapping resends these
 * rows, and no destination, event type or user identifier, which may still
 * change.
 */
#ifndef DIFF_STATE_STATE_CONNECTION_H
#define DIFF_STATE_STATE_CONNECTION_H

#include "diff/state/snapshot.h"
#include "wire/stream/control.h"

struct state_connection {
	struct buf mode, mapping, destination; /* JSON, of the begin line */
	char attempt[33];
	bool accepted; /* a receipt was accepted, or the connection is agreed */
	bool settled;  /* or a row was left out, given up, or is in doubt */
	bool agreed;   /* --accept-connection */
	bool aborted;  /* a stage failed, perhaps because of a faulty mapping */
	char how[8];   /* --on-mapping-change: "", "changed", "none", "now" */

	struct buf note, untried;
	uint64_t resent; /* new number of resends, if it is raised */
	uint64_t before; /* and the number before that */
	bool resend;     /* the mapping has changed: the next run is full */
	bool conflict;   /* this run had two mappings */
	size_t keys;     /* number of keys to resend */
};

/* Reads the begin line of receipts, which r has read last. */
void state_connection_read(struct state_connection *c,
			   const struct control_reader *r, const char *attempt);

/* Adds the connection to b as JSON; state_connection_take reads it back. */
void state_connection_put(const struct state_connection *c, struct buf *b);
void state_connection_take(struct state_connection *c, struct slice text);

/* Updates the notes in s for a commit; they live as long as c. *any: a note has
 * changed. resent: the run has sent every row with its mapping. was_due: a
 * resend was already due before this commit, perhaps of a different mapping.
 */
void state_connection_note(struct state_connection *c, struct snapshot *s,
			   bool resent, bool was_due, bool *any);

/* The result for the commit: 0, or -1 with ERR_CONFIG for two mappings,
 * ERR_PARTIAL if a resend is due.
 */
int state_connection_verdict(const struct state_connection *c,
			     struct err *e) MUST_USE;

/* Whether the noted connection sends events that are counted: track, page or
 * screen.
 */
bool state_connection_counts(struct slice note);

/* Adds the columns that the noted mapping reads to b, as patterns; nothing if
 * they are unknown, or all.
 */
void state_connection_columns(struct slice note, struct buf *b);

/* The noted mode, as in begin; empty if no mode is noted. Free with buf_clear.
 */
void state_connection_mode(struct slice note, struct buf *mode);

/* Whether the noted mode is insert-only: then a resend waits for a different
 * mode.
 */
bool state_connection_only_inserts(struct slice note);

/* Whether rows delivered with the noted mapping must be resent with the mapping
 * in record, a "mapping" member of a begin line: 1 or 0, and 0 without a note.
 * ERR_CONFIG if record is not a mapping.
 */
int state_connection_changes(struct slice note, struct slice record,
			     struct err *e) MUST_USE;

/* All-zero is allowed. */
void state_connection_clear(struct state_connection *c);

#endif
