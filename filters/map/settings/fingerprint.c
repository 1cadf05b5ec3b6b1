#include "map/settings/fingerprint.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "map/settings/event_type.h"
#include "wire/json/hash.h"
#include "wire/json/json.h"

/* State while the entries of a mapping are collected. */
struct entries {
	struct fingerprint *f;
	const struct mapping *m;
	uint64_t seed;
	bool values;
	struct buf text; /* text of the current entry */
	bool marks;      /* set the lowest bit as fingerprint_entries does */
	bool spare;      /* the current entry may be removed without a resend */

	const uint64_t *was; /* recorded entries: n_was, ascending */
	size_t n_was, n_known, n_said;
	const char *read; /* columns that the recorded mapping read, or NULL */
	struct buf *said; /* descriptions of new entries, or NULL */
	const struct mapping_column
		*column;  /* named by the current entry, or NULL */
	bool was_plain;   /* recorded too, but without a target */
	bool named;       /* text begins with a name, for messages */
	const char *what; /* aspect for messages, instead of kind; or NULL */
};

static struct buf *begin(struct entries *x, const char *kind)
{
	x->text.n = 0;
	buf_str(&x->text, kind);
	buf_char(&x->text, '=');
	return &x->text;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t entry_of(const struct entries *x)
{
	uint64_t h = hash_half(x->text.p, x->text.n, x->seed);

	return x->marks ? (h & ~(uint64_t)1) | x->spare : h;
}

static bool is_known(const struct entries *x, uint64_t entry)
{
	return x->n_was > 0 &&
	       bsearch(&entry, x->was, x->n_was, sizeof(entry), by_value);
}

/* Whether the current entry names a column that no recorded mapping read. */
static bool is_new(const struct entries *x)
{
	const char *p = x->read;

	if (!x->column || !p)
		return false;
	for (;;) {
		size_t n = strcspn(p, ",");
		struct slice one = slice_of(p, n);

		if (mapping_glob(one, slice_of(x->column->name, x->column->n)))
			return false;
		if (p[n] == '\0')
			return true;
		p += n + 1;
	}
}

/* Describes the current entry: its kind and its name, such as column 'plan',
 * mask of 'email'.
 */
static void describe(struct entries *x)
{
	const char *p = x->text.p;
	size_t kind = (size_t)(strchr(p, '=') - p), to = kind + 1;
	bool named = x->spare || x->named;

	if (x->n_said++ >= FINGERPRINT_SAID)
		return;
	if (x->n_said > 1)
		buf_str(x->said, ", ");
	if (x->what)
		buf_fmt(x->said, "%s of", x->what);
	else
		buf_add(x->said, p, kind);
	while (named && to < x->text.n && p[to] != '"')
		to++;
	if (named && to + 1 < x->text.n && p[to] == '"') {
		size_t end = to + 1;

		while (end < x->text.n && p[end] != '"')
			end += p[end] == '\\' ? 2 : 1;
		buf_fmt(x->said, " '%.*s'", (int)(end - to - 1), p + to + 1);
	}
	buf_fmt(x->said, " %s",
		x->was_plain ? "has a new name in the event"
		: is_new(x)  ? "is new"
			     : "is new or changed");
}

static void end(struct entries *x)
{
	struct fingerprint *f = x->f;
	uint64_t entry = entry_of(x);

	buf_cstr(&x->text);
	if (x->said && is_known(x, entry))
		x->n_known++;
	else if (x->said)
		describe(x);
	if (f->n == f->size) {
		f->size = f->size ? 2 * f->size : 32;
		f->entry = mem_resize(f->entry, f->size * sizeof(*f->entry));
	}
	f->entry[f->n++] = entry;
}

static void text(struct entries *x, const char *kind, const char *value)
{
	if (!value)
		return;
	json_string(begin(x, kind), slice_str(value));
	end(x);
}

static void put_path(struct buf *b, const struct path *p)
{
	struct buf to = {0};

	path_text(&to, p);
	json_string(b, buf_all(&to));
	buf_clear(&to);
}

/* Appends the null policy, default, cast and mask that are set. */
static void put_field(struct buf *b, const struct field *f)
{
	if (f->null != FIELD_AS_SET)
		buf_fmt(b, " null=%s", field_null_word(f->null));
	if (f->fallback) {
		buf_str(b, " default=");
		buf_add(b, f->fallback, f->fallback_n);
	}
	if (f->cast != FIELD_AS_IS)
		buf_fmt(b, " cast=%s", field_cast_word(f->cast));
	if (f->n_steps > 0) {
		buf_str(b, " mask=");
		field_mask_text(b, f);
	}
}

/* Appends all settings of a named column, from its entry and from "fields". */
static void put_all(struct buf *b, const struct mapping *m,
		    const struct mapping_column *c)
{
	struct field *f = mapping_field(m, c, slice_of(c->name, c->n));

	if (!f)
		return;
	put_field(b, f);
	field_clear(f);
	free(f);
}

/* Whether the recorded mapping has the same column under its own name, with the
 * same settings.
 */
static bool was_plain(struct entries *x, const struct mapping_column *c)
{
	struct buf *b = begin(x, "column");

	json_string(b, slice_of(c->name, c->n));
	put_all(b, x->m, c);
	return is_known(x, entry_of(x));
}

static void columns(struct entries *x, const char *kind,
		    const struct mapping_column *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct mapping_column *c = &v[i];
		struct buf *b;

		x->spare = !c->leave_out && v == x->m->column;
		x->column = x->spare && !c->glob ? c : NULL;
		x->named = true;
		x->was_plain = x->column && c->renamed && was_plain(x, c);
		b = begin(x, kind);
		buf_str(b, c->leave_out ? "!" : "");
		buf_str(b, c->glob ? "*" : "");
		json_string(b, slice_of(c->name, c->n));
		if (c->renamed || v == x->m->identifier) {
			buf_str(b, " to=");
			put_path(b, &c->to);
		}
		if (!c->glob && !c->leave_out)
			put_all(b, x->m, c);
		end(x);
	}
	x->spare = x->named = false;
	x->column = NULL;
	x->was_plain = false;
}

