/* lack - a library to preload that makes system calls fail in one program
 *
 *   LACK='PROGRAM CALL:N:WHAT[:PATH] ...' LD_PRELOAD=lack.so COMMAND
 *
 * PROGRAM is the name of the process; the others are left alone. CALL is a name
 * of the list below. Only calls on a file whose path has PATH in it count,
 * where it is given: the path of the call, or the one that /proc names for its
 * descriptor ("pipe:", "/memfd:events"). N counts from 1, with a + behind it
 * all later ones fail too. WHAT is a name of errno below, or
 *
 *   none    the call returns 0: a file that ends here
 *   short   it is done for half of its bytes
 *
 * With LACK_LOG=FILE the file gets a line for each call that failed: proof that
 * it was made. shim.c is for whole states, this one for a single message.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a call that matches returns instead. */
enum way { GO_ON, FAIL, NONE, SHORT };

static const struct {
	const char *name;
	int number;
} errors[] = {
	{"EACCES", EACCES},         {"EAGAIN", EAGAIN},
	{"EBUSY", EBUSY},           {"ECHILD", ECHILD},
	{"ECONNRESET", ECONNRESET}, {"ETIMEDOUT", ETIMEDOUT},
	{"EEXIST", EEXIST},         {"EINTR", EINTR},
	{"EINVAL", EINVAL},         {"EIO", EIO},
	{"ELOOP", ELOOP},           {"EMFILE", EMFILE},
	{"ENOENT", ENOENT},         {"ENOMEM", ENOMEM},
	{"ENOSPC", ENOSPC},         {"EPERM", EPERM},
	{"EPIPE", EPIPE},           {"EROFS", EROFS},
	{"ETXTBSY", ETXTBSY},       {"ENOLCK", ENOLCK},
};

struct rule {
	bool ever;
	char call[24], path[96];
	unsigned long at;
	enum way way;
	int error;
	atomic_ulong n; /* calls so far */
};

static struct {
	bool on;
	int log; /* open before the program may be confined */
	size_t n;
	struct rule rule[4];
} lack = {.log = -1};

static NO_RETURN void wrong(void)
{
	static const char what[] = "lack.so: LACK is wrong\n";

	(void)!syscall(SYS_write, STDERR_FILENO, what, sizeof(what) - 1);
	_exit(99);
}

/* Where no program that expects a certain descriptor looks. */
static int open_log(const char *path)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path,
			      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 200);

	(void)syscall(SYS_close, fd);
	return high;
}

static void read_what(struct rule *r, const char *what)
{
	r->way = strcmp(what, "none") == 0    ? NONE
		 : strcmp(what, "short") == 0 ? SHORT
					      : FAIL;
	for (size_t i = 0; i < COUNT_OF(errors); i++) {
		if (strcmp(what, errors[i].name) == 0)
			r->error = errors[i].number;
	}
	if (r->way == FAIL && r->error == 0)
		wrong();
}

__attribute__((constructor)) static void start(void)
{
	const char *how = getenv("LACK");
	char program[64], n[16], what[16];
	int at = 0;

	if (!how)
		return;
	if (sscanf(how, "%63s%n", program, &at) != 1)
		wrong();
	lack.on = strcmp(program, program_invocation_short_name) == 0;
	for (how += at; *how; how += at) {
		struct rule *r = &lack.rule[lack.n++];

		if (lack.n > COUNT_OF(lack.rule) ||
		    sscanf(how, " %23[^: ]:%15[^: ]:%15[^: ]%n", r->call, n,
			   what, &at) != 3)
			wrong();
		how += at;
		at = 0;
		(void)sscanf(how, ":%95[^ ]%n", r->path, &at);
		r->at = strtoul(n, NULL, 10);
		r->ever = strchr(n, '+') != NULL;
		read_what(r, what);
	}
	if (lack.on && getenv("LACK_LOG"))
		lack.log = open_log(getenv("LACK_LOG"));
}

static void prove(const char *call)
{
	if (lack.log < 0)
		return;
	(void)!syscall(SYS_write, lack.log, call, strlen(call));
	(void)!syscall(SYS_write, lack.log, "\n", 1);
}

static bool is_asked(const char *call)
{
	for (size_t i = 0; lack.on && i < lack.n; i++) {
		if (strcmp(call, lack.rule[i].call) == 0)
			return true;
	}
	return false;
}

static enum way way_of(const char *call, const char *path)
{
	for (size_t i = 0; lack.on && i < lack.n; i++) {
		struct rule *r = &lack.rule[i];
		unsigned long n;

		if (strcmp(call, r->call) != 0 ||
		    (r->path[0] && (!path || !strstr(path, r->path))))
			continue;
		n = atomic_fetch_add(&r->n, 1) + 1;
		if (n < r->at || (n > r->at && !r->ever))
			continue;
		prove(call);
		errno = r->error;
		return r->way;
	}
	return GO_ON;
}

