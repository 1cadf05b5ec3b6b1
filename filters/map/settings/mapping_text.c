#include "map/settings/mapping_text.h"

#include <stdlib.h>

#include "core/mem.h"
#include "map/settings/event_type.h"
#include "map/settings/mapping_place.h"
#include "wire/json/json.h"
#include "wire/settings/doc.h"
#include "wire/stream/control.h"

char *mapping_text_copy(const char *s)
{
	return s ? mem_copy(s, strlen(s)) : NULL;
}

void mapping_text_replace(char **to, const char *s)
{
	if (!s)
		return;
	free(*to);
	*to = mapping_text_copy(s);
}

struct slice mapping_text_trim(struct slice s)
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

size_t mapping_text_split(struct slice s, char c)
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
/* ---- columns ---------------------------------------------------------- */

/* Parses a column's name or pattern. A name in double quotes is never a
 * pattern.
 */
static int column_name(struct mapping_column *c, struct slice s, struct err *e)
{
	struct path p;

	if (s.n == 0)
		return err_names(e, ERR_CONFIG, "a column without a name");
	if (*s.p == '"') {
		if (path_parse(&p, s, e) < 0)
			return -1;
		if (p.n == 1) {
			c->name = mem_copy(p.step[0].name, p.step[0].n);
			c->n = p.step[0].n;
		}
		path_clear(&p);
		if (!c->name)
			return err_names(e, ERR_CONFIG,
					 "column '%.*s': invalid quoted name",
					 SLICE_FMT(s));
	} else {
		c->name = mem_copy(s.p, s.n);
		c->n = s.n;
		c->glob = memchr(s.p, '*', s.n) || memchr(s.p, '?', s.n);
	}
	if (slice_is(slice_of(c->name, c->n), CONTROL_NAME))
		return err_names(e, ERR_CONFIG,
				 "column '" CONTROL_NAME "' is reserved");
	return 0;
}

struct mapping_column *mapping_text_column(struct mapping_column **v, size_t *n)
{
	*v = mem_resize(*v, (*n + 1) * sizeof(**v));
	(*v)[*n] = (struct mapping_column){0};
	return &(*v)[(*n)++];
}

int mapping_text_target(struct mapping_column *c, struct slice to,
			struct err *e)
{
	if (c->glob || c->leave_out)
		return err_names(
			e, ERR_CONFIG,
			"column '%.*s': a target needs a single column name",
			(int)c->n, c->name);
	if (path_parse(&c->to, to, e) < 0)
		return -1;
	c->renamed = true;
	return event_type_reserved(&c->to, e);
}

int mapping_text_one(struct mapping *m, struct slice s, struct err *e)
{
	struct mapping_column *c;
	size_t eq;

	s = mapping_text_trim(s);
	c = mapping_text_column(&m->column, &m->n_columns);
	if (s.n > 0 && *s.p == '!') {
		c->leave_out = true;
		s = mapping_text_trim(slice_of(s.p + 1, s.n - 1));
	}
	eq = mapping_text_split(s, '=');
	if (column_name(c, mapping_text_trim(slice_of(s.p, eq)), e) < 0)
		return -1;
	if (eq == s.n)
		return 0;
	return mapping_text_target(
		c, mapping_text_trim(slice_of(s.p + eq + 1, s.n - eq - 1)), e);
}

int mapping_text_columns(struct mapping *m, struct slice s, struct err *e)
{
	for (;;) {
		size_t n = mapping_text_split(s, ',');

		if (mapping_text_one(m, slice_of(s.p, n), e) < 0)
			return -1;
		if (n == s.n)
			return 0;
		s = slice_of(s.p + n + 1, s.n - n - 1);
	}
}

int mapping_text_identifiers(struct mapping *m, struct slice s, struct err *e)
{
	for (;;) {
		size_t n = mapping_text_split(s, ',');
		struct slice one = mapping_text_trim(slice_of(s.p, n));
		size_t eq = mapping_text_split(one, '=');
		struct mapping_column *c =
			mapping_text_column(&m->identifier, &m->n_identifiers);
		struct slice key =
			eq < one.n ? mapping_text_trim(slice_of(one.p + eq + 1,
								one.n - eq - 1))
				   : slice_of(one.p, eq);

		if (column_name(c, mapping_text_trim(slice_of(one.p, eq)), e) <
		    0)
			return -1;
		if (c->glob || path_parse(&c->to, key, e) < 0 || c->to.n != 1 ||
		    c->to.root)
			return err_names(
				e, ERR_CONFIG,
				"identifier '%.*s': expected a column, "
				"or column=KEY",
				SLICE_FMT(one));
		if (n == s.n)
			return 0;
		s = slice_of(s.p + n + 1, s.n - n - 1);
	}
}

