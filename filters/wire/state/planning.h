/* planning.h - which processes are making a plan of a state: the file
 * `planning`.
 *
 * Floor 1 (wire). rudder plan holds the changes of a state until the plan has
 * been sent or declined. Where it is killed before the plan is there, nobody
 * can send it, and the hold must not stay. So it writes a token into this file,
 * keeps the file locked by flock(2) while it lives, and gives the token to
 * rudder-diff (PLANNING_VARIABLE), which notes it in the hold. A hold whose
 * token is still in the file, and is not that of the process that has the lock,
 * is of one that was killed. The file has a line for each, the newest last, and
 * is removed with the first plan that is complete.
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
	char *made; /* owned: the folder, where there was none */
	int fd;
	uint64_t before; /* bytes that others have left */
	char token[PLANNING_TOKEN + 1];
};

/* Begins for the state in a folder, which is made where it is not there.
 * ERR_TEMP where another process makes a plan of it; ERR_CREATE, ERR_IO.
 */
int planning_begin(struct planning *p, const char *dir, struct err *e) MUST_USE;

/* The end. complete: the plan is there, so that its hold counts; else what is
 * left of dead ones stays to be found. All-zero is allowed.
 */
void planning_end(struct planning *p, bool complete);

/* Whether the hold of a state, the text of the file `hold`, is of a process
 * that was killed before its plan was there. look: without a lock, see
 * core/lock.h.
 */
bool planning_is_dead(const char *dir, struct slice hold, bool look);

/* The same text for a new hold, at the end of b: with the token of whoever
 * makes the plan and when that expires, if it is rudder plan.
 */
void planning_hold(struct buf *b);

/* When the plan of a hold expires, by the wall clock in milliseconds; 0: it
 * does not, or that is not known.
 */
uint64_t planning_expires(struct slice hold);

/* Whether a hold is of this process. */
bool planning_is_ours(const struct planning *p, struct slice hold);

/* Removes the file, unless a process has it locked. */
void planning_forget(const char *dir);

#endif
