/* snapshot_update.c - writes the next snapshot of a state: all of it, or only
 * the changes.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/num.h"
#include "diff/state/snapshot_part.h"

enum {
	SHARE = 8,    /* files above have at most this share of the lowest, */
	LEAST = 1024, /* or at least this many bytes */
	FOLD = 4      /* files at most this much larger are merged */
};

/* ---- what to write ------------------------------------------------------ */

enum {
	ENTRY = sizeof(struct snapshot_hot) + sizeof(struct snapshot_cold) +
		sizeof(uint32_t)
};

/* The bytes of the entries of a file, without its notes. */
static uint64_t bytes_of(const struct snapshot_file *f)
{
	return f->n * ENTRY + f->text.n;
}

/* The bytes that the rows of a feed need, about. *odd: a row has version 0,
 * which an incremental file cannot have, because it means removed.
 */
static int look_at_feed(const struct snapshot_feed *feed, uint64_t *bytes,
			bool *odd, struct err *e)
{
	const struct snapshot_row *row;
	size_t n;
	int rc;

	*bytes = 0;
	*odd = false;
	feed->rewind(feed->ctx);
	while ((rc = feed->next(feed->ctx, &row, &n, e)) > 0) {
		for (size_t k = 0; k < n; k++) {
			*bytes += ENTRY + row[k].text_n + row[k].kept_n;
			*odd = *odd || (row[k].version == 0 && !row[k].gone);
		}
	}
	return rc;
}

/* Whether it is large, and its lowest file can have files above it. */
static bool is_large(const struct snapshot *s)
{
	uint64_t bytes = 0;

	for (size_t k = 0; k < s->files; k++)
		bytes += s->file[k].map.n;
	return s->base > 0 && s->places < UINT32_MAX / 2 &&
	       s->file->version > 3 && bytes > snapshot_small();
}

/* The number of files that stay below a new file of this size; 0: everything is
 * written anew.
 */
static size_t files_below(const struct snapshot *s, uint64_t bytes)
{
	uint64_t others = 0, most = bytes_of(s->file) / SHARE;
	size_t files = s->files;

	while (files > 1 && (bytes_of(&s->file[files - 1]) <= FOLD * bytes ||
			     files + 1 > SNAPSHOT_FILES))
		bytes += bytes_of(&s->file[--files]);
	for (size_t k = 1; k < files; k++)
		others += bytes_of(&s->file[k]);
	return bytes + others <= (most > LEAST ? most : LEAST) ? files : 0;
}

/* Links the current file under the name that it has below the next one. */
static int keep_file(const struct snapshot *s, const char *path, struct err *e)
{
	struct buf name = {0};
	const char *slash = strrchr(path, '/');
	int rc;

	snapshot_lower_path(&name, path, s->generation);
	/* an older file of that name is from a commit that was killed, or from
	 * a state that was restored
	 */
	rc = file_remove(buf_cstr(&name), e);
	if (rc == 0 && linkat(AT_FDCWD, path, AT_FDCWD, buf_cstr(&name), 0) < 0)
		rc = err_sys(e, ERR_IO, "cannot keep '%s' as '%s'", path,
			     name.p);
	name.n = 0;
	buf_add(&name, slash ? path : ".", slash ? (size_t)(slash - path) : 1);
	if (rc == 0)
		rc = file_sync_dir(buf_cstr(&name), e);
	buf_clear(&name);
	return rc;
}

static int write_changes(struct snapshot *old, size_t files,
			 const struct snapshot_feed *feed, uint64_t generation,
			 const char *path, struct err *e)
{
	const struct snapshot_stack below = {.old = old, .files = files};
	struct snapshot_fold fold;
	int rc;

	for (size_t k = files; k < old->files; k++) {
		if (snapshot_file_check(&old->file[k], NULL, e) < 0)
			return -1;
	}
	snapshot_fold_init(&fold, old, files, feed);
	rc = snapshot_write_over(&below, &fold.feed, generation, path, e);
	snapshot_fold_clear(&fold);
	return rc;
}

