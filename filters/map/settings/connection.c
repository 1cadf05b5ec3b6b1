#include "map/settings/connection.h"

#include <ctype.h>
#include <stdlib.h>

#include "core/mem.h"
#include "map/settings/mapping_text.h"
#include "wire/json/json.h"

static const char *const entry_names[] = {"id",      "source", "destination",
					  "enabled", "config", NULL};
static const char *const config_names[] = {
	"sync_behaviour", "schedule", "identifiers", "mappings",
	"constants",      "event",    "object",      "cursor_column",
	"sync_settings",  NULL};
static const char *const schedule_names[] = {"type", "every_minutes",
					     "cron_expression", NULL};
static const char *const event_type_names[] = {"type", "name", "name_column",
					       NULL};
static const char *const column_names[] = {"from", "to", NULL};
static const char *const constant_names[] = {"key", "value", NULL};
static const char *const sync_names[] = {"sync_logs", "failed_keys", NULL};
static const char *const log_names[] = {"enabled", "retention_days",
					"snapshots_to_retain", NULL};
static const char *const failed_names[] = {"retry", NULL};

/* ---- which ------------------------------------------------------------ */

static const char *id_of(const struct doc *entry)
{
	const struct doc *id = doc_get(entry, "id");

	return id && id->kind == SCAN_STRING ? id->text : "";
}

static bool disabled(const struct doc *entry)
{
	const struct doc *enabled = doc_get(entry, "enabled");

	return enabled && enabled->kind == SCAN_FALSE;
}

static void add(struct connection **v, size_t *n, const struct connection *c)
{
	*v = mem_resize(*v, (*n + 1) * sizeof(**v));
	(*v)[(*n)++] = *c;
}

/* All of a project. ERR_CONFIG where one has no id, or not its own. */
static int list_all(struct connection **v, size_t *n, const struct project *p,
		    struct err *e)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct project_item *item = &p->item[i];
		const struct doc *list = doc_get(item->spec, "connections");

		if (strcmp(item->kind, PROJECT_CONNECTIONS) != 0)
			continue;
		if (!list || list->kind != SCAN_ARRAY) {
			err_names(e, ERR_CONFIG,
				  "'connections' must be a list");
			return project_err_in(item, item->spec, e);
		}
		for (const struct doc *d = list->first; d; d = d->next) {
			struct connection c = {p, item, d};

			for (size_t k = 0; k < *n; k++) {
				if (strcmp(id_of((*v)[k].entry), id_of(d)) != 0)
					continue;
				err_names(e, ERR_CONFIG,
					  "a second connection '%s'", id_of(d));
				return project_err_in(item, d, e);
			}
			add(v, n, &c);
		}
	}
	return 0;
}

/* What there is to choose from, as far as a message has room. */
static int none(const struct connection *all, size_t n, const char *id,
		struct err *e)
{
	const char **names = mem_zero((n + 1) * sizeof(*names));
	struct buf list = {0};
	const char *near;

	for (size_t i = 0; i < n; i++) {
		names[i] = id_of(all[i].entry);
		buf_fmt(&list, "%s%s", i > 0 ? ", " : "", names[i]);
	}
	near = id ? opt_nearest(id, names) : NULL;
	if (n == 0)
		err_names(e, ERR_CONFIG,
			  "the project has no connection of kind "
			  "'" PROJECT_CONNECTIONS "'");
	else if (near)
		err_names(e, ERR_CONFIG,
			  "the project has no connection '%s'; did you mean "
			  "'%s'?",
			  id, near);
	else if (id)
		err_names(e, ERR_CONFIG,
			  "the project has no connection '%s', but %s", id,
			  buf_cstr(&list));
	else
		err_names(e, ERR_CONFIG,
			  "the project has several connections: use "
			  "--connection with one of: %s",
			  buf_cstr(&list));
	buf_clear(&list);
	free(names);
	return -1;
}

/* Rows are those of one source. */
static int check_source(const struct connection *v, size_t n, struct err *e)
{
	const struct doc *first = doc_get(v[0].entry, "source");

	for (size_t i = 1; i < n; i++) {
		const struct doc *other = doc_get(v[i].entry, "source");

		if (!first || !other || first->kind != SCAN_STRING ||
		    other->kind != SCAN_STRING ||
		    strcmp(first->text, other->text) != 0)
			return err_names(e, ERR_CONFIG,
					 "connections '%s' and '%s' have "
					 "different sources",
					 id_of(v[0].entry), id_of(v[i].entry));
	}
	return 0;
}

