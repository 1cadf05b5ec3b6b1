/* append_file.h - appends batches to one file, each safe on disk.
 *
 * Floor 2 (send). The file contains only whole lines or whole pieces
 * (file_compression.h): when it is opened, an incomplete one that a killed run
 * left is removed. Only one run may write to a file at a time (flock).
 */
#ifndef SEND_DEST_APPEND_FILE_H
#define SEND_DEST_APPEND_FILE_H

#include <sys/types.h>

#include "core/buf.h"
#include "core/err.h"

struct file_compression;

struct append_file {
	int fd;                        /* -1: not open */
	char *path;                    /* owned */
	size_t fixed;                  /* of append_file_open */
	struct file_compression *pack; /* NULL: not compressed */
	struct buf piece;
	bool regular;
	off_t size;  /* bytes that are complete and on the disk */
	off_t empty; /* size of a file without events */
};

/* The value of `fixed` for a path that the user gave, without values of events.
 */
#define APPEND_FILE_GIVEN SIZE_MAX

/* Opens or creates the file, and creates the missing folders in its path after
 * the first `fixed` bytes; then the file must be a regular one, not a link.
 * APPEND_FILE_GIVEN: the folders must exist, and the file may be a device or
 * FIFO. Close it also after a failure.
 *
 *     ERR_CREATE  it cannot be opened
 *     ERR_TEMP    another run writes to it
 *     ERR_CONFIG  it contains something other than events
 *     ERR_IO
 */
int append_file_open(struct append_file *f, const char *path, size_t fixed,
		     struct err *e) MUST_USE;

/* Appends the bytes, and waits until they are on the disk. A regular file that
 * would exceed rotate_bytes (0: no limit) is renamed first, and a new one takes
 * its place. If another program removed, renamed or replaced the file, the
 * bytes go to the file that has the path now; that is also checked when they
 * are on the disk, and then they are written again: whoever took the old file
 * may have read it before. -1 with *e set; *clean: none of the bytes is in a
 * file.
 */
int append_file_write(struct append_file *f, struct slice bytes,
		      uint64_t rotate_bytes, bool *clean,
		      struct err *e) MUST_USE;

/* Checks that the file could be opened, without creating or repairing it.
 * ERR_CREATE.
 */
int append_file_try(const char *path, struct err *e) MUST_USE;

/* f may be NULL or all zero. */
void append_file_close(struct append_file *f);

#endif
