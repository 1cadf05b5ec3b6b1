/* verdict.h - turns the outcome of requests into receipts.
 *
 * Floor 2 (send). blame.c decides who is at fault for a failure; this file
 * writes the receipts. Each -1 is ERR_IO: a receipt could not be written.
 */
#ifndef SEND_VERDICT_H
#define SEND_VERDICT_H

#include "send/run.h"

/* Writes receipts with this status for all events of the top part of the lane,
 * and removes the part.
 */
int verdict_settle(struct run *r, struct lane *l, enum receipt_status status,
		   const struct reply *reply, struct err *e) MUST_USE;

/* The same for a reply in which each event has its own outcome (REPLY_EACH).
 * Events that the destination asks to send again stay as the top part, and
 * *later becomes the failure to pass to blame_failure. Without such events the
 * class of *later is REPLY_TAKEN.
 */
int verdict_each(struct run *r, struct lane *l, struct dest_job *job,
		 struct reply *later, struct err *e) MUST_USE;

/* Gives up the top part: its receipts are "failed", or "unknown" if an attempt
 * may have been accepted. A single event that conflicts (reply.h) is
 * "rejected".
 */
int verdict_lose(struct run *r, struct lane *l, const struct reply *reply,
		 struct err *e) MUST_USE;

/* Holds the receipt of the top part (held.h), which is one event that was
 * refused: it is not clear yet whether the event is at fault.
 */
int verdict_hold(struct run *r, struct lane *l, const struct reply *reply,
		 struct err *e) MUST_USE;

/* Writes the held receipts. guilty: the refusals were the events' fault. */
int verdict_release(struct run_leaving *leaving, bool guilty,
		    struct err *e) MUST_USE;

#endif