static int by_ids(struct connection **v, size_t *n,
		  const struct connection *all, size_t n_all,
		  const struct opt_list *ids, struct err *e)
{
	for (size_t i = 0; i < ids->n; i++) {
		size_t k = 0;

		while (k < n_all && strcmp(id_of(all[k].entry), ids->v[i]) != 0)
			k++;
		if (k == n_all)
			return none(all, n_all, ids->v[i], e);
		if (disabled(all[k].entry))
			return err_names(
				e, ERR_CONFIG,
				"connection '%s' is disabled ('enabled' "
				"is false)",
				ids->v[i]);
		add(v, n, &all[k]);
	}
	return check_source(*v, *n, e);
}

int connection_choose(struct connection **v, size_t *n, const struct project *p,
		      const struct opt_list *ids, struct err *e)
{
	struct connection *all = NULL;
	size_t n_all = 0;
	int rc = list_all(&all, &n_all, p, e);

	*v = NULL;
	*n = 0;
	if (rc == 0 && ids->n > 0) {
		rc = by_ids(v, n, all, n_all, ids, e);
	} else if (rc == 0) {
		for (size_t i = 0; i < n_all; i++) {
			if (!disabled(all[i].entry))
				add(v, n, &all[i]);
		}
		if (*n != 1)
			rc = none(all, n_all, NULL, e);
	}
	free(all);
	return rc;
}

/* ---- its mapping ------------------------------------------------------ */

/* A connection while it is read. */
struct work {
	const struct connection *c;
	struct mapping *m;
	const struct doc *config;
	const struct doc *at; /* for errors: what is looked at, or NULL */
	const char *object;   /* NULL: events by JSON */
};

/* Whose error tells the line itself. */
static int keys(struct work *w, const struct doc *d, const char *const *names,
		struct err *e)
{
	if (doc_only(d, names, e) == 0)
		return 0;
	w->at = NULL;
	return -1;
}

/* "column" or "traits.email": the latter from the root of the event. */
static void put_target(struct buf *b, const struct work *w, const char *to)
{
	static const char *const roots[] = {"traits.", "properties.",
					    "context."};

	b->n = 0;
	for (size_t i = 0; !w->object && i < COUNT_OF(roots); i++) {
		if (strncmp(to, roots[i], strlen(roots[i])) == 0)
			buf_char(b, '.');
	}
	buf_str(b, to);
}

static int check_target(const struct work *w, const char *to, struct err *e)
{
	static const struct {
		const char *to;
		bool json, object; /* in events by JSON, by an object */
	} reserved[] = {
		{"user_id", true, true},
		{"anonymous_id", true, false},
		{"context.externalId[0].id", false, true},
		{"context.mappedToDestination", true, true},
	};

	for (size_t i = 0; i < COUNT_OF(reserved); i++) {
		if (strcmp(to, reserved[i].to) == 0 &&
		    (w->object ? reserved[i].object : reserved[i].json))
			return err_names(e, ERR_CONFIG,
					 "the target '%s' is reserved", to);
	}
	return 0;
}

static int identifier(struct work *w, const char *from, const char *to,
		      struct err *e)
{
	struct mapping_column *c;

	if (!w->object && strcmp(to, "user_id") == 0) {
		mapping_text_replace(&w->m->user_id, from);
		return 0;
	}
	if (!w->object && strcmp(to, "anonymous_id") == 0) {
		mapping_text_replace(&w->m->anonymous_id, from);
		return 0;
	}
	if (!w->object)
		return err_names(e, ERR_CONFIG,
				 "an identifier must map to user_id or "
				 "anonymous_id, not to '%s'",
				 to);
	c = mapping_text_column(&w->m->identifier, &w->m->n_identifiers);
	c->name = mapping_text_copy(from);
	c->n = strlen(from);
	path_add(&c->to, slice_str(to));
	return 0;
}

static int column(struct work *w, const char *from, const char *to,
		  struct err *e)
{
	struct mapping_column *c;
	struct buf target = {0};
	int rc;

