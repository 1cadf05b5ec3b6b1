/* hold.h - blocks a state while a plan waits for review: the file `hold`.
 *
 * Floor 2 (diff). A run with --hold makes the file before its first change
 * leaves. While the file is there and changes are pending, no other run gets
 * the state, so that nothing is sent unreviewed. The commit that has seen all
 * receipts of the plan removes it, and the next run does where rudder plan was
 * killed before there was a plan (planning.h).
 */
#ifndef DIFF_STATE_HOLD_H
#define DIFF_STATE_HOLD_H

#include <stdint.h>

#include "core/err.h"

/* Whether the folder of a state may be used by a new run, which has the lock:
 * 0, or -1 ERR_TEMP. Removes the hold of a plan that cannot come any more;
 * ERR_IO.
 */
int hold_check(const char *dir, struct err *e) MUST_USE;

/* Make the file, durable. ERR_CREATE, ERR_IO. */
int hold_place(const char *dir, struct err *e) MUST_USE;

/* Whether there is a hold that counts, for whoever only looks. */
bool hold_is(const char *dir);

/* When its plan expires, as planning_expires; 0: not known. */
uint64_t hold_expires(const char *dir);

/* Remove it, if it is there. ERR_IO. */
int hold_lift(const char *dir, struct err *e) MUST_USE;

#endif
