#include "sync/sync_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/mem.h"
#include "core/opt.h"
#include "sync/sync_guess.h"
#include "sync/sync_project.h"
#include "wire/settings/yaml.h"

typedef int read_fn(struct sync_file *f, const char *path, struct err *e);

static int add_file(struct sync_files *all, const char *path, read_fn *read,
		    struct err *e)
{
	all->v = mem_resize(all->v, (all->n + 1) * sizeof(*all->v));
	return read(&all->v[all->n++], path, e);
}

/* Refuses two syncs of the same name: they would have the same state. */
static int check_names(const struct sync_files *all, struct err *e)
{
	for (size_t i = 1; i < all->n; i++) {
		const struct sync_file *f = &all->v[i];

		for (size_t k = 0; k < i; k++) {
			if (strcmp(all->v[k].name, f->name) == 0)
				return err_names(
					e, ERR_CONFIG,
					"'%s' and '%s' both have the name '%s'",
					all->v[k].path, f->path, f->name);
		}
	}
	return 0;
}

/* Reads a file, or guesses its content if it cannot be read, and keeps the
 * error in the sync.
 */
static int guess(struct sync_file *f, const char *path, struct err *e)
{
	if (sync_file_look(f, path, e) == 0)
		return 0;
	sync_file_clear(f);
	if (access(path, F_OK) != 0)
		return -1;
	sync_guess(f, path);
	f->wrong = mem_copy(e->text, strlen(e->text));
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
		rc = err_names(e, ERR_INPUT,
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

/* Finds the sync of that name among those that can be read; otherwise names a
 * similar one in the error.
 */
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
		err_names(e, ERR_INPUT,
			  "no sync '%s' in the folder '%s', and no such file; "
			  "did you mean '%s'?",
			  word, SYNC_FILE_FOLDER, near);
	else
		err_names(e, ERR_INPUT,
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
	(void)!add_folder(&all, guess, &ignored);
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

static int add_path(struct sync_files *all, const char *path, read_fn *read,
		    struct err *e)
{
	return sync_project_is(path)
		       ? sync_project_read(all, path, read != sync_file_read, e)
		       : add_named(all, path, read, e);
}

int sync_files_read(struct sync_files *all, char *const *paths, struct err *e)
{
	int rc = 0;

	*all = (struct sync_files){0};
	if (!paths[0])
		rc = add_folder(all, sync_file_read, e);
	for (; rc == 0 && *paths; paths++)
		rc = add_path(all, *paths, sync_file_read, e);
	return rc == 0 ? check_names(all, e) : -1;
}

/* Adds a path, guessed. Keeps the first error. */
static int guess_path(struct sync_files *all, const char *path, int rc,
		      struct err *e)
{
	size_t n = all->n;
	struct err one;

	if (add_path(all, path, guess, &one) == 0)
		return rc;
	while (all->n > n && !all->v[all->n - 1].name)
		sync_file_clear(&all->v[--all->n]);
	if (rc == 0)
		*e = one;
	return -1;
}

int sync_files_guess(struct sync_files *all, char *const *paths, struct err *e)
{
	int rc = 0;

	*all = (struct sync_files){0};
	if (!paths[0])
		rc = add_folder(all, guess, e);
	for (; *paths; paths++)
		rc = guess_path(all, *paths, rc, e);
	return rc;
}

void sync_files_clear(struct sync_files *all)
{
	for (size_t i = 0; i < all->n; i++)
		sync_file_clear(&all->v[i]);
	free(all->v);
	*all = (struct sync_files){0};
}
