#include "sync/sync_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/mem.h"
#include "core/opt.h"
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

/* The sync of that name, of those that can be read, or the nearest name. */
static int find_name(struct buf *path, const char *word,
		     const struct sync_files *all, struct err *e)
{
	const char **names = mem_zero((all->n + 1) * sizeof(*names)), *near;
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct sync_file *f = &all->v[i];

		if (f->name && strcmp(f->name, word) == 0) {
			buf_str(path, f->path);
			free(names);
			return 0;
		}
		if (f->name)
			names[n++] = f->name;
	}
	near = opt_nearest(word, names);
	if (near)
		err_set(e, ERR_INPUT,
			"no sync '%s' in the folder '%s', and no such file; "
			"did you mean '%s'?",
			word, SYNC_FILE_FOLDER, near);
	else
		err_set(e, ERR_INPUT,
			"no sync '%s' in the folder '%s', and no such file",
			word, SYNC_FILE_FOLDER);
	free(names);
	return -1;
}

int sync_files_find(struct buf *path, const char *word, struct err *e)
{
	static const char *const ends[] = {".yaml", ".yml"};
	struct sync_files all = {0};
	struct err ignored;
	int rc;

	if (access(word, F_OK) == 0 || strchr(word, '/') || yaml_named(word) ||
	    !sync_file_good_name(word)) {
		buf_str(path, word);
		return 0;
	}
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		path->n = 0;
		buf_fmt(path, SYNC_FILE_FOLDER "/%s%s", word, ends[i]);
		if (access(buf_cstr(path), F_OK) == 0)
			return 0;
	}
	path->n = 0;
	(void)!add_folder(&all, sync_file_look, &ignored);
	rc = find_name(path, word, &all, e);
	sync_files_clear(&all);
	return rc;
}

static int add_named(struct sync_files *all, const char *word, read_fn *read,
		     struct err *e)
{
	struct buf path = {0};
	int rc = sync_files_find(&path, word, e);

	if (rc == 0)
		rc = add_file(all, buf_cstr(&path), read, e);
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
				 : add_named(all, *paths, read, e);

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
