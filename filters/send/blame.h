/* blame.h - decides whether a failure is due to the destination or to one
 * event.
 *
 * Floor 2 (send). One bad event must not delay its neighbours, and events must
 * not be given up because the destination is down.
 *
 *   - If a request fails three times in a row while the destination accepts
 *     others, it contains a bad event: it is halved, each half is tried once,
 *     and an event that fails alone five times is given up. If nothing else was
 *     accepted meanwhile, its first events are sent alone, one after the other,
 *     until one is accepted (a "walk"): the events before that one are bad.
 *   - After ten events in a row that fail alone, the destination is to blame,
 *     not the events: the three tries begin again.
 *   - HTTP 403 counts as the fault of the event if anything was accepted
 *     before; ten events in a row that get a 403 end the run.
 *   - When a hundred events in a row were refused alone and nothing was ever
 *     accepted, only one event of each batch is tried; if it is refused, the
 *     whole batch is.
 */
#ifndef SEND_BLAME_H
#define SEND_BLAME_H

#include "send/run.h"

/* The request of lane l failed: decides whether it, or a part of it, is sent
 * again or given up. -1 ERR_IO.
 */
int blame_failure(struct run *r, struct lane *l, const struct reply *reply,
		  struct err *e) MUST_USE;

/* The request of lane l was refused, also by HTTP 403. -1 ERR_IO. */
int blame_refusal(struct run *r, struct lane *l, const struct reply *reply,
		  struct err *e) MUST_USE;

/* The request of lane l was accepted: writes the receipts of earlier events
 * that this proves to be bad. Afterwards the top part is exactly the events of
 * the request. -1 ERR_IO.
 */
int blame_acceptance(struct run *r, struct lane *l, struct err *e) MUST_USE;

/* Call it at the end of the input: stops the run if all events were refused. */
void blame_end(struct run *r);

#endif
