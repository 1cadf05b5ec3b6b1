/* file.h - files replaced whole, or read whole, and none of others.
 *
 * Floor 0. A file is replaced by: temporary file beside it, write, fsync,
 * rename, fsync of the folder. A reader sees the old file or the new one,
 * after a kill or a power cut as well. A failed fsync is final: the kernel
 * may have dropped the bytes, so it is never tried again.
 *
 * What others may have put in the place of a file (a link, a FIFO, a file of
 * another user) is refused, and opening it never waits.
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

/* The open descriptor that a path stands for (/dev/stderr, /dev/fd/3), or -1:
 * it is to be written to as it is, never replaced.
 */
int file_descriptor(const char *path);

/* Start to replace path, with mode 0600; where it is a symbolic link, the file
 * it names. Each process has a temporary file of its own, locked by flock(2)
 * until the end: FILE.tmp, or FILE.2.tmp up to FILE.99.tmp where that is in
 * use. One that a killed process left is removed.
 * ERR_CREATE, also where path is a folder, a device, a descriptor or a link to
 * nowhere.
 */
int file_begin(struct file_new *f, const char *path, struct err *e) MUST_USE;

/* Make it the file. On failure the temporary file is removed and the old file
 * stays, unless the sync of the folder failed: then the new one is in place,
 * but may not survive a power cut. ERR_IO.
 */
int file_commit(struct file_new *f, struct err *e) MUST_USE;

/* Remove the temporary file, if there is one. */
void file_abandon(struct file_new *f);

/* rename(2), durable: the folder of the new name is synced. ERR_IO. */
int file_rename(const char *from, const char *to, struct err *e) MUST_USE;

/* What cannot be done with an open file, for a message: "WHAT 'PATH': " and the
 * text of errno; the path only of a regular file, and of one without a name the
 * folder. So a full disk is known by its folder. Returns -1.
 */
int file_failed(int fd, enum err_kind kind, const char *what, struct err *e);

/* All of it by one write(2), so that with O_APPEND nothing of another process
 * comes in between. ERR_IO, also where a part was written: the disk is full.
 */
int file_write_once(int fd, struct slice bytes, struct err *e) MUST_USE;

/* unlink(2) of a file that need not be there. ERR_IO. */
int file_remove(const char *path, struct err *e) MUST_USE;

/* fsync of a folder, after a rename or unlink in it. ERR_IO. */
int file_sync_dir(const char *dir, struct err *e) MUST_USE;

/* A whole file, at most max bytes. ERR_INPUT when it is not there or cannot
 * be read, ERR_CONFIG when it is longer.
 */
int file_read(const char *path, size_t max, struct buf *b,
	      struct err *e) MUST_USE;

/* Open a file of a state by the flags of open(2): not through a symbolic link,
 * without waiting, and only a regular file that belongs to this user or root
 * (root may open those of all). A new one gets mode 0600. Returns the
 * descriptor, or -1 with errno kept and *e of that kind, or ERR_DENIED.
 */
int file_open_own(const char *path, int flags, enum err_kind kind,
		  struct err *e) MUST_USE;

/* Refuse a file with a secret that group or others may read, or that belongs
 * to neither this user nor root: ERR_DENIED.
 */
int file_private(const char *path, struct err *e) MUST_USE;

/* file_read of a file that holds a secret, checked as by file_private after it
 * is open. A symbolic link is followed only where this user or root made it.
 * A FIFO is read when its writer has come.
 */
int file_secret(const char *path, size_t max, struct buf *b,
		struct err *e) MUST_USE;

/* The real path of a file in folder, or below it; the caller frees it. NULL:
 * ERR_INPUT where it is not there, ERR_CONFIG where ".." or a symbolic link
 * leaves the folder, or where it is not a regular file.
 */
char *file_below(const char *folder, const char *path, struct err *e) MUST_USE;

#endif
