/* watchdog.h - ends rudder-send after a signal, even if it is blocked.
 *
 * Floor 2 (send). rudder-send takes signals by a descriptor and ends in order,
 * but its one thread may be held up where no signal can reach it: a reader of
 * the receipts that stands still, a name server that does not answer, a
 * command or a disk that hangs. A second thread looks on, and ends the process
 * by the signal when the first does not.
 */
#ifndef SEND_WATCHDOG_H
#define SEND_WATCHDOG_H

#include "core/err.h"

struct watchdog;

/* Watch signals (of setup_signals), which stays the caller's and is never read
 * here before the end. The process dies by the signal when that is not read
 * within grace_ms (at least a second), or when the process is still there 10
 * seconds after grace_ms. ERR_OS.
 */
int watchdog_start(struct watchdog **w, int signals, uint64_t grace_ms,
		   struct err *e) MUST_USE;

/* The watchdog's thread gives up what the set of rules of landlock.h does not
 * list; returns once it has, or after a second.
 */
void watchdog_confine(struct watchdog *w, int rules);

/* The signal was read: the process is about to end. */
void watchdog_taken(struct watchdog *w, int number);

/* NULL is allowed. */
void watchdog_stop(struct watchdog *w);

#endif
