/* landlock.h - gives up access to files and the network, by Landlock(7).
 *
 * Floor 0 (core). A tool opens what it needs, lists the paths that it will
 * open later, and then enters: from there on it and the processes that it
 * starts reach no other file, and make no TCP connection unless they may.
 * Descriptors that are open stay usable. Best effort: a kernel without
 * Landlock, or with its first version, limits nothing, and neither does a build
 * for a sanitizer or for coverage. The constants of linux/landlock.h are our
 * own, because Debian 12 lacks the newer ones.
 *
 *     struct landlock l;
 *
 *     landlock_init(&l, false);
 *     landlock_write(&l, "state/users");
 *     landlock_enter(&l);
 */
#ifndef CORE_LANDLOCK_H
#define CORE_LANDLOCK_H

#include "core/buf.h"

struct landlock {
	int version;      /* of the kernel's Landlock; 0: none, or given up */
	int fd;           /* the set of rules, or -1 */
	bool net;         /* TCP stays allowed */
	struct buf names; /* of the paths, for the message */
};

/* An empty list; net: TCP stays allowed. /dev/null stays usable in any case. */
void landlock_init(struct landlock *l, bool net);

/* A file may be read, or a folder and all below it. NULL and a path that
 * does not exist are allowed. Links are followed.
 */
void landlock_read(struct landlock *l, const char *path);

/* The folders in which a file is found, before and after links are followed
 * (a certificate that is replaced while we run). NULL is allowed.
 */
void landlock_read_around(struct landlock *l, const char *path);

/* A folder and all below it may be read and changed. NULL is allowed. */
void landlock_write(struct landlock *l, const char *path);

/* The same for a folder that is open, and its name for the message. */
void landlock_write_open(struct landlock *l, int fd, const char *path);

/* A file may be replaced as by file_begin: its folder may be changed. A device
 * or FIFO may be written to. NULL is allowed.
 */
void landlock_replace(struct landlock *l, const char *path);

/* Limits this thread to what is listed, and clears the list. With -v one line
 * says what is in force. Threads that run already are not limited: each has to
 * call landlock_thread with l->fd before this call.
 */
void landlock_enter(struct landlock *l);

/* Limits this thread. Whether that worked. */
bool landlock_thread(int fd);

#endif
