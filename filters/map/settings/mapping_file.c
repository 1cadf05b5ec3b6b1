#include "map/settings/mapping_file.h"

#include <stdlib.h>

#include "core/mem.h"
#include "map/settings/mapping_place.h"
#include "map/settings/mapping_text.h"
#include "map/settings/mapping_words.h"
#include "wire/settings/doc.h"

static int wrong_kind(const struct doc *d, const char *want, struct err *e)
{
	return err_names(e, ERR_CONFIG, "line %u: '%s' must be %s", d->line,
			 d->name ? d->name : "entry", want);
}

/* Copies the string member name of d, if it exists, to *to. */
static int take_text(char **to, const struct doc *d, const char *name,
		     struct err *e)
{
	const struct doc *m = doc_get(d, name);

	if (!m)
		return 0;
	if (m->kind != SCAN_STRING || m->text_n != strlen(m->text))
		return wrong_kind(m, "a string", e);
	*to = mapping_text_copy(m->text);
	return 0;
}

/* The same for a member that names a column: also records its line. */
static int take_column(struct mapping *m, char **to, const struct doc *d,
		       const char *name, enum mapping_use use, struct err *e)
{
	if (take_text(to, d, name, e) < 0)
		return -1;
	if (doc_get(d, name))
		mapping_place_add(m, use, *to, doc_get(d, name)->line);
	return 0;
}

/* Reads the null, default, cast and mask of a column. */
static int field_object(struct field *f, const struct doc *d, struct err *e)
{
	static const struct {
		const char *name;
		mapping_text_set_fn *set;
	} words[] = {{"null", field_set_null},
		     {"cast", field_set_cast},
		     {"mask", field_set_mask}};
	const struct doc *v = doc_get(d, "default");

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		const struct doc *w = doc_get(d, words[i].name);

		if (w && w->kind != SCAN_STRING)
			return wrong_kind(w, "a string", e);
		if (w && words[i].set(f, w->text, e) < 0)
			return err_in(e, "line %u", w->line);
	}
	if (v)
		f->fallback = mapping_text_json(v->raw, &f->fallback_n);
	return 0;
}

/* "fields": {"email": {"mask": "lower"}, "addr_*": {"null": "omit"}} */
static int file_fields(struct mapping *m, const struct doc *d, struct err *e)
{
	static const char *const names[] = {"null", "default", "cast", "mask",
					    NULL};
	const struct doc *all = doc_get(d, "fields");

	if (!all)
		return 0;
	if (all->kind != SCAN_OBJECT)
		return wrong_kind(all, "an object of columns", e);
	for (const struct doc *i = all->first; i; i = i->next) {
		if (i->kind != SCAN_OBJECT)
			return wrong_kind(i,
					  "an object of null, default, cast "
					  "and mask; jq expressions are in "
					  "'computed'",
					  e);
		if (doc_only(i, names, e) < 0)
			return -1;
		mapping_place_add(m, MAPPING_FIELDS, i->name, i->line);
		if (field_object(mapping_text_setting(m, slice_str(i->name)), i,
				 e) < 0)
			return -1;
	}
	return 0;
}

/* {"from": "name", "to": "profile.full"} */
static int column_object(struct mapping *m, const struct doc *d, struct err *e)
{
	static const char *const names[] = {"from", "to",   "null", "default",
					    "cast", "mask", NULL};
	const struct doc *from = doc_get(d, "from"), *to = doc_get(d, "to");
	struct mapping_column *c;

	if (doc_only(d, names, e) < 0)
		return -1;
	if (!from || from->kind != SCAN_STRING)
		return err_names(e, ERR_CONFIG,
				 "line %u: a column needs 'from', a string",
				 d->line);
	c = mapping_text_column(&m->column, &m->n_columns);
	c->name = mem_copy(from->text, from->text_n);
	c->n = from->text_n;
	if (field_object(&c->field, d, e) < 0)
		return -1;
	if (!to)
		return 0;
	if (to->kind != SCAN_STRING)
		return wrong_kind(to, "a string", e);
	return mapping_text_target(c, slice_of(to->text, to->text_n), e);
}

/* Records the line of the columns from index from on. */
static void place_columns(struct mapping *m, enum mapping_use use,
			  const struct mapping_column *v, size_t from, size_t n,
			  unsigned line)
{
	for (size_t i = from; i < n; i++)
		mapping_place_add(m, use, v[i].name, line);
}

