/* sent.h - who has sent the events of a run: the file `sent` of a state.
 *
 * Floor 1 (wire). Receipts say what one rudder-send knows. The same events may
 * have been given to another before, whose receipts are lost or not committed
 * yet, so that a failure here proves nothing. The file tells: each sender adds
 * a line when it starts, durable before the first event leaves, and one at its
 * end, with how many events it delivered or left in doubt; a commit adds one
 * when it has applied all receipts of a sender, which then counts no more.
 *
 * A line is one append: format version, kind, token of the attempt (the run's
 * lock), id of the sender, numbers, checksum. A line that cannot be read, or is
 * of a newer format, counts as a sender that started and did not end.
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
	uint64_t taken, doubt; /* events, when it has ended */
};

struct sent {
	struct sent_sender *sender;
	size_t n;
	bool damaged;   /* there are lines that cannot be read */
	bool committed; /* a commit has begun to settle the attempt */
};

/* A new sender's id, with its NUL. */
void sent_id(char id[SENT_ID + 1]);

/* Add that a sender starts, or that it has ended; start is durable when it
 * returns. dir is the folder of the state. ERR_CREATE, ERR_IO.
 */
int sent_start(const char *dir, const char *attempt, const char *id,
	       bool command, struct err *e) MUST_USE;
int sent_end(const char *dir, const char *attempt, const char *id,
	     uint64_t taken, uint64_t doubt, struct err *e) MUST_USE;

/* Add that a commit settles intents of the attempt (id NULL), or that it has
 * applied all receipts of a sender. Durable when it returns. ERR_CREATE,
 * ERR_IO.
 */
int sent_settled(const char *dir, const char *attempt, const char *id,
		 struct err *e) MUST_USE;

/* Read what there is of an attempt, or of all with the empty slice; a missing
 * file counts as empty. ERR_IO, ERR_DENIED. Free with sent_clear.
 */
int sent_read(struct sent *s, const char *dir, struct slice attempt,
	      struct err *e) MUST_USE;
void sent_clear(struct sent *s);

/* Whether a sender other than id may have delivered events that id was given,
 * and no commit knows of it. refused is text with the ids of senders of which
 * id was given only what those did not deliver (rudder-send --failed): of them
 * only doubt counts.
 */
bool sent_by_others(const struct sent *s, const char *id, struct slice refused);

/* Remove the file: nothing is unacknowledged, or all of it is in doubt in
 * `pending`. ERR_IO.
 */
int sent_remove(const char *dir, struct err *e) MUST_USE;

#endif
