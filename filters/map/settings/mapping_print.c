#include "map/settings/mapping_print.h"

#include <string.h>

#include "map/screen/preview.h"
#include "map/settings/event_type.h"
#include "wire/json/json.h"

/* ---- members ---------------------------------------------------------- */

/* Appends "name":, after a comma unless it is the first member. */
static void put_name(struct buf *b, struct slice name)
{
	if (b->p[b->n - 1] != '{')
		buf_char(b, ',');
	json_string(b, name);
	buf_char(b, ':');
}

static void put_text(struct buf *b, const char *name, const char *text)
{
	if (!text)
		return;
	put_name(b, slice_str(name));
	json_string(b, slice_str(text));
}

static void put_path_name(struct buf *b, const struct path *p)
{
	struct buf text = {0};

	path_text(&text, p);
	put_name(b, buf_all(&text));
	buf_clear(&text);
}

static void put_field(struct buf *b, const struct field *f)
{
	struct buf mask = {0};

	put_text(b, "null", field_null_word(f->null));
	if (f->fallback) {
		put_name(b, slice_str("default"));
		buf_add(b, f->fallback, f->fallback_n);
	}
	put_text(b, "cast", field_cast_word(f->cast));
	if (f->n_steps > 0) {
		field_mask_text(&mask, f);
		put_text(b, "mask", buf_cstr(&mask));
	}
	buf_clear(&mask);
}

/* ---- columns ---------------------------------------------------------- */

/* Whether a list of columns can contain the name without quotes. */
static bool is_bare(const struct mapping_column *c)
{
	for (size_t i = 0; i < c->n; i++) {
		if (strchr(" \t\n,=!*?\"", c->name[i]))
			return false;
	}
	return c->n > 0;
}

/* "!name", "!pat*", "pat*" or "name". */
static void put_column_text(struct buf *b, const struct mapping_column *c)
{
	struct buf text = {0};

	if (c->leave_out)
		buf_char(&text, '!');
	if (c->glob || is_bare(c))
		buf_add(&text, c->name, c->n);
	else
		json_string(&text, slice_of(c->name, c->n));
	json_string(b, buf_all(&text));
	buf_clear(&text);
}

static void put_column(struct buf *b, const struct mapping_column *c)
{
	struct buf to = {0};
	bool field = field_active(&c->field) || c->field.null != FIELD_AS_SET;

	if (c->glob || c->leave_out || (!c->renamed && !field && is_bare(c))) {
		put_column_text(b, c);
		return;
	}
	buf_str(b, "{\"from\":");
	json_string(b, slice_of(c->name, c->n));
	if (c->renamed) {
		path_text(&to, &c->to);
		put_text(b, "to", buf_cstr(&to));
	}
	put_field(b, &c->field);
	buf_char(b, '}');
	buf_clear(&to);
}

static void put_columns(struct buf *b, const struct mapping *m)
{
	if (m->n_columns == 0)
		return;
	put_name(b, slice_str("columns"));
	for (size_t i = 0; i < m->n_columns; i++) {
		buf_char(b, i > 0 ? ',' : '[');
		put_column(b, &m->column[i]);
	}
	buf_char(b, ']');
}

/* "column"="KEY", with commas between: a column may be repeated. */
static void put_identifiers(struct buf *b, const struct mapping *m)
{
	struct buf text = {0};

	for (size_t i = 0; i < m->n_identifiers; i++) {
		const struct mapping_column *c = &m->identifier[i];

		if (i > 0)
			buf_char(&text, ',');
		if (is_bare(c))
			buf_add(&text, c->name, c->n);
		else
			json_string(&text, slice_of(c->name, c->n));
		buf_char(&text, '=');
		path_text(&text, &(struct path){.step = c->to.step, .n = 1});
	}
	if (text.n > 0)
		put_text(b, "identifiers", buf_cstr(&text));
	buf_clear(&text);
}

/* ---- what is done to values ------------------------------------------- */

static bool same_name(const struct mapping *m, size_t i, size_t k)
{
	return strcmp(m->setting[i].name, m->setting[k].name) == 0;
}

/* Whether both settings set the same aspect: null policy, cast, default or
 * mask.
 */
static bool clash(const struct field *a, const struct field *b)
{
	return (a->null && b->null) || (a->cast && b->cast) ||
	       (a->fallback && b->fallback) || (a->n_steps && b->n_steps);
}

/* Whether setting i can be moved after the settings up to behind without
 * changing which setting has effect.
 */
static bool may_move(const struct mapping *m, size_t i, size_t behind)
{
	for (size_t k = i + 1; k < behind; k++) {
		if (!same_name(m, i, k) &&
		    clash(&m->setting[i].field, &m->setting[k].field) &&
		    (strpbrk(m->setting[i].name, "*?") ||
		     strpbrk(m->setting[k].name, "*?")))
			return false;
	}
	return true;
}

/* Appends all settings of a name as one member, at the position of the last
 * one.
 */