static bool is_named(const char *name, const struct mapping_column *c)
{
	return !c->glob && !c->leave_out && strlen(name) == c->n &&
	       memcmp(name, c->name, c->n) == 0;
}

/* Whether a setting is for one named column that has no other use in the
 * mapping. Then the entry of that column already includes the setting.
 */
static bool is_of_column(const struct mapping *m, const char *name)
{
	const char *const others[] = {m->user_id,      m->anonymous_id,
				      m->group_id,     m->previous_id,
				      m->event_column, m->timestamp};
	bool is = false;

	if (m->event[MAPPING_DELETE] || strpbrk(name, "*?"))
		return false;
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (others[i] && strcmp(others[i], name) == 0)
			return false;
	}
	for (size_t i = 0; i < m->n_identifiers; i++) {
		if (is_named(name, &m->identifier[i]))
			return false;
	}
	for (size_t i = 0; i < m->n_columns; i++)
		is = is || is_named(name, &m->column[i]);
	return is;
}

/* The aspects of a field setting, each an entry of its own: null policy,
 * default, cast and mask.
 */
enum { ASPECTS = 4 };

static bool has_aspect(const struct field *f, size_t aspect)
{
	const bool has[ASPECTS] = {f->null != FIELD_AS_SET, f->fallback != NULL,
				   f->cast != FIELD_AS_IS, f->n_steps > 0};

	return has[aspect];
}

static struct field single_aspect(const struct field *f, size_t aspect)
{
	struct field one = {0};

	switch (aspect) {
	case 0:
		one.null = f->null;
		break;
	case 1:
		one.fallback = f->fallback;
		one.fallback_n = f->fallback_n;
		break;
	case 2:
		one.cast = f->cast;
		break;
	default:
		memcpy(one.step, f->step, sizeof(one.step));
		one.n_steps = f->n_steps;
	}
	return one;
}

/* Whether a later setting of the same name replaces this aspect. */
static bool is_replaced(const struct mapping *m, size_t i, size_t aspect)
{
	for (size_t k = i + 1; k < m->n_settings; k++) {
		if (strcmp(m->setting[i].name, m->setting[k].name) == 0 &&
		    has_aspect(&m->setting[k].field, aspect))
			return true;
	}
	return false;
}

/* Whether a setting of this aspect has a pattern. It may match columns that
 * other settings name, and the last match has effect, so the order has to be
 * part of the entries.
 */
static bool has_pattern(const struct mapping *m, size_t aspect)
{
	for (size_t i = 0; i < m->n_settings; i++) {
		if (has_aspect(&m->setting[i].field, aspect) &&
		    strpbrk(m->setting[i].name, "*?"))
			return true;
	}
	return false;
}

static void settings(struct entries *x, size_t aspect)
{
	static const char *const words[ASPECTS] = {"null policy", "default",
						   "cast", "mask"};
	const struct mapping *m = x->m;
	bool ordered = has_pattern(m, aspect);
	size_t n = 0;

	for (size_t i = 0; i < m->n_settings; i++) {
		struct field one;
		struct buf *b;

		if (!has_aspect(&m->setting[i].field, aspect) ||
		    is_replaced(m, i, aspect) ||
		    is_of_column(m, m->setting[i].name))
			continue;
		one = single_aspect(&m->setting[i].field, aspect);
		x->named = true;
		x->what = words[aspect];
		b = begin(x, "field");
		json_string(b, slice_str(m->setting[i].name));
		if (ordered)
			buf_fmt(b, " at=%zu", n++);
		put_field(b, &one);
		end(x);
	}
	x->named = false;
	x->what = NULL;
}

static void constant(struct entries *x, const struct mapping_constant *c)
{
	struct buf *b = begin(x, "constant");

	put_path(b, &c->to);
	switch (c->origin) {
	case MAPPING_SETTINGS:
		buf_char(b, '=');
		buf_add(b, c->json, c->n);
		break;
	case MAPPING_ENV:
		buf_str(b, " env=");
		json_string(b, slice_str(c->variable));
		if (x->values)
			buf_add(b, c->json, c->n);
		break;
	case MAPPING_RUN_ID:
		buf_str(b, " run=id");
		break;
	case MAPPING_RUN_START:
		buf_str(b, " run=start");
		break;
	}
	end(x);
}