/* "email, plan" */
static int columns_text(struct mapping *m, const struct doc *d, struct err *e)
{
	size_t from = m->n_columns;

	if (mapping_text_columns(m, slice_of(d->text, d->text_n), e) < 0)
		return -1;
	place_columns(m, MAPPING_COLUMNS, m->column, from, m->n_columns,
		      d->line);
	return 0;
}

static int file_columns(struct mapping *m, const struct doc *d, struct err *e)
{
	const struct doc *list = doc_get(d, "columns");

	if (!list)
		return 0;
	if (list->kind == SCAN_STRING)
		return columns_text(m, list, e);
	if (list->kind != SCAN_ARRAY)
		return wrong_kind(list, "a list of columns", e);
	for (const struct doc *i = list->first; i; i = i->next) {
		size_t from = m->n_columns;
		int rc = -1;

		if (i->kind == SCAN_STRING)
			rc = mapping_text_one(m, slice_of(i->text, i->text_n),
					      e);
		else if (i->kind == SCAN_OBJECT)
			rc = column_object(m, i, e);
		else
			wrong_kind(i, "a string or an object", e);
		if (rc < 0)
			return -1;
		place_columns(m, MAPPING_COLUMNS, m->column, from, m->n_columns,
			      i->line);
	}
	return 0;
}

static int file_computed(struct mapping *m, const struct doc *d, struct err *e)
{
	const struct doc *all = doc_get(d, "computed");

	if (!all)
		return 0;
	if (all->kind != SCAN_OBJECT)
		return wrong_kind(all, "an object of paths and jq expressions",
				  e);
	for (const struct doc *i = all->first; i; i = i->next) {
		if (i->kind != SCAN_STRING)
			return wrong_kind(i, "a string", e);
		if (mapping_text_computed(m, slice_str(i->name), i->text, e) <
		    0)
			return err_in(e, "line %u", i->line);
	}
	return 0;
}

typedef int constant_fn(struct mapping *m, struct slice key, const char *value,
			struct err *e);

/* Reads {"key": "word"}, constants whose value comes from the environment or
 * the run.
 */
static int constant_object(struct mapping *m, const struct doc *d,
			   const char *name, constant_fn *add, struct err *e)
{
	const struct doc *all = doc_get(d, name);

	if (!all)
		return 0;
	if (all->kind != SCAN_OBJECT)
		return wrong_kind(all, "an object of paths and names", e);
	for (const struct doc *i = all->first; i; i = i->next) {
		if (i->kind != SCAN_STRING)
			return wrong_kind(i, "a string", e);
		if (add(m, slice_str(i->name), i->text, e) < 0)
			return err_in(e, "line %u", i->line);
	}
	return 0;
}

static int file_constants(struct mapping *m, const struct doc *d, struct err *e)
{
	const struct doc *all = doc_get(d, "constants");

	if (all && all->kind != SCAN_OBJECT)
		return wrong_kind(all, "an object of paths and values", e);
	for (const struct doc *i = all ? all->first : NULL; i; i = i->next) {
		if (mapping_text_constant(m, slice_str(i->name), i->raw, e) < 0)
			return err_in(e, "line %u", i->line);
	}
	if (constant_object(m, d, "constants_env", mapping_text_env_constant,
			    e) < 0)
		return -1;
	return constant_object(m, d, "constants_run", mapping_text_run_constant,
			       e);
}

/* "event": "name", {"column": "name"}, or {"insert": "name", ...}. */
static int file_event(struct mapping *m, const struct doc *d, struct err *e)
{
	static const char *const names[] = {"column", "insert", "update",
					    "delete", NULL};
	const struct doc *event = doc_get(d, "event");
	char *name = NULL;

	if (!event || event->kind != SCAN_OBJECT) {
		if (take_text(&name, d, "event", e) < 0)
			return -1;
		mapping_text_event(m, name);
		free(name);
		return 0;
	}
	if (doc_only(event, names, e) < 0 ||
	    take_column(m, &m->event_column, event, "column",
			MAPPING_EVENT_COLUMN, e) < 0)
		return -1;
	for (size_t i = 0; i < MAPPING_ACTIONS; i++) {
		if (take_text(&m->event[i], event, mapping_actions[i], e) < 0)
			return -1;
	}
	return 0;
}

