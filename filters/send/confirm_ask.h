/* confirm_ask.h - asks a data plane what happened to the events of a run.
 *
 * Floor 2 (send).
 */
#ifndef SEND_CONFIRM_ASK_H
#define SEND_CONFIRM_ASK_H

#include "send/confirm.h"

/* Ask until the run is complete, at most for_ms, or until the descriptor stop
 * is readable. o: the data plane and how to reach it. 0 also
 * when it did not become complete (known is false, and a warning was said);
 * -1 when it cannot: ERR_CONFIG, ERR_DENIED, ERR_PROTOCOL.
 */
int confirm_ask(struct confirm *c, const struct dest_options *o,
		uint64_t for_ms, int stop, struct err *e) MUST_USE;

#endif
