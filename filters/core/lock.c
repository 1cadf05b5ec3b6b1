#include "core/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/clock.h"

enum { ROUND = 16 * 1024 };

/* Reads all of a file of /proc, which must be read to its end. */
static void read_all(const char *path, struct buf *b)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 1;

	while (fd >= 0 && n > 0) {
		n = read(fd, buf_room(b, ROUND), ROUND);
		b->n += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		close(fd);
}

/* A line is "1: FLOCK ADVISORY WRITE 670 fe:00:10218260 0 EOF", with "->" after
 * the number for a process that waits for the lock.
 */
bool lock_held(int fd)
{
	struct buf all = {0}, mine = {0};
	struct stat st;
	bool found = false;

	if (fd < 0 || fstat(fd, &st) < 0)
		return false;
	read_all("/proc/locks", &all);
	buf_fmt(&mine, ":%ju 0 EOF", (uintmax_t)st.st_ino);
	for (char *line = buf_cstr(&all), *lf; !found && *line; line = lf + 1) {
		lf = strchr(line, '\n');
		if (!lf)
			break;
		*lf = '\0';
		found = strstr(line, ": FLOCK ") &&
			strstr(line, buf_cstr(&mine));
	}
	buf_clear(&all);
	buf_clear(&mine);
	return found;
}

/* Sets *e: which file, the errno of flock(2), and what to do if the file system
 * does not support locks.
 */
static int cannot(int fd, struct err *e)
{
	bool never = errno == ENOLCK || errno == ENOTSUP || errno == ENOSYS;
	char link[32], path[PATH_MAX];
	int why = errno;
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path));
	errno = why;
	if (n > 0)
		err_sys(e, ERR_IO, "cannot lock '%.*s'", (int)n, path);
	else
		err_sys(e, ERR_IO, "cannot lock a file");
	if (never)
		err_more_names(e, "; the folder must be on a file system "
				  "with flock(2), such as a local disk");
	return -1;
}

int lock_take(int fd, bool exclusive, uint64_t wait_ms, struct err *e)
{
	uint64_t start = clock_mono_ms();
	struct timespec nap = {.tv_nsec = 20 * 1000 * 1000};

	for (;;) {
		if (flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
			return 1;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return cannot(fd, e);
		if (clock_mono_ms() - start >= wait_ms)
			return 0;
		nanosleep(&nap, NULL);
	}
}
