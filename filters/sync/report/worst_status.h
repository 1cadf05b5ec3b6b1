/* worst_status.h - the worst of the exit statuses of several commands.
 *
 * Floor 2 (sync). The order is that of rudder-sync(7), from worst to best: 70
 * 78 77 64 66 73 74 71 76 69 65 75 4 3 1 0.
 */
#ifndef SYNC_REPORT_WORST_STATUS_H
#define SYNC_REPORT_WORST_STATUS_H

#include "core/err.h"

/* The error kind of an exit status: ERR_NONE for 0, and ERR_DATA for a status
 * of other programs, which only means that they failed.
 */
enum err_kind worst_status_kind(int status);

/* The result for a command that has already reported its error: 0, or -1 with
 * the error kind of its status and no text.
 */
int worst_status_pass(int status, struct err *e) MUST_USE;

/* Whether a is worse than b. */
bool worst_status_is(enum err_kind a, enum err_kind b);

#endif
