/* hold.h - blocks a state while a plan waits for review: the file `hold`.
 *
 * Floor 2 (diff). A run with --hold creates the file before its first change
 * leaves. While the file exists and changes are pending, no other run gets the
 * state, so that nothing is sent unreviewed. The commit that has seen all
 * receipts of the plan removes the file. If rudder plan was killed before its
 * plan was complete (planning.h), the next run removes it.
 */
#ifndef DIFF_STATE_HOLD_H
#define DIFF_STATE_HOLD_H

#include <stdint.h>

#include "core/err.h"

/* Whether a new run, which has the lock, may use the state: 0, or -1 ERR_TEMP.
 * Removes the hold of a plan that can never be completed; ERR_IO.
 */
int hold_check(const char *dir, struct err *e) MUST_USE;

/* Creates the file, durably. ERR_CREATE, ERR_IO. */
int hold_place(const char *dir, struct err *e) MUST_USE;

/* Whether there is a hold in force. For callers that only show it. */
bool hold_is(const char *dir);

/* When the held plan expires, as planning_expires; 0 if not known. */
uint64_t hold_expires(const char *dir);

/* Removes the file, if it exists. ERR_IO. */
int hold_lift(const char *dir, struct err *e) MUST_USE;

#endif
