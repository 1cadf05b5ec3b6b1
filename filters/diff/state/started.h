/* started.h - refuses rows that were read before those of the last commit.
 *
 * Floor 2 (diff). Rows that were saved on Monday and used after Tuesday's run
 * would undo that run: overwrite newer values, insert what was deleted. So the
 * commit stores in the file `started` when the producer of the run began to
 * read (member clock of the begin line, core/moment.h), and a run with older
 * rows is refused. One line of JSON with a checksum:
 *
 *     {"rudder_started":1,"clock":"...","sum":"..."}
 */
#ifndef DIFF_STATE_STARTED_H
#define DIFF_STATE_STARTED_H

#include "diff/state/state.h"

/* The clocks of two machines may differ by this much. */
enum { STARTED_TOLERANCE_MS = 5 * 60 * 1000 };

/* ERR_CONFIG if rows with this clock are older than those of the last commit,
 * or the file is damaged; ERR_IO. Rows without a clock never count as older.
 */
int started_check(const struct state *s, struct slice clock,
		  struct err *e) MUST_USE;

/* Call it when a run with this clock is committed: stores the newer clock. Does
 * nothing if clock is not a moment. ERR_CONFIG, ERR_CREATE, ERR_IO.
 */
int started_store(const struct state *s, struct slice clock,
		  struct err *e) MUST_USE;

/* Stores this clock, even if it is older; removes the file if it is not a
 * moment. ERR_CREATE, ERR_IO.
 */
int started_replace(const struct state *s, struct slice clock,
		    struct err *e) MUST_USE;

/* Adds the time as a member to an object, if it is known. */
void started_show(const struct state *s, struct buf *b);

#endif
