#include "sync/sync_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/mem.h"
#include "sync/sync_project.h"
#include "wire/settings/yaml.h"

typedef int read_fn(struct sync_file *f, const char *path, struct err *e);

static int add_file(struct sync_files *all, const char *path, read_fn *read,
		    struct err *e)
{
	struct sync_file *f;

	all->v = mem_resize(all->v, (all->n + 1) * sizeof(*all->v));
	f = &all->v[all->n++];
	if (read(f, path, e) < 0)
		return -1;
	for (size_t i = 0; i + 1 < all->n; i++) {
		if (strcmp(all->v[i].name, f->name) == 0)
			return err_set(e, ERR_CONFIG,
				       "'%s' and '%s' both have the name '%s'",
				       all->v[i].path, f->path, f->name);
	}
	return 0;
}

static int is_sync(const struct dirent *d)
{
	return d->d_name[0] != '.' && yaml_named(d->d_name);
}

static int add_folder(struct sync_files *all, read_fn *read, struct err *e)
{
	struct dirent **name = NULL;
	struct buf path = {0};
	int n = scandir(SYNC_FILE_FOLDER, &name, is_sync, alphasort), rc = 0;

	if (n < 0 && errno != ENOENT)
		return err_sys(e, ERR_INPUT, "cannot read '%s'",
			       SYNC_FILE_FOLDER);
	if (n <= 0)
		rc = err_set(e, ERR_INPUT,
			     "no sync files: name one, or put them into the "
			     "folder '%s' here; rudder init writes one",
			     SYNC_FILE_FOLDER);
	for (int i = 0; i < n; i++) {
		path.n = 0;
		buf_fmt(&path, "%s/%s", SYNC_FILE_FOLDER, name[i]->d_name);
		if (rc == 0)
			rc = add_file(all, buf_cstr(&path), read, e);
		free(name[i]);
	}
	free(name);
	buf_clear(&path);
	return rc;
}

static int read_all(struct sync_files *all, char *const *paths, read_fn *read,
		    struct err *e)
{
	*all = (struct sync_files){0};
	if (!paths[0])
		return add_folder(all, read, e);
	for (; *paths; paths++) {
		int rc = sync_project_is(*paths)
				 ? sync_project_read(all, *paths, e)
				 : add_file(all, *paths, read, e);

		if (rc < 0)
			return -1;
	}
	return 0;
}

int sync_files_read(struct sync_files *all, char *const *paths, struct err *e)
{
	return read_all(all, paths, sync_file_read, e);
}

int sync_files_look(struct sync_files *all, char *const *paths, struct err *e)
{
	return read_all(all, paths, sync_file_look, e);
}

void sync_files_clear(struct sync_files *all)
{
	for (size_t i = 0; i < all->n; i++)
		sync_file_clear(&all->v[i]);
	free(all->v);
	*all = (struct sync_files){0};
}
