/* moment.h - orders points in time even when clocks are set back.
 *
 * Floor 0. A moment is text, "WALL BOOT MONO": milliseconds since 1970 by the
 * wall clock, 32 hexadecimal digits that name this boot of the machine, and
 * milliseconds of its monotonic clock. Two moments of one boot are in exact
 * order. Others are compared by their wall clocks, which may differ by what the
 * clocks of two machines do, or be wrong. Where the boot has no name it is only
 * "WALL".
 */
#ifndef CORE_MOMENT_H
#define CORE_MOMENT_H

#include "core/buf.h"

/* The present one, at the end of b. */
void moment_now(struct buf *b);

enum moment_order {
	MOMENT_UNKNOWN, /* one of them is not a moment */
	MOMENT_BEFORE,
	MOMENT_NOT_BEFORE
};

/* Whether a is before b, and b not after now, another moment: else one of the
 * clocks is wrong. Where only wall clocks tell, both by more than tolerance_ms.
 */
enum moment_order moment_before(struct slice a, struct slice b,
				struct slice now, uint64_t tolerance_ms);

/* Its wall time in milliseconds: 0, or -1 where it is not a moment. */
int moment_wall(struct slice moment, uint64_t *wall_ms) MUST_USE;

#endif
