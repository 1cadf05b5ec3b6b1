#include "core/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/file.h"
#include "core/mem.h"
#include "core/tool.h"

#define CONFINES (CONFINED && !SANITIZED)

/* Include/uapi/linux/landlock.h of Linux 6.10; the numbers are the same on
 * every architecture that Debian has.
 */
enum {
	SYS_CREATE = 444,
	SYS_ADD_RULE = 445,
	SYS_RESTRICT = 446,
	ASK_VERSION = 1,
	PATH_BENEATH = 1,
};

enum right {
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	REMOVE_DIR = 1 << 4,
	REMOVE_FILE = 1 << 5,
	MAKE_DIR = 1 << 7,
	MAKE_REG = 1 << 8,
	REFER = 1 << 13,    /* version 2: rename between folders */
	TRUNCATE = 1 << 14, /* version 3 */
	IOCTL_DEV = 1 << 15 /* version 5 */
};

enum {
	ALL_1 = (1 << 13) - 1,
	NET_BIND = 1,
	NET_CONNECT = 2, /* version 4 */
	OF_A_FILE = WRITE_FILE | READ_FILE | TRUNCATE,
	READ = READ_FILE | READ_DIR,
	WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR |
		MAKE_REG | REFER | TRUNCATE,
};

struct rules {
	uint64_t fs, net;
};

struct path_rule {
	uint64_t rights;
	int32_t fd;
} __attribute__((packed));

static uint64_t handled(int version)
{
	uint64_t all = ALL_1 | REFER;

	if (version >= 3)
		all |= TRUNCATE;
	if (version >= 5)
		all |= IOCTL_DEV;
	return all;
}

static void give_up(struct landlock *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	l->version = 0;
}

static void add_open(struct landlock *l, int fd, uint64_t rights)
{
	struct path_rule rule = {.rights = rights & handled(l->version),
				 .fd = fd};
	struct stat st;

	if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.rights &= OF_A_FILE;
	if (syscall(SYS_ADD_RULE, l->fd, PATH_BENEATH, &rule, 0) < 0)
		give_up(l);
}

/* Adds a path. A path that is missing, or that we may not open, needs no rule.
 * If it cannot be opened for another reason, it may be needed later, so nothing
 * is restricted.
 */
static void add(struct landlock *l, const char *path, uint64_t rights)
{
	int fd;

	if (l->fd < 0 || !path)
		return;
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd >= 0) {
		add_open(l, fd, rights);
		close(fd);
	} else if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) {
		give_up(l);
	}
}

static void name(struct landlock *l, const char *path)
{
	if (path)
		buf_fmt(&l->names, "%s'%s'", l->names.n ? ", " : "", path);
}

void landlock_init(struct landlock *l, bool net)
{
	long version = CONFINES ? syscall(SYS_CREATE, NULL, 0, ASK_VERSION) : 0;
	struct rules r = {.fs = handled((int)version)};

	*l = (struct landlock){.fd = -1, .net = net};
	if (version < 2) /* version 1 cannot allow renames between folders */
		return;
	l->version = (int)version;
	if (version >= 4 && !net)
		r.net = NET_BIND | NET_CONNECT;
	l->fd = (int)syscall(SYS_CREATE, &r, sizeof(r), 0);
	add(l, "/dev/null", WRITE);
}

void landlock_read(struct landlock *l, const char *path)
{
	add(l, path, READ);
}

void landlock_write(struct landlock *l, const char *path)
{
	add(l, path, WRITE);
	name(l, path);
}

void landlock_write_open(struct landlock *l, int fd, const char *path)
{
	if (l->fd >= 0 && fd >= 0)
		add_open(l, fd, WRITE);
	name(l, path);
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mem_copy(".", 1);
	return mem_copy(path, slash > path ? (size_t)(slash - path) : 1);
}

static void around(struct landlock *l, const char *path, uint64_t rights)
{
	char *folder = folder_of(path), *real = realpath(path, NULL);

	add(l, folder, rights);
	free(folder);
	if (!real)
		return;
	folder = folder_of(real);
	add(l, folder, rights);
	free(folder);
	free(real);
}

void landlock_read_around(struct landlock *l, const char *path)
{
	if (path)
		around(l, path, READ);
}

void landlock_replace(struct landlock *l, const char *path)
{
	struct stat st;

	if (!path || file_descriptor(path) >= 0)
		return;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		add(l, path, WRITE);
	else
		around(l, path, WRITE);
	name(l, path);
}

bool landlock_thread(int fd)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       syscall(SYS_RESTRICT, fd, 0) == 0;
}

void landlock_enter(struct landlock *l)
{
	if (l->fd < 0 || !landlock_thread(l->fd))
		tool_info("file access is not restricted: this kernel or build "
			  "lacks Landlock");
	else
		tool_info("file access is restricted to %s%s (Landlock %d)",
			  l->names.n ? buf_cstr(&l->names) : "none",
			  l->net            ? ""
			  : l->version >= 4 ? ", network access is denied"
					    : "",
			  l->version);
	if (l->fd >= 0)
		close(l->fd);
	buf_clear(&l->names);
	*l = (struct landlock){.fd = -1};
}
