#include "query/rudder_cli.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/opt.h"
#include "query/model.h"
#include "wire/json/json.h"
#include "wire/settings/project.h"

static bool is_source(const struct project_item *item)
{
	return strcmp(item->kind, PROJECT_MODEL) == 0 ||
	       strcmp(item->kind, PROJECT_TABLE) == 0;
}

static const char *id_of(const struct project_item *item)
{
	const struct doc *id = doc_get(item->spec, "id");

	return id && id->kind == SCAN_STRING ? id->text : "";
}

/* Reports that the project has no model, none with this id, or several to
 * choose from.
 */
static int not_chosen(const struct project *p, const char *path, const char *id,
		      struct err *e)
{
	const char **names = mem_zero((p->n + 1) * sizeof(*names));
	struct buf list = {0};
	const char *near;
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (!is_source(&p->item[i]))
			continue;
		names[n++] = id_of(&p->item[i]);
		buf_fmt(&list, "%s%s", n > 1 ? ", " : "", names[n - 1]);
	}
	near = id ? opt_nearest(id, names) : NULL;
	if (n == 0)
		err_names(e, ERR_CONFIG, "'%s' has no model", path);
	else if (near && strcmp(near, id) == 0)
		err_names(e, ERR_CONFIG, "'%s' has more than one model '%s'",
			  path, id);
	else if (near)
		err_names(e, ERR_CONFIG,
			  "'%s' has no model '%s'; did you mean '%s'?", path,
			  id, near);
	else if (id)
		err_names(e, ERR_CONFIG, "'%s' has no model '%s', but %s", path,
			  id, buf_cstr(&list));
	else
		err_names(
			e, ERR_CONFIG,
			"'%s' has several models; use --model with one of: %s",
			path, buf_cstr(&list));
	free(names);
	buf_clear(&list);
	return -1;
}

static const struct project_item *choose(const struct project *p,
					 const char *id)
{
	const struct project_item *found = NULL;

	for (size_t i = 0; i < p->n; i++) {
		const struct project_item *item = &p->item[i];

		if (!is_source(item) || (id && strcmp(id, id_of(item)) != 0))
			continue;
		if (found)
			return NULL;
		found = item;
	}
	return found;
}

static int take_model(struct rudder_cli *r, const struct project *p,
		      const struct project_item *item, struct err *e)
{
	static const char *const names[] = {
		"id",      "display_name",      "description", "sql",
		"file",    "account_id",        "account",     "primary_key",
		"enabled", "source_definition", NULL};
	const char *sql, *file;

	if (doc_only(item->spec, names, e) < 0 ||
	    project_text(item->spec, "sql", false, &sql, e) < 0 ||
	    project_text(item->spec, "file", false, &file, e) < 0)
		return -1;
	if (!sql == !file)
		return err_names(e, ERR_CONFIG,
				 "a model needs either 'sql' or 'file'");
	if (file)
		return project_file(p, item, file, MODEL_MAX, &r->sql, e);
	buf_str(&r->sql, sql);
	return 0;
}

/* Appends a quoted part of the name of a table. */
static void put_part(struct buf *b, const char *name)
{
	buf_char(b, '"');
	for (; *name; name++) {
		if (*name == '"')
			buf_char(b, '"');
		buf_char(b, *name);
	}
	buf_char(b, '"');
}

static int take_table(struct rudder_cli *r, const struct project_item *item,
		      struct err *e)
{
	static const char *const names[] = {
		"id",      "display_name", "description",       "schema",
		"table",   "account_id",   "account",           "primary_key",
		"enabled", "bucket_name",  "source_definition", "object_prefix",
		NULL};
	const char *schema, *table;

	if (doc_only(item->spec, names, e) < 0)
		return -1;
	if (doc_get(item->spec, "bucket_name"))
		return err_set(e, ERR_CONFIG,
			       "an S3 bucket is not supported as a table");
	if (project_text(item->spec, "schema", false, &schema, e) < 0 ||
	    project_text(item->spec, "table", true, &table, e) < 0)
		return -1;
	if (schema) {
		put_part(&r->table, schema);
		buf_char(&r->table, '.');
	}
	put_part(&r->table, table);
	return 0;
}

static int take_known(struct rudder_cli *r, const struct project_item *item,
		      struct err *e)
{
	const char *key, *definition;

	if (project_text(item->spec, "primary_key", false, &key, e) < 0 ||
	    project_text(item->spec, "source_definition", false, &definition,
			 e) < 0)
		return -1;
	buf_str(&r->key, key ? key : "");
	buf_str(&r->definition, definition ? definition : "");
	return 0;
}

