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

#endif
