/* attempt.h - the run of rudder-diff that these events come from.
 *
 * Floor 2 (send). The begin line names a state and the token of its lock. That
 * lock is shared while events are sent, so that no newer run starts, and the
 * file `sent` there says who else was given these events (wire/state/sent.h).
 */
#ifndef SEND_ATTEMPT_H
#define SEND_ATTEMPT_H

#include "wire/state/intent.h"
#include "wire/state/sent.h"
#include "wire/stream/control.h"

struct attempt {
	char *dir; /* of the state; NULL: no state, or not ours */
	char token[SENT_ATTEMPT + 1];
	char id[SENT_ID + 1]; /* of this sender */
	int lock_fd;          /* -1: none */
	bool started;         /* it stands in `sent` */
	bool doubted;         /* an earlier sender may have delivered what fails
			       * now: that is unknown
			       */
	struct intent_set open; /* changes of which a receipt still counts */
	bool looked;            /* for them, before anything is sent */
	struct buf refused;     /* senders whose failures these events are */
};

/* Take the lock of the state in the begin line, which controls has read last.
 * no_lock: it is on another machine; then all that fails is unknown. A begin
 * line without a state does nothing. ERR_TEMP when a newer run has taken over,
 * ERR_CONFIG, ERR_DENIED, ERR_IO.
 */
int attempt_begin(struct attempt *a, const struct control *c,
		  const struct control_reader *controls, bool no_lock,
		  struct err *e) MUST_USE;

/* Whether attempt_start has something to do: asked before each event. */
static inline bool attempt_must_start(const struct attempt *a)
{
	return a->dir && !a->started;
}

/* Before the first event is sent: note the start, and learn who was there
 * before. command: it will be given to commands. ERR_USAGE when nothing is
 * unacknowledged any more, ERR_CREATE, ERR_IO.
 */
int attempt_start(struct attempt *a, bool command, struct err *e) MUST_USE;

/* Whether the state still waits for a receipt of the event with this messageId
 * (raw text). Always true of a change that is not of rudder-diff.
 */
bool attempt_waits(const struct attempt *a, struct slice message);

/* Whether the receipt of a reject or skip of this change (32 hex digits) is
 * committed: it was part of a plan that is sent in parts.
 */
bool attempt_is_late(struct attempt *a, struct slice change);

/* All receipts were written: note the end. */
void attempt_end(const struct attempt *a, uint64_t taken, uint64_t doubt);

/* The begin line of the receipts, or with a state of the events that failed
 * (--failed), of which body is the one read: without LF, at the end of b.
 * destination is the member of that name (destination.h), or empty.
 */
void attempt_receipts(const struct attempt *a, struct slice body,
		      struct slice destination, struct buf *b);
void attempt_failed(const struct attempt *a, struct slice body, struct buf *b);

void attempt_clear(struct attempt *a);

#endif