void mapping_text_clear(struct mapping_column **v, size_t *n)
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

/* ---- JSON ------------------------------------------------------------- */

char *mapping_text_json(struct slice json, size_t *n)
{
	struct buf b = {0};
	bool in = false;

	for (size_t i = 0; i < json.n; i++) {
		char c = json.p[i];

		if (!in && (c == ' ' || c == '\t' || c == '\r' || c == '\n'))
			continue;
		buf_char(&b, c);
		if (in && c == '\\')
			buf_char(&b, json.p[++i]);
		else if (c == '"')
			in = !in;
	}
	*n = b.n;
	return buf_cstr(&b);
}

/* ---- constants -------------------------------------------------------- */

int mapping_text_constant(struct mapping *m, struct slice key,
			  struct slice json, struct err *e)
{
	struct mapping_constant *c;

	m->constant = mem_resize(m->constant,
				 (m->n_constants + 1) * sizeof(*m->constant));
	c = &m->constant[m->n_constants++];
	*c = (struct mapping_constant){0};
	c->json = mapping_text_json(json, &c->n);
	if (path_parse(&c->to, key, e) < 0)
		return -1;
	return event_type_reserved(&c->to, e);
}

static int string_constant(struct mapping *m, struct slice key,
			   const char *text, struct err *e)
{
	struct buf json = {0};
	int rc;

	if (json_utf8(slice_str(text)) < strlen(text))
		return err_names(e, ERR_USAGE, "constant '%.*s' is not UTF-8",
				 SLICE_FMT(key));
	json_string(&json, slice_str(text));
	rc = mapping_text_constant(m, key, buf_all(&json), e);
	buf_clear(&json);
	return rc;
}

static int json_constant(struct mapping *m, struct slice key, const char *text,
			 struct err *e)
{
	struct err why;
	struct doc *d;
	int rc;

	if (doc_parse(&d, slice_str(text), &why) < 0)
		return err_names(e, ERR_USAGE,
				 "constant '%.*s' is not JSON: %s",
				 SLICE_FMT(key), why.text);
	rc = mapping_text_constant(m, key, d->raw, e);
	doc_free(d);
	return rc;
}

int mapping_text_env_constant(struct mapping *m, struct slice key,
			      const char *variable, struct err *e)
{
	const char *text = getenv(variable);

	if (!text)
		return err_names(
			e, ERR_CONFIG,
			"constant '%.*s': the variable '%s' is not set",
			SLICE_FMT(key), variable);
	if (string_constant(m, key, text, e) < 0)
		return -1;
	m->constant[m->n_constants - 1].origin = MAPPING_ENV;
	m->constant[m->n_constants - 1].variable = mapping_text_copy(variable);
	return 0;
}

int mapping_text_run_constant(struct mapping *m, struct slice key,
			      const char *what, struct err *e)
{
	bool id = strcmp(what, "id") == 0;

	if (!id && strcmp(what, "start") != 0)
		return err_names(
			e, ERR_CONFIG,
			"constant '%.*s': expected id or start, not '%s'",
			SLICE_FMT(key), what);
	if (mapping_text_constant(m, key, slice_str("null"), e) < 0)
		return -1;
	m->constant[m->n_constants - 1].origin =
		id ? MAPPING_RUN_ID : MAPPING_RUN_START;
	return 0;
}

typedef int constant_fn(struct mapping *m, struct slice key, const char *value,
			struct err *e);

static int constant_words(struct mapping *m, const struct opt_list *words,
			  constant_fn *add, struct err *e)
{
	for (size_t i = 0; i < words->n; i++) {
		struct slice s = slice_str(words->v[i]);
		size_t eq = mapping_text_split(s, '=');

		if (eq == s.n)
			return err_names(e, ERR_USAGE,
					 "constant '%s': expected key=value",
					 words->v[i]);
		if (add(m, mapping_text_trim(slice_of(s.p, eq)), s.p + eq + 1,
			e) < 0)
			return -1;
	}
	return 0;
}

int mapping_text_constants(struct mapping *m, const struct mapping_options *o,
			   struct err *e)
{
	if (constant_words(m, &o->constants, string_constant, e) < 0 ||
	    constant_words(m, &o->json_constants, json_constant, e) < 0 ||
	    constant_words(m, &o->env_constants, mapping_text_env_constant, e) <
		    0)
		return -1;
	return constant_words(m, &o->run_constants, mapping_text_run_constant,
			      e);
}

