#include "diff/state/state_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/folder.h"
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

/* Whether the name is of a file that a filter makes there, or replaces now. */
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

/* A folder of something else is not made a state by a slip of the hand, and is
 * not shown as one. An empty one may become one.
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

int state_folder_open(const char *dir, bool create, struct err *e)
{
	int fd;

	if (create && folder_make(dir, "the state", e) < 0)
		return -1;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, create ? ERR_CREATE : ERR_INPUT,
			       "cannot open the state '%s'", dir);
	if (check_dir(fd, dir, e) < 0 || check_content(dir, create, e) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}
