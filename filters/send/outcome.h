/* outcome.h - starts requests, and turns each reply into receipts, a retry or a
 * stop.
 *
 * Floor 2 (send).
 */
#ifndef SEND_OUTCOME_H
#define SEND_OUTCOME_H

#include "send/run.h"

/* Starts the request for the next part of the lane, if there is a part and the
 * limits permit a request.
 */
void outcome_start(struct run *r, struct lane *l);

/* Handles a request that is done. -1 ERR_IO: a receipt could not be written. */
int outcome_job(struct run *r, struct dest_job *job, struct err *e) MUST_USE;

/* Call it when no lane has events: writes the receipts that are still held, and
 * stops the run if all events were refused. -1 ERR_IO.
 */
int outcome_end(struct run *r, struct err *e) MUST_USE;

/* Call it when the time to stop is over: aborts the requests in flight, and
 * writes receipts for all events in lanes. -1 ERR_IO.
 */
int outcome_abandon(struct run *r, struct err *e) MUST_USE;

#endif
