/* file.h - replaces and reads files as a whole, and refuses files of other
 * users.
 *
 * Floor 0. A file is replaced by: temporary file beside it, write, fsync,
 * rename, fsync of the folder. A reader sees the old file or the new one, also
 * after a kill or a power failure. A failed fsync is final: the kernel may have
 * dropped the bytes, so it is not tried again.
 *
 * If another user may have put something in the place of a file (a link, a
 * FIFO, a file of their own), it is refused; opening never blocks.
 */
#ifndef CORE_FILE_H
#define CORE_FILE_H

#include "core/buf.h"
#include "core/err.h"

/* A file being replaced. All-zero is valid for file_abandon. */
struct file_new {
	int fd;     /* write here */
	char *path; /* owned: the file to replace */
	char *temp; /* owned: the temporary name beside it */
};

/* The open descriptor that a path names (/dev/stderr, /dev/fd/3), or -1. Such a
 * path is written to directly, never replaced.
 */
int file_descriptor(const char *path);

/* Starts to replace path, with mode 0600; if it is a symbolic link, the file
 * that it names. Each process has its own temporary file, locked by flock(2)
 * until the end: FILE.tmp, or FILE.2.tmp to FILE.99.tmp if that is in use. A
 * temporary file that a killed process left is removed. ERR_CREATE, also if
 * path is a folder, a device, a descriptor or a dangling link.
 */
int file_begin(struct file_new *f, const char *path, struct err *e) MUST_USE;

/* Puts the temporary file in place of the file. On failure the temporary file
 * is removed and the old file stays. Exception: if the sync of the folder
 * failed, the new file is in place, but may not survive a power failure.
 * ERR_IO.
 */
int file_commit(struct file_new *f, struct err *e) MUST_USE;

/* Removes the temporary file, if there is one. */
void file_abandon(struct file_new *f);

/* rename(2), durable: the folder of the new name is synced. ERR_IO. */
int file_rename(const char *from, const char *to, struct err *e) MUST_USE;

/* Sets *e for an operation that failed on an open file: "WHAT 'PATH': " and the
 * text of errno. The path is given for a regular file only; for an unnamed one
 * it is its folder, so that the message shows which disk is full. Returns -1.
 */
int file_failed(int fd, enum err_kind kind, const char *what, struct err *e);

/* Writes all bytes with one write(2), so that with O_APPEND no bytes of another
 * process come in between. ERR_IO, also if only a part was written: the disk is
 * full.
 */
int file_write_once(int fd, struct slice bytes, struct err *e) MUST_USE;

/* unlink(2) of a file that may be missing. ERR_IO. */
int file_remove(const char *path, struct err *e) MUST_USE;

/* fsync of a folder, after a rename or unlink in it. ERR_IO. */
int file_sync_dir(const char *dir, struct err *e) MUST_USE;

/* Reads a whole file of at most max bytes. ERR_INPUT if it is missing or cannot
 * be read, ERR_CONFIG if it is longer.
 */
int file_read(const char *path, size_t max, struct buf *b,
	      struct err *e) MUST_USE;

/* Opens a file of a state with the flags of open(2): not through a symbolic
 * link, without blocking, and only a regular file that belongs to this user or
 * root (root may open everybody's). A new file gets mode 0600. Returns the
 * descriptor, or -1 with errno kept and *e of that kind, or ERR_DENIED.
 */
int file_open_own(const char *path, int flags, enum err_kind kind,
		  struct err *e) MUST_USE;

/* Refuses a file with a secret that group or others may read, or that belongs
 * to another user (except root): ERR_DENIED.
 */
int file_private(const char *path, struct err *e) MUST_USE;

/* As file_read for a file with a secret, checked as by file_private after it is
 * open. A symbolic link is followed only if this user or root made it. Reading
 * a FIFO waits for its writer.
 */
int file_secret(const char *path, size_t max, struct buf *b,
		struct err *e) MUST_USE;

/* The real path of a file in the folder or below it; the caller frees it. NULL:
 * ERR_INPUT if it is missing, ERR_CONFIG if ".." or a symbolic link leaves the
 * folder, or it is not a regular file.
 */
char *file_below(const char *folder, const char *path, struct err *e) MUST_USE;

#endif
