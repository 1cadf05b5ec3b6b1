#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/num.h"

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

/* The file that path names, through symbolic links; the caller frees it.
 * NULL where it is there but no file that may be replaced: a rename over
 * /dev/null or /dev/stderr as root would take it from the whole machine.
 */
static char *target(const char *path)
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

int file_begin(struct file_new *f, const char *path, struct err *e)
{
	char *real = target(path);
	struct buf temp = {0};
	int fd;

	if (!real)
		return err_set(e, ERR_CREATE, "'%s' is not a regular file",
			       path);
	buf_fmt(&temp, "%s.tmp", real);
	fd = open(buf_cstr(&temp),
		  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0 && fchmod(fd, 0600) < 0) { /* left there by others */
		close(fd);
		fd = -1;
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

int file_commit(struct file_new *f, struct err *e)
{
	int fd = f->fd, rc = 0;

	f->fd = -1;
	if (fsync(fd) < 0)
		rc = err_sys(e, ERR_IO, "cannot sync '%s'", f->temp);
	if (close(fd) < 0 && rc == 0)
		rc = err_sys(e, ERR_IO, "cannot close '%s'", f->temp);
	if (rc == 0)
		rc = file_rename(f->temp, f->path, e);
	if (rc == 0)
		forget(f);
	else
		file_abandon(f);
	return rc;
}

int file_read(const char *path, size_t max, struct buf *b, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 1;

	if (fd < 0)
		return err_sys(e, ERR_INPUT, "cannot open '%s'", path);
	while (got != 0) {
		got = read(fd, buf_room(b, 64 * 1024), 64 * 1024);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			err_sys(e, ERR_INPUT, "cannot read '%s'", path);
			close(fd);
			return -1;
		}
		b->n += (size_t)got;
		if (b->n > max) {
			close(fd);
			return err_set(e, ERR_CONFIG,
				       "'%s' is longer than %zu bytes", path,
				       max);
		}
	}
	close(fd);
	return 0;
}

int file_private(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_sys(e, ERR_INPUT, "cannot open '%s'", path);
	if (S_ISREG(st.st_mode) && (st.st_mode & 077) != 0)
		return err_set(e, ERR_DENIED,
			       "'%s' holds a secret but others may read it; "
			       "run: chmod 600 '%s'",
			       path, path);
	return 0;
}

int file_map_fd(struct file_map *m, int fd, const char *path, struct err *e)
{
	struct stat st;
	void *p;

	*m = (struct file_map){0};
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return err_set(e, ERR_IO, "'%s' is not a regular file", path);
	if (st.st_size == 0)
		return 1;
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return err_sys(e, ERR_IO, "cannot map '%s'", path);
	*m = (struct file_map){.p = p, .n = (size_t)st.st_size};
	return 1;
}

int file_map(struct file_map *m, const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	*m = (struct file_map){0};
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(e, errno == EACCES ? ERR_DENIED : ERR_IO,
			       "cannot open '%s'", path);
	rc = file_map_fd(m, fd, path, e);
	close(fd);
	return rc;
}

void file_unmap(struct file_map *m)
{
	union {
		const char *in;
		void *out;
	} p = {.in = m->p};

	if (m->n > 0)
		munmap(p.out, m->n);
	*m = (struct file_map){0};
}

int file_lock(int fd, bool exclusive, uint64_t wait_ms, struct err *e)
{
	uint64_t start = clock_mono_ms();
	struct timespec nap = {.tv_nsec = 20 * 1000 * 1000};

	for (;;) {
		if (flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
			return 1;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_sys(e, ERR_IO, "cannot lock");
		if (clock_mono_ms() - start >= wait_ms)
			return 0;
		nanosleep(&nap, NULL);
	}
}