/* Whether the connection belongs to the model and is enabled. */
static bool connects(const struct doc *entry, const struct project_item *item)
{
	const struct doc *source = doc_get(entry, "source");
	const struct doc *enabled = doc_get(entry, "enabled");
	const char *id = source && source->kind == SCAN_STRING
				 ? project_ref(source->text, item->kind)
				 : NULL;

	return id && strcmp(id, id_of(item)) == 0 &&
	       !(enabled && enabled->kind == SCAN_FALSE);
}

/* Takes a text of a connection's config. It becomes empty if the connections
 * differ.
 */
static void take_common(struct buf *b, const struct doc *entry,
			const char *name, bool first)
{
	const struct doc *config = doc_get(entry, "config");
	const struct doc *d = config ? doc_get(config, name) : NULL;
	const char *text = d && d->kind == SCAN_STRING ? d->text : "";

	if (first)
		buf_str(b, text);
	else if (!slice_is(buf_all(b), text))
		b->n = 0;
}

/* Takes how the model's connections sync it; rudder-map checks them. */
static void take_connections(struct rudder_cli *r, const struct project *p,
			     const struct project_item *model)
{
	bool first = true;

	for (size_t i = 0; i < p->n; i++) {
		const struct doc *list =
			doc_get(p->item[i].spec, "connections");

		if (strcmp(p->item[i].kind, PROJECT_CONNECTIONS) != 0 ||
		    !list || list->kind != SCAN_ARRAY)
			continue;
		for (const struct doc *d = list->first; d; d = d->next) {
			if (d->kind != SCAN_OBJECT || !connects(d, model))
				continue;
			take_common(&r->mode, d, "sync_behaviour", first);
			take_common(&r->cursor, d, "cursor_column", first);
			first = false;
		}
	}
}

int rudder_cli_model(struct rudder_cli *r, const char *path, const char *id,
		     struct err *e)
{
	const struct project_item *item;
	struct project p;
	int rc = project_load(&p, path, e);

	*r = (struct rudder_cli){0};
	item = rc == 0 ? choose(&p, id) : NULL;
	if (item) {
		rc = strcmp(item->kind, PROJECT_MODEL) == 0
			     ? take_model(r, &p, item, e)
			     : take_table(r, item, e);
		if (rc == 0)
			rc = take_known(r, item, e);
		take_connections(r, &p, item);
		if (rc < 0 && e->kind == ERR_CONFIG)
			project_err_in(item, item->spec, e);
	} else if (rc == 0) {
		rc = not_chosen(&p, path, id, e);
	}
	if (r->sql.n > 0)
		(void)buf_cstr(&r->sql);
	if (r->table.n > 0)
		(void)buf_cstr(&r->table);
	project_clear(&p);
	return rc;
}

/* Appends a text of the spec to b as JSON; nothing if it is missing. */
static void put_text(struct buf *b, const struct doc *spec, const char *name)
{
	const struct doc *d = doc_get(spec, name);

	if (d && d->kind == SCAN_STRING)
		json_string(b, slice_str(d->text));
}

static int list_item(const struct project_item *item, listing_fn *put,
		     void *ctx, struct err *e)
{
	bool model = strcmp(item->kind, PROJECT_MODEL) == 0;
	struct buf name = {0}, key = {0}, definition = {0};
	int rc;

	json_string(&name, slice_str(id_of(item)));
	buf_char(&key, '[');
	put_text(&key, item->spec, "primary_key");
	if (key.n > 1)
		buf_char(&key, ']');
	else
		key.n = 0;
	put_text(&definition, item->spec, "source_definition");
	rc = put(ctx,
		 &(struct listed_model){
			 .name = buf_all(&name),
			 .kind = slice_str(model ? "\"model\"" : "\"table\""),
			 .key = buf_all(&key),
			 .definition = buf_all(&definition),
		 },
		 e);
	buf_clear(&name);
	buf_clear(&key);
	buf_clear(&definition);
	return rc;
}

int rudder_cli_list(const char *path, listing_fn *put, void *ctx, struct err *e)
{
	struct project p;
	int rc = project_load(&p, path, e);

	for (size_t i = 0; rc == 0 && i < p.n; i++) {
		if (is_source(&p.item[i]))
			rc = list_item(&p.item[i], put, ctx, e);
	}
	project_clear(&p);
	return rc;
}

void rudder_cli_clear(struct rudder_cli *r)
{
	buf_clear(&r->sql);
	buf_clear(&r->table);
	buf_clear(&r->key);
	buf_clear(&r->definition);
	buf_clear(&r->mode);
	buf_clear(&r->cursor);
	*r = (struct rudder_cli){0};
}
