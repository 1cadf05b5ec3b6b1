/* lock_held.h - whether a file is locked by flock(2), without locking it.
 *
 * Floor 0. For code that only looks: taking the lock for a moment could make
 * the start of a run fail.
 */
#ifndef CORE_LOCK_HELD_H
#define CORE_LOCK_HELD_H

/* Whether a process has a lock on the open file, by /proc/locks. False where
 * that cannot be read. Files of different file systems are distinguished by
 * their number alone, because overlays show another device there.
 */
bool lock_held(int fd);

#endif
