/* stop.h - ends a run before its input ends.
 *
 * Floor 2 (send).
 */
#ifndef SEND_STOP_H
#define SEND_STOP_H

#include "send/run.h"

/* Begins to stop the run: no request starts any more, and those in flight have
 * the time of --grace to finish. why is reported at the end; only the first
 * call counts.
 */
void stop_begin(struct run *r, const struct err *why);

/* Puts the host in front of why, if the reply came from the host and why does
 * not name it yet.
 */
void stop_name_host(const struct run_asked *asked, const struct reply *reply,
		    struct err *why);

/* Begins to stop the run because of a reply: stop_begin after stop_name_host.
 */
void stop_by_reply(struct run *r, const struct reply *reply,
		   const struct err *why);

#endif
