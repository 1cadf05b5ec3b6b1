#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/num.h"

enum { TEMPS = 99, LINKS = 8 };

static char *dir_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mem_copy(".", 1);
	return mem_copy(path, slash == path ? 1 : (size_t)(slash - path));
}

int file_descriptor(const char *path)
{
	static const char *const name[] = {"/dev/stdin", "/dev/stdout",
					   "/dev/stderr"};
	uint64_t n;

	for (size_t i = 0; i < COUNT_OF(name); i++) {
		if (strcmp(path, name[i]) == 0)
			return (int)i;
	}
	if (strncmp(path, "/dev/fd/", 8) != 0 ||
	    num_uint(slice_str(path + 8), &n) < 0 || n > INT_MAX)
		return -1;
	return (int)n;
}

/* The file that path names, through symbolic links; the caller frees it. NULL
 * if it must not be replaced: as root, a rename over /dev/null or /dev/stderr
 * would remove it from the whole machine.
 */
static char *replaceable(const char *path)
{
	char *real = file_descriptor(path) >= 0 ? NULL : realpath(path, NULL);
	struct stat st;

	if (!real && lstat(path, &st) == 0)
		return NULL; /* a link to nowhere, or into a descriptor */
	if (!real)
		return mem_copy(path, strlen(path));
	if (stat(real, &st) == 0 && S_ISREG(st.st_mode))
		return real;
	free(real);
	return NULL;
}

/* Whether the open file still has that name. */
static bool is_named(int fd, const char *path)
{
	struct stat open, named;

	return fstat(fd, &open) == 0 && lstat(path, &named) == 0 &&
	       open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

/* Removes a temporary file of a killed process, which nobody locks any more.
 * False with errno EBUSY if a process is writing to it, EEXIST if it is not a
 * temporary file of ours.
 */
static bool remove_left(const char *temp)
{
	int fd = open(temp, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st = {0};
	int why = EEXIST;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_uid != geteuid())
		why = fd < 0 && errno == ENOENT ? EBUSY : EEXIST;
	else if (flock(fd, LOCK_EX | LOCK_NB) < 0 || !is_named(fd, temp))
		why = EBUSY;
	else if (unlink(temp) == 0)
		why = 0;
	if (fd >= 0)
		close(fd);
	errno = why;
	return why == 0;
}

/* Creates the file, locked; or -1 with errno set: EBUSY if the name is in use.
 */
static int make_temp(const char *temp)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
	int fd = open(temp, flags, 0600);

	if (fd < 0 && errno == EEXIST && remove_left(temp)) {
		fd = open(temp, flags, 0600);
		if (fd < 0 && errno == EEXIST)
			errno = EBUSY;
	}
	if (fd < 0)
		return -1;
	/* another process may have removed it as a leftover */
	if ((flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) ||
	    !is_named(fd, temp)) {
		close(fd);
		errno = EBUSY;
		return -1;
	}
	return fd;
}

int file_begin(struct file_new *f, const char *path, struct err *e)
{
	char *real = replaceable(path);
	struct buf temp = {0};
	int fd = -1;

	if (!real)
		return err_names(e, ERR_CREATE, "'%s' is not a regular file",
				 path);
	for (unsigned i = 1; fd < 0 && i <= TEMPS; i++) {
		temp.n = 0;
		buf_str(&temp, real);
		if (i > 1)
			buf_fmt(&temp, ".%u", i);
		buf_str(&temp, ".tmp");
		fd = make_temp(buf_cstr(&temp));
		if (fd < 0 && errno != EBUSY)
			break;
	}
	if (fd < 0) {
		err_sys(e, ERR_CREATE, "cannot create '%s'", temp.p);
		buf_clear(&temp);
		free(real);
		return -1;
	}
	*f = (struct file_new){.fd = fd, .path = real, .temp = temp.p};
	return 0;
}

static void forget(struct file_new *f)
{
	free(f->path);
	free(f->temp);
	*f = (struct file_new){0};
}

void file_abandon(struct file_new *f)
{
	if (!f->temp)
		return;
	if (f->fd >= 0)
		close(f->fd);
	unlink(f->temp);
	forget(f);
}