	if (check_target(w, to, e) < 0)
		return -1;
	c = mapping_text_column(&w->m->column, &w->m->n_columns);
	c->name = mapping_text_copy(from);
	c->n = strlen(from);
	put_target(&target, w, to);
	rc = mapping_text_target(c, buf_all(&target), e);
	buf_clear(&target);
	return rc;
}

static int constant(struct work *w, const char *key, const char *value,
		    struct err *e)
{
	struct buf target = {0}, json = {0};
	int rc;

	if (check_target(w, key, e) < 0)
		return -1;
	put_target(&target, w, key);
	json_string(&json, slice_str(value));
	rc = mapping_text_constant(w->m, buf_all(&target), buf_all(&json), e);
	buf_clear(&target);
	buf_clear(&json);
	return rc;
}

typedef int pair_fn(struct work *w, const char *a, const char *b,
		    struct err *e);

/* A list of objects with two texts each. */
static int pairs(struct work *w, const char *name, const char *const *names,
		 pair_fn *take, struct err *e)
{
	const struct doc *list = doc_get(w->config, name);
	const char *a, *b;

	if (!list)
		return 0;
	w->at = list;
	if (list->kind != SCAN_ARRAY)
		return err_names(e, ERR_CONFIG, "'%s' must be a list", name);
	for (const struct doc *d = list->first; d; d = d->next) {
		w->at = d;
		if (d->kind != SCAN_OBJECT)
			return err_names(
				e, ERR_CONFIG,
				"'%s' has an entry that is not an object",
				name);
		if (keys(w, d, names, e) < 0 ||
		    project_text(d, names[0], true, &a, e) < 0 ||
		    project_text(d, names[1], true, &b, e) < 0 ||
		    take(w, a, b, e) < 0)
			return -1;
	}
	return 0;
}

static int event(struct work *w, struct mapping_file_words *words,
		 struct err *e)
{
	const struct doc *d = doc_get(w->config, "event");
	const char *type = "identify", *name = NULL, *column_of = NULL;

	if (d) {
		w->at = d;
		if (d->kind != SCAN_OBJECT)
			return err_names(e, ERR_CONFIG,
					 "'event' must be an object");
		if (keys(w, d, event_type_names, e) < 0 ||
		    project_text(d, "type", true, &type, e) < 0 ||
		    project_text(d, "name", false, &name, e) < 0 ||
		    project_text(d, "name_column", false, &column_of, e) < 0)
			return -1;
		if (strcmp(type, "identify") != 0 && strcmp(type, "track") != 0)
			return err_names(e, ERR_CONFIG,
					 "the event's type must be identify or "
					 "track, not '%s'",
					 type);
		if (name && column_of)
			return err_names(e, ERR_CONFIG,
					 "an event must have 'name' or "
					 "'name_column', not both");
	}
	words->type = mapping_text_copy(type);
	mapping_text_event(w->m, name);
	w->m->event_column = mapping_text_copy(column_of);
	return 0;
}

/* DESTINATION-object, by the destination's type in the project. */
static int object(struct work *w, const char *behaviour,
		  struct mapping_file_words *words, struct err *e)
{
	const char *ref, *id, *type;
	const struct project_item *item;
	struct buf b = {0};

	w->at = w->c->entry;
	if (doc_get(w->config, "constants") || doc_get(w->config, "event"))
		return err_names(e, ERR_CONFIG,
				 "an object excludes 'constants' and 'event'");
	if (strcmp(behaviour, "mirror") == 0) {
		words->type = mapping_text_copy("record");
		return 0;
	}
	if (project_text(w->c->entry, "destination", true, &ref, e) < 0)
		return -1;
	id = project_ref(ref, PROJECT_DESTINATION);
	item = id ? project_find(w->c->project, PROJECT_DESTINATION, id) : NULL;
	if (!item)
		return err_names(
			e, ERR_CONFIG,
			"the object needs its destination, but '%s' is "
			"not in the project",
			ref);
	if (project_text(item->spec, "type", true, &type, e) < 0)
		return -1;
	if (strchr(type, '-'))
		return err_names(e, ERR_CONFIG,
				 "the destination type '%s' contains a '-', so "
				 "it cannot have an object",
				 type);
	words->type = mapping_text_copy("identify");
	for (const char *p = type; *p; p++)
		buf_char(&b, (char)toupper((unsigned char)*p));
	buf_fmt(&b, "-%s", w->object);
	mapping_text_replace(&w->m->object, buf_cstr(&b));
	buf_clear(&b);
	return 0;
}

