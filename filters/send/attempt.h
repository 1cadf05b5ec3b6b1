/* attempt.h - the run of rudder-diff that these events come from.
 *
 * Floor 2 (send). The begin line names a state and the token of its lock.
 * rudder-send holds that lock in shared mode while it sends, so that no newer
 * run of rudder-diff starts. The file `sent` of the state lists all senders
 * that were given these events (wire/state/sent.h).
 */
#ifndef SEND_ATTEMPT_H
#define SEND_ATTEMPT_H

#include "wire/state/intent.h"
#include "wire/state/sent.h"
#include "wire/stream/control.h"

struct attempt {
	char *dir; /* folder of the state; NULL: no state, or one on another
		    * machine
		    */
	char token[SENT_ATTEMPT + 1];
	char id[SENT_ID + 1];   /* of this sender */
	int lock_fd;            /* the lock of the state; -1: not open */
	bool started;           /* this sender has its line in `sent` */
	bool doubted;           /* an earlier sender may have delivered these
				 * events, so a failure now is reported as unknown
				 */
	struct intent_set open; /* changes without a committed receipt */
	bool looked;            /* attempt_is_late has read the open changes */
	struct buf refused;     /* ids of senders that reported these events as
				 * failed
				 */
};

/* Takes the lock of the state that the begin line names; controls has just read
 * that line. no_lock: the state is on another machine; no lock is taken, and
 * all failures are reported as unknown. Does nothing for a begin line without a
 * state. ERR_TEMP when a newer run has taken over, ERR_CONFIG, ERR_DENIED,
 * ERR_IO.
 */
int attempt_begin(struct attempt *a, const struct control *c,
		  const struct control_reader *controls, bool no_lock,
		  struct err *e) MUST_USE;

/* Whether attempt_start must be called. Inline, because it is called for each
 * event.
 */
static inline bool attempt_must_start(const struct attempt *a)
{
	return a->dir && !a->started;
}

/* Call it before the first event is sent: adds this sender to `sent`, and reads
 * which other senders had these events before. command: the events go to
 * commands of the user. ERR_USAGE when the run is already committed, so that no
 * change is pending; ERR_CREATE, ERR_IO.
 */
int attempt_start(struct attempt *a, bool command, struct err *e) MUST_USE;

/* Whether the event with this messageId (raw text) has no committed receipt
 * yet. Always true for an event whose messageId was not made by rudder-diff.
 */
bool attempt_waits(const struct attempt *a, struct slice message);

/* Whether the receipt of a reject or skip line for this change (32 hex digits)
 * is already committed. That happens when a plan is sent in parts.
 */
bool attempt_is_late(struct attempt *a, struct slice change);

/* Call it when all receipts are written: notes in `sent` how many events this
 * sender delivered (taken), and how many are unknown (doubt).
 */
void attempt_end(const struct attempt *a, uint64_t taken, uint64_t doubt);

/* Appends a begin line, without LF, to b: attempt_receipts that of the
 * receipts, attempt_failed that of the file of failed events (--failed). body
 * is from the begin line of the input. destination is the value of the member
 * of that name (destination.h), or empty.
 */
void attempt_receipts(const struct attempt *a, struct slice body,
		      struct slice destination, struct buf *b);
void attempt_failed(const struct attempt *a, struct slice body, struct buf *b);

void attempt_clear(struct attempt *a);

#endif
