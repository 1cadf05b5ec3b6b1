/* shim - a library to preload that makes the N-th system call of a kind fail
 *
 *   SHIM_UNDER=DIR SHIM_LOG=FILE SHIM=CALL:N:WHAT LD_PRELOAD=shim.so COMMAND
 *
 * Only calls on files below DIR count. CALL is open, write, fsync, rename,
 * truncate, unlink, link, or end for that of the process; N counts from 1, with
 * a + behind it all later ones too; WHAT is
 *
 *   ENOSPC, EIO   the call fails so
 *   kill          the process is killed instead of making it
 *   short         it writes half of its bytes, and the next one fails
 *   cut           the power fails: the file system below DIR (ext4) stops as
 *                 it is on its disk, and the process dies
 *   cutlog        the same, but what the journal of the file system holds had
 *                 just reached the disk: names without their data
 *
 * With SHIM_SEED=NUMBER each getrandom(2) gives the same bytes (lib.sh: seed).
 *
 * With SHIM_DNS no name server answers for a minute.
 *
 * FILE is proof: a line "shim" when it is active, one for each failure, and at
 * the end "CALL COUNT" for each kind.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

enum kind { OPEN, WRITE, FSYNC, RENAME, TRUNCATE, UNLINK, LINK, END, KINDS };

static const char *const names[KINDS] = {"open",   "write",    "fsync",
					 "rename", "truncate", "unlink",
					 "link",   "end"};

static struct {
	const char *under;
	int log; /* -1: nothing to do */
	enum kind kind;
	unsigned long at;
	atomic_ulong count[KINDS]; /* in all threads */
	bool ever, halved;
	char what[16];
} shim = {.log = -1};

static void say(const char *what, unsigned long n)
{
	char line[64];
	int len = snprintf(line, sizeof(line), "%s %lu\n", what, n);

	if (shim.log >= 0 && len > 0)
		(void)!syscall(SYS_write, shim.log, line, (size_t)len);
}

__attribute__((constructor)) static void start(void)
{
	const char *log = getenv("SHIM_LOG"), *how = getenv("SHIM"), *p;
	const char *slow = getenv("SHIM_SLOW");

	if (slow && strcmp(slow, program_invocation_short_name) == 0)
		sleep(1); /* as if it were loaded from a slow disk */
	shim.under = getenv("SHIM_UNDER");
	if (!log || !shim.under)
		return;
	shim.log = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	say("shim", 0);
	shim.kind = KINDS;
	for (int k = 0; how && k < KINDS; k++) {
		size_t n = strlen(names[k]);

		if (strncmp(how, names[k], n) != 0 || how[n] != ':')
			continue;
		shim.kind = (enum kind)k;
		shim.at = strtoul(how + n + 1, NULL, 10);
		p = strrchr(how, ':');
		shim.ever = p[-1] == '+';
		snprintf(shim.what, sizeof(shim.what), "%s", p + 1);
	}
}

/* Stop the file system without writing anything more (EXT4_IOC_SHUTDOWN with
 * EXT4_GOING_FLAGS_LOGFLUSH or _NOLOGFLUSH), as xfstests does.
 */
static void cut(unsigned int flags)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, shim.under, O_RDONLY);

	if (ioctl(fd, _IOR('X', 125, unsigned int), &flags) < 0)
		say("cannot cut", (unsigned long)errno);
	raise(SIGKILL);
}

static bool is_under(const char *path)
{
	size_t n = shim.under ? strlen(shim.under) : 0;

	return n > 0 && strncmp(path, shim.under, n) == 0;
}

