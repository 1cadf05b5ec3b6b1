/* lock.h - locks of files by flock(2): takes one, or sees whether there is one.
 *
 * Floor 0.
 */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

#include "core/err.h"

/* Takes a lock by flock(2) on an open descriptor, waiting up to wait_ms. 1 if
 * taken, 0 if another process holds it, -1 ERR_IO. The lock ends with the
 * descriptor, whatever kills the process. A lock of the other kind that fd
 * holds is released first: another process may take its lock in between, and
 * then 0 means that fd holds no lock.
 */
int lock_take(int fd, bool exclusive, uint64_t wait_ms, struct err *e) MUST_USE;

/* Whether a process holds a lock on the open file, by /proc/locks. For code
 * that only shows it: taking the lock for a moment could make a starting run
 * fail. False if /proc/locks cannot be read. Compares the inode number only,
 * not the device, because overlays show another device there.
 */
bool lock_held(int fd);

#endif
