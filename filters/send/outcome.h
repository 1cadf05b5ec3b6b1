/* outcome.h - what follows a request: receipts, a split, a retry or the end.
 *
 * Floor 2 (send).
 */
#ifndef SEND_OUTCOME_H
#define SEND_OUTCOME_H

#include "send/run.h"

/* Give the lane's next part to the destination, if it has one and may. */
void outcome_start(struct run *r, struct lane *l);

/* Deal with a job that is done. -1 ERR_IO: a receipt could not be written. */
int outcome_job(struct run *r, struct dest_job *job, struct err *e) MUST_USE;

/* All events are dealt with: write the receipts still held, and stop the run
 * where all were refused. -1 ERR_IO.
 */
int outcome_end(struct run *r, struct err *e) MUST_USE;

/* At the end of a stop: break off what is in flight, and write receipts for
 * all events held. -1 ERR_IO.
 */
int outcome_abandon(struct run *r, struct err *e) MUST_USE;

#endif
