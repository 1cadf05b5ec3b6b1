#include "core/file_map.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"

int file_map_fd(struct file_map *m, int fd, const char *path, struct err *e)
{
	struct stat st;
	void *p;

	*m = (struct file_map){0};
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return err_names(e, ERR_IO, "'%s' is not a regular file", path);
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
	int fd = file_open_own(path, O_RDONLY, ERR_IO, e), rc;

	*m = (struct file_map){0};
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	rc = file_map_fd(m, fd, path, e);
	close(fd);
	return rc;
}

void file_map_clear(struct file_map *m)
{
	union {
		const char *in;
		void *out;
	} p = {.in = m->p};

	if (m->n > 0)
		munmap(p.out, m->n);
	*m = (struct file_map){0};
}
