#include "query/duckdb/ducktype_parts.h"

#include <stdlib.h>

#include "core/mem.h"
#include "wire/json/json.h"
#include "wire/json/scan.h"

enum {
	MOST_DEEP = SCAN_DEPTH - 1 /* the row itself is one level */
};

/* Indexed by enum duck_id. */
static const struct {
	const char *native, *word;
} names[] = {
	[DUCK_BOOLEAN] = {"BOOLEAN", "boolean"},
	[DUCK_TINYINT] = {"TINYINT", "int"},
	[DUCK_SMALLINT] = {"SMALLINT", "int"},
	[DUCK_INTEGER] = {"INTEGER", "int"},
	[DUCK_BIGINT] = {"BIGINT", "int"},
	[DUCK_UTINYINT] = {"UTINYINT", "int"},
	[DUCK_USMALLINT] = {"USMALLINT", "int"},
	[DUCK_UINTEGER] = {"UINTEGER", "int"},
	[DUCK_UBIGINT] = {"UBIGINT", "int"},
	[DUCK_FLOAT] = {"FLOAT", "float"},
	[DUCK_DOUBLE] = {"DOUBLE", "float"},
	[DUCK_TIMESTAMP] = {"TIMESTAMP", "datetime"},
	[DUCK_DATE] = {"DATE", "date"},
	[DUCK_TIME] = {"TIME", "time"},
	[DUCK_INTERVAL] = {"INTERVAL", "string"},
	[DUCK_HUGEINT] = {"HUGEINT", "int"},
	[DUCK_VARCHAR] = {"VARCHAR", "string"},
	[DUCK_BLOB] = {"BLOB", "binary"},
	[DUCK_DECIMAL] = {"DECIMAL", "decimal"},
	[DUCK_TIMESTAMP_S] = {"TIMESTAMP_S", "datetime"},
	[DUCK_TIMESTAMP_MS] = {"TIMESTAMP_MS", "datetime"},
	[DUCK_TIMESTAMP_NS] = {"TIMESTAMP_NS", "datetime"},
	[DUCK_ENUM] = {"ENUM", "string"},
	[DUCK_LIST] = {"LIST", "array"},
	[DUCK_STRUCT] = {"STRUCT", "json"},
	[DUCK_MAP] = {"MAP", "json"},
	[DUCK_UUID] = {"UUID", "string"},
	[DUCK_UNION] = {"UNION", "json"},
	[DUCK_BIT] = {"BIT", "string"},
	[DUCK_TIME_TZ] = {"TIME WITH TIME ZONE", "time"},
	[DUCK_TIMESTAMP_TZ] = {"TIMESTAMP WITH TIME ZONE", "datetime"},
	[DUCK_UHUGEINT] = {"UHUGEINT", "int"},
	[DUCK_ARRAY] = {"ARRAY", "array"},
	[DUCK_BIGNUM] = {"BIGNUM", "int"},
	[DUCK_SQLNULL] = {"NULL", "any"},
	[DUCK_TIME_NS] = {"TIME_NS", "time"},
	[DUCK_GEOMETRY] = {"GEOMETRY", "string"},
	[DUCK_VARIANT] = {"VARIANT", "json"},
	[DUCK_TIMESTAMP_TZ_NS] = {"TIMESTAMPTZ_NS", "datetime"},
};

static bool is_known(const struct ducktype *t)
{
	return t->id < COUNT_OF(names) && names[t->id].word;
}

/* ---- the tree ---------------------------------------------------------- */

static struct ducktype *make(const struct duck *d, void *logical, size_t deep);

/* Adds a part; takes its name and type. */
static bool add_part(struct ducktype *t, char *name, void *logical, size_t deep)
{
	struct ducktype *p = make(t->duck, logical, deep + 1);

	t->part = mem_resize(t->part, (t->n + 1) * sizeof(struct ducktype *));
	t->end = mem_resize(t->end, (t->n + 1) * sizeof(*t->end));
	t->part[t->n] = p;
	t->maps = t->maps || (p && p->maps);
	if (name)
		json_string(&t->text, slice_str(name));
	t->duck->free(name);
	t->end[t->n++] = t->text.n;
	return p != NULL;
}

static bool add_parts(struct ducktype *t, void *logical, size_t deep)
{
	const struct duck *d = t->duck;
	bool ok = true;
	uint64_t n;

	switch (t->id) {
	case DUCK_LIST:
		return add_part(t, NULL, d->list_type_child_type(logical),
				deep);
	case DUCK_ARRAY:
		t->unit = d->array_type_array_size(logical);
		return add_part(t, NULL, d->array_type_child_type(logical),
				deep);
	case DUCK_MAP:
		return add_part(t, NULL, d->map_type_key_type(logical), deep) &&
		       add_part(t, NULL, d->map_type_value_type(logical), deep);
	case DUCK_STRUCT:
		n = d->struct_type_child_count(logical);
		for (uint64_t i = 0; ok && i < n; i++)
			ok = add_part(t, d->struct_type_child_name(logical, i),
				      d->struct_type_child_type(logical, i),
				      deep);
		return ok;
	case DUCK_UNION:
		n = d->union_type_member_count(logical);
		for (uint64_t i = 0; ok && i < n; i++)
			ok = add_part(t, d->union_type_member_name(logical, i),
				      d->union_type_member_type(logical, i),
				      deep);
		return ok;
	default:
		return true;
	}
}

static void add_values(struct ducktype *t, void *logical)
{
	t->store = (enum duck_id)t->duck->enum_internal_type(logical);
	t->n = t->duck->enum_dictionary_size(logical);
	t->end = mem_resize(NULL, (t->n + 1) * sizeof(*t->end));
	for (size_t i = 0; i < t->n; i++) {
		char *value = t->duck->enum_dictionary_value(logical, i);

		json_string(&t->text, slice_str(value ? value : ""));
		t->duck->free(value);
		t->end[i] = t->text.n;
	}
}

