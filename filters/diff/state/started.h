/* started.h - refuses rows that were read before those of the last commit.
 *
 * Floor 2 (diff). Rows that were saved on Monday and read again after Tuesday's
 * run would undo it: overwrite newer values, insert what was deleted. So the
 * commit keeps, in the file `started` of the state, when the producer of the
 * run began (the member clock of its begin line, core/moment.h), and a run
 * whose rows are older is refused. One line of JSON with a checksum:
 *
 *     {"rudder_started":1,"clock":"...","sum":"..."}
 */
#ifndef DIFF_STATE_STARTED_H
#define DIFF_STATE_STARTED_H

#include "diff/state/state.h"

/* Clocks of two machines may differ by so much. */
enum { STARTED_TOLERANCE_MS = 5 * 60 * 1000 };

/* ERR_CONFIG when rows of this clock are older than those of the last commit,
 * or the file is damaged; ERR_IO. Rows without a clock are never older.
 */
int started_check(const struct state *s, struct slice clock,
		  struct err *e) MUST_USE;

/* A run of this clock is committed: keep the newer of the two. Nothing where
 * the clock is not a moment. ERR_CONFIG, ERR_CREATE, ERR_IO.
 */
int started_store(const struct state *s, struct slice clock,
		  struct err *e) MUST_USE;

/* The state is that of rows of this clock, which may be older, or unknown.
 * ERR_CREATE, ERR_IO.
 */
int started_replace(const struct state *s, struct slice clock,
		    struct err *e) MUST_USE;

/* The time as a member of an object that is being written, if it is known. */
void started_show(const struct state *s, struct buf *b);

#endif
