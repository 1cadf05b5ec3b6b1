/* verdict.h - turns the outcome of requests into receipts.
 *
 * Floor 2 (send). blame.c decides whose fault a failure is; this file
 * writes the receipts. All -1 are ERR_IO: a receipt could not be written.
 */
#ifndef SEND_VERDICT_H
#define SEND_VERDICT_H

#include "send/run.h"

/* Receipts for the top part, which is dealt with. */
int verdict_settle(struct run *r, struct lane *l, enum receipt_status status,
		   const struct reply *reply, struct err *e) MUST_USE;

/* The same where each event has its own outcome. Those that the destination
 * wants again stay the top part, and *later is the failure to blame for it;
 * else its class is REPLY_TAKEN.
 */
int verdict_each(struct run *r, struct lane *l, struct dest_job *job,
		 struct reply *later, struct err *e) MUST_USE;

/* Failed or, where an attempt may have been taken, unknown: for ever. */
int verdict_lose(struct run *r, struct lane *l, const struct reply *reply,
		 struct err *e) MUST_USE;

/* The top part, of one event, was refused, perhaps for its fault: its receipt
 * is held (held.h).
 */
int verdict_hold(struct run *r, struct lane *l, const struct reply *reply,
		 struct err *e) MUST_USE;

/* Write the receipts held. guilty: it was the events' fault. */
int verdict_release(struct run_leaving *leaving, bool guilty,
		    struct err *e) MUST_USE;

#endif
