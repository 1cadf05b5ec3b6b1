/* watchdog.h - ends rudder-send after a signal, even if it is blocked.
 *
 * Floor 2 (send). rudder-send reads signals from a descriptor and then stops in
 * order. But its one thread may be blocked where it reads no signal: by a
 * stalled reader of the receipts, a name server that does not reply, a command
 * or a disk that hangs. A second thread watches, and kills the process with the
 * signal if the first thread does not end it.
 */
#ifndef SEND_WATCHDOG_H
#define SEND_WATCHDOG_H

#include "core/err.h"

struct watchdog;

/* Starts to watch the descriptor signals (of setup_signals), which stays the
 * caller's and is never read here. The process dies by the signal if the main
 * thread does not read it within grace_ms (at least a second), or if the
 * process still runs 10 seconds after grace_ms. ERR_OS.
 */
int watchdog_start(struct watchdog **w, int signals, uint64_t grace_ms,
		   struct err *e) MUST_USE;

/* Applies rules, a descriptor of landlock.h, to the watchdog's thread as well.
 * Returns when that is done, or after a second.
 */
void watchdog_confine(struct watchdog *w, int rules);

/* Call it after the main thread has read the signal `number`. */
void watchdog_taken(struct watchdog *w, int number);

/* NULL is allowed. */
void watchdog_stop(struct watchdog *w);

#endif
