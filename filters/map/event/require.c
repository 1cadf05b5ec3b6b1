#include "map/event/require.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/tool.h"
#include "map/settings/mapping_place.h"
#include "wire/json/column_names.h"
#include "wire/stream/control.h"

static bool has_column(const struct column_names *d, const char *name)
{
	return column_names_find(d, slice_str(name)) < d->n;
}

/* The first column of an id or of the list of columns that the rows do not
 * have, or NULL. *use is what the mapping uses it for.
 */
static const char *missing(const struct mapping *m,
			   const struct column_names *d, enum mapping_use *use)
{
	const char *const single[] = {
		[MAPPING_USER_ID] = m->user_id,
		[MAPPING_ANONYMOUS_ID] = m->anonymous_id,
		[MAPPING_EVENT_COLUMN] = m->event_column,
		[MAPPING_GROUP_ID] = m->group_id,
		[MAPPING_PREVIOUS_ID] = m->previous_id,
		[MAPPING_TIMESTAMP] = m->timestamp,
	};

	for (size_t i = 0; i < COUNT_OF(single); i++) {
		*use = (enum mapping_use)i;
		if (single[i] && !has_column(d, single[i]))
			return single[i];
	}
	*use = MAPPING_IDENTIFIERS;
	for (size_t i = 0; i < m->n_identifiers; i++) {
		if (!has_column(d, m->identifier[i].name))
			return m->identifier[i].name;
	}
	*use = MAPPING_COLUMNS;
	for (size_t i = 0; i < m->n_columns; i++) {
		const struct mapping_column *c = &m->column[i];

		if (!c->glob && !c->leave_out && !has_column(d, c->name))
			return c->name;
	}
	return NULL;
}

/* ---- what is done to values ------------------------------------------- */

static bool is_pattern(const char *name)
{
	return strpbrk(name, "*?") != NULL;
}

static enum mapping_use use_of(const struct field *f)
{
	if (f->n_steps > 0)
		return MAPPING_MASK;
	if (f->cast != FIELD_AS_IS)
		return MAPPING_CAST;
	return f->fallback ? MAPPING_DEFAULT : MAPPING_NULL;
}

/* Whether a setting is the default of a column in the list: such a column may
 * be missing.
 */
static bool is_for_missing(const struct mapping *m,
			   const struct mapping_setting *s)
{
	if (use_of(&s->field) != MAPPING_DEFAULT)
		return false;
	for (size_t i = 0; i < m->n_columns; i++) {
		if (!m->column[i].glob &&
		    strcmp(m->column[i].name, s->name) == 0)
			return true;
	}
	return false;
}

static bool fits_any(const struct mapping *m, const struct column_names *d,
		     const struct mapping_setting *s)
{
	if (!is_pattern(s->name) && has_column(d, s->name))
		return true;
	for (size_t i = 0; is_pattern(s->name) && i < d->n; i++) {
		if (mapping_glob(slice_str(s->name), d->v[i]))
			return true;
	}
	for (size_t i = 0; i < m->n_computed; i++) {
		if (mapping_fits_computed(s, &m->computed[i]))
			return true;
	}
	return is_for_missing(m, s);
}

/* The first setting whose column the rows do not have, or NULL. */
static const struct mapping_setting *missing_setting(
	const struct mapping *m, const struct column_names *d, bool masks_only)
{
	for (size_t i = 0; i < m->n_settings; i++) {
		const struct mapping_setting *s = &m->setting[i];

		if (!is_pattern(s->name) &&
		    !(masks_only && s->field.n_steps == 0) &&
		    !fits_any(m, d, s))
			return s;
	}
	return NULL;
}

static void warn_of_patterns(const struct mapping *m,
			     const struct column_names *d)
{
	for (size_t i = 0; i < m->n_settings; i++) {
		const struct mapping_setting *s = &m->setting[i];

		if (is_pattern(s->name) && s->field.n_steps > 0 &&
		    !fits_any(m, d, s))
			tool_warn("the mask of '%s' matches no column of the "
				  "first row",
				  s->name);
	}
}

/* suggestions */

/* Whether an existing column is renamed to this name. */
static bool goes_to(const struct column_names *d,
		    const struct mapping_column *c, const char *name)
{
	struct buf text = {0};
	bool is;

	path_text(&text, &c->to);
	is = c->to.n > 0 && has_column(d, c->name) &&
	     slice_is(buf_all(&text), name);
	buf_clear(&text);
	return is;
}

/* The column that the mapping renames to this name, or else one with a similar
 * name. A user may have written the target in place of the column.
 */
static struct slice suggestion(const struct mapping *m,
			       const struct column_names *d, const char *name)
{
	for (size_t i = 0; i < m->n_columns; i++) {
		if (goes_to(d, &m->column[i], name))
			return slice_of(m->column[i].name, m->column[i].n);
	}
	for (size_t i = 0; i < m->n_identifiers; i++) {
		if (goes_to(d, &m->identifier[i], name))
			return slice_str(m->identifier[i].name);
	}
	return column_names_near(d, name);
}

/* Whether the name is like "address.city" where "address" is a column. */
static bool is_path(const struct column_names *d, const char *name)
{
	const char *dot = strchr(name, '.');
	char *first = dot ? mem_copy(name, (size_t)(dot - name)) : NULL;
	bool is = first && has_column(d, first);

	free(first);
	return is;
}

/* Sets the error for a name that is like no column: it lists the columns. In a
 * file without a header line they show as values.
 */
static void err_missing(const struct column_names *d, const char *name,
			struct err *e)
{
	struct buf list = {0};

	for (size_t i = 0; i < d->n; i++) {
		if (!slice_is(d->v[i], CONTROL_NAME))
			buf_fmt(&list, "%s%.*s", list.n > 0 ? ", " : "",
				SLICE_FMT(d->v[i]));
	}
	err_names(e, ERR_CONFIG, "the rows have no column '%s'", name);
	err_more(e, "; the columns are: %s", buf_cstr(&list));
	buf_clear(&list);
}

int require_columns(const struct mapping *m, const struct scan_member *member,
		    size_t n, bool whole, struct err *e)
{
	const struct mapping_setting *s = NULL;
	enum mapping_use use = MAPPING_FIELDS;
	struct column_names d;
	struct slice near = {0};
	const char *name;

	column_names_init(&d, member, n);
	name = whole ? missing(m, &d, &use) : NULL;
	if (!name && (s = missing_setting(m, &d, !whole))) {
		name = s->name;
		use = use_of(&s->field);
	}
	if (name)
		near = suggestion(m, &d, name);
	else
		warn_of_patterns(m, &d);
	if (near.n > 0)
		err_names(e, ERR_CONFIG,
			  "the rows have no column '%s'; did you mean '%.*s'?",
			  name, SLICE_FMT(near));
	else if (name && is_path(&d, name))
		err_names(e, ERR_CONFIG,
			  "the rows have no column '%s'; use --field "
			  "'TARGET=.%s' for a value inside a column",
			  name, name);
	else if (name)
		err_missing(&d, name, e);
	column_names_clear(&d);
	return name ? mapping_place_in(m, use, name, e) : 0;
}

const char *require_missing(const struct mapping *m,
			    const struct scan_member *member, size_t n)
{
	const struct mapping_setting *s;
	struct column_names d;
	enum mapping_use ignored;
	const char *name;

	column_names_init(&d, member, n);
	name = missing(m, &d, &ignored);
	s = name ? NULL : missing_setting(m, &d, false);
	column_names_clear(&d);
	return s ? s->name : name;
}
