/* landlock.h - gives up access to files and the network, by Landlock(7).
 *
 * Floor 0 (core). A tool opens what it needs, lists the paths that it will open
 * later, and then enters: from then on, it and the processes that it starts
 * have no access to other files, and can make no TCP connections unless net is
 * set. Descriptors that are open stay usable. Best effort: a kernel without
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
	int version;      /* of the kernel's Landlock; 0: not available */
	int fd;           /* the set of rules, or -1 */
	bool net;         /* TCP connections stay allowed */
	struct buf names; /* of the paths, for the debug message */
};

/* An empty list; net: TCP stays allowed. /dev/null stays usable in any case. */
void landlock_init(struct landlock *l, bool net);

/* Allows reading a file, or a folder and everything below it. NULL and a
 * missing path are allowed. Links are followed.
 */
void landlock_read(struct landlock *l, const char *path);

/* Allows reading the folders of a file, before and after following links (for a
 * certificate that is replaced while we run). NULL is allowed.
 */
void landlock_read_around(struct landlock *l, const char *path);

/* Allows reading and changing a folder and everything below it. NULL is
 * allowed.
 */
void landlock_write(struct landlock *l, const char *path);

/* The same for an open folder; path is its name in the message. */
void landlock_write_open(struct landlock *l, int fd, const char *path);

/* Allows replacing a file as by file_begin: its folder may be changed. A device
 * or FIFO may be written to. NULL is allowed.
 */
void landlock_replace(struct landlock *l, const char *path);

/* Restricts this thread to the list, and clears the list. With -v one line
 * shows what is in force. Other threads that are already running are not
 * restricted: each has to call landlock_thread with l->fd before this call.
 */
void landlock_enter(struct landlock *l);

/* Restricts this thread. Returns whether that worked. */
bool landlock_thread(int fd);

#endif
