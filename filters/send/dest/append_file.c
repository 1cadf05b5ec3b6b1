#include "send/dest/append_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/lock.h"
#include "core/mem.h"
#include "core/tool.h"
#include "core/writer.h"
#include "send/dest/file_compression.h"

/* How often bytes are written if another program takes the file each time. */
enum { MOST_WRITES = 5 };

/* ---- what a killed run left --------------------------------------------- */

/* Finds the offset after the last LF, and the first byte there. */
static int after_lines(int fd, off_t size, off_t *complete, char *first,
		       struct err *e)
{
	char part[4096];

	for (*complete = size; *complete > 0;) {
		off_t from = *complete > (off_t)sizeof(part)
				     ? *complete - (off_t)sizeof(part)
				     : 0;
		ssize_t got = pread(fd, part, (size_t)(*complete - from), from);
		const char *lf;

		if (got != *complete - from)
			return err_sys(e, ERR_IO, "cannot read the file");
		lf = memrchr(part, '\n', (size_t)got);
		if (lf) {
			*complete = from + (lf + 1 - part);
			break;
		}
		*complete = from;
	}
	if (*complete < size && pread(fd, first, 1, *complete) != 1)
		return err_sys(e, ERR_IO, "cannot read the file");
	return 0;
}

/* Sets f->size to the end of the last complete line or piece. ERR_CONFIG if the
 * rest does not begin like an event: it is not ours to remove.
 */
static int find_end(struct append_file *f, off_t size, struct err *e)
{
	char first = '{';

	if (f->pack)
		return file_compression_check(f->pack, f->fd, size, &f->size,
					      e);
	if (after_lines(f->fd, size, &f->size, &first, e) < 0)
		return -1;
	if (f->size < size && first != '{')
		return err_set(e, ERR_CONFIG,
			       "the file ends inside a line that is not an "
			       "event: rudder-send did not write it");
	return 0;
}

static int repair(struct append_file *f, off_t size, struct err *e)
{
	if (find_end(f, size, e) < 0)
		return err_in(e, "'%s'", f->path);
	if (f->size == size)
		return 0;
	tool_warn("'%s': removed an incomplete last %s of %jd bytes left by "
		  "a killed run",
		  f->path, f->pack ? "batch" : "line",
		  (intmax_t)(size - f->size));
	if (ftruncate(f->fd, f->size) < 0)
		return err_sys(e, ERR_IO, "cannot repair '%s'", f->path);
	return 0;
}

/* ---- opening ------------------------------------------------------------ */

static int sync_folder(const char *path, size_t n, struct err *e)
{
	struct buf name = {0};
	int rc;

	while (n > 0 && path[n - 1] != '/')
		n--;
	buf_add(&name, path, n);
	buf_char(&name, '.');
	rc = file_sync_dir(buf_cstr(&name), e);
	buf_clear(&name);
	return rc;
}

static int make_folders(const char *path, size_t fixed, struct err *e)
{
	char *part = mem_copy(path, strlen(path));
	const char *slash;
	int rc = 0;

	if (fixed > strlen(path))
		fixed = strlen(path);
	for (slash = strchr(path + fixed, '/'); slash && rc == 0;
	     slash = strchr(slash + 1, '/')) {
		size_t n = (size_t)(slash - path);

		if (n == 0)
			continue;
		part[n] = '\0';
		if (mkdir(part, 0700) == 0)
			rc = sync_folder(path, n, e);
		else if (errno != EEXIST)
			rc = err_sys(e, ERR_CREATE, "cannot create folder '%s'",
				     part);
		part[n] = '/';
	}
	free(part);
	return rc;
}

static int lock(int fd, const char *path, struct err *e)
{
	int got = lock_take(fd, true, 0, e);

	if (got == 0)
		return err_names(e, ERR_TEMP,
				 "'%s': another run is writing to it", path);
	return got < 0 ? -1 : 0;
}

static int append(struct append_file *f, struct slice bytes, struct err *e)
{
	if (writer_all(f->fd, bytes.p, bytes.n, e) < 0)
		return -1;
	if (f->regular && fdatasync(f->fd) < 0)
		return file_failed(f->fd, ERR_IO, "cannot sync the file", e);
	f->size += (off_t)bytes.n;
	return 0;
}

