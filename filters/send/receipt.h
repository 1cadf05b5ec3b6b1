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
	unsigned attempts;  /* requests that contained the event */
	uint64_t ms;        /* from the first attempt to the outcome */
	bool refused;       /* UNKNOWN, and the last reply was a refusal */
	bool untried;       /* FAILED: the run ended before any request */
	const char *reason; /* UTF-8; NULL or empty: no reason */
};

/* Appends the second half of a receipt, from the status to the closing brace,
 * which is the same for all events of a request.
 */
void receipt_tail(struct buf *b, const struct receipt *r);

/* Appends a whole receipt, without LF: the ids of the event, then tail. */
void receipt_event(struct buf *b, const struct batch *batch,
		   const struct batch_item *item, struct slice tail);

/* Appends the receipt for a reject or skip line of an earlier stage. blocked:
 * the delete guard rejected the change, which stays pending even if rejected
 * changes count as done. doubt: an earlier sender may have delivered its event.
 * late: a receipt of the change is already committed. Returns the status of the
 * receipt.
 */
enum receipt_status receipt_note(struct buf *b, const struct control *c,
				 bool blocked, bool doubt, bool late);

/* Appends the receipt for an event whose change is not pending any more,
 * because an earlier receipt is committed.
 */
void receipt_late(struct buf *b, struct slice record, struct slice message);

/* Appends the receipt for an event that rudder-send itself refuses. record and
 * message are its ids as JSON values, or empty; line is its line number. doubt:
 * an earlier sender may have delivered the event.
 */
void receipt_refused(struct buf *b, struct slice record, struct slice message,
		     uint64_t line, bool doubt, const char *reason);

#endif
