/* lock.h - locks of files by flock(2): takes one, or sees whether there is one.
 *
 * Floor 0.
 */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

#include "core/err.h"

/* Take a lock by flock(2) on an open descriptor, waiting up to wait_ms. 1 when
 * taken, 0 when somebody else holds it, -1 ERR_IO. The lock ends with the
 * descriptor, whatever kills the process. A lock of the other kind held on fd
 * is given back first: for a moment somebody else may get his, and then 0
 * means that fd holds none.
 */
int lock_take(int fd, bool exclusive, uint64_t wait_ms, struct err *e) MUST_USE;

/* Whether a process has a lock on the open file, by /proc/locks: for code that
 * only looks, since taking it for a moment could make the start of a run fail.
 * False where that cannot be read. Files of different file systems are
 * distinguished by their number alone, because overlays show another device
 * there.
 */
bool lock_held(int fd);

#endif
