#include "map/pick_model.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/mem.h"
#include "map/event/mapping_load.h"
#include "map/settings/mapping_print.h"
#include "wire/json/json.h"
#include "wire/settings/doc.h"

enum { SAMPLE = 200 };

/* ---- columns ---------------------------------------------------------- */

static struct pick_model_column *add_column(struct pick_model *p,
					    struct slice key)
{
	struct buf name = {0};
	struct pick_model_column *c;

	json_decode(&name, key);
	p->column = mem_resize(p->column, (p->n + 1) * sizeof(*p->column));
	c = &p->column[p->n++];
	*c = (struct pick_model_column){.name = buf_cstr(&name)};
	return c;
}

static void take_row(struct pick_model *p, const struct input *in)
{
	for (size_t i = 0; i < in->n; i++) {
		const struct scan_member *m = &in->member[i];
		size_t n = m->value.n > SAMPLE ? SAMPLE : m->value.n;

		while (n < m->value.n &&
		       ((unsigned char)m->value.p[n] & 0xc0) == 0x80)
			n--; /* do not split a character */

		if ((int)i != in->rudder)
			add_column(p, m->key)->sample = mem_copy(m->value.p, n);
	}
}

static void take_begin(struct pick_model *p, const struct input *in)
{
	struct slice text = control_member(in->controls, "columns");
	struct doc *d;
	struct err why;

	if (text.n == 0 || doc_parse(&d, text, &why) < 0)
		return;
	for (const struct doc *c = d->first; c; c = c->next) {
		const struct doc *name = doc_get(c, "name");

		if (name && name->kind == SCAN_STRING)
			add_column(p, json_inner(name->raw))->sample =
				mem_copy("", 0);
	}
	doc_free(d);
}

static void drop_columns(struct pick_model *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->column[i].name);
		free(p->column[i].sample);
		free(p->column[i].target);
	}
	p->n = 0;
}

int pick_model_read(struct pick_model *p, struct input *in, struct err *e)
{
	int rc;

	while ((rc = input_next(in, e)) > 0) {
		if (in->kind == INPUT_BEGIN)
			take_begin(p, in);
		if (in->kind != INPUT_DATA ||
		    slice_is(in->control.action, "delete"))
			continue;
		drop_columns(p);
		take_row(p, in);
		return 0;
	}
	if (rc == 0 && p->n == 0)
		return err_set(e, ERR_DATA,
			       "nothing to pick from: the input has neither a "
			       "row nor a begin line with columns");
	return rc;
}

/* ---- settings --------------------------------------------------------- */

