#include "diff/table.h"

#include <stdlib.h>

#include "core/mem.h"
#include "diff/tag.h"

/* Whether a row is to be taken, by its key text: 1, 0, -1. */
static int identify(struct table *t, struct slice text, uintmax_t lineno,
		    struct err *e)
{
	bool first, is;

	if (identity_first(&t->identity, text, &first, e) < 0)
		return -1;
	if (!first)
		return err_set(e, ERR_DATA, "line %ju: its key stands twice",
			       lineno);
	return identity_is(&t->identity, text, false, &is, e) < 0 ? -1 : is;
}

static int add_row(struct table *t, const struct input *in,
		   struct table_options *o, struct err *e)
{
	uintmax_t lineno = (uintmax_t)input_lineno(in);
	size_t at = t->text.n;
	struct snapshot_row *x;
	struct slice kept;
	struct hash row;
	char why[160];
	const char *no_key = key_of(o->key, in, &t->text, why);

	if (no_key)
		return err_set(e, ERR_DATA, "line %ju: %s", lineno, no_key);
	if (t->identity.key) {
		int rc = identify(t, slice_of(t->text.p + at, t->text.n - at),
				  lineno, e);

		if (rc == 0)
			t->text.n = at;
		if (rc <= 0)
			return rc;
	}
	if (t->n == t->size) {
		t->size = t->size ? 2 * t->size : 1024;
		t->row = mem_resize(t->row, t->size * sizeof(*t->row));
	}
	x = &t->row[t->n++];
	*x = (struct snapshot_row){0};
	x->version = (uint32_t)lineno; /* until all keys were looked at */
	x->key = hash_bytes(t->text.p + at, t->text.n - at, o->seed);
	key_as_written(o->key, in, &t->text, at);
	x->text_n = (uint32_t)(t->text.n - at);
	row = hash_row(in->member, in->n, columns_skip(o->columns, in), o->seed,
		       &t->scratch);
	row = mark_row(tag_mix(row, o->mixed));
	x->mark.content = mark_content(&o->marks, row);
	x->mark.line = mark_line(&o->marks, in->line);
	if (sample_wants(o->sample, x->key))
		sample_take(o->sample, x->key, row.hi, 0, in->member, in->n);
	keep_row(o->keep, in->line);
	kept = keep_values(o->keep, false);
	x->kept_n = (uint32_t)kept.n;
	buf_slice(&t->kept, kept);
	return 0;
}

/* Ordered rows of one key stand side by side. */
static int check_unique(const struct table *t, struct err *e)
{
	for (size_t i = 1; i < t->n; i++) {
		if (hash_eq(t->row[i - 1].key, t->row[i].key))
			return err_set(e, ERR_DATA,
				       "line %u: its key stands twice",
				       t->row[i].version);
	}
	return 0;
}

int table_is_row(const struct input *in, struct err *e)
{
	uintmax_t lineno = (uintmax_t)input_lineno(in);

	if (in->kind == INPUT_NOTE)
		return err_set(e, ERR_DATA,
			       "line %ju: a row that was refused on the way",
			       lineno);
	if (in->kind == INPUT_DATA && in->control.type != CONTROL_NONE)
		return err_set(e, ERR_DATA,
			       "line %ju: a row with the reserved name "
			       "'_rudder'",
			       lineno);
	if (in->kind == INPUT_BAD)
		return err_set(e, ERR_DATA, "line %ju: %s", lineno, in->why);
	return in->kind == INPUT_DATA;
}

int table_is_whole(const struct input *in, struct err *e)
{
	if (input_complete(in, e) < 0)
		return -1;
	if (in->partial)
		return err_set(e, ERR_DATA,
			       "the end line says that rows were left out "
			       "on purpose (--limit, --since)");
	return 0;
}

int table_read(struct table *t, struct input *in, struct table_options *o,
	       struct err *e)
{
	size_t at = 0, kept_at = 0;
	int rc;

	*t = (struct table){0};
	identity_init(&t->identity, o->key, o->seed);
	while ((rc = input_next(in, e)) > 0) {
		int is_row = table_is_row(in, e);

		if (is_row < 0 || (is_row && add_row(t, in, o, e) < 0))
			return -1;
	}
	if (rc < 0 || table_is_whole(in, e) < 0)
		return -1;
	for (size_t i = 0; i < t->n; i++) {
		t->row[i].text = t->text.p + at;
		at += t->row[i].text_n;
		t->row[i].kept = t->kept.p + kept_at;
		kept_at += t->row[i].kept_n;
	}
	snapshot_order(t->row, t->n);
	if (check_unique(t, e) < 0)
		return -1;
	for (size_t i = 0; i < t->n; i++)
		t->row[i].version = 0;
	return 0;
}

void table_clear(struct table *t)
{
	free(t->row);
	buf_clear(&t->text);
	buf_clear(&t->kept);
	buf_clear(&t->scratch);
	identity_clear(&t->identity);
	*t = (struct table){0};
}