static struct slice packed(struct append_file *f, struct slice bytes)
{
	if (!f->pack)
		return bytes;
	f->piece.n = 0;
	file_compression_pack(f->pack, bytes, &f->piece);
	return buf_all(&f->piece);
}

/* Writes the beginning of a new file, and makes its entry in the folder safe on
 * disk. A compressed file begins with an empty piece, because gzip -t refuses
 * an empty file.
 */
static int begin(struct append_file *f, struct err *e)
{
	struct buf none = {0};
	int rc = 0;

	if (f->pack)
		file_compression_pack(f->pack, slice_of("", 0), &none);
	f->empty = (off_t)none.n;
	if (f->regular && f->size == 0) {
		if (none.n > 0)
			rc = append(f, buf_all(&none), e);
		if (rc == 0)
			rc = sync_folder(f->path, strlen(f->path), e);
	}
	buf_clear(&none);
	return rc;
}

static bool holds_bytes(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
}

static int open_any(const char *path)
{
	int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY;
	int fd = open(path, flags | O_CREAT, 0600);
	int first = fd < 0 ? errno : 0;

	if (fd < 0 && (first == EACCES || first == EINVAL)) {
		fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
		/* the file is missing, and cannot be created in its folder */
		if (fd < 0 && errno == ENOENT)
			errno = first;
	}
	/* the end of an existing file must be readable */
	if (fd >= 0 && first == EACCES && holds_bytes(fd)) {
		close(fd);
		fd = -1;
		errno = first;
	}
	return fd;
}

/* Sets the error; if a folder is missing, with the command that creates it. */
static int cannot_open(const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	bool folder = errno == ENOENT && slash && slash != path;
	struct buf dir = {0};
	struct err why;

	err_sys(e, ERR_CREATE, "cannot open '%s'", path);
	if (folder)
		buf_add(&dir, path, (size_t)(slash - path));
	if (folder && access(buf_cstr(&dir), F_OK) < 0) {
		why = *e;
		err_names(e, ERR_CREATE, "%s; run mkdir -p '%s'", why.text,
			  buf_cstr(&dir));
	}
	buf_clear(&dir);
	return -1;
}

/* Opens only a regular file, and follows no link: a value of an event, which is
 * part of the path, must not lead elsewhere.
 */
static int open_regular(const char *path, struct err *e)
{
	struct stat st;
	int fd = open(path,
		      O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY | O_CREAT |
			      O_NOFOLLOW | O_NONBLOCK,
		      0600);

	if (fd < 0)
		return err_sys(e, ERR_CREATE, "cannot open '%s'", path);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return err_names(e, ERR_CREATE, "cannot open '%s': not a regular file",
			 path);
}

int append_file_open(struct append_file *f, const char *path, size_t fixed,
		     struct err *e)
{
	bool given = fixed == APPEND_FILE_GIVEN;
	struct stat st;

	*f = (struct append_file){.fd = -1, .fixed = fixed};
	f->path = mem_copy(path, strlen(path));
	if (!given && make_folders(path, fixed, e) < 0)
		return -1;
	if (file_compression_new(&f->pack, slice_str(path), e) < 0)
		return -1;
	f->fd = given ? open_any(path) : open_regular(path, e);
	if (f->fd < 0 && given)
		return cannot_open(path, e);
	if (f->fd < 0 || lock(f->fd, path, e) < 0)
		return -1;
	if (fstat(f->fd, &st) < 0)
		return err_sys(e, ERR_IO, "cannot examine '%s'", path);
	f->regular = S_ISREG(st.st_mode);
	if (f->regular && repair(f, st.st_size, e) < 0)
		return -1;
	return begin(f, e);
}

/* ---- writing ------------------------------------------------------------ */

/* Renames the full file, which is complete on disk: its name gets the next free
 * number, before the suffix of the compression. A new file takes its place.
 */
