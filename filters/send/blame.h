/* blame.h - decides whether a failure is due to the destination or to one
 * event.
 *
 * Floor 2 (send). One bad event must not hold up its neighbours, and a
 * destination that is down must not cost them.
 *
 *   - A request that failed three times in a row although the destination
 *     accepts others has a bad event in it: it is halved, each half is tried
 *     once, and an event that fails alone five times is given up. Where nothing
 *     else was accepted meanwhile, the first events are sent alone, one after
 *     the other, until one is accepted: those before it are bad.
 *   - Ten events in a row that fail alone say nothing any more: then the three
 *     tries begin again.
 *   - 403 is the fault of an event once something was accepted; ten events in a
 *     row to which it is the answer end the run.
 *   - When a hundred events in a row were refused alone and nothing was ever
 *     accepted, one event of each batch is tried for all of them.
 */
#ifndef SEND_BLAME_H
#define SEND_BLAME_H

#include "send/run.h"

/* The job failed: it, or a part of it, will be sent again, or it is given up.
 * -1 ERR_IO.
 */
int blame_failure(struct run *r, struct lane *l, const struct reply *reply,
		  struct err *e) MUST_USE;

/* The job was refused, by 403 too. -1 ERR_IO. */
int blame_refusal(struct run *r, struct lane *l, const struct reply *reply,
		  struct err *e) MUST_USE;

/* The job was accepted, whose events are the top part afterwards: what is known
 * now of events that failed before is written. -1 ERR_IO.
 */
int blame_acceptance(struct run *r, struct lane *l, struct err *e) MUST_USE;

/* At the end of the input: stop the run where all was refused. */
void blame_end(struct run *r);

#endif
