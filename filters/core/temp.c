#include "core/temp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/buf.h"

const char *temp_dir(const char *folder)
{
	const char *asked = getenv("TMPDIR");

	if (asked && *asked)
		return asked;
	return folder ? folder : "/tmp";
}

/* If the file system does not support unnamed files, removes the name at once.
 */
int temp_file(const char *dir, struct err *e)
{
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	struct buf name = {0};

	if (fd < 0) {
		buf_fmt(&name, "%s/rudder.XXXXXX", dir);
		fd = mkostemp(buf_cstr(&name), O_CLOEXEC);
		if (fd >= 0)
			unlink(name.p);
		buf_clear(&name);
	}
	if (fd < 0)
		return err_sys(e, ERR_CREATE,
			       "cannot create a temporary file in '%s' (TMPDIR "
			       "names another folder)",
			       dir);
	return fd;
}

/* Allocates the space first, so that a full disk is an error here, not a SIGBUS
 * when a page is touched.
 */
void *temp_map(const char *dir, size_t n, struct err *e)
{
	int fd = temp_file(dir, e);
	void *p;

	if (fd < 0)
		return NULL;
	errno = posix_fallocate(fd, 0, (off_t)n);
	p = errno ? MAP_FAILED
		  : mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		err_sys(e, ERR_IO,
			"cannot write a temporary file in '%s' (TMPDIR names "
			"another folder)",
			dir);
	close(fd);
	return p == MAP_FAILED ? NULL : p;
}

int temp_write(int fd, const void *from, size_t n, uint64_t at, const char *dir,
	       struct err *e)
{
	const char *p = from;

	while (n > 0) {
		ssize_t put = pwrite(fd, p, n, (off_t)at);

		if (put < 0)
			return err_sys(e, ERR_IO,
				       "cannot write a temporary file in '%s' "
				       "(TMPDIR names another folder)",
				       dir);
		p += put;
		n -= (size_t)put;
		at += (uint64_t)put;
	}
	return 0;
}