static uint64_t unit_of(enum duck_id id)
{
	switch (id) {
	case DUCK_TIMESTAMP_S:
		return 1;
	case DUCK_TIMESTAMP_MS:
		return 1000;
	case DUCK_TIMESTAMP_NS:
	case DUCK_TIMESTAMP_TZ_NS:
	case DUCK_TIME_NS:
		return 1000000000;
	default:
		return 1000000;
	}
}

/* Sets everything about the type except its parts. */
static void find_details(struct ducktype *t, void *logical)
{
	char *alias;

	t->unit = unit_of(t->id);
	if (t->id == DUCK_DECIMAL) {
		t->width = t->duck->decimal_width(logical);
		t->scale = t->duck->decimal_scale(logical);
		t->store =
			(enum duck_id)t->duck->decimal_internal_type(logical);
	}
	if (t->id == DUCK_ENUM)
		add_values(t, logical);
	if (t->id != DUCK_VARCHAR)
		return;
	alias = t->duck->logical_type_get_alias(logical);
	t->json = alias && strcmp(alias, "JSON") == 0;
	t->duck->free(alias);
}

static struct ducktype *make(const struct duck *d, void *logical, size_t deep)
{
	struct ducktype *t = mem_zero(sizeof(*t));
	bool ok = deep < MOST_DEEP;

	t->duck = d;
	if (ok) {
		t->id = (enum duck_id)d->get_type_id(logical);
		t->maps = t->id == DUCK_MAP;
		find_details(t, logical);
		ok = add_parts(t, logical, deep);
	}
	d->destroy_logical_type(&logical);
	if (ok)
		return t;
	ducktype_free(t);
	return NULL;
}

struct ducktype *ducktype_new(const struct duck *d, void *logical,
			      struct err *e)
{
	struct ducktype *t = make(d, logical, 0);

	if (!t)
		(void)err_names(e, ERR_CONFIG,
				"a type is nested deeper than %d levels",
				MOST_DEEP);
	return t;
}

void ducktype_free(struct ducktype *t)
{
	if (!t)
		return;
	for (size_t i = 0; t->part && i < t->n; i++)
		ducktype_free(t->part[i]);
	free(t->part);
	free(t->end);
	buf_clear(&t->text);
	free(t);
}

const char *ducktype_word(const struct ducktype *t)
{
	if (!is_known(t))
		return "any";
	return t->json ? "json" : names[t->id].word;
}

/* Appends "(a INTEGER, ...)". A name quoted for JSON is also quoted for SQL,
 * except for the rare backslash.
 */
static void put_parts(const struct ducktype *t, struct buf *b)
{
	buf_char(b, '(');
	for (size_t i = 0; i < t->n; i++) {
		struct slice name = ducktype_text(t, i);

		buf_str(b, i > 0 ? ", " : "");
		if (name.n > strlen("\"\"")) {
			buf_slice(b, name);
			buf_char(b, ' ');
		}
		ducktype_native(t->part[i], b);
	}
	buf_char(b, ')');
}

void ducktype_native(const struct ducktype *t, struct buf *b)
{
	switch (t->id) {
	case DUCK_LIST:
		ducktype_native(t->part[0], b);
		buf_str(b, "[]");
		return;
	case DUCK_ARRAY:
		ducktype_native(t->part[0], b);
		buf_fmt(b, "[%ju]", (uintmax_t)t->unit);
		return;
	case DUCK_DECIMAL:
		buf_fmt(b, "DECIMAL(%u,%u)", t->width, t->scale);
		return;
	default:
		break;
	}
	buf_str(b, !is_known(t) ? "?" : t->json ? "JSON" : names[t->id].native);
	if (t->part)
		put_parts(t, b);
}

static bool needs_cast(const struct ducktype *t)
{
	if (!is_known(t) || t->id == DUCK_BIGNUM || t->id == DUCK_GEOMETRY ||
	    t->id == DUCK_VARIANT)
		return true;
	for (size_t i = 0; t->part && i < t->n; i++) {
		if (needs_cast(t->part[i]))
			return true;
	}
	return false;
}

const char *ducktype_cast(const struct ducktype *t)
{
	if (!needs_cast(t))
		return NULL;
	return t->part || t->id == DUCK_VARIANT ? "JSON" : "VARCHAR";
}

bool ducktype_is_number(const struct ducktype *t)
{
	return t->id == DUCK_BIGNUM;
}

void ducktype_set_number(struct ducktype *t)
{
	t->number = true;
}

void ducktype_at(struct ducktype *t, void *vector)
{
	const struct duck *d = t->duck;

	t->data = d->vector_get_data(vector);
	t->valid = d->vector_get_validity(vector);
	switch (t->id) {
	case DUCK_LIST:
		ducktype_at(t->part[0], d->list_vector_get_child(vector));
		return;
	case DUCK_ARRAY:
		ducktype_at(t->part[0], d->array_vector_get_child(vector));
		return;
	case DUCK_MAP: /* stored as a list of structs with key and value */
		vector = d->list_vector_get_child(vector);
		break;
	case DUCK_UNION: /* stored as a struct with a tag and all members */
		t->data = d->vector_get_data(
			d->struct_vector_get_child(vector, 0));
		for (size_t i = 0; i < t->n; i++)
			ducktype_at(t->part[i],
				    d->struct_vector_get_child(vector, i + 1));
		return;
	default:
		break;
	}
	for (size_t i = 0; t->part && i < t->n; i++)
		ducktype_at(t->part[i], d->struct_vector_get_child(vector, i));
}
