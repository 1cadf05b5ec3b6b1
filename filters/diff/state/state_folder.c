#include "diff/state/state_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/folder.h"
#include "core/mem.h"
#include "core/opt.h"
#include "wire/state/planning.h"

static int check_dir(int fd, const char *dir, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_sys(e, ERR_IO, "cannot examine '%s'", dir);
	if ((st.st_mode & 022) != 0)
		return err_names(e, ERR_DENIED,
				 "the state '%s' is writable by other users; "
				 "run: chmod 700 '%s'",
				 dir, dir);
	return 0;
}

/* Whether it is the name of a file of a state, or of one being replaced. */
static bool is_ours(const char *name)
{
	static const char *const ours[] = {
		"lock",    "snapshot", "pending", "receipts",
		"answers", "runs",     "cursor",  "base",
		"sent",    "failing",  "log",     "history",
		"hold",    "part",     "delta",   PLANNING_NAME,
	};

	for (size_t i = 0; i < COUNT_OF(ours); i++) {
		size_t n = strlen(ours[i]);

		if (strncmp(name, ours[i], n) == 0 &&
		    (name[n] == '\0' || strcmp(name + n, ".tmp") == 0))
			return true;
	}
	return false;
}

/* Refuses a folder of something else, so that a typing error does not make it a
 * state. An empty folder may become one.
 */
static int check_content(const char *dir, bool create, struct err *e)
{
	DIR *d = opendir(dir);
	const struct dirent *f;
	char other[64] = "";
	bool ours = false;

	if (!d)
		return err_sys(e, ERR_IO, "cannot examine '%s'", dir);
	while (!ours && (f = readdir(d))) {
		ours = is_ours(f->d_name);
		if (strcmp(f->d_name, ".") != 0 &&
		    strcmp(f->d_name, "..") != 0 &&
		    strcmp(f->d_name, "lost+found") != 0)
			snprintf(other, sizeof(other), "%.60s", f->d_name);
	}
	closedir(d);
	if (ours || (create && !*other))
		return 0;
	if (!*other)
		return err_names(e, ERR_INPUT,
				 "'%s' is an empty folder, not a state", dir);
	return err_names(
		e, create ? ERR_CREATE : ERR_INPUT,
		"'%s' is not a state: it contains '%s' and no files of "
		"rudder-diff; use a new or empty folder",
		dir, other);
}

/* Whether the folder has what every run locks. */
static bool is_state(const struct buf *above, const char *name)
{
	struct buf path = {0};
	bool is;

	buf_slice(&path, buf_all(above));
	buf_fmt(&path, "%s/lock", name);
	is = *name != '.' && access(buf_cstr(&path), F_OK) == 0;
	buf_clear(&path);
	return is;
}

/* The state in the same folder whose name is nearest, at the end of e. */
static int suggest(const char *dir, struct err *e)
{
	enum { MOST = 1000 };
	const char *slash = strrchr(dir, '/'), *name = slash ? slash + 1 : dir;
	struct buf above = {0};
	char *list[MOST + 1] = {NULL};
	const struct dirent *f;
	const char *near;
	size_t n = 0;
	DIR *d;

	buf_add(&above, dir, (size_t)(name - dir));
	d = opendir(slash ? buf_cstr(&above) : ".");
	while (d && n < MOST && (f = readdir(d))) {
		if (is_state(&above, f->d_name))
			list[n++] = mem_copy(f->d_name, strlen(f->d_name));
	}
	near = opt_nearest(name, (const char *const *)list);
	if (near)
		err_more_names(e, "; did you mean '%s%s'?", buf_cstr(&above),
			       near);
	while (n > 0)
		free(list[--n]);
	if (d)
		closedir(d);
	buf_clear(&above);
	return -1;
}

int state_folder_open(const char *dir, bool create, struct err *e)
{
	int fd;

	if (create && folder_make(dir, "the state", e) < 0)
		return -1;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		err_sys(e, create ? ERR_CREATE : ERR_INPUT,
			"cannot open the state '%s'", dir);
		return errno == ENOENT ? suggest(dir, e) : -1;
	}
	if (check_dir(fd, dir, e) < 0 || check_content(dir, create, e) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}
