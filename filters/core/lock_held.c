#include "core/lock_held.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buf.h"

enum { ROUND = 16 * 1024 };

/* All of a file of /proc, which must be read to its end. */
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

/* A line is "1: FLOCK  ADVISORY  WRITE 670 fe:00:10218260 0 EOF", or with "->"
 * behind the number for one that waits.
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
