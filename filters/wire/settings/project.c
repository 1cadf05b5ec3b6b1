#include "wire/settings/project.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/file.h"
#include "core/mem.h"
#include "wire/settings/yaml.h"

enum { FILES = 1000, DEPTH = 16 };

static const char *const kinds[] = {PROJECT_CONNECTIONS, PROJECT_MODEL,
				    PROJECT_TABLE, PROJECT_DESTINATION};

static bool is_item(const struct doc *d)
{
	return doc_get(d, "kind") && doc_get(d, "spec");
}

bool project_is(const struct doc *d)
{
	if (is_item(d))
		return true;
	for (const struct doc *i = d->first; i; i = i->next) {
		if (is_item(i))
			return true;
	}
	return false;
}

int project_err_in(const struct project_item *item, const struct doc *at,
		   struct err *e)
{
	return err_in(e, "'%s', line %u", item->path, at->line);
}

int project_text(const struct doc *d, const char *name, bool needed,
		 const char **text, struct err *e)
{
	const struct doc *m = doc_get(d, name);

	*text = NULL;
	if (!m && !needed)
		return 0;
	if (!m)
		return err_names(e, ERR_CONFIG, "'%s' is missing", name);
	if (m->kind != SCAN_STRING || m->text_n != strlen(m->text) ||
	    m->text_n == 0)
		return err_names(e, ERR_CONFIG,
				 "'%s' must be a non-empty string", name);
	*text = m->text;
	return 0;
}

int project_enabled(const struct doc *connection, bool *on, struct err *e)
{
	const struct doc *d = doc_get(connection, "enabled");

	if (d && d->kind != SCAN_TRUE && d->kind != SCAN_FALSE)
		return err_names(e, ERR_CONFIG,
				 "'enabled' must be true or false");
	*on = !d || d->kind == SCAN_TRUE;
	return 0;
}

/* ---- one file --------------------------------------------------------- */

static int check_version(const struct doc *d, struct err *e)
{
	static const char *const versions[] = {"rudder/v1", "rudder/v0.1",
					       "rudder/0.1"};
	const char *version;

	if (project_text(d, "version", true, &version, e) < 0)
		return -1;
	for (size_t i = 0; i < COUNT_OF(versions); i++) {
		if (strcmp(version, versions[i]) == 0)
			return 0;
	}
	return err_names(e, ERR_CONFIG, "version '%s' is not rudder/v1",
			 version);
}

/* A document: one more item, if it is of a kind that we know. */
static int add_item(struct project *p, const struct doc *d, struct err *e)
{
	static const char *const names[] = {"version", "kind", "metadata",
					    "spec", NULL};
	const struct doc *kind = doc_get(d, "kind"), *spec = doc_get(d, "spec");
	struct project_item *item;
	size_t i = 0;

	while (i < COUNT_OF(kinds) && !(kind && kind->kind == SCAN_STRING &&
					strcmp(kind->text, kinds[i]) == 0))
		i++;
	if (i == COUNT_OF(kinds))
		return 0;
	if (doc_only(d, names, e) < 0 || check_version(d, e) < 0)
		return -1;
	if (!spec || spec->kind != SCAN_OBJECT)
		return err_names(e, ERR_CONFIG, "'spec' must be an object");
	p->item = mem_resize(p->item, (p->n + 1) * sizeof(*p->item));
	item = &p->item[p->n++];
	*item = (struct project_item){
		.kind = kinds[i],
		.path = p->path[p->n_files - 1],
		.spec = spec,
	};
	return 0;
}