static bool is(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* The other use that the settings have for a column, or NULL. */
static const char *other_use(const struct mapping *m, const char *name)
{
	if (is(m->user_id, name))
		return "user id";
	if (is(m->anonymous_id, name))
		return "anonymous id";
	if (is(m->group_id, name))
		return "group id";
	if (is(m->previous_id, name))
		return "previous id";
	for (size_t i = 0; i < m->n_identifiers; i++) {
		if (is(m->identifier[i].name, name))
			return "identifier";
	}
	return NULL;
}

/* Sets whether the settings select the column, and its target. */
static void set_column(struct pick_model_column *c, const struct mapping *m)
{
	struct slice name = slice_str(c->name);
	bool named = false, out = false, fits = m->all;
	struct buf b = {0};

	for (size_t i = 0; i < m->n_columns; i++) {
		const struct mapping_column *k = &m->column[i];
		bool same = slice_is(name, k->name);

		if (!same &&
		    !(k->glob && mapping_glob(slice_str(k->name), name)))
			continue;
		out = out || k->leave_out;
		named = named || (same && !k->leave_out);
		fits = fits || !k->leave_out;
		if (same && k->renamed && !c->target) {
			path_text(&b, &k->to);
			c->target = buf_cstr(&b);
		}
	}
	c->id = other_use(m, c->name);
	c->on = fits && !out && (named || !c->id);
}

/* The settings with words as the list of columns; NULL: with their own list. */
static struct mapping_options settings(const struct pick_model *p,
				       const char *const *words, size_t n)
{
	struct mapping_options s = p->o->mapping;

	if (!s.type && !s.file)
		s.type = "identify";
	if (p->user_id)
		s.user_id = p->user_id;
	if (words)
		s.columns = (struct opt_list){
			.v = (const char **)(uintptr_t)words, .n = n};
	return s;
}

int pick_model_load(struct pick_model *p, struct err *e)
{
	struct mapping_options s = settings(p, NULL, 0);
	struct mapping_list list = {0};
	int rc = mapping_load(&list, &s, e);

	if (rc < 0 && e->kind == ERR_USAGE && !s.user_id && !s.anonymous_id) {
		mapping_list_clear(&list);
		s.user_id = "";
		rc = mapping_load(&list, &s, e);
	}
	if (rc == 0 && list.n > 1)
		rc = err_set(e, ERR_USAGE, "--pick supports only one mapping");
	if (rc == 0 && list.v->jq)
		rc = err_set(e, ERR_USAGE,
			     "a jq program makes the whole event, so there are "
			     "no columns to pick");
	for (size_t i = 0; rc == 0 && i < p->n; i++)
		set_column(&p->column[i], list.v);
	if (rc == 0 && list.v->user_id && *list.v->user_id)
		p->user_id = mem_copy(list.v->user_id, strlen(list.v->user_id));
	mapping_list_clear(&list);
	return rc;
}

/* The entry for a column in the list of columns: "name" or "name=target". */
static char *word_of(const struct pick_model_column *c)
{
	struct buf b = {0};

	if (c->name[strcspn(c->name, " \t\n,=!*?\"")] || !*c->name)
		json_string(&b, slice_str(c->name));
	else
		buf_str(&b, c->name);
	if (c->target)
		buf_fmt(&b, "=%s", c->target);
	return buf_cstr(&b);
}

/* The list of columns for the choice: n words. The caller frees them. */
static char **words_of(const struct pick_model *p, size_t *n)
{
	char **v = mem_zero((p->n + 1) * sizeof(*v));
	bool all = true, any = false;

	*n = 0;
	for (size_t i = 0; i < p->n; i++) {
		const struct pick_model_column *c = &p->column[i];

		all = all && (c->id ? !c->on : c->on && !c->target);
		any = any || c->on;
	}
	if (all || !any) {
		v[(*n)++] = mem_copy(any ? "*" : "!*", any ? 1 : 2);
		return v;
	}
	for (size_t i = 0; i < p->n; i++) {
		if (p->column[i].on)
			v[(*n)++] = word_of(&p->column[i]);
	}
	return v;
}

static void free_words(char **v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i]);
	free(v);
}

int pick_model_try(const struct pick_model *p, struct buf *text,
		   struct buf *options, struct err *e)
{
	struct mapping_list list = {0};
	struct mapping_options s;
	size_t n;
	char **words = words_of(p, &n);
	int rc;

	s = settings(p, (const char *const *)words, n);
	rc = mapping_load(&list, &s, e);
	if (rc == 0 && text)
		rc = mapping_print(text, &list, e);
	for (size_t i = 0; options && i < n; i++)
		buf_fmt(options, "%s%s", i > 0 ? "," : "", words[i]);
	mapping_list_clear(&list);
	free_words(words, n);
	return rc;
}

void pick_model_set_user(struct pick_model *p, struct pick_model_column *user)
{
	for (size_t i = 0; i < p->n; i++) {
		struct pick_model_column *c = &p->column[i];

		if (!is(c->id, "user id"))
			continue;
		c->id = NULL;
		c->on = true;
	}
	user->id = "user id";
	user->on = false;
	free(p->user_id);
	p->user_id = mem_copy(user->name, strlen(user->name));
}

int pick_model_set_target(struct pick_model_column *c, struct slice target,
			  struct err *e)
{
	struct path path = {0};

	if (target.n > 0 && path_parse(&path, target, e) < 0)
		return -1;
	path_clear(&path);
	free(c->target);
	c->target = target.n > 0 ? mem_copy(target.p, target.n) : NULL;
	c->on = true;
	return 0;
}

void pick_model_clear(struct pick_model *p)
{
	drop_columns(p);
	free(p->column);
	free(p->user_id);
}
