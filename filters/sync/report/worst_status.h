/* worst_status.h - of the exit statuses of several commands, the one that
 * counts.
 *
 * Floor 2 (sync). The order is that of rudder-sync(7), from the worst on:
 * 70 78 77 64 66 73 74 71 76 69 65 75 4 3 1 0.
 */
#ifndef SYNC_REPORT_WORST_STATUS_H
#define SYNC_REPORT_WORST_STATUS_H

#include "core/err.h"

/* What an exit status means: ERR_NONE for 0, and ERR_DATA for those of other
 * programs, which say no more than that they failed.
 */
enum err_kind worst_status_kind(int status);

/* The status of a command that has reported itself why: 0, or -1 with its kind
 * and no text.
 */
int worst_status_pass(int status, struct err *e) MUST_USE;

/* Whether a is worse than b. */
bool worst_status_is(enum err_kind a, enum err_kind b);

#endif
