#include "map/value/field.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/num.h"
#include "core/opt.h"
#include "map/value/cast.h"
#include "map/value/mask.h"

static const char *const nulls[] = {"", "keep", "omit", "empty", NULL};
static const char *const casts[] = {"",        "string",    "integer", "number",
				    "boolean", "timestamp", NULL};
static const char *const steps[] = {
	"trim",      "lower",  "sha256", "hmac", "redact",
	"truncate:", "digits", "e164",   NULL};

static int find_word(const char *const *words, const char *word,
		     const char *what, struct err *e)
{
	const char *near;

	for (int i = 0; words[i]; i++) {
		if (*words[i] && strcmp(words[i], word) == 0)
			return i;
	}
	near = opt_nearest(word, words);
	return near && *near ? err_names(e, ERR_CONFIG,
					 "unknown %s '%s'; did you mean '%s'?",
					 what, word, near)
			     : err_names(e, ERR_CONFIG, "unknown %s '%s'", what,
					 word);
}

int field_set_null(struct field *f, const char *word, struct err *e)
{
	int i = find_word(nulls, word, "null policy", e);

	if (i >= 0)
		f->null = (enum field_null)i;
	return i < 0 ? -1 : 0;
}

int field_set_cast(struct field *f, const char *word, struct err *e)
{
	int i = find_word(casts, word, "cast", e);

	if (i >= 0)
		f->cast = (enum field_cast)i;
	return i < 0 ? -1 : 0;
}

static int set_step(struct field *f, const char *word, struct err *e)
{
	struct field_step step = {0};
	uint64_t n;
	int i;

	if (strncmp(word, "truncate:", 9) == 0) {
		if (num_uint(slice_str(word + 9), &n) < 0 || n > 1000000)
			return err_names(e, ERR_CONFIG,
					 "mask '%s': expected truncate:N",
					 word);
		step.what = FIELD_TRUNCATE;
		step.n = (size_t)n;
	} else {
		i = find_word(steps, word, "mask", e);
		if (i < 0)
			return -1;
		step.what = (enum field_action)i;
	}
	if (f->n_steps == FIELD_STEPS)
		return err_names(e, ERR_CONFIG, "a mask has at most %d steps",
				 FIELD_STEPS);
	f->step[f->n_steps++] = step;
	return 0;
}

int field_set_mask(struct field *f, const char *word, struct err *e)
{
	f->n_steps = 0;
	for (;;) {
		size_t n = strcspn(word, "+");
		char *one = mem_copy(word, n);
		int rc = set_step(f, one, e);

		free(one);
		if (rc < 0)
			return -1;
		if (!word[n])
			return 0;
		word += n + 1;
	}
}

const char *field_null_word(enum field_null null)
{
	return *nulls[null] ? nulls[null] : NULL;
}

const char *field_cast_word(enum field_cast cast)
{
	return *casts[cast] ? casts[cast] : NULL;
}

void field_mask_text(struct buf *b, const struct field *f)
{
	for (size_t i = 0; i < f->n_steps; i++) {
		buf_fmt(b, "%s%s", i > 0 ? "+" : "", steps[f->step[i].what]);
		if (f->step[i].what == FIELD_TRUNCATE)
			buf_fmt(b, "%zu", f->step[i].n);
	}
}

void field_merge(struct field *f, const struct field *more)
{
	if (more->null != FIELD_AS_SET)
		f->null = more->null;
	if (more->cast != FIELD_AS_IS)
		f->cast = more->cast;
	if (more->fallback) {
		free(f->fallback);
		f->fallback = mem_copy(more->fallback, more->fallback_n);
		f->fallback_n = more->fallback_n;
	}
	if (more->n_steps > 0) {
		memcpy(f->step, more->step, sizeof(f->step));
		f->n_steps = more->n_steps;
	}
	if (more->key)
		f->key = more->key;
}

void field_clear(struct field *f)
{
	free(f->fallback);
	*f = (struct field){0};
}

bool field_needs_key(const struct field *f)
{
	for (size_t i = 0; i < f->n_steps; i++) {
		if (f->step[i].what == FIELD_HMAC)
			return true;
	}
	return false;
}

bool field_merges(const struct field *f, struct buf *b)
{
	size_t from = b->n;

	if (f->cast != FIELD_AS_IS && f->cast != FIELD_STRING)
		buf_str(b, casts[f->cast]);
	for (size_t i = 0; i < f->n_steps; i++) {
		const struct field_step *s = &f->step[i];

		if (s->what == FIELD_SHA256 || s->what == FIELD_HMAC)
			continue;
		buf_fmt(b, "%s%s", b->n > from ? "+" : "", steps[s->what]);
		if (s->what == FIELD_TRUNCATE)
			buf_fmt(b, "%zu", s->n);
	}
	return b->n > from;
}

bool field_active(const struct field *f)
{
	return f->null > FIELD_KEEP || f->cast != FIELD_AS_IS || f->fallback ||
	       f->n_steps > 0;
}

/* Appends what replaces a null. Returns 1, or 0 if it is left out. */
static int put_null(const struct field *f, struct buf *b)
{
	if (f->fallback)
		buf_add(b, f->fallback, f->fallback_n);
	else if (f->null == FIELD_EMPTY)
		buf_str(b, "\"\"");
	else if (f->null == FIELD_OMIT)
		return 0;
	else
		buf_str(b, FIELD_NULL);
	return 1;
}

void field_work_clear(struct field_work *w)
{
	buf_clear(&w->value);
	buf_clear(&w->text);
	buf_clear(&w->next);
	mask_work_clear(w);
	*w = (struct field_work){0};
}

int field_apply(const struct field *f, const struct scan_member *m,
		struct field_work *w, struct buf *b, struct field_said *said)
{
	int rc;

	*said = (struct field_said){0};
	if (m->kind == SCAN_NULL)
		return put_null(f, b);
	if (f->n_steps == 0 && f->cast == FIELD_AS_IS) {
		buf_slice(b, m->value);
		return 1;
	}
	if (f->n_steps == 0)
		return cast_value(f, m, &w->text, b, &said->why) < 0 ? -1 : 1;
	w->value.n = 0;
	rc = cast_value(f, m, &w->text, &w->value, &said->why);
	if (rc == 0)
		rc = mask_value(f, w, b, said);
	return rc == 0 ? put_null(f, b) : rc;
}
