/* receipt_status.h - the statuses of receipts, as words.
 *
 * Floor 1 (wire). rudder-send writes it, rudder-diff --commit reads it; what
 * each means is in rudder-stream(5).
 */
#ifndef WIRE_STREAM_RECEIPT_STATUS_H
#define WIRE_STREAM_RECEIPT_STATUS_H

#include "core/slice.h"

enum receipt_status {
	RECEIPT_ACCEPTED,  /* the destination took it */
	RECEIPT_DELIVERED, /* it reached the destination */
	RECEIPT_REJECTED,  /* permanently rejected, and not taken */
	RECEIPT_FAILED,    /* not sent, or rejected for now, and not taken */
	RECEIPT_UNKNOWN,   /* it may have been taken */
	RECEIPT_SKIPPED,   /* left out on purpose by an earlier stage */
	RECEIPT_DRY_RUN,
	RECEIPT_STATUSES, /* how many */
};

/* "accepted" and so on. */
const char *receipt_status_word(enum receipt_status status);

/* The status of that word, or RECEIPT_STATUSES. */
enum receipt_status receipt_status_of(struct slice word);

#endif
