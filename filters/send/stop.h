/* stop.h - ends a run before its input ends.
 *
 * Floor 2 (send).
 */
#ifndef SEND_STOP_H
#define SEND_STOP_H

#include "send/run.h"

/* Begin to stop the run, for that reason: nothing more is started, and what is
 * in flight has --grace to end. Only the first reason counts.
 */
void stop_begin(struct run *r, const struct err *why);

/* Puts the host of a reply in front of why, which may not name it. */
void stop_name_host(const struct run_asked *asked, const struct reply *reply,
		    struct err *why);

/* The run ends because of a reply, with its host in front of why. */
void stop_by_reply(struct run *r, const struct reply *reply,
		   const struct err *why);

#endif
