#include "sync/chosen_states.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/counts.h"
#include "core/mem.h"
#include "sync/sync_files.h"

enum { DEPTH = 3 }; /* levels of folders: state/users/crm and one more */

static void add(struct chosen_states *c, const char *name, const char *folder,
		const struct sync_file *f)
{
	c->v = mem_resize(c->v, (c->n + 1) * sizeof(*c->v));
	c->v[c->n++] = (struct chosen_state){
		.name = mem_copy(name, strlen(name)),
		.folder = mem_copy(folder, strlen(folder)),
		.max_age_ms = f ? f->max_age_ms : 0,
		.wrong = f && f->wrong ? mem_copy(f->wrong, strlen(f->wrong))
				       : NULL,
	};
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Whether the folder looks like a state rather than a folder of states;
 * rudder-diff decides.
 */
static bool is_state(const char *folder)
{
	static const char *const files[] = {"runs", "snapshot", "pending",
					    "started", "lock"};
	bool found = false;

	for (size_t i = 0; i < COUNT_OF(files) && !found; i++) {
		struct buf b = {0};

		buf_fmt(&b, "%s/%s", folder, files[i]);
		found = access(buf_cstr(&b), F_OK) == 0 && !is_folder(b.p);
		buf_clear(&b);
	}
	return found;
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* The names in a folder, sorted; NULL if it is empty or cannot be read. */
static char **list_folder(const char *folder, size_t *n)
{
	DIR *d = opendir(folder);
	const struct dirent *entry;
	char **names = NULL;

	*n = 0;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while (d && (entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		names = mem_resize(names, (*n + 1) * sizeof(*names));
		names[(*n)++] = mem_copy(entry->d_name, strlen(entry->d_name));
	}
	if (d)
		closedir(d);
	if (*n > 1)
		qsort(names, *n, sizeof(*names), by_name);
	return names;
}

/* Adds all states below a folder, at most depth levels down. */
static void add_below(struct chosen_states *c, const char *folder,
		      const char *prefix, unsigned depth)
{
	size_t n;
	char **names = list_folder(folder, &n);

	for (size_t i = 0; i < n; i++) {
		struct buf path = {0}, name = {0};

		buf_fmt(&path, "%s/%s", folder, names[i]);
		buf_fmt(&name, "%s%s", prefix, names[i]);
		if (!is_folder(buf_cstr(&path))) {
			; /* a file */
		} else if (is_state(path.p)) {
			add(c, buf_cstr(&name), path.p, NULL);
		} else if (depth > 1) {
			buf_char(&name, '/');
			add_below(c, path.p, buf_cstr(&name), depth - 1);
		}
		buf_clear(&path);
		buf_clear(&name);
		free(names[i]);
	}
	free(names);
}

static int add_folder(struct chosen_states *c, const char *name, struct err *e)
{
	size_t had = c->n, n = strlen(name);
	char *folder = mem_copy(name, n);

	while (n > 1 && folder[n - 1] == '/')
		folder[--n] = '\0';
	if (is_state(folder))
		add(c, folder, folder, NULL);
	else
		add_below(c, folder, "", DEPTH);
	free(folder);
	if (c->n == had)
		return err_set(e, ERR_INPUT,
			       "the folder '%s' is not a state, and has none",
			       name);
	return 0;
}

/* Adds the state of a destination, with its path from the current folder. */
static void add_destination(struct chosen_states *c, const struct sync_file *f,
			    const struct sync_destination *d)
{
	struct buf name = {0}, folder = {0};

	buf_fmt(&name, "%s%s%s", f->name, d->name[0] ? "/" : "", d->name);
	sync_file_path(f, d->state, &folder);
	add(c, buf_cstr(&name), buf_cstr(&folder), f);
	buf_clear(&name);
	buf_clear(&folder);
}

/* names are as in sync_files_guess: a run's variables need not be set. */
static int add_files(struct chosen_states *c, char *const *names, struct err *e)
{
	struct sync_files all = {0};
	int rc = sync_files_guess(&all, names, e);

	for (size_t i = 0; rc == 0 && i < all.n; i++) {
		const struct sync_file *f = &all.v[i];

		for (size_t k = 0; k < f->n_destinations; k++)
			add_destination(c, f, &f->destination[k]);
	}
	sync_files_clear(&all);
	return rc;
}

/* Counts the states without a sync file: of other pipelines, or of sync files
 * that were removed.
 */
static void find_others(struct chosen_states *c)
{
	struct chosen_states all = {0};

	add_below(&all, "state", "", DEPTH);
	for (size_t i = 0; i < all.n; i++) {
		const char *folder = all.v[i].folder;
		size_t k = 0;

		while (k < c->n && strcmp(c->v[k].folder, folder) != 0)
			k++;
		if (k < c->n)
			continue;
		if (c->others++ == 0)
			c->other = mem_copy(folder, strlen(folder));
	}
	chosen_states_clear(&all);
}

void chosen_states_others(struct buf *b, const struct chosen_states *c,
			  const char *command)
{
	if (c->others == 0)
		return;
	if (b->n < 2 || memcmp(b->p + b->n - 2, "\n\n", 2) != 0)
		buf_char(b, '\n');
	buf_char(b, '+');
	counts_add(b, c->others, "state");
	buf_fmt(b, " without a sync file: rudder %s state\n", command);
}

static int add_all(struct chosen_states *c, char *const *none, struct err *e)
{
	if (is_folder(SYNC_FILE_FOLDER)) {
		if (add_files(c, none, e) < 0)
			return -1;
		find_others(c);
		return 0;
	}
	if (is_folder("state"))
		return add_folder(c, "state", e);
	return err_names(e, ERR_INPUT,
			 "there is no folder 'syncs' or 'state' here: name a "
			 "sync file, or the folder of a state");
}

/* Adds a sync file, a sync, or a state named as rudder status shows it. */
static int add_name(struct chosen_states *c, char *name, struct err *e)
{
	char *const one[] = {name, NULL};
	struct buf state = {0};
	int rc = add_files(c, one, e);

	buf_fmt(&state, "state/%s", name);
	if (rc < 0 && e->kind == ERR_INPUT && is_folder(buf_cstr(&state)))
		rc = add_folder(c, state.p, e);
	buf_clear(&state);
	return rc;
}

int chosen_states(struct chosen_states *c, char *const *names, struct err *e)
{
	int rc = 0;

	*c = (struct chosen_states){0};
	if (!names[0])
		return add_all(c, names, e);
	for (; *names && rc == 0; names++)
		rc = is_folder(*names) ? add_folder(c, *names, e)
				       : add_name(c, *names, e);
	return rc;
}

void chosen_states_clear(struct chosen_states *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i].name);
		free(c->v[i].folder);
		free(c->v[i].wrong);
	}
	free(c->v);
	free(c->other);
	*c = (struct chosen_states){0};
}