/* ---- computed values -------------------------------------------------- */

int mapping_text_computed(struct mapping *m, struct slice key,
			  const char *program, struct err *e)
{
	struct mapping_computed *c;

	m->computed = mem_resize(m->computed,
				 (m->n_computed + 1) * sizeof(*m->computed));
	c = &m->computed[m->n_computed++];
	*c = (struct mapping_computed){.program = mapping_text_copy(program)};
	if (path_parse(&c->to, key, e) < 0)
		return -1;
	return event_type_reserved(&c->to, e);
}

int mapping_text_computed_word(struct mapping *m, const char *word,
			       struct err *e)
{
	struct slice s = slice_str(word);
	size_t eq = mapping_text_split(s, '=');

	if (eq == s.n)
		return err_names(e, ERR_USAGE,
				 "option '--field': expected path=expression");
	return mapping_text_computed(m, mapping_text_trim(slice_of(s.p, eq)),
				     word + eq + 1, e);
}

/* ---- what is done to values ------------------------------------------- */

struct field *mapping_text_setting(struct mapping *m, struct slice name)
{
	struct mapping_setting *s;

	m->setting = mem_resize(m->setting,
				(m->n_settings + 1) * sizeof(*m->setting));
	s = &m->setting[m->n_settings++];
	*s = (struct mapping_setting){.name = mem_copy(name.p, name.n)};
	return &s->field;
}

/* Sets the default: the word if it is JSON, otherwise the word as a string. */
static int set_default(struct field *f, const char *word, struct err *e)
{
	struct buf b = {0};
	struct doc *d;
	struct err why;

	if (json_utf8(slice_str(word)) < strlen(word))
		return err_names(e, ERR_CONFIG, "a default is not UTF-8");
	if (doc_parse(&d, slice_str(word), &why) == 0) {
		buf_slice(&b, d->raw);
		doc_free(d);
	} else {
		json_string(&b, slice_str(word));
	}
	free(f->fallback);
	f->fallback = mapping_text_json(buf_all(&b), &f->fallback_n);
	buf_clear(&b);
	return 0;
}

static int column_option(struct mapping *m, const char *word, const char *what,
			 enum mapping_use use, mapping_text_set_fn *set,
			 struct err *e)
{
	struct slice s = slice_str(word);
	size_t eq = mapping_text_split(s, '=');
	struct mapping_column c = {0};
	int rc;

	if (eq == s.n)
		return err_names(e, ERR_USAGE,
				 "option '--%s': expected "
				 "column=%s",
				 what, what);
	rc = column_name(&c, mapping_text_trim(slice_of(s.p, eq)), e);
	if (rc == 0)
		rc = set(mapping_text_setting(m, slice_of(c.name, c.n)),
			 word + eq + 1, e);
	if (rc == 0)
		mapping_place_add(m, use, c.name, 0);
	free(c.name);
	return rc;
}

int mapping_text_null(struct mapping *m, const char *word, struct err *e)
{
	struct field f = {0};

	if (strchr(word, '='))
		return column_option(m, word, "null", MAPPING_NULL,
				     field_set_null, e);
	if (field_set_null(&f, word, e) < 0)
		return -1;
	m->null = f.null;
	return 0;
}

static int all_options(struct mapping *m, const struct opt_list *list,
		       const char *what, enum mapping_use use,
		       mapping_text_set_fn *set, struct err *e)
{
	for (size_t i = 0; i < list->n; i++) {
		if (column_option(m, list->v[i], what, use, set, e) < 0)
			return -1;
	}
	return 0;
}

int mapping_text_fields(struct mapping *m, const struct mapping_options *o,
			struct err *e)
{
	for (size_t i = 0; i < o->nulls.n; i++) {
		if (mapping_text_null(m, o->nulls.v[i], e) < 0)
			return -1;
	}
	if (all_options(m, &o->defaults, "default", MAPPING_DEFAULT,
			set_default, e) < 0 ||
	    all_options(m, &o->casts, "cast", MAPPING_CAST, field_set_cast, e) <
		    0)
		return -1;
	return all_options(m, &o->masks, "mask", MAPPING_MASK, field_set_mask,
			   e);
}

void mapping_text_event(struct mapping *m, const char *name)
{
	mapping_text_replace(&m->event[MAPPING_INSERT], name);
	mapping_text_replace(&m->event[MAPPING_UPDATE], name);
}