static int add_file(struct project *p, const char *path, struct err *e)
{
	struct doc *d = NULL;

	if (p->n_files == FILES)
		return err_names(e, ERR_CONFIG, "more than %d files", FILES);
	if (doc_read(&d, path, e) < 0)
		return e->kind == ERR_INPUT ? -1 : err_in(e, "'%s'", path);
	p->doc = mem_resize(p->doc, (p->n_files + 1) * sizeof(*p->doc));
	p->path = mem_resize(p->path, (p->n_files + 1) * sizeof(*p->path));
	p->doc[p->n_files] = d;
	p->path[p->n_files++] = mem_copy(path, strlen(path));
	if (d->kind == SCAN_OBJECT && add_item(p, d, e) < 0)
		return err_in(e, "'%s', line %u", path, d->line);
	for (const struct doc *i = d->first; d->kind == SCAN_ARRAY && i;
	     i = i->next) {
		if (add_item(p, i, e) < 0)
			return err_in(e, "'%s', line %u", path, i->line);
	}
	return 0;
}

/* ---- a folder --------------------------------------------------------- */

static int visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int add_folder(struct project *p, const char *path, int depth,
		      struct err *e);

/* Adds a file or folder of a folder. Links to folders are not followed. */
static int add_name(struct project *p, const char *path, int depth,
		    struct err *e)
{
	struct stat st;

	char *real;

	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return add_folder(p, path, depth + 1, e);
	if (!yaml_named(path))
		return 0;
	real = file_below(p->folder, path, e);
	if (!real)
		return -1;
	free(real);
	return add_file(p, path, e);
}

/* Recursion ends at DEPTH. */
static int add_folder(struct project *p, const char *path, int depth,
		      struct err *e)
{
	struct dirent **name = NULL;
	struct buf full = {0};
	int n, rc = 0;

	if (depth == DEPTH)
		return err_names(e, ERR_CONFIG,
				 "'%s': more than %d folders deep", path,
				 DEPTH);
	n = scandir(path, &name, visible, alphasort);
	if (n < 0)
		return err_sys(e, ERR_INPUT, "cannot read '%s'", path);
	for (int i = 0; i < n; i++) {
		full.n = 0;
		buf_fmt(&full, "%s/%s", path, name[i]->d_name);
		if (rc == 0)
			rc = add_name(p, buf_cstr(&full), depth, e);
		free(name[i]);
	}
	free(name);
	buf_clear(&full);
	return rc;
}

int project_load(struct project *p, const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	struct stat st;

	*p = (struct project){0};
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		p->folder = mem_copy(path, strlen(path));
		return add_folder(p, path, 0, e);
	}
	p->folder = slash ? mem_copy(path, (size_t)(slash - path) + 1)
			  : mem_copy(".", 1);
	return add_file(p, path, e);
}

void project_clear(struct project *p)
{
	for (size_t i = 0; i < p->n_files; i++) {
		doc_free(p->doc[i]);
		free(p->path[i]);
	}
	free(p->doc);
	free(p->folder);
	free(p->path);
	free(p->item);
	*p = (struct project){0};
}

/* ---- looking up ------------------------------------------------------- */

const struct project_item *project_find(const struct project *p,
					const char *kind, const char *id)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct doc *d = doc_get(p->item[i].spec, "id");

		if (strcmp(p->item[i].kind, kind) == 0 && d &&
		    d->kind == SCAN_STRING && strcmp(d->text, id) == 0)
			return &p->item[i];
	}
	return NULL;
}

int project_file(const struct project *p, const struct project_item *item,
		 const char *name, size_t max, struct buf *b, struct err *e)
{
	const char *slash = strrchr(item->path, '/');
	struct buf path = {0};
	char *real = NULL;
	int rc = -1;

	if (*name == '/') {
		err_names(e, ERR_CONFIG,
			  "the path '%s' must be relative to this file", name);
	} else {
		buf_add(&path, item->path,
			slash ? (size_t)(slash - item->path) + 1 : 0);
		buf_str(&path, name);
		real = file_below(p->folder, buf_cstr(&path), e);
	}
	if (real)
		rc = file_read(real, max, b, e);
	free(real);
	buf_clear(&path);
	return rc;
}

const char *project_ref(const char *ref, const char *kind)
{
	size_t n = strlen(kind);

	if (*ref != '#' || strncmp(ref + 1, kind, n) != 0 ||
	    ref[n + 1] != ':' || ref[n + 2] == '\0')
		return NULL;
	return ref + n + 2;
}
