/* linux.h - calls that only Linux has, for whoever ports rudder.
 *
 * Floor 0. Of the same kind are core/landlock, core/sandbox (seccomp),
 * core/temp (O_TMPFILE), core/lock and core/moment (/proc), core/reader
 * and core/writer (F_SETPIPE_SZ), and send/dest/sockets (epoll). Every
 * descriptor here is the caller's and closes on exec.
 */
#ifndef CORE_LINUX_H
#define CORE_LINUX_H

#include <signal.h>

#include "core/buf.h"

/* Opens a descriptor that is readable while one of these signals, which the
 * caller has blocked, is pending (signalfd(2)). Reading it never blocks.
 * Returns -1 with errno set on failure.
 */
int linux_signals(const sigset_t *set);

/* Takes one signal from such a descriptor; 0: none is pending. */
int linux_signal(int fd);

/* Opens a counter of 64 bits that wakes a poll(2) (eventfd(2)); -1 with errno.
 */
int linux_event(void);

/* Opens an unnamed file in memory (memfd_create(2)); name appears only in
 * /proc. -1 with errno.
 */
int linux_memory_file(const char *name);

/* Opens a descriptor that is readable when the process has ended
 * (pidfd_open(2)); -1 with errno.
 */
int linux_process(pid_t pid);

/* Starts to write n bytes of a file to the disk, from that offset, without
 * waiting (sync_file_range(2)), so that a later fsync(2) has less to do. A
 * hint, which may have no effect.
 */
void linux_start_writing(int fd, off_t from, off_t n);

/* Appends the folder of the running program, with a slash; nothing if it is
 * unknown.
 */
void linux_program_folder(struct buf *path);

#endif
