#include "sync/sync_parts.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/num.h"
#include "wire/settings/doc.h"

/* The folder above the states of a destination's parts, or its own state. */
static char *folder_of(const struct sync_file *f,
		       const struct sync_destination *d)
{
	struct buf b = {0};
	char *slash;

	sync_file_path(f, d->state, &b);
	slash = f->parts > 0 ? strrchr(buf_cstr(&b), '/') : NULL;
	if (slash)
		*slash = '\0';
	return buf_cstr(&b);
}

/* The number of parts in the state of a part; 0 if it is not the state of a
 * part.
 */
static uint64_t parts_of(const char *folder, const char *name)
{
	struct buf path = {0};
	struct doc *d = NULL;
	const struct doc *n;
	struct err ignored;
	uint64_t parts = 0;

	buf_fmt(&path, "%s/%s/part", folder, name);
	if (access(buf_cstr(&path), F_OK) == 0 &&
	    doc_read(&d, path.p, &ignored) == 0) {
		n = doc_get(d, "n");
		if (n && num_uint(n->raw, &parts) < 0)
			parts = 0;
	}
	doc_free(d);
	buf_clear(&path);
	return parts;
}

static int wrong(const struct sync_file *f, const char *folder, uint64_t was,
		 struct err *e)
{
	struct buf a = {0}, b = {0};

	if (was > 0)
		buf_fmt(&a, "%ju partitions", (uintmax_t)was);
	else
		buf_str(&a, "a whole table");
	if (f->parts > 0)
		buf_fmt(&b, "%u", f->parts);
	else
		buf_str(&b, "no");
	err_names(
		e, ERR_CONFIG,
		"'%s': the state '%s' is of %s, and the file has %s "
		"partitions: change it back, or use another 'state' (all rows "
		"are sent again)",
		f->path, folder, buf_cstr(&a), buf_cstr(&b));
	buf_clear(&a);
	buf_clear(&b);
	return -1;
}

/* Checks the states of parts in the folder. */
static int check_below(const struct sync_file *f, const char *folder,
		       struct err *e)
{
	DIR *d = opendir(folder);
	const struct dirent *entry;
	int rc = 0;

	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
	while (d && rc == 0 && (entry = readdir(d))) {
		const char *name = entry->d_name;
		uint64_t n = strspn(name, "0123456789") == strlen(name)
				     ? parts_of(folder, name)
				     : 0;

		if (n > 0 && n != f->parts)
			rc = wrong(f, folder, n, e);
	}
	if (d)
		closedir(d);
	return rc;
}

static bool is_whole(const char *folder)
{
	struct buf path = {0};
	bool is;

	buf_fmt(&path, "%s/snapshot", folder);
	is = access(buf_cstr(&path), F_OK) == 0;
	buf_clear(&path);
	return is;
}

int sync_parts_check(const struct sync_file *f, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sync_file_width(f); i++) {
		char *folder = folder_of(f, &f->destination[i]);

		rc = f->parts > 0 && is_whole(folder)
			     ? wrong(f, folder, 0, e)
			     : check_below(f, folder, e);
		free(folder);
	}
	return rc;
}
