/* file_map.h - a file mapped into memory, for reading.
 *
 * Floor 0. If the disk fails, or the file is truncated while it is mapped,
 * reading it ends the process by SIGBUS: map only files that nobody truncates.
 */
#ifndef CORE_FILE_MAP_H
#define CORE_FILE_MAP_H

#include <stddef.h>

#include "core/err.h"

/* A file mapped for reading. n is 0 and p NULL for an empty file. */
struct file_map {
	const char *p;
	size_t n;
};

/* Opens the file as file_open_own. 1 mapped, 0 if there is no such file, -1:
 * ERR_IO, ERR_DENIED.
 */
int file_map(struct file_map *m, const char *path, struct err *e) MUST_USE;

/* The same for an open file, which the caller closes; path is its name in
 * messages. 1 or -1.
 */
int file_map_fd(struct file_map *m, int fd, const char *path,
		struct err *e) MUST_USE;
void file_map_clear(struct file_map *m);

#endif
