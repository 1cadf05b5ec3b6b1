/* confirm_ask.h - asks a data plane what happened to the events of a run.
 *
 * Floor 2 (send).
 */
#ifndef SEND_CONFIRM_ASK_H
#define SEND_CONFIRM_ASK_H

#include "send/confirm.h"

/* Asks the data plane of o until it has handled all events of the run, for at
 * most for_ms, or until the descriptor stop is readable. Returns 0 also if the
 * run did not complete in time: then known is false, and a warning was printed.
 * -1 if asking again cannot help: ERR_CONFIG, ERR_DENIED, ERR_OS, ERR_PROTOCOL.
 */
int confirm_ask(struct confirm *c, const struct dest_options *o,
		uint64_t for_ms, int stop, struct err *e) MUST_USE;

#endif
