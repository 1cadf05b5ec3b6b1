#include <stdlib.h>
#include <sys/stat.h>

#include "core/mem.h"
#include "map/event/event.h"
#include "map/event/mapping_load.h"
#include "map/settings/connection_list.h"
#include "map/settings/mapping.h"
#include "map/settings/mapping_hints.h"
#include "wire/settings/yaml.h"

/* Where the settings that are not options come from: at most one of d and
 * connection is set.
 */
struct mapping_source {
	const struct doc *d; /* the mapping in a file */
	const struct connection *connection;
	bool one_of_many; /* the caller names the mapping in errors */
};

static int load_source(struct mapping *m, const struct mapping_options *o,
		       const struct mapping_source *from,
		       struct mapping_file_words *w, struct err *e)
{
	if (from->connection)
		return connection_take(m, from->connection, w, e);
	if (!from->d || mapping_file_take(m, from->d, w, e) == 0)
		return 0;
	return from->one_of_many ? -1 : err_in(e, "mapping '%s'", o->file);
}

static int load(struct mapping *m, const struct mapping_options *o,
		const struct mapping_source *from, struct mapping_file_words *w,
		struct err *e)
{
	if (load_source(m, o, from, w, e) < 0)
		return -1;
	if (from->d)
		m->file = mem_copy(o->file, strlen(o->file));
	if (mapping_settle(m, o, w, e) == 0 &&
	    (m->jq || event_check(m, e) == 0)) {
		mapping_hints(m);
		return 0;
	}
	return from->connection ? connection_err_in(from->connection,
						    from->connection->entry, e)
				: -1;
}

static int load_next(struct mapping_list *list, const struct mapping_options *o,
		     const struct mapping_source *from, struct err *e)
{
	struct mapping_file_words w = {0};
	struct mapping *m;
	int rc;

	list->v = mem_resize(list->v, (list->n + 1) * sizeof(*list->v));
	m = &list->v[list->n++];
	*m = (struct mapping){0};
	rc = load(m, o, from, &w, e);
	mapping_file_clear(&w);
	return rc;
}

static int too_many(const struct mapping_options *o, struct err *e)
{
	return err_names(e, ERR_CONFIG, "mapping '%s': more than %d mappings",
			 o->file, MAPPING_MAX);
}

/* An array of mappings. */
static int load_all(struct mapping_list *list, const struct mapping_options *o,
		    const struct doc *d, struct err *e)
{
	struct mapping_source from = {.one_of_many = true};

	if (!d->first)
		return err_names(e, ERR_CONFIG,
				 "mapping '%s': the file has no mapping",
				 o->file);
	for (from.d = d->first; from.d; from.d = from.d->next) {
		if (list->n == MAPPING_MAX)
			return too_many(o, e);
		if (load_next(list, o, &from, e) < 0)
			return err_in(e, "mapping %zu of '%s'", list->n,
				      o->file);
	}
	return 0;
}

/* Whether d is a sync file, which has a version, and its mapping in a member.
 */
static bool is_sync_file(const struct doc *d)
{
	return doc_get(d, "version") && doc_get(d, "source") &&
	       !doc_get(d, "type");
}

/* The mapping of a sync file: that of the named destination, or else that of
 * the whole file. NULL with *e set if the file does not contain it.
 */
static const struct doc *sync_mapping(const struct mapping_options *o,
				      const struct doc *d, struct err *e)
{
	const char *name = o->connections.n > 0 ? o->connections.v[0] : NULL;
	const struct doc *all = doc_get(d, "destinations");
	const struct doc *to =
		doc_get(name ? all : d, name ? name : "destination");
	const struct doc *own = doc_get(to, "mapping");

	if (name && (!to || o->connections.n > 1)) {
		err_names(e, ERR_CONFIG,
			  "'%s' is a sync file: --connection must name one of "
			  "its destinations",
			  o->file);
		return NULL;
	}
	own = own ? own : doc_get(d, "mapping");
	if (own && own->kind != SCAN_STRING)
		return own;
	if (own)
		err_names(e, ERR_CONFIG,
			  "the mapping of '%s' is in the file '%s'", o->file,
			  own->text);
	else
		err_names(e, ERR_CONFIG, "'%s' has no 'mapping'", o->file);
	return NULL;
}

static int load_file(struct mapping_list *list, const struct mapping_options *o,
		     const struct doc *d, struct err *e)
{
	struct mapping_source from = {.d = d};

	/* a YAML file is read as an array of documents */
	if (yaml_named(o->file) && d->first && !d->first->next)
		from.d = d->first;
	if (is_sync_file(from.d))
		from.d = sync_mapping(o, from.d, e);
	else if (o->connections.n > 0)
		return err_names(
			e, ERR_USAGE,
			"--connection is for a rudder-cli project or a "
			"sync file, and '%s' is neither",
			o->file);
	if (!from.d)
		return -1;
	return from.d->kind == SCAN_ARRAY ? load_all(list, o, from.d, e)
					  : load_next(list, o, &from, e);
}

static int load_project(struct mapping_list *list,
			const struct mapping_options *o, struct err *e)
{
	struct connection *v = NULL;
	struct project p;
	size_t n = 0;
	int rc = project_load(&p, o->file, e);

	if (rc == 0 &&
	    connection_list_choose(&v, &n, &p, &o->connections, e) < 0)
		rc = err_in(e, "'%s'", o->file);
	if (rc == 0 && n > MAPPING_MAX)
		rc = too_many(o, e);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		const struct mapping_source from = {.connection = &v[i]};

		rc = load_next(list, o, &from, e);
	}
	free(v);
	project_clear(&p);
	return rc;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int mapping_load(struct mapping_list *list, const struct mapping_options *o,
		 struct err *e)
{
	const struct mapping_source none = {0};
	struct doc *d = NULL;
	int rc;

	*list = (struct mapping_list){0};
	if (!o->file && o->connections.n > 0)
		return err_names(e, ERR_USAGE,
				 "--connection needs a project: use -m PATH");
	if (!o->file)
		return load_next(list, o, &none, e);
	if (is_folder(o->file))
		return load_project(list, o, e);
	if (doc_read(&d, o->file, e) < 0)
		return e->kind == ERR_INPUT
			       ? -1
			       : err_in(e, "mapping '%s'", o->file);
	rc = project_is(d) ? load_project(list, o, e)
			   : load_file(list, o, d, e);
	doc_free(d);
	return rc;
}
