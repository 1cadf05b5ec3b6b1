#include "map/mapping.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/file.h"
#include "core/mem.h"
#include "core/reader.h"
#include "map/doc.h"
#include "map/event.h"
#include "map/expr.h"
#include "wire/control.h"
#include "wire/json.h"

const char *const mapping_actions[MAPPING_ACTIONS] = {
	[MAPPING_INSERT] = "insert",
	[MAPPING_UPDATE] = "update",
	[MAPPING_DELETE] = "delete",
};

#define FILE_MAX ((size_t)4 * 1024 * 1024)

static char *copy(const char *s)
{
	return s ? mem_copy(s, strlen(s)) : NULL;
}

static void replace(char **to, const char *s)
{
	if (!s)
		return;
	free(*to);
	*to = copy(s);
}

static struct slice trim(struct slice s)
{
	while (s.n > 0 && (*s.p == ' ' || *s.p == '\t' || *s.p == '\n')) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' ||
			   s.p[s.n - 1] == '\n'))
		s.n--;
	return s;
}

/* Offset of the first c outside double quotes, or s.n. */
static size_t outside_quotes(struct slice s, char c)
{
	bool in = false;

	for (size_t i = 0; i < s.n; i++) {
		if (in && s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			in = !in;
		else if (!in && s.p[i] == c)
			return i;
	}
	return s.n;
}

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

/* ---- columns ---------------------------------------------------------- */

/* A column's name or pattern, bare or in double quotes (then no pattern). */
static int column_name(struct mapping_column *c, struct slice s, struct err *e)
{
	struct path p;

	if (s.n == 0)
		return err_set(e, ERR_CONFIG, "a column without a name");
	if (*s.p == '"') {
		if (path_parse(&p, s, e) < 0)
			return -1;
		if (p.n == 1) {
			c->name = mem_copy(p.step[0].name, p.step[0].n);
			c->n = p.step[0].n;
		}
		path_clear(&p);
		if (!c->name)
			return err_set(e, ERR_CONFIG,
				       "column '%.*s': no name in quotes",
				       SLICE_FMT(s));
	} else {
		c->name = mem_copy(s.p, s.n);
		c->n = s.n;
		c->glob = memchr(s.p, '*', s.n) || memchr(s.p, '?', s.n);
	}
	if (slice_is(slice_of(c->name, c->n), CONTROL_NAME))
		return err_set(e, ERR_CONFIG,
			       "column '" CONTROL_NAME "' is reserved");
	return 0;
}

/* One more in an array of n. */
static struct mapping_column *new_column(struct mapping_column **v, size_t *n)
{
	*v = mem_resize(*v, (*n + 1) * sizeof(**v));
	(*v)[*n] = (struct mapping_column){0};
	return &(*v)[(*n)++];
}

static int column_target(struct mapping_column *c, struct slice to,
			 struct err *e)
{
	if (c->glob || c->leave_out)
		return err_set(e, ERR_CONFIG,
			       "column '%.*s': only one named column can have "
			       "a target",
			       (int)c->n, c->name);
	if (path_parse(&c->to, to, e) < 0)
		return -1;
	c->renamed = true;
	return event_reserved(&c->to, e);
}

/* "name", "na*", "!name", "name=target". */
static int column_entry(struct mapping *m, struct slice s, struct err *e)
{
	struct mapping_column *c;
	size_t eq;

	s = trim(s);
	c = new_column(&m->column, &m->n_columns);
	if (s.n > 0 && *s.p == '!') {
		c->leave_out = true;
		s = trim(slice_of(s.p + 1, s.n - 1));
	}
	eq = outside_quotes(s, '=');
	if (column_name(c, trim(slice_of(s.p, eq)), e) < 0)
		return -1;
	if (eq == s.n)
		return 0;
	return column_target(c, trim(slice_of(s.p + eq + 1, s.n - eq - 1)), e);
}

static int column_list(struct mapping *m, struct slice s, struct err *e)
{
	for (;;) {
		size_t n = outside_quotes(s, ',');

		if (column_entry(m, slice_of(s.p, n), e) < 0)
			return -1;
		if (n == s.n)
			return 0;
		s = slice_of(s.p + n + 1, s.n - n - 1);
	}
}

/* "name" or "name=KEY", with commas between. */
static int identifier_list(struct mapping *m, struct slice s, struct err *e)
{
	for (;;) {
		size_t n = outside_quotes(s, ',');
		struct slice one = trim(slice_of(s.p, n));
		size_t eq = outside_quotes(one, '=');
		struct mapping_column *c =
			new_column(&m->identifier, &m->n_identifiers);
		struct slice key =
			eq < one.n
				? trim(slice_of(one.p + eq + 1, one.n - eq - 1))
				: slice_of(one.p, eq);

		if (column_name(c, trim(slice_of(one.p, eq)), e) < 0)
			return -1;
		if (c->glob || path_parse(&c->to, key, e) < 0 || c->to.n != 1 ||
		    c->to.root)
			return err_set(e, ERR_CONFIG,
				       "identifier '%.*s': expected a column, "
				       "or column=KEY",
				       SLICE_FMT(one));
		if (n == s.n)
			return 0;
		s = slice_of(s.p + n + 1, s.n - n - 1);
	}
}

static void clear_columns(struct mapping_column **v, size_t *n)
{
	for (size_t i = 0; i < *n; i++) {
		free((*v)[i].name);
		path_clear(&(*v)[i].to);
		field_clear(&(*v)[i].field);
	}
	free(*v);
	*v = NULL;
	*n = 0;
}

/* ---- constants -------------------------------------------------------- */

/* json is copied. */
static int add_constant(struct mapping *m, struct slice key, struct slice json,
			struct err *e)
{
	struct mapping_constant *c;

	m->constant = mem_resize(m->constant,
				 (m->n_constants + 1) * sizeof(*m->constant));
	c = &m->constant[m->n_constants++];
	*c = (struct mapping_constant){.json = mem_copy(json.p, json.n),
				       .n = json.n};
	if (path_parse(&c->to, key, e) < 0)
		return -1;
	return event_reserved(&c->to, e);
}

static int split_constant(const char *word, struct slice *key,
			  struct slice *value, struct err *e)
{
	struct slice s = slice_str(word);
	size_t eq = outside_quotes(s, '=');

	if (eq == s.n)
		return err_set(e, ERR_USAGE,
			       "constant '%s': expected key=value", word);
	*key = trim(slice_of(s.p, eq));
	*value = slice_of(s.p + eq + 1, s.n - eq - 1);
	return 0;
}

static int string_constant(struct mapping *m, const char *word, struct err *e)
{
	struct slice key, value;
	struct buf json = {0};
	int rc;

	if (split_constant(word, &key, &value, e) < 0)
		return -1;
	if (json_utf8(value) < value.n)
		return err_set(e, ERR_USAGE, "constant '%.*s' is not UTF-8",
			       SLICE_FMT(key));
	json_string(&json, value);
	rc = add_constant(m, key, buf_all(&json), e);
	buf_clear(&json);
	return rc;
}

static int json_constant(struct mapping *m, const char *word, struct err *e)
{
	struct slice key, value;
	struct err why;
	struct doc *d;
	int rc;

	if (split_constant(word, &key, &value, e) < 0)
		return -1;
	if (doc_parse(&d, value, &why) < 0)
		return err_set(e, ERR_USAGE, "constant '%.*s' is no JSON: %s",
			       SLICE_FMT(key), why.text);
	rc = add_constant(m, key, d->raw, e);
	doc_free(d);
	return rc;
}

/* ---- computed values -------------------------------------------------- */

static int add_computed(struct mapping *m, struct slice key,
			const char *program, struct err *e)
{
	struct mapping_computed *c;

	m->computed = mem_resize(m->computed,
				 (m->n_computed + 1) * sizeof(*m->computed));
	c = &m->computed[m->n_computed++];
	*c = (struct mapping_computed){.program = copy(program)};
	if (path_parse(&c->to, key, e) < 0)
		return -1;
	return event_reserved(&c->to, e);
}

static int computed_option(struct mapping *m, const char *word, struct err *e)
{
	struct slice s = slice_str(word);
	size_t eq = outside_quotes(s, '=');

	if (eq == s.n)
		return err_set(e, ERR_USAGE,
			       "option '--field': expected path=expression");
	return add_computed(m, trim(slice_of(s.p, eq)), word + eq + 1, e);
}

/* ---- what is done to values ------------------------------------------- */

static struct field *setting(struct mapping *m, struct slice name)
{
	struct mapping_setting *s;

	m->setting = mem_resize(m->setting,
				(m->n_settings + 1) * sizeof(*m->setting));
	s = &m->setting[m->n_settings++];
	*s = (struct mapping_setting){.name = mem_copy(name.p, name.n)};
	return &s->field;
}

typedef int set_fn(struct field *f, const char *word, struct err *e);

/* JSON, or else a string. */
static int set_default(struct field *f, const char *word, struct err *e)
{
	struct buf b = {0};
	struct doc *d;
	struct err why;

	if (json_utf8(slice_str(word)) < strlen(word))
		return err_set(e, ERR_CONFIG, "a default is not UTF-8");
	if (doc_parse(&d, slice_str(word), &why) == 0) {
		buf_slice(&b, d->raw);
		doc_free(d);
	} else {
		json_string(&b, slice_str(word));
	}
	free(f->fallback);
	f->fallback = mem_copy(b.p, b.n);
	f->fallback_n = b.n;
	buf_clear(&b);
	return 0;
}

static int column_option(struct mapping *m, const char *word, const char *what,
			 set_fn *set, struct err *e)
{
	struct slice s = slice_str(word);
	size_t eq = outside_quotes(s, '=');
	struct mapping_column c = {0};
	int rc;

	if (eq == s.n)
		return err_set(e, ERR_USAGE,
			       "option '--%s': expected "
			       "column=%s",
			       what, what);
	rc = column_name(&c, trim(slice_of(s.p, eq)), e);
	if (rc == 0)
		rc = set(setting(m, slice_of(c.name, c.n)), word + eq + 1, e);
	free(c.name);
	return rc;
}

static int null_option(struct mapping *m, const char *word, struct err *e)
{
	struct field f = {0};

	if (strchr(word, '='))
		return column_option(m, word, "null", field_set_null, e);
	if (field_set_null(&f, word, e) < 0)
		return -1;
	m->null = f.null;
	return 0;
}

static int all_options(struct mapping *m, const struct opt_list *list,
		       const char *what, set_fn *set, struct err *e)
{
	for (size_t i = 0; i < list->n; i++) {
		if (column_option(m, list->v[i], what, set, e) < 0)
			return -1;
	}
	return 0;
}

static int field_options(struct mapping *m, const struct mapping_options *o,
			 struct err *e)
{
	for (size_t i = 0; i < o->nulls.n; i++) {
		if (null_option(m, o->nulls.v[i], e) < 0)
			return -1;
	}
	if (all_options(m, &o->defaults, "default", set_default, e) < 0 ||
	    all_options(m, &o->casts, "cast", field_set_cast, e) < 0)
		return -1;
	return all_options(m, &o->masks, "mask", field_set_mask, e);
}

static int read_key(struct mapping *m, const char *path, struct err *e)
{
	struct buf *b = &m->mask_key;

	if (!path)
		return 0;
	b->n = 0;
	if (file_private(path, e) < 0 || file_read(path, 4096, b, e) < 0)
		return -1;
	while (b->n > 0 && (b->p[b->n - 1] == '\n' || b->p[b->n - 1] == '\r'))
		b->n--;
	if (b->n == 0)
		return err_set(e, ERR_CONFIG, "mask key '%s' is empty", path);
	return 0;
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
	f->key = &m->mask_key;
	if (field_active(f))
		return f;
	field_clear(f);
	free(f);
	return NULL;
}

/* A mask by hmac without its key is not taken. */
static int check_keys(const struct mapping *m, struct err *e)
{
	bool needed = false;

	for (size_t i = 0; i < m->n_settings; i++)
		needed = needed || field_needs_key(&m->setting[i].field);
	for (size_t i = 0; i < m->n_columns; i++)
		needed = needed || field_needs_key(&m->column[i].field);
	if (needed && m->mask_key.n == 0)
		return err_set(e, ERR_CONFIG,
			       "mask 'hmac' needs --mask-key-file");
	return 0;
}

/* ---- the file --------------------------------------------------------- */

static int wrong_kind(const struct doc *d, const char *want, struct err *e)
{
	return err_set(e, ERR_CONFIG, "line %u: '%s' must be %s", d->line,
		       d->name ? d->name : "entry", want);
}

/* A text member into *to, if it is there. */
static int take_text(char **to, const struct doc *d, const char *name,
		     struct err *e)
{
	const struct doc *m = doc_get(d, name);

	if (!m)
		return 0;
	if (m->kind != SCAN_STRING || m->text_n != strlen(m->text))
		return wrong_kind(m, "a string", e);
	*to = copy(m->text);
	return 0;
}

/* The null, default, cast and mask of a column. */
static int field_object(struct field *f, const struct doc *d, struct err *e)
{
	static const struct {
		const char *name;
		set_fn *set;
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
	if (v) {
		f->fallback = mem_copy(v->raw.p, v->raw.n);
		f->fallback_n = v->raw.n;
	}
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
			return wrong_kind(i, "an object", e);
		if (doc_only(i, names, e) < 0)
			return -1;
		if (field_object(setting(m, slice_str(i->name)), i, e) < 0)
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
		return err_set(e, ERR_CONFIG,
			       "line %u: a column needs 'from', a string",
			       d->line);
	c = new_column(&m->column, &m->n_columns);
	c->name = mem_copy(from->text, from->text_n);
	c->n = from->text_n;
	if (field_object(&c->field, d, e) < 0)
		return -1;
	if (!to)
		return 0;
	if (to->kind != SCAN_STRING)
		return wrong_kind(to, "a string", e);
	return column_target(c, slice_of(to->text, to->text_n), e);
}

static int file_columns(struct mapping *m, const struct doc *d, struct err *e)
{
	const struct doc *list = doc_get(d, "columns");

	if (!list)
		return 0;
	if (list->kind == SCAN_STRING)
		return column_list(m, slice_of(list->text, list->text_n), e);
	if (list->kind != SCAN_ARRAY)
		return wrong_kind(list, "a list of columns", e);
	for (const struct doc *i = list->first; i; i = i->next) {
		int rc = -1;

		if (i->kind == SCAN_STRING)
			rc = column_entry(m, slice_of(i->text, i->text_n), e);
		else if (i->kind == SCAN_OBJECT)
			rc = column_object(m, i, e);
		else
			wrong_kind(i, "a string or an object", e);
		if (rc < 0)
			return -1;
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
		if (add_computed(m, slice_str(i->name), i->text, e) < 0)
			return err_in(e, "line %u", i->line);
	}
	return 0;
}

static int file_constants(struct mapping *m, const struct doc *d, struct err *e)
{
	const struct doc *all = doc_get(d, "constants");

	if (!all)
		return 0;
	if (all->kind != SCAN_OBJECT)
		return wrong_kind(all, "an object of paths and values", e);
	for (const struct doc *i = all->first; i; i = i->next) {
		if (add_constant(m, slice_str(i->name), i->raw, e) < 0)
			return err_in(e, "line %u", i->line);
	}
	return 0;
}

/* A name for inserts and updates. */
static void set_event(struct mapping *m, const char *name)
{
	replace(&m->event[MAPPING_INSERT], name);
	replace(&m->event[MAPPING_UPDATE], name);
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
		set_event(m, name);
		free(name);
		return 0;
	}
	if (doc_only(event, names, e) < 0 ||
	    take_text(&m->event_column, event, "column", e) < 0)
		return -1;
	for (size_t i = 0; i < MAPPING_ACTIONS; i++) {
		if (take_text(&m->event[i], event, mapping_actions[i], e) < 0)
			return -1;
	}
	return 0;
}

/* A string as for --identifier, or an object of columns and keys. */
static int file_identifiers(struct mapping *m, const struct doc *d,
			    struct err *e)
{
	const struct doc *all = doc_get(d, "identifiers");

	if (!all)
		return 0;
	if (all->kind == SCAN_STRING)
		return identifier_list(m, slice_of(all->text, all->text_n), e);
	if (all->kind != SCAN_OBJECT)
		return wrong_kind(all, "an object of columns and keys", e);
	for (const struct doc *i = all->first; i; i = i->next) {
		struct mapping_column *c =
			new_column(&m->identifier, &m->n_identifiers);

		if (i->kind != SCAN_STRING)
			return wrong_kind(i, "a string", e);
		c->name = copy(i->name);
		c->n = strlen(i->name);
		path_add(&c->to, slice_of(i->text, i->text_n));
	}
	return 0;
}

/* Texts of a file that are used only once all is read. */
struct words {
	char *type, *jq_numbers, *numbers, *null, *mask_key_file;
};

static int file_settings(struct mapping *m, const struct doc *d,
			 struct words *w, struct err *e)
{
	static const char *const names[] = {
		"type",          "user_id",  "anonymous_id", "columns",
		"constants",     "event",    "delete_event", "jq",
		"jq_numbers",    "job_id",   "$schema",      "description",
		"identifiers",   "group_id", "previous_id",  "object",
		"timestamp",     "null",     "fields",       "numbers",
		"mask_key_file", "where",    "computed",     NULL};

	if (d->kind != SCAN_OBJECT)
		return err_set(e, ERR_CONFIG, "not an object");
	if (doc_only(d, names, e) < 0 ||
	    take_text(&w->type, d, "type", e) < 0 ||
	    take_text(&m->user_id, d, "user_id", e) < 0 ||
	    take_text(&m->anonymous_id, d, "anonymous_id", e) < 0 ||
	    take_text(&m->group_id, d, "group_id", e) < 0 ||
	    take_text(&m->previous_id, d, "previous_id", e) < 0 ||
	    take_text(&m->object, d, "object", e) < 0 ||
	    take_text(&m->timestamp, d, "timestamp", e) < 0 ||
	    take_text(&m->jq, d, "jq", e) < 0 ||
	    take_text(&m->where, d, "where", e) < 0 ||
	    take_text(&w->jq_numbers, d, "jq_numbers", e) < 0 ||
	    take_text(&w->numbers, d, "numbers", e) < 0 ||
	    take_text(&w->null, d, "null", e) < 0 ||
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
		return err_set(e, ERR_CONFIG,
			       "the event of deletes is named twice");
	return 0;
}

static int load_file(struct mapping *m, const char *path, struct words *w,
		     struct err *e)
{
	struct buf b = {0};
	struct doc *d = NULL;
	int rc = file_read(path, FILE_MAX, &b, e);

	if (rc == 0) {
		rc = doc_parse(&d, buf_all(&b), e);
		if (rc == 0)
			rc = file_settings(m, d, w, e);
		if (rc < 0)
			err_in(e, "mapping '%s'", path);
	}
	doc_free(d);
	buf_clear(&b);
	return rc;
}

/* ---- all together ----------------------------------------------------- */

static int find_type(struct mapping *m, const char *name, struct err *e)
{
	const char *near;

	if (!name && m->jq)
		return 0;
	if (!name)
		return err_set(e, ERR_USAGE,
			       "what events? -t identify, -t track, ...");
	m->type = event_type(name);
	if (m->type)
		return 0;
	near = opt_nearest(name, event_names());
	if (near)
		return err_set(e, ERR_CONFIG,
			       "unknown event type '%s'; did you mean '%s'?",
			       name, near);
	return err_set(e, ERR_CONFIG, "unknown event type '%s'", name);
}

/* libjq before 1.7 would round them without a word. */
static int check_literal(const struct mapping *m, struct err *e)
{
	if (m->jq_numbers != MAPPING_NUMBERS_LITERAL || expr_keeps_numbers())
		return 0;
	return err_set(e, ERR_CONFIG,
		       "jq numbers 'literal': the libjq here rounds long "
		       "numbers (1.7 keeps them); say reject or string");
}

static int find_numbers(struct mapping *m, const char *word, struct err *e)
{
	static const char *const words[] = {
		[MAPPING_NUMBERS_REJECT] = "reject",
		[MAPPING_NUMBERS_STRING] = "string",
		[MAPPING_NUMBERS_LITERAL] = "literal",
	};

	for (size_t i = 0; word && i < COUNT_OF(words); i++) {
		if (strcmp(word, words[i]) == 0) {
			m->jq_numbers = (enum mapping_numbers)i;
			return check_literal(m, e);
		}
	}
	if (!word)
		return 0;
	return err_set(e, ERR_CONFIG,
		       "jq numbers '%s' is not reject, string or literal",
		       word);
}

static int find_exact(struct mapping *m, const char *word, struct err *e)
{
	if (!word || strcmp(word, "string") == 0)
		return 0;
	m->exact_numbers = strcmp(word, "exact") == 0;
	if (m->exact_numbers)
		return 0;
	return err_set(e, ERR_CONFIG, "numbers '%s' is not string or exact",
		       word);
}

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
		set_event(m, word);
		return 0;
	}
	while (rest.n > 0) {
		size_t n = outside_quotes(rest, ',');
		size_t eq = outside_quotes(slice_of(rest.p, n), '=');
		size_t i = 0;

		while (i < MAPPING_ACTIONS &&
		       !slice_is(trim(slice_of(rest.p, eq)),
				 mapping_actions[i]))
			i++;
		if (i == MAPPING_ACTIONS || eq == n)
			return err_set(e, ERR_USAGE,
				       "events '%s': expected insert=NAME,"
				       "update=NAME,delete=NAME",
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
		m->event_column = copy(o->event_column);
	}
	if (o->event && event_option(m, o->event, e) < 0)
		return -1;
	replace(&m->event[MAPPING_DELETE], o->delete_event);
	return 0;
}

/* The command line over the file. */
static int overlay(struct mapping *m, const struct mapping_options *o,
		   struct err *e)
{
	if (overlay_event(m, o, e) < 0)
		return -1;
	replace(&m->user_id, o->user_id);
	replace(&m->anonymous_id, o->anonymous_id);
	replace(&m->group_id, o->group_id);
	replace(&m->previous_id, o->previous_id);
	replace(&m->object, o->object);
	replace(&m->timestamp, o->timestamp);
	replace(&m->jq, o->jq);
	replace(&m->where, o->where);
	for (size_t i = 0; i < o->computed.n; i++) {
		if (computed_option(m, o->computed.v[i], e) < 0)
			return -1;
	}
	replace(&m->job_id, o->job_id);
	if (o->identifiers.n > 0)
		clear_columns(&m->identifier, &m->n_identifiers);
	for (size_t i = 0; i < o->identifiers.n; i++) {
		if (identifier_list(m, slice_str(o->identifiers.v[i]), e) < 0)
			return -1;
	}
	if (o->columns.n > 0)
		clear_columns(&m->column, &m->n_columns);
	for (size_t i = 0; i < o->columns.n; i++) {
		if (column_list(m, slice_str(o->columns.v[i]), e) < 0)
			return -1;
	}
	for (size_t i = 0; i < o->constants.n; i++) {
		if (string_constant(m, o->constants.v[i], e) < 0)
			return -1;
	}
	for (size_t i = 0; i < o->json_constants.n; i++) {
		if (json_constant(m, o->json_constants.v[i], e) < 0)
			return -1;
	}
	return 0;
}

static int check_event(const struct mapping *m, struct err *e)
{
	const char *type = m->type->name;
	bool one = m->event[MAPPING_INSERT] || m->event[MAPPING_UPDATE];

	if (one && m->event_column)
		return err_set(e, ERR_USAGE,
			       "an event has one name: --event or "
			       "--event-column");
	if (m->type->name_needed && !one && !m->event[MAPPING_DELETE] &&
	    !m->event_column)
		return err_set(e, ERR_USAGE,
			       "type '%s' needs an event name: -e NAME or "
			       "--event-column COLUMN",
			       type);
	if (!m->type->name_member && (one || m->event_column))
		return err_set(e, ERR_CONFIG, "type '%s' has no event name",
			       type);
	if (m->type->record && m->event[MAPPING_DELETE])
		return err_set(e, ERR_CONFIG,
			       "type 'record' deletes by itself: no "
			       "--delete-event");
	return 0;
}

/* A setting that a type needs, or does not know. */
static int check_one(const struct mapping *m, bool needed, bool allowed,
		     bool given, const char *option, struct err *e)
{
	if (needed && !given)
		return err_set(e, ERR_USAGE, "type '%s' needs %s",
			       m->type->name, option);
	if (given && !allowed)
		return err_set(e, ERR_CONFIG, "type '%s' has no use for %s",
			       m->type->name, option);
	return 0;
}

/* The visual data mapper's object, and identifiers. */
static int check_identifiers(const struct mapping *m, struct err *e)
{
	const char *dash = m->object ? strchr(m->object, '-') : NULL;
	bool vdm = m->object && !m->type->record;

	if (m->object && (!dash || dash == m->object || !dash[1]))
		return err_set(e, ERR_CONFIG,
			       "object '%s': expected DESTINATION-object",
			       m->object);
	if (check_one(m, m->type->record || vdm, m->type->record || vdm,
		      m->n_identifiers > 0, "--identifier COLUMN=KEY", e) < 0)
		return -1;
	if (m->object && m->n_identifiers > 1)
		return err_set(e, ERR_CONFIG,
			       "an object has exactly one identifier");
	return 0;
}

static int check_identity(const struct mapping *m, struct err *e)
{
	if (m->user_id || m->anonymous_id || m->type->record || m->object)
		return 0;
	return err_set(e, ERR_USAGE,
		       "whose events? -u COLUMN for the user id, or -a COLUMN "
		       "for the anonymous id");
}

static int check_text(const char *text, const char *what, struct err *e)
{
	if (!text || json_utf8(slice_str(text)) == strlen(text))
		return 0;
	return err_set(e, ERR_CONFIG, "%s is not UTF-8", what);
}

static int check(struct mapping *m, struct err *e)
{
	m->all = true;
	for (size_t i = 0; i < m->n_columns; i++)
		m->all = m->all && m->column[i].leave_out;
	for (size_t i = 0; i < MAPPING_ACTIONS; i++) {
		if (check_text(m->event[i], "the event name", e) < 0)
			return -1;
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
			return err_set(e, ERR_CONFIG,
				       "a jq program makes the whole event: "
				       "columns and what is done to them, "
				       "constants, identifiers and event "
				       "names belong into it");
		return 0;
	}
	if (check_identity(m, e) < 0 || check_event(m, e) < 0 ||
	    check_one(m, m->type->group, m->type->group, m->group_id != NULL,
		      "--group-id COLUMN", e) < 0 ||
	    check_one(m, m->type->alias, m->type->alias, m->previous_id != NULL,
		      "--previous-id COLUMN", e) < 0 ||
	    check_identifiers(m, e) < 0)
		return -1;
	return event_check(m, e);
}

static int load(struct mapping *m, const struct mapping_options *o,
		struct words *w, struct err *e)
{
	if (o->file && load_file(m, o->file, w, e) < 0)
		return -1;
	if (w->null && null_option(m, w->null, e) < 0)
		return -1;
	if (overlay(m, o, e) < 0 || field_options(m, o, e) < 0 ||
	    read_key(m, o->mask_key_file ? o->mask_key_file : w->mask_key_file,
		     e) < 0 ||
	    find_type(m, o->type ? o->type : w->type, e) < 0 ||
	    find_numbers(m, o->jq_numbers ? o->jq_numbers : w->jq_numbers, e) <
		    0 ||
	    find_exact(m, o->numbers ? o->numbers : w->numbers, e) < 0)
		return -1;
	return check(m, e) < 0 ? -1 : check_keys(m, e);
}

int mapping_load(struct mapping *m, const struct mapping_options *o,
		 struct err *e)
{
	struct words w = {0};
	int rc;

	*m = (struct mapping){0};
	rc = load(m, o, &w, e);
	free(w.type);
	free(w.jq_numbers);
	free(w.numbers);
	free(w.null);
	free(w.mask_key_file);
	return rc;
}

void mapping_clear(struct mapping *m)
{
	clear_columns(&m->column, &m->n_columns);
	clear_columns(&m->identifier, &m->n_identifiers);
	for (size_t i = 0; i < m->n_constants; i++) {
		path_clear(&m->constant[i].to);
		free(m->constant[i].json);
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
	*m = (struct mapping){0};
}