/* The path of an open file, at most size - 1 bytes; false if it has none. */
static bool path_of(int fd, char *path, size_t size)
{
	char link[40];
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, size - 1);
	if (n <= 0 || path[0] != '/')
		return false;
	path[n] = '\0';
	return true;
}

int file_failed(int fd, enum err_kind kind, const char *what, struct err *e)
{
	static const char nameless[] = " (deleted)";
	const size_t tail = sizeof(nameless) - 1;
	int saved = errno;
	char path[320], *slash;
	size_t n;

	if (!path_of(fd, path, sizeof(path))) {
		errno = saved;
		return err_sys(e, kind, "%s", what);
	}
	errno = saved;
	n = strlen(path);
	slash = strrchr(path, '/');
	if (n <= tail || strcmp(path + n - tail, nameless) != 0)
		return err_sys(e, kind, "%s '%s'", what, path);
	slash[slash == path] = '\0';
	return err_sys(e, kind, "%s in '%s'", what, path);
}

int file_write_once(int fd, struct slice bytes, struct err *e)
{
	ssize_t put = write(fd, bytes.p, bytes.n);

	if (put == (ssize_t)bytes.n)
		return 0;
	if (put >= 0)
		errno = ENOSPC;
	return file_failed(fd, ERR_IO, "cannot write", e);
}

int file_remove(const char *path, struct err *e)
{
	if (unlink(path) == 0 || errno == ENOENT)
		return 0;
	return err_sys(e, ERR_IO, "cannot remove '%s'", path);
}

int file_sync_dir(const char *dir, struct err *e)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0)
		return err_sys(e, ERR_IO, "cannot open '%s'", dir);
	if (fsync(fd) < 0)
		rc = err_sys(e, ERR_IO, "cannot sync '%s'", dir);
	close(fd);
	return rc;
}

int file_rename(const char *from, const char *to, struct err *e)
{
	char *dir;
	int rc;

	if (rename(from, to) < 0)
		return err_sys(e, ERR_IO, "cannot rename '%s'", from);
	dir = dir_of(to);
	rc = file_sync_dir(dir, e);
	free(dir);
	return rc;
}

/* Closes the file last, because the lock reserves the temporary name. */
int file_commit(struct file_new *f, struct err *e)
{
	int rc = 0;

	if (fsync(f->fd) < 0)
		rc = err_sys(e, ERR_IO, "cannot sync '%s'", f->temp);
	if (rc == 0)
		rc = file_rename(f->temp, f->path, e);
	if (rc < 0) {
		file_abandon(f);
		return -1;
	}
	if (close(f->fd) < 0)
		rc = err_sys(e, ERR_IO, "cannot close '%s'", f->path);
	forget(f);
	return rc;
}

static int read_fd(int fd, const char *path, size_t max, struct buf *b,
		   struct err *e)
{
	ssize_t got = 1;

	while (got != 0) {
		got = read(fd, buf_room(b, 64 * 1024), 64 * 1024);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(e, ERR_INPUT, "cannot read '%s'", path);
		b->n += (size_t)got;
		if (b->n > max)
			return err_names(e, ERR_CONFIG,
					 "'%s' is longer than %zu bytes", path,
					 max);
	}
	return 0;
}

int file_read(const char *path, size_t max, struct buf *b, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return err_sys(e, ERR_INPUT, "cannot open '%s'", path);
	rc = read_fd(fd, path, max, b, e);
	close(fd);
	return rc;
}

static bool is_ours(uid_t owner)
{
	return owner == geteuid() || owner == 0 || geteuid() == 0;
}

static int check_owner(const struct stat *st, const char *path, struct err *e)
{
	if (is_ours(st->st_uid))
		return 0;
	return err_names(
		e, ERR_DENIED,
		"'%s' belongs to user %ju, but must belong to you or root",
		path, (uintmax_t)st->st_uid);
}

/* Reports a file that another user left, for example a run by sudo. */
static int denied(const char *path, struct err *e)
{
	struct stat st;

	err_sys(e, ERR_DENIED, "cannot open '%s'", path);
	if (lstat(path, &st) == 0 && st.st_uid != geteuid())
		err_more_names(e,
			       "; it belongs to user %ju and this is user %ju: "
			       "chown it, with all that is beside it",
			       (uintmax_t)st.st_uid, (uintmax_t)geteuid());
	errno = EACCES;
	return -1;
}

