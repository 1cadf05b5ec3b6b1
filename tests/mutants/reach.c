/* reach.c - which parts of a program a test runs, for reach.sh: linked into
 * programs built with -fsanitize-coverage=trace-pc. Each marks what it runs in
 * the file $REACH/NAME, one byte for each address, so that a kill loses
 * nothing.
 */
#define _GNU_SOURCE
#include <errno.h> /* program_invocation_short_name */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define SIZE (16UL << 20)

extern const char __executable_start;
void __sanitizer_cov_trace_pc(void);

static char *marks;

__attribute__((constructor)) static void start(void)
{
	const char *dir = getenv("REACH");
	char path[4096];
	void *p;
	int fd;

	if (dir == NULL)
		return;
	snprintf(path, sizeof(path), "%s/%s", dir,
		 program_invocation_short_name);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return;
	if (ftruncate(fd, SIZE) == 0) {
		p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (p != MAP_FAILED)
			marks = p;
	}
	close(fd);
}

void __sanitizer_cov_trace_pc(void)
{
	size_t at = (size_t)((const char *)__builtin_return_address(0) -
			     &__executable_start);

	if (marks != NULL && at < SIZE)
		marks[at] = 1;
}
