/* planning.h - which processes are making a plan of a state: the file
 * `planning`.
 *
 * Floor 1 (wire). rudder plan holds the changes of a state until the plan has
 * been sent or declined. If it is killed before the plan is complete, nobody
 * can send the plan, and the hold must not stay. So rudder plan writes a token
 * into this file, keeps the file locked by flock(2) while it runs, and gives
 * the token to rudder-diff (PLANNING_VARIABLE), which puts it into the hold. If
 * the token of a hold is still in the file, and is not that of the process that
 * has the lock, its process was killed. The file has a line for each token, the
 * newest last, and is removed with the first complete plan.
 */
#ifndef WIRE_STATE_PLANNING_H
#define WIRE_STATE_PLANNING_H

#include "core/buf.h"
#include "core/err.h"

#define PLANNING_NAME     "planning"
#define PLANNING_VARIABLE "RUDDER_PLANNING"
#define PLANNING_EXPIRES  "RUDDER_PLANNING_EXPIRES" /* wall clock, ms */

enum { PLANNING_TOKEN = 32 }; /* hexadecimal digits */

struct planning {
	char *path; /* owned; NULL: not begun */
	char *made; /* owned: the folder, if it was created */
	int fd;
	uint64_t before; /* bytes that earlier processes have left */
	char token[PLANNING_TOKEN + 1];
};

/* Begins a plan of the state in a folder, which is created if it is missing.
 * ERR_TEMP if another process is making a plan of it; ERR_CREATE, ERR_IO.
 */
int planning_begin(struct planning *p, const char *dir, struct err *e) MUST_USE;

/* Ends the plan. complete: the plan exists, so that its hold is in force;
 * otherwise the tokens of killed processes stay in the file. All-zero is
 * allowed.
 */
void planning_end(struct planning *p, bool complete);

/* Whether the hold of a state (the text of the file `hold`) is from a process
 * that was killed before its plan was complete. look: without taking a lock,
 * see core/lock.h.
 */
bool planning_is_dead(const char *dir, struct slice hold, bool look);

/* Appends the text for a new hold. If rudder plan is making the plan, it has
 * its token and the time when the plan expires.
 */
void planning_hold(struct buf *b);

/* When the plan of a hold expires, by the wall clock in milliseconds; 0 if it
 * does not, or that is not known.
 */
uint64_t planning_expires(struct slice hold);

/* Whether a hold is of this process. */
bool planning_is_ours(const struct planning *p, struct slice hold);

/* Removes the file, unless a process has it locked. */
void planning_forget(const char *dir);

#endif
