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

const char *connection_id(const struct doc *entry)
{
	const struct doc *id = doc_get(entry, "id");

	return id && id->kind == SCAN_STRING ? id->text : "";
}

/* State while a connection is read. */
struct work {
	const struct connection *c;
	struct mapping *m;
	const struct doc *config;
	const struct doc *at; /* for errors: the current node, or NULL */
	const char *object;   /* the destination's object; NULL: JSON mapping */
};

/* Checks that d has only these keys. The error of doc_only has the line, so at
 * is reset.
 */
static int keys(struct work *w, const struct doc *d, const char *const *names,
		struct err *e)
{
	if (doc_only(d, names, e) == 0)
		return 0;
	w->at = NULL;
	return -1;
}

/* Writes a target: "column" is relative to the body, "traits.email" starts at
 * the root of the event.
 */
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
		bool json, object; /* reserved in a JSON mapping, in one to an
				      object */
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

/* Reads a list of objects with two texts each, and calls take for each pair. */
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

/* Sets the mapping's object to DESTINATION-object, where DESTINATION is the
 * type of the destination in the project.
 */
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

/* Checks that the member name of in is an object that has only these keys. */
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

/* Checks the keys of settings that other commands use, or that have no effect
 * here.
 */
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

/* Adds an entry that excludes every column that is not named. */
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
		e->kind = ERR_CONFIG; /* the invalid text is in a file, not an
					 option */
	err_in(e, "connection '%s'", connection_id(c->entry));
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
