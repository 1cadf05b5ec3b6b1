#include "sync/programs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/linux.h"

/* The file of that name beside this program, at the end of path. */
static bool beside(struct buf *path, const char *name)
{
	size_t before = path->n;

	linux_program_folder(path);
	if (path->n == before)
		return false;
	buf_str(path, name);
	return access(buf_cstr(path), X_OK) == 0;
}

/* The first one of PATH, as execvp(3) takes it. */
static bool in_path(struct buf *path, const char *name)
{
	const char *p = getenv("PATH");

	while (p && *p) {
		size_t n = strcspn(p, ":");

		path->n = 0;
		buf_add(path, p, n);
		buf_fmt(path, "%s%s", n > 0 ? "/" : "./", name);
		if (access(buf_cstr(path), X_OK) == 0)
			return true;
		p += n + (p[n] == ':');
	}
	return false;
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_ino == y.st_ino &&
	       x.st_dev == y.st_dev;
}

void programs_word(struct buf *b, const char *name)
{
	struct buf ours = {0}, found = {0};

	if (!beside(&ours, name) ||
	    (in_path(&found, name) && *found.p == '/' &&
	     same_file(buf_cstr(&ours), buf_cstr(&found))))
		buf_str(b, name);
	else
		buf_slice(b, buf_all(&ours));
	buf_clear(&ours);
	buf_clear(&found);
}