int file_open_own(const char *path, int flags, enum err_kind kind,
		  struct err *e)
{
	int fd = open(path,
		      flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		      0600);
	struct stat st = {0};

	if (fd < 0 && (errno == ELOOP || errno == ENXIO))
		return err_names(e, kind, "'%s' is not a regular file", path);
	if (fd < 0 && errno == EACCES)
		return denied(path, e);
	if (fd < 0)
		return err_sys(e, kind, "cannot open '%s'", path);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    check_owner(&st, path, e) == 0)
		return fd;
	if (!S_ISREG(st.st_mode))
		err_names(e, kind, "'%s' is not a regular file", path);
	close(fd);
	errno = EACCES;
	return -1;
}

/* ---- secrets ----------------------------------------------------------- */

/* The mode of a pipe or terminal is not checked. */
static int check_private(const struct stat *st, const char *path, struct err *e)
{
	if (!S_ISREG(st->st_mode))
		return 0;
	if ((st->st_mode & 077) != 0)
		return err_names(e, ERR_DENIED,
				 "'%s' holds a secret but other users can read "
				 "it; run: chmod 600 '%s'",
				 path, path);
	return check_owner(st, path, e);
}

int file_private(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_sys(e, ERR_INPUT, "cannot open '%s'", path);
	return check_private(&st, path, e);
}

/* The file that a symbolic link names, if this user or root made the link; else
 * NULL.
 */
static char *follow(const char *path)
{
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	char to[PATH_MAX];
	struct buf b = {0};
	struct stat st;
	ssize_t n = -1;

	if (fd >= 0 && fstat(fd, &st) == 0 && is_ours(st.st_uid))
		n = readlinkat(fd, "", to, sizeof(to) - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return NULL;
	if (*to != '/' && strrchr(path, '/'))
		buf_add(&b, path, (size_t)(strrchr(path, '/') - path) + 1);
	buf_add(&b, to, (size_t)n);
	return buf_cstr(&b);
}

static int open_secret(const char *path)
{
	int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd = file_descriptor(path);
	char *at, *next;

	if (fd >= 0)
		return fcntl(fd, F_DUPFD_CLOEXEC, 0);
	at = mem_copy(path, strlen(path));
	fd = open(at, flags);
	for (int i = 0; fd < 0 && errno == ELOOP && i < LINKS; i++) {
		next = follow(at);
		free(at);
		at = next;
		errno = EACCES;
		if (at)
			fd = open(at, flags);
	}
	free(at);
	return fd;
}

/* Makes reads block, and waits for the writer of a FIFO: without one, reading
 * would end at once.
 */
static void wait_for_writer(int fd, const struct stat *st)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	if (S_ISREG(st->st_mode))
		return;
	(void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	while (S_ISFIFO(st->st_mode) && poll(&p, 1, -1) < 0 && errno == EINTR)
		;
}

int file_secret(const char *path, size_t max, struct buf *b, struct err *e)
{
	int fd = open_secret(path), rc;
	struct stat st;

	if (fd < 0)
		return err_sys(e, ERR_INPUT, "cannot open '%s'", path);
	rc = fstat(fd, &st) == 0
		     ? check_private(&st, path, e)
		     : err_sys(e, ERR_INPUT, "cannot open '%s'", path);
	if (rc == 0) {
		wait_for_writer(fd, &st);
		rc = read_fd(fd, path, max, b, e);
	}
	close(fd);
	return rc;
}

char *file_below(const char *folder, const char *path, struct err *e)
{
	char *root = realpath(folder, NULL), *real = realpath(path, NULL);
	size_t n = root ? strlen(root) : 0;
	struct stat st;

	if (!root || !real) {
		err_sys(e, ERR_INPUT, "cannot open '%s'", path);
	} else if (strncmp(real, root, n) != 0 || (n > 1 && real[n] != '/')) {
		err_names(e, ERR_CONFIG,
			  "'%s' is outside the folder '%s': move it there",
			  path, folder);
	} else if (stat(real, &st) < 0 || !S_ISREG(st.st_mode)) {
		err_names(e, ERR_CONFIG, "'%s' is not a regular file", path);
	} else {
		free(root);
		return real;
	}
	free(root);
	free(real);
	return NULL;
}
