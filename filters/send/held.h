/* held.h - receipts of refused events, until it is known whether all are
 * refused.
 *
 * Floor 2 (send). While the destination has accepted nothing, or answers 403 to
 * one event after the other, a refusal may be our fault and not the event's.
 * What comes next decides whether the receipt is "rejected" or "failed"; in
 * doubt, whether it is "unknown" with "refused" or without.
 */
#ifndef SEND_HELD_H
#define SEND_HELD_H

#include "core/writer.h"
#include "send/receipt.h"

/* All zero: none. */
struct held {
	struct buf guilty, innocent; /* the same receipts, each with its LF */
	size_t n, doubtful;
};

/* Hold the receipt of one event, whatever status it has. doubt: the event may
 * have been taken.
 */
void held_add(struct held *h, const struct batch *batch,
	      const struct batch_item *item, const struct receipt *receipt,
	      bool doubt);

/* Write them; none are held then. guilty: it was the events' fault. ERR_IO. */
int held_release(struct held *h, bool guilty, struct writer *out,
		 struct err *e) MUST_USE;

void held_clear(struct held *h);

#endif
