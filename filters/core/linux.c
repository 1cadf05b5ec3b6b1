#include "core/linux.h"

#include <fcntl.h>

#include <limits.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

int linux_signals(const sigset_t *set)
{
	return signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int linux_signal(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return 0;
	return (int)info.ssi_signo;
}

int linux_event(void)
{
	return eventfd(0, EFD_CLOEXEC);
}

int linux_memory_file(const char *name)
{
	return memfd_create(name, MFD_CLOEXEC);
}

int linux_process(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

void linux_start_writing(int fd, off_t from, off_t n)
{
	(void)sync_file_range(fd, from, n, SYNC_FILE_RANGE_WRITE);
}

void linux_program_folder(struct buf *path)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self));
	const char *slash = n > 0 ? memrchr(self, '/', (size_t)n) : NULL;

	if (slash)
		buf_add(path, self, (size_t)(slash - self) + 1);
}