static void mask_key(struct entries *x)
{
	const struct mapping *m = x->m;

	if (m->mask_key.n == 0)
		return;
	buf_str(begin(x, "mask_key"), "given");
	if (x->values)
		buf_slice(&x->text, buf_all(&m->mask_key));
	end(x);
	explicit_bzero(x->text.p, x->text.n);
}

static void add_all(struct entries *x)
{
	static const char *const numbers[] = {
		[MAPPING_NUMBERS_STRING] = "string",
		[MAPPING_NUMBERS_LITERAL] = "literal",
	};
	const struct mapping *m = x->m;

	text(x, "type", m->type ? m->type->name : NULL);
	text(x, "user_id", m->user_id);
	text(x, "anonymous_id", m->anonymous_id);
	text(x, "insert", m->event[MAPPING_INSERT]);
	text(x, "update", m->event[MAPPING_UPDATE]);
	text(x, "delete", m->event[MAPPING_DELETE]);
	text(x, "event_column", m->event_column);
	text(x, "group_id", m->group_id);
	text(x, "previous_id", m->previous_id);
	text(x, "object", m->object);
	text(x, "timestamp", m->timestamp);
	text(x, "job_id", m->job_id);
	text(x, "where", m->where);
	text(x, "deletes", m->skip_deletes ? "skip" : NULL);
	text(x, "jq", m->jq);
	text(x, "jq_numbers", numbers[m->jq_numbers]);
	text(x, "numbers", m->exact_numbers ? "exact" : NULL);
	text(x, "null", field_null_word(m->null));
	mask_key(x);
	columns(x, "identifier", m->identifier, m->n_identifiers);
	columns(x, "column", m->column, m->n_columns);
	for (size_t i = 0; i < ASPECTS; i++)
		settings(x, i);
	x->spare = true;
	for (size_t i = 0; i < m->n_constants; i++)
		constant(x, &m->constant[i]);
	for (size_t i = 0; i < m->n_computed; i++) {
		put_path(begin(x, "computed"), &m->computed[i].to);
		json_string(&x->text, slice_str(m->computed[i].program));
		end(x);
	}
	x->spare = false;
	/* a mapping without a list selects all columns, so removing the last
	 * entry of the list adds columns
	 */
	if (x->marks && m->all)
		text(x, "columns", "all");
}

void fingerprint_make(struct fingerprint *f, const struct mapping *m,
		      uint64_t seed, bool values)
{
	struct entries x = {.f = f, .m = m, .seed = seed, .values = values};

	*f = (struct fingerprint){0};
	add_all(&x);
	buf_clear(&x.text);
	if (f->n > 0)
		qsort(f->entry, f->n, sizeof(*f->entry), by_value);
	f->all = hash_half(f->entry, f->n * sizeof(*f->entry),
			   seed + FINGERPRINT_VERSION);
	f->all += f->all == 0;
}

/* The seed of the entries: it differs between mappings of a run, so that equal
 * settings in two mappings give different entries.
 */
static uint64_t seed_of(const struct mapping *m)
{
	const char *type = m->type ? m->type->name : "";
	const char *event = m->event[MAPPING_INSERT];

	return hash_half(event ? event : "", event ? strlen(event) : 0,
			 hash_half(type, strlen(type), FINGERPRINT_VERSION));
}

void fingerprint_entries(struct fingerprint *f, const struct mapping *m)
{
	struct entries x = {.f = f, .m = m, .seed = seed_of(m), .marks = true};

	*f = (struct fingerprint){0};
	add_all(&x);
	buf_clear(&x.text);
}

size_t fingerprint_added(const struct mapping *m, const uint64_t *was, size_t n,
			 const char *read, size_t said, struct buf *b)
{
	struct fingerprint f = {0};
	struct entries x = {.f = &f,
			    .m = m,
			    .seed = seed_of(m),
			    .marks = true,
			    .was = was,
			    .n_was = n,
			    .n_said = said,
			    .read = read,
			    .said = b};

	size_t before = b ? b->n : 0;

	add_all(&x);
	buf_clear(&x.text);
	fingerprint_clear(&f);
	if (!b || x.n_known > 0 || n == 0 || !m->type)
		return x.n_said - said;
	/* seed_of includes type and event name: if either changed, no entry is
	 * known
	 */
	b->n = before;
	buf_str(b, before > 0 ? ", " : "");
	buf_str(b, "the type or the event name is new");
	return 1;
}

void fingerprint_clear(struct fingerprint *f)
{
	free(f->entry);
	*f = (struct fingerprint){0};
}

uint32_t fingerprint_mix(uint64_t all, struct slice type, struct slice name)
{
	uint64_t h = hash_half(type.p, type.n, all);

	h = hash_half(name.p, name.n, h);
	return all ? (uint32_t)(h ^ h >> 32) : 0;
}