static int rotate(struct append_file *f, struct err *e)
{
	const char *suffix = file_compression_suffix(f->pack);
	size_t n = strlen(f->path) - strlen(suffix);
	struct buf name = {0};
	struct stat st;
	int fd, rc = -1;

	for (unsigned i = 1; i == 1 || lstat(buf_cstr(&name), &st) == 0; i++) {
		name.n = 0;
		buf_fmt(&name, "%.*s.%06u%s", (int)n, f->path, i, suffix);
	}
	if (rename(f->path, buf_cstr(&name)) < 0) {
		err_sys(e, ERR_IO, "cannot rename '%s'", f->path);
		goto out;
	}
	fd = open(f->path, O_RDWR | O_APPEND | O_CLOEXEC | O_CREAT | O_EXCL,
		  0600);
	if (fd < 0) {
		err_sys(e, ERR_CREATE, "cannot create '%s'", f->path);
		goto out;
	}
	close(f->fd);
	f->fd = fd;
	f->size = 0;
	rc = lock(fd, f->path, e);
	if (rc == 0)
		rc = begin(f, e);
out:
	buf_clear(&name);
	return rc;
}

/* Rotates the file if n more bytes would exceed the limit. */
static int make_room(struct append_file *f, size_t n, uint64_t most,
		     struct err *e)
{
	if (!f->regular || most == 0 || f->size <= f->empty ||
	    (uint64_t)f->size + n <= most)
		return 0;
	return rotate(f, e);
}

/* Whether another program removed, renamed or replaced the file. */
static bool is_replaced(const struct append_file *f)
{
	struct stat own, now;

	if (!f->regular || fstat(f->fd, &own) < 0)
		return false;
	if (stat(f->path, &now) < 0)
		return errno == ENOENT || errno == ENOTDIR;
	return own.st_ino != now.st_ino || own.st_dev != now.st_dev;
}

static int open_again(struct append_file *f, struct err *e)
{
	struct append_file now;

	if (append_file_open(&now, f->path, f->fixed, e) < 0) {
		append_file_close(&now);
		return -1;
	}
	append_file_close(f);
	*f = now;
	return 0;
}

static int write_once(struct append_file *f, struct slice bytes,
		      uint64_t rotate_bytes, bool *clean, struct err *e)
{
	struct slice piece;

	if (is_replaced(f) && open_again(f, e) < 0)
		return -1;
	piece = packed(f, bytes);
	if (make_room(f, piece.n, rotate_bytes, e) == 0 &&
	    append(f, piece, e) == 0)
		return 0;
	/* remove a partial write, also from the disk */
	*clean = f->regular && ftruncate(f->fd, f->size) == 0 &&
		 fdatasync(f->fd) == 0;
	return -1;
}

int append_file_write(struct append_file *f, struct slice bytes,
		      uint64_t rotate_bytes, bool *clean, struct err *e)
{
	bool again = false;
	int rc;

	for (unsigned i = 0; i < MOST_WRITES; i++) {
		*clean = true;
		rc = write_once(f, bytes, rotate_bytes, clean, e);
		if (again)
			*clean = false;
		if (rc < 0 || !is_replaced(f))
			return rc;
		again = true;
	}
	*clean = false;
	return err_names(e, ERR_IO,
			 "'%s': another program removes or replaces the file "
			 "while it is written",
			 f->path);
}

int append_file_try(const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	struct buf dir = {0};
	int rc = access(path, W_OK), why;

	if (rc < 0 && errno == ENOENT) {
		buf_add(&dir, path, slash ? (size_t)(slash - path) + 1 : 0);
		buf_char(&dir, '.');
		rc = access(buf_cstr(&dir), W_OK | X_OK);
	}
	why = errno;
	buf_clear(&dir);
	errno = why;
	if (rc < 0)
		return cannot_open(path, e);
	return 0;
}

void append_file_close(struct append_file *f)
{
	if (!f)
		return;
	if (f->path && f->fd >= 0)
		close(f->fd);
	free(f->path);
	file_compression_free(f->pack);
	buf_clear(&f->piece);
	*f = (struct append_file){.fd = -1};
}
