#include "core/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/file.h"
#include "core/mem.h"

char *folder_file(const char *folder, const char *name)
{
	struct buf b = {0};

	buf_fmt(&b, "%s/%s", folder, name);
	return buf_cstr(&b);
}

/* Shortens path to the folder above; false if path names no other folder. */
static bool go_up(struct buf *path)
{
	while (path->n > 1 && path->p[path->n - 1] == '/')
		path->n--;
	while (path->n > 0 && path->p[path->n - 1] != '/')
		path->n--;
	while (path->n > 1 && path->p[path->n - 1] == '/')
		path->n--;
	return path->n > 0;
}

bool folder_is_blocked(const char *path, struct buf *by)
{
	struct stat st;

	buf_str(by, path);
	do {
		if (stat(buf_cstr(by), &st) == 0)
			return !S_ISDIR(st.st_mode);
	} while (go_up(by));
	buf_char(by, '.');
	return false;
}

int folder_cannot(const char *path, const char *shown, const char *what,
		  struct err *e)
{
	struct buf by = {0};
	int why = errno;
	bool blocked = folder_is_blocked(path, &by);

	errno = why;
	if (blocked)
		err_names(e, ERR_CREATE,
			  "cannot create %s '%s': '%s' is not a folder", what,
			  shown, buf_cstr(&by));
	else
		err_sys(e, ERR_CREATE, "cannot create %s '%s' in '%s'", what,
			shown, buf_cstr(&by));
	buf_clear(&by);
	return -1;
}

/* Makes one folder in an existing one: 1, 0, or -1 with errno. */
static int make_one(const char *path, struct err *e)
{
	struct buf parent = {0};
	int rc;

	e->kind = ERR_NONE;
	if (mkdir(path, 0700) < 0)
		return errno == EEXIST ? 0 : -1;
	buf_fmt(&parent, "%s/..", path);
	rc = file_sync_dir(buf_cstr(&parent), e);
	buf_clear(&parent);
	return rc < 0 ? -1 : 1;
}

int folder_make(const char *path, const char *what, struct err *e)
{
	size_t n = strlen(path);
	int rc = 0;

	while (n > 1 && path[n - 1] == '/')
		n--;
	for (size_t i = 1; i <= n && rc >= 0; i++) {
		char *part;
		struct stat st;

		if (i < n && path[i] != '/')
			continue;
		part = mem_copy(path, i);
		rc = stat(part, &st) == 0 ? 0 : make_one(part, e);
		if (rc < 0 && e->kind == ERR_NONE)
			folder_cannot(path, path, what, e);
		free(part);
	}
	return rc;
}
