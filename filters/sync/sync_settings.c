#include "sync/sync_settings.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/opt.h"
#include "sync/sync_value.h"

/* Appends a name to a list with commas, quoted if it needs that. In quotes,
 * rudder-diff reads backslashes as escapes, rudder-query does not.
 */
static void add_name(struct buf *b, struct slice name, bool backslash)
{
	bool quote = memchr(name.p, ',', name.n) || memchr(name.p, '"', name.n);

	if (b->n > 0)
		buf_char(b, ',');
	if (!quote) {
		buf_slice(b, name);
		return;
	}
	buf_char(b, '"');
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"' || (backslash && name.p[i] == '\\'))
			buf_char(b, name.p[i]);
		buf_char(b, name.p[i]);
	}
	buf_char(b, '"');
}

/* Takes a list of names as one text. */
static int take_names(struct sync_texts *t, const struct doc *d, bool backslash,
		      struct err *e)
{
	struct buf all = {0}, one = {0};
	int rc = 0;

	if (d->kind != SCAN_ARRAY)
		return sync_text_take_list(t, d, false, e);
	if (!d->first)
		return sync_text_wrong(d, "a list that is not empty", e);
	for (const struct doc *i = d->first; rc == 0 && i; i = i->next) {
		one.n = 0;
		rc = sync_text_expand(&one, i, e);
		if (rc == 0)
			add_name(&all, buf_all(&one), backslash);
	}
	if (rc == 0)
		sync_text_add(t, all.p, all.n);
	buf_clear(&all);
	buf_clear(&one);
	return rc;
}

/* Takes {name: value} as texts name=value. */
static int take_pairs(struct sync_texts *t, const struct doc *d, struct err *e)
{
	struct buf b = {0};
	int rc = 0;

	if (d->kind != SCAN_OBJECT)
		return sync_text_wrong(d, "an object of names and values", e);
	for (const struct doc *i = d->first; rc == 0 && i; i = i->next) {
		b.n = 0;
		buf_fmt(&b, "%s=", i->name);
		if (i->kind == SCAN_TRUE || i->kind == SCAN_FALSE)
			buf_slice(&b, i->raw);
		else
			rc = sync_text_expand(&b, i, e);
		if (rc == 0)
			sync_text_add(t, b.p, b.n);
	}
	buf_clear(&b);
	return rc;
}

/* Takes {price: int, day: date} as the text price=int,day=date. */
static int take_types(struct sync_texts *t, const struct doc *d, struct err *e)
{
	struct sync_texts pairs = {0};
	struct buf all = {0};
	int rc = take_pairs(&pairs, d, e);

	for (size_t i = 0; i < pairs.n; i++)
		buf_fmt(&all, "%s%s", i > 0 ? "," : "", pairs.v[i]);
	if (rc == 0)
		sync_text_add(t, all.p, all.n);
	sync_text_clear(&pairs);
	buf_clear(&all);
	return rc;
}

/* Whether the value is a jq program, in which $ has its own meaning. */
static bool is_program(const struct sync_key *key)
{
	return strcmp(key->name, "body") == 0 ||
	       strcmp(key->name, "results") == 0;
}

/* Takes the value. Returns 1 to keep the setting, 0 for a flag that is off, or
 * -1.
 */
static int take_value(struct sync_setting *s, const struct doc *d,
		      struct err *e)
{
	switch (s->key->kind) {
	case SYNC_KEY_FLAG:
		if (d->kind != SCAN_TRUE && d->kind != SCAN_FALSE)
			return sync_text_wrong(d, "true or false", e);
		return d->kind == SCAN_TRUE;
	case SYNC_KEY_NAMES:
		return take_names(&s->value, d, s->key->stage == SYNC_DIFF, e) <
				       0
			       ? -1
			       : 1;
	case SYNC_KEY_PAIRS:
		return take_pairs(&s->value, d, e) < 0 ? -1 : 1;
	case SYNC_KEY_REPEAT:
	case SYNC_KEY_EXPECT:
		return sync_text_take_list(&s->value, d, is_program(s->key),
					   e) < 0
			       ? -1
			       : 1;
	default:
		if (d->kind == SCAN_OBJECT && d->first &&
		    strcmp(s->key->name, "types") == 0)
			return take_types(&s->value, d, e) < 0 ? -1 : 1;
		if (d->kind == SCAN_ARRAY || d->kind == SCAN_OBJECT)
			return sync_text_wrong(d, "a text or a number", e);
		return sync_text_take_list(&s->value, d, is_program(s->key),
					   e) < 0
			       ? -1
			       : 1;
	}
}

