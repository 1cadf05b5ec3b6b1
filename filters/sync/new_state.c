#include "sync/new_state.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/folder.h"
#include "sync/chosen_states.h"

/* Checks that the folder is empty except for an empty file system's lost+found,
 * as rudder-diff requires for a new state.
 */
static int check_empty(const char *path, struct err *e)
{
	DIR *d = opendir(path);
	const struct dirent *entry;
	int rc = 0;

	if (!d)
		return err_sys(e, ERR_CREATE, "cannot read '%s'", path);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while (rc == 0 && (entry = readdir(d))) {
		const char *name = entry->d_name;

		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
		    strcmp(name, "lost+found") != 0)
			rc = err_names(e, ERR_CREATE,
				       "'%s' is not a state: it contains '%s'; "
				       "use a new or empty folder",
				       path, name);
	}
	closedir(d);
	return rc;
}

int new_state_check(const struct sync_file *f, const char *state, struct err *e)
{
	struct buf path = {0}, above = {0};
	struct stat st;
	int rc;

	sync_file_path(f, state, &path);
	if (stat(buf_cstr(&path), &st) == 0 && S_ISDIR(st.st_mode)) {
		rc = check_empty(path.p, e);
		buf_clear(&path);
		return rc;
	}
	rc = folder_is_blocked(buf_cstr(&path), &above) ||
			     access(buf_cstr(&above), W_OK | X_OK) < 0
		     ? folder_cannot(path.p, state, "the state", e)
		     : 0;
	buf_clear(&above);
	buf_clear(&path);
	return rc;
}

int new_state_writable(const struct sync_file *f, const char *state,
		       struct err *e)
{
	struct buf path = {0};
	int rc = 0;

	sync_file_path(f, state, &path);
	if (access(buf_cstr(&path), W_OK | X_OK) < 0)
		rc = err_sys(e, ERR_CREATE, "cannot write to the state '%s'",
			     state);
	buf_clear(&path);
	return rc;
}

/* Whether the state is inside the other folder. */
static bool is_below(const char *state, const char *other)
{
	size_t n = strlen(other);

	return strncmp(state, other, n) == 0 && state[n] == '/';
}

void new_state_renamed(struct buf *b, const char *sep,
		       const struct sync_file *f, size_t destination)
{
	const char *state = f->destination[destination].state;
	char *const none[] = {NULL};
	struct chosen_states all;
	struct err ignored;

	if (chosen_states(&all, none, &ignored) < 0 || all.others != 1)
		; /* unknown, or any of several */
	else if (is_below(state, all.other) && f->parts > 0)
		; /* a state never changes between one part and the whole table
		   */
	else if (is_below(state, all.other))
		buf_fmt(b,
			"%s'%s' has no sync file: if it is of this "
			"destination, give it 'state: %s'",
			sep, all.other, all.other);
	else
		buf_fmt(b,
			"%s'%s' has no sync file: if this sync was renamed, "
			"run mv '%s' '%s'",
			sep, all.other, all.other, state);
	chosen_states_clear(&all);
}