static enum way way_of_fd(const char *call, int fd)
{
	char link[32], path[PATH_MAX];
	ssize_t n;

	if (!is_asked(call))
		return GO_ON;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = syscall(SYS_readlink, link, path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	return way_of(call, path);
}

/* NOLINTBEGIN(bugprone-macro-parentheses): types, names and parameters */

#define REAL(name)                                                             \
	static __typeof__(&name) real;                                         \
	if (!real)                                                             \
	*(void **)(void *)&real = dlsym(RTLD_NEXT, #name)

/* A call that returns -1 when it fails: on nothing, on a path, on a descriptor.
 */
#define CALL(type, name, params, args)                                         \
	type name params;                                                      \
	type name params                                                       \
	{                                                                      \
		enum way way = way_of(#name, NULL);                            \
		REAL(name);                                                    \
		return way == GO_ON ? real args : way == NONE ? 0 : -1;        \
	}
#define ON_PATH(name, path, params, args)                                      \
	int name params;                                                       \
	int name params                                                        \
	{                                                                      \
		enum way way = way_of(#name, path);                            \
		REAL(name);                                                    \
		return way == GO_ON ? real args : way == NONE ? 0 : -1;        \
	}
#define ON_FD(name, fd, params, args)                                          \
	int name params;                                                       \
	int name params                                                        \
	{                                                                      \
		enum way way = way_of_fd(#name, fd);                           \
		REAL(name);                                                    \
		return way == GO_ON ? real args : way == NONE ? 0 : -1;        \
	}
/* of which n is the number of bytes */
#define ON_BYTES(name, fd, params, args)                                       \
	ssize_t name params;                                                   \
	ssize_t name params                                                    \
	{                                                                      \
		enum way way = way_of_fd(#name, fd);                           \
		REAL(name);                                                    \
		if (way == SHORT)                                              \
			n /= 2;                                                \
		return way == FAIL ? -1 : way == NONE ? 0 : real args;         \
	}
/* that returns its error */
#define SAYS_ERROR(name, params, args)                                         \
	int name params;                                                       \
	int name params                                                        \
	{                                                                      \
		enum way way = way_of(#name, NULL);                            \
		REAL(name);                                                    \
		return way == GO_ON ? real args : errno;                       \
	}

CALL(pid_t, fork, (void), ())
CALL(int, pipe2, (int p[2], int flags), (p, flags))
CALL(int, socketpair, (int d, int t, int p, int v[2]), (d, t, p, v))
CALL(int, memfd_create, (const char *name, unsigned flags), (name, flags))
CALL(int, eventfd, (unsigned n, int flags), (n, flags))
CALL(int, signalfd, (int fd, const sigset_t *set, int flags), (fd, set, flags))
CALL(int, epoll_create1, (int flags), (flags))
CALL(int, epoll_ctl, (int fd, int op, int on, struct epoll_event *event),
     (fd, op, on, event))
CALL(int, epoll_wait, (int fd, struct epoll_event *events, int n, int ms),
     (fd, events, n, ms))
CALL(int, poll, (struct pollfd * fds, nfds_t n, int ms), (fds, n, ms))
CALL(int, ppoll,
     (struct pollfd * fds, nfds_t n, const struct timespec *time,
      const sigset_t *mask),
     (fds, n, time, mask))
CALL(pid_t, waitpid, (pid_t pid, int *status, int how), (pid, status, how))
CALL(int, dup2, (int from, int to), (from, to))
CALL(ssize_t, getrandom, (void *p, size_t n, unsigned flags), (p, n, flags))

SAYS_ERROR(posix_spawn,
	   (pid_t * pid, const char *path,
	    const posix_spawn_file_actions_t *actions,
	    const posix_spawnattr_t *attr, char *const argv[],
	    char *const envp[]),
	   (pid, path, actions, attr, argv, envp))
SAYS_ERROR(pthread_create,
	   (pthread_t * thread, const pthread_attr_t *attr,
	    void *(*run)(void *), void *ctx),
	   (thread, attr, run, ctx))
SAYS_ERROR(posix_fallocate, (int fd, off_t from, off_t n), (fd, from, n))

ON_PATH(unlink, path, (const char *path), (path))
ON_PATH(unlinkat, path, (int dir, const char *path, int flags),
	(dir, path, flags))
ON_PATH(rmdir, path, (const char *path), (path))
ON_PATH(mkdir, path, (const char *path, mode_t mode), (path, mode))
ON_PATH(rename, to, (const char *from, const char *to), (from, to))
ON_PATH(link, to, (const char *from, const char *to), (from, to))
ON_PATH(linkat, to, (int a, const char *from, int b, const char *to, int flags),
	(a, from, b, to, flags))
ON_PATH(stat, path, (const char *path, struct stat *st), (path, st))
ON_PATH(lstat, path, (const char *path, struct stat *st), (path, st))
ON_PATH(access, path, (const char *path, int mode), (path, mode))
ON_PATH(chdir, path, (const char *path), (path))

ON_FD(fstat, fd, (int fd, struct stat *st), (fd, st))
ON_FD(fsync, fd, (int fd), (fd))
ON_FD(fdatasync, fd, (int fd), (fd))
ON_FD(ftruncate, fd, (int fd, off_t n), (fd, n))
ON_FD(flock, fd, (int fd, int how), (fd, how))
ON_FD(close, fd, (int fd), (fd))
ON_FD(fchmod, fd, (int fd, mode_t mode), (fd, mode))

ON_BYTES(read, fd, (int fd, void *to, size_t n), (fd, to, n))
ON_BYTES(pread, fd, (int fd, void *to, size_t n, off_t at), (fd, to, n, at))
ON_BYTES(recv, fd, (int fd, void *to, size_t n, int flags), (fd, to, n, flags))
ON_BYTES(send, fd, (int fd, const void *from, size_t n, int flags),
	 (fd, from, n, flags))
ON_BYTES(write, fd, (int fd, const void *from, size_t n), (fd, from, n))
ON_BYTES(pwrite, fd, (int fd, const void *from, size_t n, off_t at),
	 (fd, from, n, at))

/* NOLINTEND(bugprone-macro-parentheses) */

ssize_t pread64(int fd, void *to, size_t n, off_t at)
{
	return pread(fd, to, n, at);
}

ssize_t __pread_chk(int fd, void *to, size_t n, off_t at, size_t room);
ssize_t __pread_chk(int fd, void *to, size_t n, off_t at, size_t room)
{
	return n > room ? -1 : pread(fd, to, n, at);
}

ssize_t __read_chk(int fd, void *to, size_t n, size_t room);
ssize_t __read_chk(int fd, void *to, size_t n, size_t room)
{
	return n > room ? -1 : read(fd, to, n);
}

off_t lseek(int fd, off_t at, int from)
{
	enum way way = way_of_fd("lseek", fd);
	REAL(lseek);

	return way == GO_ON ? real(fd, at, from) : way == NONE ? 0 : -1;
}

void *mmap(void *at, size_t n, int protect, int flags, int fd, off_t from)
{
	REAL(mmap);

	if (fd >= 0 ? way_of_fd("mmap", fd) != GO_ON
		    : (flags & MAP_SHARED) != 0 &&
			      way_of("mmap", "anonymous") != GO_ON)
		return MAP_FAILED;
	return real(at, n, protect, flags, fd, from);
}

DIR *opendir(const char *path)
{
	REAL(opendir);
	return way_of("opendir", path) == GO_ON ? real(path) : NULL;
}

int open(const char *path, int flags, ...)
{
	int mode = 0;
	va_list list;
	REAL(open);

	va_start(list, flags);
	if (flags & (O_CREAT | O_TMPFILE))
		mode = va_arg(list, int);
	va_end(list);
	return way_of("open", path) == GO_ON ? real(path, flags, mode) : -1;
}

int openat(int dir, const char *path, int flags, ...)
{
	int mode = 0;
	va_list list;
	REAL(openat);

	va_start(list, flags);
	if (flags & (O_CREAT | O_TMPFILE))
		mode = va_arg(list, int);
	va_end(list);
	return way_of("openat", path) == GO_ON ? real(dir, path, flags, mode)
					       : -1;
}

int __openat_2(int dir, const char *path, int flags);
int __openat_2(int dir, const char *path, int flags)
{
	return openat(dir, path, flags);
}

DIR *fdopendir(int fd)
{
	REAL(fdopendir);
	return way_of_fd("fdopendir", fd) == GO_ON ? real(fd) : NULL;
}

int open64(const char *path, int flags, ...)
{
	int mode = 0;
	va_list list;

	va_start(list, flags);
	if (flags & (O_CREAT | O_TMPFILE))
		mode = va_arg(list, int);
	va_end(list);
	return open(path, flags, mode);
}

int __open_2(const char *path, int flags);
int __open_2(const char *path, int flags)
{
	return open(path, flags);
}

/* pidfd_open(2), which has no function of its own; six words suit all others */
long syscall(long number, ...)
{
	long w[6];
	va_list list;
	static long (*real)(long, ...);

	if (!real)
		*(void **)(void *)&real = dlsym(RTLD_NEXT, "syscall");
	va_start(list, number);
	for (size_t i = 0; i < COUNT_OF(w); i++)
		w[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_pidfd_open && way_of("pidfd_open", NULL) != GO_ON)
		return -1;
	return real(number, w[0], w[1], w[2], w[3], w[4], w[5]);
}