static int add_setting(struct sync_settings *set, const struct sync_key *key,
		       const struct doc *d, struct err *e)
{
	struct sync_setting s = {.key = key, .line = d->line};
	int rc = take_value(&s, d, e);

	if (rc > 0 && sync_value_check(key, &s.value, d, e) < 0)
		rc = -1;
	if (rc <= 0) {
		sync_text_clear(&s.value);
		return rc;
	}
	set->v = mem_resize(set->v, (set->n + 1) * sizeof(*set->v));
	set->v[set->n++] = s;
	return 0;
}

void sync_settings_clear(struct sync_settings *set)
{
	for (size_t i = 0; i < set->n; i++)
		sync_text_clear(&set->v[i].value);
	free(set->v);
}

/* The name most similar to a wrong one, among those allowed there. */
static const char *nearest(const char *group, const char *name,
			   enum sync_key_place place, const char *const *others)
{
	const char *list[256];
	size_t n = 0;

	for (; others && others[n] && n < COUNT_OF(list) / 2; n++)
		list[n] = others[n];
	for (const struct sync_key *k = sync_key_table;
	     k->option && n < COUNT_OF(list) - 1; k++) {
		if (!(k->place & place))
			continue;
		if (!group)
			list[n++] = k->group ? k->group : k->name;
		else if (k->group && strcmp(k->group, group) == 0)
			list[n++] = k->name;
	}
	list[n] = NULL;
	return opt_nearest(name, list);
}

static int unknown(const struct doc *d, const char *group,
		   enum sync_key_place place, const char *const *others,
		   struct err *e)
{
	char room[SYNC_KEY_HINT];
	const char *hint = sync_key_hint(group, d->name, place, room), *near;

	if (hint)
		return err_names(e, ERR_CONFIG, "line %u: unknown key '%s': %s",
				 d->line, d->name, hint);
	near = nearest(group, d->name, place, others);
	if (near)
		return err_names(
			e, ERR_CONFIG,
			"line %u: unknown key '%s'; did you mean '%s'?",
			d->line, d->name, near);
	return err_names(e, ERR_CONFIG,
			 "line %u: unknown key '%s'; rudder-sync-file(5) lists "
			 "all keys",
			 d->line, d->name);
}

static int not_a_group(const struct doc *d, struct err *e)
{
	const struct sync_key *k = sync_key_table;
	struct buf want = {0};
	int rc;

	while (!k->group || strcmp(k->group, d->name) != 0)
		k++;
	buf_fmt(&want, "an object, as in '%s: {%s: ...}'", d->name, k->name);
	rc = sync_text_wrong(d, buf_cstr(&want), e);
	buf_clear(&want);
	return rc;
}

static int add_group(struct sync_settings *set, const struct doc *d,
		     enum sync_key_place place, struct err *e)
{
	if (d->kind != SCAN_OBJECT)
		return not_a_group(d, e);
	for (const struct doc *i = d->first; i; i = i->next) {
		const struct sync_key *k =
			sync_key_find(d->name, i->name, place);

		if (!k)
			return unknown(i, d->name, place, NULL, e);
		if (add_setting(set, k, i, e) < 0)
			return -1;
	}
	return 0;
}

static bool listed(const char *const *names, const char *name)
{
	for (size_t i = 0; names[i]; i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

int sync_settings_take(struct sync_settings *set, const struct doc *d,
		       enum sync_key_place place, const char *const *names,
		       struct err *e)
{
	for (const struct doc *i = d->first; i; i = i->next) {
		const struct sync_key *k = sync_key_find(NULL, i->name, place);
		int rc = 0;

		if (listed(names, i->name))
			continue;
		if (k)
			rc = add_setting(set, k, i, e);
		else if (sync_key_group(i->name, place))
			rc = add_group(set, i, place, e);
		else
			rc = unknown(i, NULL, place, names, e);
		if (rc < 0)
			return -1;
	}
	return 0;
}

void sync_settings_put(struct sync_settings *set, const struct sync_key *key,
		       const char *text)
{
	struct sync_setting s = {.key = key};
	struct buf b = {0};

	if (key->kind == SYNC_KEY_NAMES)
		add_name(&b, slice_str(text), key->stage == SYNC_DIFF);
	else
		buf_str(&b, text);
	sync_text_add(&s.value, b.p, b.n);
	buf_clear(&b);
	set->v = mem_resize(set->v, (set->n + 1) * sizeof(*set->v));
	set->v[set->n++] = s;
}

const struct sync_setting *sync_settings_get(const struct sync_settings *set,
					     enum sync_stage stage,
					     const char *option)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct sync_key *k = set->v[i].key;

		if (k->stage == stage && strcmp(k->option, option) == 0)
			return &set->v[i];
	}
	return NULL;
}