int snapshot_update(struct snapshot *old, const struct snapshot_feed *feed,
		    bool anew, uint64_t generation, const char *path,
		    struct err *e)
{
	size_t files = 0;
	struct err ignored;
	uint64_t bytes;
	bool odd;

	if (!anew && is_large(old)) {
		if (look_at_feed(feed, &bytes, &odd, e) < 0)
			return -1;
		if (!odd && old->generation < generation)
			files = files_below(old, bytes);
	}
	/* if the file system has no links, everything is written each time */
	if (files > 0 && files == old->files &&
	    keep_file(old, path, &ignored) < 0)
		files = 0;
	if (files > 0)
		return write_changes(old, files, feed, generation, path, e);
	if (snapshot_whole(old, e) < 0)
		return -1;
	return snapshot_write_from(old, feed, generation, path, e);
}

/* ---- files that are not needed --------------------------------------------
 */

/* Adds the generations of the files that a snapshot needs. */
static int add_needed(const char *path, struct buf *needed, struct err *e)
{
	struct snapshot_file f;
	int rc = snapshot_open_file(&f, path, e);

	for (size_t i = 0; rc > 0 && i < f.below.n;
	     i += sizeof(struct snapshot_lower)) {
		struct snapshot_lower x;

		memcpy(&x, f.below.p + i, sizeof(x));
		buf_add(needed, &x.generation, sizeof(x.generation));
	}
	if (rc > 0)
		snapshot_file_clear(&f);
	return rc;
}

static bool is_needed(const struct buf *needed, uint64_t generation)
{
	for (size_t i = 0; i < needed->n; i += sizeof(generation)) {
		if (memcmp(needed->p + i, &generation, sizeof(generation)) == 0)
			return true;
	}
	return false;
}

/* Whether it is the name of a file below; *generation is set. */
static bool is_lower(const char *name, uint64_t *generation)
{
	static const char first[] = "rows-";

	return strncmp(name, first, strlen(first)) == 0 &&
	       num_uint(slice_str(name + strlen(first)), generation) == 0;
}

static int remove_others(const char *dir, const struct buf *needed,
			 struct err *e)
{
	DIR *d = opendir(dir);
	const struct dirent *x;
	struct buf path = {0};
	uint64_t generation;
	int rc = 0;

	if (!d)
		return errno == ENOENT
			       ? 0
			       : err_sys(e, ERR_IO, "cannot look at '%s'", dir);
	while (rc == 0 && (x = readdir(d))) {
		if (!is_lower(x->d_name, &generation) ||
		    is_needed(needed, generation))
			continue;
		path.n = 0;
		buf_fmt(&path, "%s/%s", dir, x->d_name);
		rc = file_remove(buf_cstr(&path), e);
	}
	closedir(d);
	buf_clear(&path);
	return rc;
}

int snapshot_update_tidy(const char *dir, char *const *path, size_t n,
			 struct err *e)
{
	struct buf needed = {0};
	struct err ignored;
	int rc = 0;

	for (size_t i = 0; i < n && rc >= 0; i++)
		rc = add_needed(path[i], &needed, &ignored);
	rc = rc < 0 ? 0 : remove_others(dir, &needed, e);
	buf_clear(&needed);
	return rc;
}

/* ---- other ways to call it ------------------------------------------------
 */

int snapshot_update_rows(struct snapshot *old, const struct snapshot_row *row,
			 size_t n, bool anew, uint64_t generation,
			 const char *path, struct err *e)
{
	struct snapshot_fold_batch b = {.row = row, .n = n};
	const struct snapshot_feed feed = snapshot_fold_batch_feed(&b);

	return snapshot_update(old, &feed, anew, generation, path, e);
}

int snapshot_update_merge(struct snapshot *s, const char *path, struct err *e)
{
	if (snapshot_whole(s, e) < 0)
		return -1;
	if (s->files < 2)
		return 0;
	if (snapshot_write(s, NULL, 0, s->generation, path, e) < 0)
		return -1;
	snapshot_clear(s);
	return snapshot_open(s, path, e) < 0 ? -1 : snapshot_whole(s, e);
}
