/* receipt.h - writes one receipt line per event.
 *
 * Floor 2 (send). Receipts are the data lines of the stream "receipts", see
 * rudder-stream(5).
 */
#ifndef SEND_RECEIPT_H
#define SEND_RECEIPT_H

#include "core/buf.h"
#include "send/dest/batch.h"
#include "wire/stream/control.h"
#include "wire/stream/receipt_status.h"

struct receipt {
	enum receipt_status status;
	unsigned code;      /* HTTP status; 0: none */
	unsigned attempts;  /* requests that carried the event */
	uint64_t ms;        /* from the first attempt to the outcome */
	bool refused;       /* UNKNOWN, and the last answer was a refusal */
	bool untried;       /* FAILED: the run ended before any request */
	const char *reason; /* UTF-8; NULL or empty: nothing to say */
};

/* The half of a receipt that all events of a request share, at the end of b:
 * from the status to the closing brace.
 */
void receipt_tail(struct buf *b, const struct receipt *r);

/* A whole receipt, without LF, at the end of b. */
void receipt_event(struct buf *b, const struct batch *batch,
		   const struct batch_item *item, struct slice tail);

/* The receipt for a reject or skip line of an earlier stage. blocked: a delete
 * guard has done that, and the change stays pending, whatever is accepted.
 * doubt: its event may have been delivered all the same. late: its receipt is
 * committed already. Returns its status.
 */
enum receipt_status receipt_note(struct buf *b, const struct control *c,
				 bool blocked, bool doubt, bool late);

/* The receipt for an event whose change is not pending any more: its first
 * receipt is committed.
 */
void receipt_late(struct buf *b, struct slice record, struct slice message);

/* The receipt for an event that is refused before it gets into a batch: by
 * its ids (values as JSON, or empty) or, lacking both, by its line number.
 * doubt: it may have been delivered all the same.
 */
void receipt_refused(struct buf *b, struct slice record, struct slice message,
		     uint64_t line, bool doubt, const char *reason);

#endif
