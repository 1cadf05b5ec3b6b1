/* moment.h - orders points in time even when clocks are set back.
 *
 * Floor 0. A moment is text, "WALL BOOT MONO": milliseconds since 1970 by the
 * wall clock, 32 hexadecimal digits that identify this boot of the machine, and
 * milliseconds of its monotonic clock. Two moments of one boot are ordered
 * exactly. Others are compared by their wall clocks, which may be wrong, or
 * differ between two machines. If the boot id is unknown, a moment is only
 * "WALL".
 */
#ifndef CORE_MOMENT_H
#define CORE_MOMENT_H

#include "core/buf.h"

/* Appends the current moment to b. */
void moment_now(struct buf *b);

enum moment_order {
	MOMENT_UNKNOWN, /* one of them is not a moment */
	MOMENT_BEFORE,
	MOMENT_NOT_BEFORE
};

/* Whether a is before b. Not before, if b is after now, a third moment: then
 * one of the clocks is wrong. If only wall clocks can be compared, both
 * differences must exceed tolerance_ms.
 */
enum moment_order moment_before(struct slice a, struct slice b,
				struct slice now, uint64_t tolerance_ms);

/* The wall time of a moment in milliseconds: 0, or -1 if it is not a moment. */
int moment_wall(struct slice moment, uint64_t *wall_ms) MUST_USE;

#endif