static int put_settings(struct buf *b, const struct mapping *m, struct err *e)
{
	if (m->n_settings > 0) {
		put_name(b, slice_str("fields"));
		buf_char(b, '{');
	}
	for (size_t i = 0; i < m->n_settings; i++) {
		struct field all = {0};
		size_t next = i + 1;

		while (next < m->n_settings && !same_name(m, i, next))
			next++;
		if (next < m->n_settings) {
			if (may_move(m, i, next))
				continue;
			return err_names(e, ERR_CONFIG,
					 "the settings of '%s' come before and "
					 "after those of a pattern, which a "
					 "mapping file cannot express",
					 m->setting[i].name);
		}
		for (size_t k = 0; k <= i; k++) {
			if (same_name(m, i, k))
				field_merge(&all, &m->setting[k].field);
		}
		put_name(b, slice_str(m->setting[i].name));
		buf_char(b, '{');
		put_field(b, &all);
		buf_char(b, '}');
		field_clear(&all);
	}
	if (m->n_settings > 0)
		buf_char(b, '}');
	return 0;
}

/* ---- constants and computed values ------------------------------------ */

static void put_constant(struct buf *b, const struct mapping_constant *c)
{
	put_path_name(b, &c->to);
	if (c->origin == MAPPING_SETTINGS)
		buf_add(b, c->json, c->n);
	else if (c->origin == MAPPING_ENV)
		json_string(b, slice_str(c->variable));
	else
		json_string(b,
			    slice_str(c->origin == MAPPING_RUN_ID ? "id"
								  : "start"));
}

/* Appends the constants that come from one of two origins. */
static void put_constants(struct buf *b, const struct mapping *m,
			  const char *name, enum mapping_origin one,
			  enum mapping_origin other)
{
	bool any = false;

	for (size_t i = 0; i < m->n_constants; i++) {
		const struct mapping_constant *c = &m->constant[i];

		if (c->origin != one && c->origin != other)
			continue;
		if (!any) {
			put_name(b, slice_str(name));
			buf_char(b, '{');
		}
		any = true;
		put_constant(b, c);
	}
	if (any)
		buf_char(b, '}');
}

static void put_computed(struct buf *b, const struct mapping *m)
{
	if (m->n_computed == 0)
		return;
	put_name(b, slice_str("computed"));
	buf_char(b, '{');
	for (size_t i = 0; i < m->n_computed; i++) {
		put_path_name(b, &m->computed[i].to);
		json_string(b, slice_str(m->computed[i].program));
	}
	buf_char(b, '}');
}

/* ---- the whole -------------------------------------------------------- */

static void put_event(struct buf *b, const struct mapping *m)
{
	const char *insert = m->event[MAPPING_INSERT];
	const char *update = m->event[MAPPING_UPDATE];
	bool one = insert && update && strcmp(insert, update) == 0;

	if (one) {
		put_text(b, "event", insert);
	} else if (m->event_column || insert || update) {
		put_name(b, slice_str("event"));
		buf_char(b, '{');
		put_text(b, "column", m->event_column);
		put_text(b, "insert", insert);
		put_text(b, "update", update);
		buf_char(b, '}');
	}
	put_text(b, "delete_event", m->event[MAPPING_DELETE]);
	put_text(b, "deletes", m->skip_deletes ? "skip" : NULL);
}

static int put_mapping(struct buf *b, const struct mapping *m, struct err *e)
{
	static const char *const numbers[] = {
		[MAPPING_NUMBERS_STRING] = "string",
		[MAPPING_NUMBERS_LITERAL] = "literal",
	};

	buf_char(b, '{');
	put_text(b, "type", m->type ? m->type->name : NULL);
	put_text(b, "user_id", m->user_id);
	put_text(b, "anonymous_id", m->anonymous_id);
	put_text(b, "group_id", m->group_id);
	put_text(b, "previous_id", m->previous_id);
	put_event(b, m);
	put_text(b, "timestamp", m->timestamp);
	put_text(b, "object", m->object);
	put_identifiers(b, m);
	put_columns(b, m);
	put_text(b, "null", field_null_word(m->null));
	if (put_settings(b, m, e) < 0)
		return -1;
	put_text(b, "numbers", m->exact_numbers ? "exact" : NULL);
	put_text(b, "mask_key_file", m->mask_key_file);
	put_computed(b, m);
	put_constants(b, m, "constants", MAPPING_SETTINGS, MAPPING_SETTINGS);
	put_constants(b, m, "constants_env", MAPPING_ENV, MAPPING_ENV);
	put_constants(b, m, "constants_run", MAPPING_RUN_ID, MAPPING_RUN_START);
	put_text(b, "where", m->where);
	put_text(b, "jq", m->jq);
	put_text(b, "jq_numbers", numbers[m->jq_numbers]);
	put_text(b, "job_id", m->job_id);
	buf_char(b, '}');
	return 0;
}

/* Escapes DEL, which a terminal would obey and preview_pretty would replace. */
static void escape_del(struct buf *to, struct slice json)
{
	for (size_t i = 0; i < json.n; i++) {
		if (json.p[i] == 0x7f)
			buf_str(to, "\\u007f");
		else
			buf_char(to, json.p[i]);
	}
}

int mapping_print(struct buf *b, const struct mapping_list *list, struct err *e)
{
	bool several = list->n > 1;
	struct buf json = {0}, safe = {0};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < list->n; i++) {
		json.n = safe.n = 0;
		rc = put_mapping(&json, &list->v[i], e);
		escape_del(&safe, buf_all(&json));
		buf_str(b, i > 0 ? ",\n" : several ? "[\n" : "");
		preview_pretty(b, buf_all(&safe));
	}
	buf_str(b, several ? "\n]\n" : "\n");
	buf_clear(&json);
	buf_clear(&safe);
	return rc;
}