/* An object whose keys must be among these. */
static int only(struct work *w, const struct doc *in, const char *name,
		const char *const *names, struct err *e)
{
	const struct doc *d = doc_get(in, name);

	if (!d)
		return 0;
	w->at = d;
	if (d->kind != SCAN_OBJECT)
		return err_names(e, ERR_CONFIG, "'%s' must be an object", name);
	return keys(w, d, names, e);
}

/* What other commands do, or nobody here: checked for its keys. */
static int others(struct work *w, const char **behaviour, struct err *e)
{
	static const char *const words[] = {"upsert", "mirror", "full"};
	const struct doc *sync = doc_get(w->config, "sync_settings");
	const char *ignored;

	if (!doc_get(w->config, "schedule"))
		return err_names(e, ERR_CONFIG, "'schedule' is missing");
	if (project_text(w->config, "cursor_column", false, &ignored, e) < 0 ||
	    only(w, w->config, "schedule", schedule_names, e) < 0 ||
	    only(w, w->config, "sync_settings", sync_names, e) < 0 ||
	    only(w, sync, "sync_logs", log_names, e) < 0 ||
	    only(w, sync, "failed_keys", failed_names, e) < 0)
		return -1;
	w->at = w->config;
	if (project_text(w->config, "sync_behaviour", true, behaviour, e) < 0)
		return -1;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strcmp(*behaviour, words[i]) == 0)
			return 0;
	}
	return err_names(e, ERR_CONFIG,
			 "sync_behaviour '%s' is not upsert, mirror or full",
			 *behaviour);
}

/* None but those that are named: a list that only leaves out. */
static void no_columns(struct mapping *m)
{
	struct mapping_column *c =
		mapping_text_column(&m->column, &m->n_columns);

	c->name = mapping_text_copy("*");
	c->n = 1;
	c->glob = c->leave_out = true;
}

static int take(struct work *w, struct mapping_file_words *words, struct err *e)
{
	const struct doc *entry = w->c->entry;
	const char *behaviour;

	if (entry->kind != SCAN_OBJECT)
		return err_names(e, ERR_CONFIG,
				 "a connection must be an object");
	if (keys(w, entry, entry_names, e) < 0)
		return -1;
	w->config = doc_get(entry, "config");
	if (!w->config || w->config->kind != SCAN_OBJECT)
		return err_names(e, ERR_CONFIG, "'config' must be an object");
	w->at = w->config;
	if (keys(w, w->config, config_names, e) < 0 ||
	    project_text(w->config, "object", false, &w->object, e) < 0 ||
	    others(w, &behaviour, e) < 0)
		return -1;
	if (w->object ? object(w, behaviour, words, e) < 0
		      : event(w, words, e) < 0)
		return -1;
	if (pairs(w, "identifiers", column_names, identifier, e) < 0 ||
	    pairs(w, "mappings", column_names, column, e) < 0 ||
	    pairs(w, "constants", constant_names, constant, e) < 0)
		return -1;
	w->at = w->config;
	if (w->m->n_columns == 0 && !w->object)
		return err_names(e, ERR_CONFIG,
				 "'mappings' is missing or empty");
	if (w->m->n_columns == 0)
		no_columns(w->m);
	return 0;
}

int connection_err_in(const struct connection *c, const struct doc *at,
		      struct err *e)
{
	if (e->kind == ERR_USAGE)
		e->kind = ERR_CONFIG; /* what is wrong stands in a file */
	err_in(e, "connection '%s'", id_of(c->entry));
	return at ? project_err_in(c->item, at, e)
		  : err_in(e, "'%s'", c->item->path);
}

int connection_take(struct mapping *m, const struct connection *c,
		    struct mapping_file_words *words, struct err *e)
{
	struct work w = {.c = c, .m = m, .at = c->entry};

	if (take(&w, words, e) == 0)
		return 0;
	return connection_err_in(c, w.at, e);
}
