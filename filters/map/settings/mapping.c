#include "map/settings/mapping.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/text.h"
#include "map/settings/event_type.h"
#include "map/settings/mapping_file.h"
#include "map/settings/mapping_place.h"
#include "map/settings/mapping_text.h"
#include "map/settings/mapping_words.h"
#include "wire/json/json.h"

const char *const mapping_actions[MAPPING_ACTIONS] = {
	[MAPPING_INSERT] = "insert",
	[MAPPING_UPDATE] = "update",
	[MAPPING_DELETE] = "delete",
};

bool mapping_glob(struct slice pattern, struct slice name)
{
	size_t p = 0, i = 0, star = SIZE_MAX, mark = 0;

	while (i < name.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			mark = i;
		} else if (p < pattern.n &&
			   (pattern.p[p] == '?' || pattern.p[p] == name.p[i])) {
			p++;
			i++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			i = ++mark;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

static int read_key(struct mapping *m, const char *path, struct err *e)
{
	struct buf *b = &m->mask_key;

	if (!path)
		return 0;
	mapping_text_replace(&m->mask_key_file, path);
	b->n = 0;
	if (file_secret(path, 4096, b, e) < 0)
		return -1;
	while (b->n > 0 && (b->p[b->n - 1] == '\n' || b->p[b->n - 1] == '\r'))
		b->n--;
	if (b->n == 0)
		return err_names(e, ERR_CONFIG, "mask key '%s' is empty", path);
	return 0;
}

/* Takes f and sets its mask key. Returns NULL, and frees f, if it has no
 * effect.
 */
static struct field *finish_field(const struct mapping *m, struct field *f)
{
	f->key = &m->mask_key;
	if (field_active(f))
		return f;
	field_clear(f);
	free(f);
	return NULL;
}

struct field *mapping_field(const struct mapping *m,
			    const struct mapping_column *c, struct slice name)
{
	struct field *f = mem_zero(sizeof(*f));

	f->null = m->null;
	for (size_t i = 0; i < m->n_settings; i++) {
		if (mapping_glob(slice_str(m->setting[i].name), name))
			field_merge(f, &m->setting[i].field);
	}
	if (c)
		field_merge(f, &c->field);
	return finish_field(m, f);
}

bool mapping_fits_computed(const struct mapping_setting *s,
			   const struct mapping_computed *c)
{
	struct buf path = {0};
	bool fits;

	path_text(&path, &c->to);
	fits = mapping_glob(slice_str(s->name), buf_all(&path));
	buf_clear(&path);
	return fits;
}

struct field *mapping_computed_field(const struct mapping *m,
				     const struct mapping_computed *c)
{
	struct field *f = mem_zero(sizeof(*f));

	for (size_t i = 0; i < m->n_settings; i++) {
		if (mapping_fits_computed(&m->setting[i], c))
			field_merge(f, &m->setting[i].field);
	}
	return finish_field(m, f);
}

/* Returns an error if a mask has a step hmac and there is no mask key. */
static int check_keys(const struct mapping *m, struct err *e)
{
	bool needed = false;

	for (size_t i = 0; i < m->n_settings; i++)
		needed = needed || field_needs_key(&m->setting[i].field);
	for (size_t i = 0; i < m->n_columns; i++)
		needed = needed || field_needs_key(&m->column[i].field);
	if (needed && m->mask_key.n == 0)
		return err_names(e, ERR_CONFIG,
				 "mask 'hmac' needs --mask-key-file");
	return 0;
}

/* ---- all together ----------------------------------------------------- */

/* "name", or "insert=name,update=name,delete=name". */
static int event_option(struct mapping *m, const char *word, struct err *e)
{
	struct slice rest = slice_str(word);
	bool any = false;

	for (size_t i = 0; i < MAPPING_ACTIONS; i++) {
		size_t n = strlen(mapping_actions[i]);

		any = any || (strncmp(word, mapping_actions[i], n) == 0 &&
			      word[n] == '=');
	}
	if (!any) {
		mapping_text_event(m, word);
		return 0;
	}
	while (rest.n > 0) {
		size_t n = mapping_text_split(rest, ',');
		size_t eq = mapping_text_split(slice_of(rest.p, n), '=');
		size_t i = 0;

		while (i < MAPPING_ACTIONS &&
		       !slice_is(mapping_text_trim(slice_of(rest.p, eq)),
				 mapping_actions[i]))
			i++;
		if (i == MAPPING_ACTIONS || eq == n)
			return err_names(e, ERR_USAGE,
					 "event names '%s': expected "
					 "insert=NAME,update=NAME,delete=NAME",
					 word);
		free(m->event[i]);
		m->event[i] = mem_copy(rest.p + eq + 1, n - eq - 1);
		n += n < rest.n;
		rest = slice_of(rest.p + n, rest.n - n);
	}
	return 0;
}

static int overlay_event(struct mapping *m, const struct mapping_options *o,
			 struct err *e)
{
	if (o->event || o->event_column) {
		for (size_t i = 0; i < MAPPING_DELETE; i++) {
			free(m->event[i]);
			m->event[i] = NULL;
		}
		free(m->event_column);
		m->event_column = mapping_text_copy(o->event_column);
	}
	if (o->event && event_option(m, o->event, e) < 0)
		return -1;
	mapping_text_replace(&m->event[MAPPING_DELETE], o->delete_event);
	return 0;
}

/* Records that options named these columns. The options replace the list of a
 * file.
 */
static void place_columns(struct mapping *m, enum mapping_use use,
			  const struct mapping_column *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		mapping_place_add(m, use, v[i].name, 0);
}

static void place_options(struct mapping *m, const struct mapping_options *o)
{
	mapping_place_add(m, MAPPING_USER_ID, o->user_id, 0);
	mapping_place_add(m, MAPPING_ANONYMOUS_ID, o->anonymous_id, 0);
	mapping_place_add(m, MAPPING_EVENT_COLUMN, o->event_column, 0);
	mapping_place_add(m, MAPPING_GROUP_ID, o->group_id, 0);
	mapping_place_add(m, MAPPING_PREVIOUS_ID, o->previous_id, 0);
	mapping_place_add(m, MAPPING_TIMESTAMP, o->timestamp, 0);
	if (o->identifiers.n > 0)
		place_columns(m, MAPPING_IDENTIFIERS, m->identifier,
			      m->n_identifiers);
	if (o->columns.n > 0)
		place_columns(m, MAPPING_COLUMNS, m->column, m->n_columns);
}

/* Replaces the settings of the file by the options that are given. */
static int overlay(struct mapping *m, const struct mapping_options *o,
		   struct err *e)
{
	if (overlay_event(m, o, e) < 0)
		return -1;
	mapping_text_replace(&m->user_id, o->user_id);
	mapping_text_replace(&m->anonymous_id, o->anonymous_id);
	mapping_text_replace(&m->group_id, o->group_id);
	mapping_text_replace(&m->previous_id, o->previous_id);
	mapping_text_replace(&m->object, o->object);
	mapping_text_replace(&m->timestamp, o->timestamp);
	mapping_text_replace(&m->jq, o->jq);
	mapping_text_replace(&m->where, o->where);
	for (size_t i = 0; i < o->computed.n; i++) {
		if (mapping_text_computed_word(m, o->computed.v[i], e) < 0)
			return -1;
	}
	mapping_text_replace(&m->job_id, o->job_id);
	if (o->identifiers.n > 0)
		mapping_text_clear(&m->identifier, &m->n_identifiers);
	for (size_t i = 0; i < o->identifiers.n; i++) {
		if (mapping_text_identifiers(m, slice_str(o->identifiers.v[i]),
					     e) < 0)
			return -1;
	}
	if (o->columns.n > 0)
		mapping_text_clear(&m->column, &m->n_columns);
	for (size_t i = 0; i < o->columns.n; i++) {
		if (mapping_text_columns(m, slice_str(o->columns.v[i]), e) < 0)
			return -1;
	}
	place_options(m, o);
	return mapping_text_constants(m, o, e);
}

static int check_event(const struct mapping *m, struct err *e)
{
	const char *type = m->type->name;
	bool one = m->event[MAPPING_INSERT] || m->event[MAPPING_UPDATE];

	if (one && m->event_column)
		return err_names(
			e, ERR_USAGE,
			"options '--event' and '--event-column' exclude "
			"each other");
	if (m->type->name_needed && !one && !m->event[MAPPING_DELETE] &&
	    !m->event_column)
		return err_names(
			e, ERR_USAGE,
			"type '%s' needs an event name: use -e NAME or "
			"--event-column COLUMN (event: NAME or event: "
			"{column: COLUMN} in a mapping file)",
			type);
	if (!m->type->name_member && (one || m->event_column))
		return err_names(e, ERR_CONFIG, "type '%s' has no event name",
				 type);
	if (m->type->record && m->event[MAPPING_DELETE])
		return err_names(
			e, ERR_CONFIG,
			"type 'record' supports deletes itself: remove "
			"--delete-event");
	return 0;
}

/* Checks one setting: an error if the event type needs it and it is not given,
 * or is given and the type does not use it.
 */
static int check_one(const struct mapping *m, bool needed, bool allowed,
		     bool given, const char *option, struct err *e)
{
	if (needed && !given)
		return err_names(e, ERR_USAGE, "type '%s' needs %s",
				 m->type->name, option);
	if (given && !allowed)
		return err_names(e, ERR_CONFIG, "type '%s' does not use %s",
				 m->type->name, option);
	return 0;
}

/* Checks the object of the visual data mapper, and the identifiers. */
static int check_identifiers(const struct mapping *m, struct err *e)
{
	const char *dash = m->object ? strchr(m->object, '-') : NULL;
	bool vdm = m->object && !m->type->record;

	if (m->object && (text_trim(slice_str(m->object)).n == 0 ||
			  dash == m->object || (dash && !dash[1])))
		return err_names(e, ERR_CONFIG,
				 "object '%s': expected its name, such as "
				 "DESTINATION-object",
				 m->object);
	if (check_one(m, m->object != NULL, m->type->record || vdm,
		      m->n_identifiers > 0,
		      "--identifier COLUMN=KEY (identifiers in a mapping file)",
		      e) < 0)
		return -1;
	if (m->object && m->n_identifiers > 1)
		return err_names(e, ERR_CONFIG,
				 "an object needs exactly one identifier");
	return 0;
}

static int check_identity(const struct mapping *m, struct err *e)
{
	if (m->user_id || m->anonymous_id || m->type->record || m->object)
		return 0;
	return err_names(e, ERR_USAGE,
			 "no user: use -u COLUMN for the user id or -a COLUMN "
			 "for the anonymous id (user_id: COLUMN or "
			 "anonymous_id: COLUMN in a mapping file)");
}

/* Returns an error if the timestamp column has a mask: the event's timestamp
 * would be sent unmasked.
 */
static int check_timestamp(const struct mapping *m, struct err *e)
{
	struct field *f =
		m->timestamp ? mapping_field(m, NULL, slice_str(m->timestamp))
			     : NULL;
	bool masked = f && f->n_steps > 0;

	if (f)
		field_clear(f);
	free(f);
	if (!masked)
		return 0;
	return err_names(e, ERR_CONFIG,
			 "column '%s' is the event's time (--timestamp) and "
			 "cannot be masked",
			 m->timestamp);
}

static int check_text(const char *text, const char *what, struct err *e)
{
	if (!text || json_utf8(slice_str(text)) == strlen(text))
		return 0;
	return err_names(e, ERR_CONFIG, "%s is not UTF-8", what);
}

static int check(struct mapping *m, struct err *e)
{
	m->all = true;
	for (size_t i = 0; i < m->n_columns; i++)
		m->all = m->all && m->column[i].leave_out;
	for (size_t i = 0; i < MAPPING_ACTIONS; i++) {
		const char *name = m->event[i];

		if (check_text(name, "the event name", e) < 0)
			return -1;
		if (name && text_trim(slice_str(name)).n == 0)
			return err_names(e, ERR_CONFIG,
					 "the event name for %ss is blank",
					 mapping_actions[i]);
	}
	if (check_text(m->job_id, "the job id", e) < 0 ||
	    check_text(m->object, "the object", e) < 0)
		return -1;
	if (m->jq) {
		if (m->n_columns > 0 || m->n_constants > 0 ||
		    m->event[MAPPING_INSERT] || m->event[MAPPING_UPDATE] ||
		    m->event_column || m->n_identifiers > 0 || m->object ||
		    m->group_id || m->previous_id || m->timestamp ||
		    m->n_settings > 0 || m->null || m->n_computed > 0)
			return err_names(e, ERR_CONFIG,
					 "a jq program makes the whole event: "
					 "set columns, constants, identifiers "
					 "and event names in the program");
		return 0;
	}
	if (check_identity(m, e) < 0 || check_event(m, e) < 0 ||
	    check_one(m, m->type->group, m->type->group, m->group_id != NULL,
		      "--group-id COLUMN (group_id in a mapping file)",
		      e) < 0 ||
	    check_one(m, m->type->alias, m->type->alias, m->previous_id != NULL,
		      "--previous-id COLUMN (previous_id in a mapping file)",
		      e) < 0 ||
	    check_identifiers(m, e) < 0)
		return -1;
	return check_timestamp(m, e);
}

int mapping_settle(struct mapping *m, const struct mapping_options *o,
		   const struct mapping_file_words *w, struct err *e)
{
	if (w->null && mapping_text_null(m, w->null, e) < 0)
		return -1;
	if (overlay(m, o, e) < 0 || mapping_text_fields(m, o, e) < 0 ||
	    read_key(m, o->mask_key_file ? o->mask_key_file : w->mask_key_file,
		     e) < 0 ||
	    mapping_words_take(m, o, w, e) < 0)
		return -1;
	return check(m, e) < 0 ? -1 : check_keys(m, e);
}

void mapping_list_clear(struct mapping_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		mapping_clear(&list->v[i]);
	free(list->v);
	*list = (struct mapping_list){0};
}

void mapping_run(struct mapping *m, struct slice run, uint64_t now_ms)
{
	struct buf start = {0}, json = {0};
	uint64_t ms;

	if (!clock_run_start(run, &ms))
		ms = now_ms;
	clock_stamp(&start, ms);
	for (size_t i = 0; i < m->n_constants; i++) {
		struct mapping_constant *c = &m->constant[i];

		if (c->origin != MAPPING_RUN_ID &&
		    c->origin != MAPPING_RUN_START)
			continue;
		json.n = 0;
		json_string(&json, c->origin == MAPPING_RUN_ID
					   ? run
					   : buf_all(&start));
		free(c->json);
		c->json = mem_copy(json.p, json.n);
		c->n = json.n;
	}
	buf_clear(&start);
	buf_clear(&json);
}

void mapping_clear(struct mapping *m)
{
	mapping_text_clear(&m->column, &m->n_columns);
	mapping_text_clear(&m->identifier, &m->n_identifiers);
	for (size_t i = 0; i < m->n_constants; i++) {
		path_clear(&m->constant[i].to);
		free(m->constant[i].json);
		free(m->constant[i].variable);
	}
	free(m->constant);
	free(m->user_id);
	free(m->anonymous_id);
	for (size_t i = 0; i < m->n_settings; i++) {
		free(m->setting[i].name);
		field_clear(&m->setting[i].field);
	}
	free(m->setting);
	if (m->mask_key.n > 0)
		explicit_bzero(m->mask_key.p, m->mask_key.n);
	buf_clear(&m->mask_key);
	free(m->mask_key_file);
	for (size_t i = 0; i < MAPPING_ACTIONS; i++)
		free(m->event[i]);
	free(m->event_column);
	free(m->group_id);
	free(m->previous_id);
	free(m->object);
	free(m->timestamp);
	for (size_t i = 0; i < m->n_computed; i++) {
		path_clear(&m->computed[i].to);
		free(m->computed[i].program);
	}
	free(m->computed);
	free(m->where);
	free(m->jq);
	free(m->job_id);
	mapping_place_clear(m);
	*m = (struct mapping){0};
}
