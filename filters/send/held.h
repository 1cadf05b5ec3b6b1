/* held.h - holds receipts of refused events until it is clear who is at fault.
 *
 * Floor 2 (send). While the destination has accepted nothing, or replies 403 to
 * one event after the other, a refusal may be due to our settings and not to
 * the event. The next replies decide whether the receipt becomes "rejected"
 * (the event's fault) or "failed". A receipt in doubt becomes "unknown", with
 * the member "refused" if it was the event's fault.
 */
#ifndef SEND_HELD_H
#define SEND_HELD_H

#include "core/writer.h"
#include "send/receipt.h"

/* All-zero: no receipts are held. */
struct held {
	struct buf guilty, innocent; /* the same receipts in both forms, each
				      * with its LF
				      */
	size_t n, doubtful;
};

/* Holds the receipt of one event; its status is ignored. doubt: an earlier
 * request may have delivered the event.
 */
void held_add(struct held *h, const struct batch *batch,
	      const struct batch_item *item, const struct receipt *receipt,
	      bool doubt);

/* Writes all held receipts, and holds none afterwards. guilty: the refusals
 * were the events' fault. ERR_IO.
 */
int held_release(struct held *h, bool guilty, struct writer *out,
		 struct err *e) MUST_USE;

void held_clear(struct held *h);

#endif
