/* sent.h - who has sent the events of a run: the file `sent` of a state.
 *
 * Floor 1 (wire). Receipts report what one rudder-send knows. But a different
 * sender may have sent the same events before, and its receipts are lost or not
 * committed yet; then a failure here does not prove that they did not arrive.
 * This file shows that. Each sender adds a line when it starts, durable before
 * the first event leaves, and one at its end, with the number of events that it
 * delivered or left in doubt. A commit adds a line when it has applied all
 * receipts of a sender, which is not considered any more then.
 *
 * A line is one append: format version, kind, token of the attempt (the run's
 * lock), id of the sender, numbers, checksum. A line that cannot be read, or
 * has a newer format, counts as a sender that started and did not end.
 */
#ifndef WIRE_STATE_SENT_H
#define WIRE_STATE_SENT_H

#include "core/buf.h"
#include "core/err.h"

#define SENT_NAME "sent"

enum {
	SENT_ATTEMPT = 32, /* characters of an attempt's token */
	SENT_ID = 16,      /* hexadecimal digits of a sender's id */
};

struct sent_sender {
	char id[SENT_ID + 1];
	long pid;
	bool command; /* it starts commands (exec:), which may outlive it */
	bool ended, settled;
	uint64_t taken, doubt; /* numbers of events, if it has ended */
};

struct sent {
	struct sent_sender *sender;
	size_t n;
	bool damaged;   /* some lines cannot be read */
	bool committed; /* a commit has begun to settle the attempt */
};

/* Makes the id of a new sender, with a NUL. */
void sent_id(char id[SENT_ID + 1]);

/* Adds that a sender starts, or that it has ended; sent_start is durable on
 * return. dir is the folder of the state. ERR_CREATE, ERR_IO.
 */
int sent_start(const char *dir, const char *attempt, const char *id,
	       bool command, struct err *e) MUST_USE;
int sent_end(const char *dir, const char *attempt, const char *id,
	     uint64_t taken, uint64_t doubt, struct err *e) MUST_USE;

/* Adds that a commit settles intents of the attempt (id NULL), or that it has
 * applied all receipts of a sender. Durable on return. ERR_CREATE, ERR_IO.
 */
int sent_settled(const char *dir, const char *attempt, const char *id,
		 struct err *e) MUST_USE;

/* Reads the lines of an attempt, or all lines for the empty slice; a missing
 * file counts as empty. ERR_IO, ERR_DENIED. Free with sent_clear.
 */
int sent_read(struct sent *s, const char *dir, struct slice attempt,
	      struct err *e) MUST_USE;
void sent_clear(struct sent *s);

/* Whether a sender other than id may have delivered the same events, and no
 * commit has its receipts. refused has the ids of senders (rudder-send
 * --failed) from which id got only events that they did not deliver: of those
 * only events in doubt count.
 */
bool sent_by_others(const struct sent *s, const char *id, struct slice refused);

/* Removes the file: nothing is unacknowledged, or `pending` has everything in
 * doubt. ERR_IO.
 */
int sent_remove(const char *dir, struct err *e) MUST_USE;

#endif
