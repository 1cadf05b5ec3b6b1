/* lock_held.h - whether a file is locked by flock(2), without locking it.
 *
 * Floor 0. For whoever only looks: a lock taken for a moment, to see whether
 * one can be had, may make the start of a run fail.
 */
#ifndef CORE_LOCK_HELD_H
#define CORE_LOCK_HELD_H

/* Whether a process has a lock on the open file, by /proc/locks. False where
 * that cannot be read. Files of different file systems are told apart by their
 * number alone, because overlays show another device there.
 */
bool lock_held(int fd);

#endif