static bool fd_is_under(int fd)
{
	char link[32], path[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return is_under(path);
}

/* Whether this call is to fail; errno is set. */
static bool fails(enum kind kind)
{
	unsigned long n = atomic_fetch_add(&shim.count[kind], 1) + 1;

	if (shim.halved && kind == WRITE) {
		errno = ENOSPC;
		return true;
	}
	if (kind != shim.kind || n < shim.at || (n > shim.at && !shim.ever))
		return false;
	say(shim.what, n);
	if (strcmp(shim.what, "kill") == 0)
		raise(SIGKILL);
	if (strncmp(shim.what, "cut", 3) == 0)
		cut(shim.what[3] ? 1 : 2);
	errno = strcmp(shim.what, "EIO") == 0 ? EIO : ENOSPC;
	return true;
}

__attribute__((destructor)) static void end(void)
{
	if (shim.log >= 0)
		(void)fails(END);
	for (int k = 0; k < KINDS; k++)
		say(names[k], shim.count[k]);
}

/* NOLINTBEGIN(bugprone-macro-parentheses): names and a variable */

/* The function that is stood in for, into a variable of its type. */
#define REAL(name)                                                             \
	static __typeof__(&name) real;                                         \
	if (!real)                                                             \
	*(void **)(void *)&real = dlsym(RTLD_NEXT, #name)

#define MODE(flags, mode)                                                      \
	do {                                                                   \
		va_list list;                                                  \
		va_start(list, flags);                                         \
		mode = ((flags) & (O_CREAT | O_TMPFILE)) ? va_arg(list, int)   \
							 : 0;                  \
		va_end(list);                                                  \
	} while (0)

/* NOLINTEND(bugprone-macro-parentheses) */

/* splitmix64 */
static uint64_t repeatable(uint64_t seed, size_t i)
{
	uint64_t z = seed + (i + 1) * 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

ssize_t getrandom(void *p, size_t n, unsigned flags)
{
	const char *seed = getenv("SHIM_SEED");
	unsigned char *to = p;

	if (!seed)
		return syscall(SYS_getrandom, p, n, flags);
	for (size_t i = 0; i < n; i++)
		to[i] = (unsigned char)(repeatable(strtoul(seed, NULL, 10),
						   i) >>
					32);
	return (ssize_t)n;
}

/* With SHIM_DNS set a name server does not answer. */
int getaddrinfo(const char *node, const char *service,
		const struct addrinfo *hints, struct addrinfo **list)
{
	REAL(getaddrinfo);
	if (getenv("SHIM_DNS"))
		sleep(60);
	return real(node, service, hints, list);
}

int open(const char *path, int flags, ...)
{
	int mode;
	REAL(open);

	MODE(flags, mode);
	return is_under(path) && fails(OPEN) ? -1 : real(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	int mode;

	MODE(flags, mode);
	return open(path, flags, mode);
}

int __open_2(const char *path, int flags);
int __open_2(const char *path, int flags)
{
	return open(path, flags, 0);
}

ssize_t write(int fd, const void *p, size_t n)
{
	REAL(write);

	if (fd_is_under(fd) && fails(WRITE)) {
		if (strcmp(shim.what, "short") != 0 || shim.halved || n < 2)
			return -1;
		shim.halved = true;
		n /= 2;
	}
	return real(fd, p, n);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	REAL(pwrite);

	if (fd_is_under(fd) && fails(WRITE)) {
		if (strcmp(shim.what, "short") != 0 || shim.halved || n < 2)
			return -1;
		shim.halved = true;
		n /= 2;
	}
	return real(fd, p, n, at);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
	return pwrite(fd, p, n, at);
}

int fsync(int fd)
{
	REAL(fsync);
	return fd_is_under(fd) && fails(FSYNC) ? -1 : real(fd);
}

int fdatasync(int fd)
{
	REAL(fdatasync);
	return fd_is_under(fd) && fails(FSYNC) ? -1 : real(fd);
}

int rename(const char *from, const char *to)
{
	REAL(rename);
	return is_under(to) && fails(RENAME) ? -1 : real(from, to);
}

int ftruncate(int fd, off_t n)
{
	REAL(ftruncate);
	return fd_is_under(fd) && fails(TRUNCATE) ? -1 : real(fd, n);
}

int ftruncate64(int fd, off_t n)
{
	return ftruncate(fd, n);
}

int unlink(const char *path)
{
	REAL(unlink);
	return is_under(path) && fails(UNLINK) ? -1 : real(path);
}

int linkat(int a, const char *from, int b, const char *to, int flags)
{
	REAL(linkat);
	return is_under(to) && fails(LINK) ? -1 : real(a, from, b, to, flags);
}
