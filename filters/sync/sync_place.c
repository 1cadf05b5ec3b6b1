#include "sync/sync_place.h"

#include <string.h>

#include "core/mem.h"

void sync_place_take(struct sync_file *f, const char *path)
{
	const char *slash = strrchr(path, '/'),
		   *base = slash ? slash + 1 : path;
	size_t dir = slash ? (size_t)(slash - path) : 0, up = dir;
	struct buf b = {0};

	while (up > 0 && path[up - 1] != '/')
		up--;
	f->path = mem_copy(path, strlen(path));
	if (dir - up == strlen(SYNC_FILE_FOLDER) &&
	    memcmp(path + up, SYNC_FILE_FOLDER, strlen(SYNC_FILE_FOLDER)) ==
		    0) {
		buf_str(&b, SYNC_FILE_FOLDER "/");
		dir = up;
	}
	buf_str(&b, base);
	f->inside = mem_copy(b.p, b.n);
	while (dir > 1 && path[dir - 1] == '/')
		dir--;
	f->folder = slash && slash == path ? mem_copy("/", 1)
		    : dir > 0              ? mem_copy(path, dir)
					   : mem_copy(".", 1);
	buf_clear(&b);
}