/* "email=EMAIL, phone" */
static int identifiers_text(struct mapping *m, const struct doc *d,
			    struct err *e)
{
	if (mapping_text_identifiers(m, slice_of(d->text, d->text_n), e) < 0)
		return -1;
	place_columns(m, MAPPING_IDENTIFIERS, m->identifier, 0,
		      m->n_identifiers, d->line);
	return 0;
}

/* Reads the identifiers: a string as for --identifier, or an object of columns
 * and keys.
 */
static int file_identifiers(struct mapping *m, const struct doc *d,
			    struct err *e)
{
	const struct doc *all = doc_get(d, "identifiers");

	if (!all)
		return 0;
	if (all->kind == SCAN_STRING)
		return identifiers_text(m, all, e);
	if (all->kind != SCAN_OBJECT)
		return wrong_kind(all, "an object of columns and keys", e);
	for (const struct doc *i = all->first; i; i = i->next) {
		struct mapping_column *c =
			mapping_text_column(&m->identifier, &m->n_identifiers);

		if (i->kind != SCAN_STRING)
			return wrong_kind(i, "a string", e);
		c->name = mapping_text_copy(i->name);
		c->n = strlen(i->name);
		mapping_place_add(m, MAPPING_IDENTIFIERS, i->name, i->line);
		path_add(&c->to, slice_of(i->text, i->text_n));
	}
	return 0;
}

/* Reads and checks the event type here, where its line is known for the error.
 */
static int take_type(char **to, const struct doc *d, struct err *e)
{
	if (take_text(to, d, "type", e) < 0)
		return -1;
	if (!*to || mapping_words_type(*to, e) == 0)
		return 0;
	return err_in(e, "line %u", doc_get(d, "type")->line);
}

int mapping_file_take(struct mapping *m, const struct doc *d,
		      struct mapping_file_words *w, struct err *e)
{
	static const char *const names[] = {
		"type",          "user_id",   "anonymous_id",
		"columns",       "constants", "event",
		"delete_event",  "jq",        "jq_numbers",
		"job_id",        "$schema",   "description",
		"identifiers",   "group_id",  "previous_id",
		"object",        "timestamp", "null",
		"fields",        "numbers",   "mask_key_file",
		"where",         "computed",  "constants_env",
		"constants_run", "deletes",   NULL};

	if (d->kind != SCAN_OBJECT)
		return err_names(e, ERR_CONFIG, "not an object");
	if (doc_only(d, names, e) < 0 || take_type(&w->type, d, e) < 0 ||
	    take_column(m, &m->user_id, d, "user_id", MAPPING_USER_ID, e) < 0 ||
	    take_column(m, &m->anonymous_id, d, "anonymous_id",
			MAPPING_ANONYMOUS_ID, e) < 0 ||
	    take_column(m, &m->group_id, d, "group_id", MAPPING_GROUP_ID, e) <
		    0 ||
	    take_column(m, &m->previous_id, d, "previous_id",
			MAPPING_PREVIOUS_ID, e) < 0 ||
	    take_text(&m->object, d, "object", e) < 0 ||
	    take_column(m, &m->timestamp, d, "timestamp", MAPPING_TIMESTAMP,
			e) < 0 ||
	    take_text(&m->jq, d, "jq", e) < 0 ||
	    take_text(&m->where, d, "where", e) < 0 ||
	    take_text(&w->jq_numbers, d, "jq_numbers", e) < 0 ||
	    take_text(&w->numbers, d, "numbers", e) < 0 ||
	    take_text(&w->null, d, "null", e) < 0 ||
	    take_text(&w->deletes, d, "deletes", e) < 0 ||
	    take_text(&w->mask_key_file, d, "mask_key_file", e) < 0 ||
	    take_text(&m->job_id, d, "job_id", e) < 0)
		return -1;
	if (file_event(m, d, e) < 0 || file_columns(m, d, e) < 0 ||
	    file_identifiers(m, d, e) < 0 || file_constants(m, d, e) < 0 ||
	    file_fields(m, d, e) < 0 || file_computed(m, d, e) < 0)
		return -1;
	if (!m->event[MAPPING_DELETE])
		return take_text(&m->event[MAPPING_DELETE], d, "delete_event",
				 e);
	if (doc_get(d, "delete_event"))
		return err_names(e, ERR_CONFIG,
				 "the event of deletes has two names");
	return 0;
}

void mapping_file_clear(struct mapping_file_words *w)
{
	free(w->type);
	free(w->jq_numbers);
	free(w->numbers);
	free(w->null);
	free(w->mask_key_file);
	free(w->deletes);
}
