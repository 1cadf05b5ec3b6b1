#include "diff/pass/sorted_rows.h"

#include <stdlib.h>

#include "core/mem.h"
#include "diff/state/pending.h"
#include "diff/state/pending_write.h"

static int fail_duplicate(uintmax_t lineno, struct err *e)
{
	return err_names(e, ERR_DATA, "line %ju: duplicate key", lineno);
}

/* A row whose -k may be a duplicate, to be decided after all rows. */
struct doubt {
	struct hash row;
	uintmax_t lineno;
};

static int put_doubt(struct sorted_rows *t, const struct doubt *d,
		     struct err *e)
{
	unsigned part = new_keys_part(d->row);

	buf_add(spool_record(&t->doubts, part), d, sizeof(*d));
	return spool_add(&t->doubts, part, e);
}

static int settle_part(struct sorted_rows *t, unsigned part, struct err *e)
{
	struct new_keys *rows = &t->identity.rows;
	struct slice x;
	int rc;

	if (new_keys_settle(rows, part, e) < 0)
		return -1;
	spool_rewind(&t->doubts, part);
	while ((rc = spool_next(&t->doubts, &x, e)) > 0) {
		enum new_keys_answer first;
		struct doubt d;

		memcpy(&d, x.p, sizeof(d));
		if (new_keys_add(rows, d.row, &first, e) < 0)
			return -1;
		if (first == NEW_KEYS_SEEN)
			return fail_duplicate(d.lineno, e);
	}
	return rc < 0 ? -1 : new_keys_settled(rows, false, e);
}

static int settle_doubts(struct sorted_rows *t, struct err *e)
{
	bool any = new_keys_spilled(&t->identity.rows);

	for (unsigned p = 0; any && p < NEW_KEYS_PARTS; p++) {
		if (!spool_empty(&t->doubts, p) && settle_part(t, p, e) < 0)
			return -1;
	}
	return 0;
}

/* Whether a row is part of the table (it has an identity): 1, 0, -1. */
static int identify(struct sorted_rows *t, struct slice text, uintmax_t lineno,
		    struct err *e)
{
	enum new_keys_answer first;
	bool is;

	if (identity_first(&t->identity, text, &first, e) < 0)
		return -1;
	if (first == NEW_KEYS_SEEN)
		return fail_duplicate(lineno, e);
	if (first == NEW_KEYS_MAYBE) {
		const struct doubt d = {identity_row(&t->identity, text),
					lineno};

		if (put_doubt(t, &d, e) < 0)
			return -1;
	}
	return identity_is(&t->identity, text, false, &is, e) < 0 ? -1 : is;
}

/* Parts by the top bits of the key. More parts would make many small writes. */
enum { PART_BITS = 8, PARTS = 1 << PART_BITS };

/* Puts the current row into its part, in the form of an intent. */
static int put_row(struct sorted_rows *t, const struct intent *i, struct err *e)
{
	unsigned part = (unsigned)(i->key.hi >> (64 - PART_BITS));

	t->n++;
	t->text_n += (size_t)i->text_n + i->kept_n;
	pending_write_record(spool_record(&t->rows, part), i);
	return spool_add(&t->rows, part, e);
}

static int add_row(struct sorted_rows *t, const struct input *in,
		   struct sorted_rows_options *o, struct err *e)
{
	uintmax_t lineno = (uintmax_t)input_lineno(in);
	struct intent x = {.version = (uint32_t)lineno};
	struct slice kept;
	struct hash row;
	char why[160];
	const char *no_key;

	t->text.n = 0;
	if (key_first(o->key, in, e) < 0)
		return -1;
	no_key = key_of(o->key, in, &t->text, why);
	if (no_key &&
	    (key_missed(o->key, in, e) < 0 || key_found(o->key, e) < 0))
		return -1;
	if (no_key)
		return err_set(e, ERR_DATA, "line %ju: %s", lineno, no_key);
	if (t->identity.key) {
		int rc = identify(t, buf_all(&t->text), lineno, e);

		if (rc <= 0)
			return rc;
	}
	x.key = hash_bytes(t->text.p, t->text.n, o->seed);
	key_leaving(o->key, in, &t->text, 0);
	row = hash_row(in->member, in->n, columns_skip(o->columns, in), o->seed,
		       &t->scratch);
	row = row_hash_row(tag_mix(row, o->mixed));
	if (sample_wants(o->sample, x.key))
		sample_take(o->sample, x.key, row.hi, 0, in->member, in->n);
	x.row.hi = row_hash_content(&o->marks, row);
	x.line = row_hash_line(&o->marks, in->line);
	kept_values_row(o->keep, in->line);
	kept = kept_values_of(o->keep, false);
	x.text = t->text.p;
	x.text_n = (uint32_t)t->text.n;
	x.kept = kept.p;
	x.kept_n = (uint32_t)kept.n;
	return put_row(t, &x, e);
}

/* ---- part by part ------------------------------------------------------ */

static void make_room(struct sorted_rows *t)
{
	if (t->n_part < t->size)
		return;
	t->size = t->size ? t->size + t->size / 2 : 1024;
	t->row = mem_resize(t->row, t->size * sizeof(*t->row));
}

/* After sorting, rows with the same key are next to each other. */
static int check_unique(const struct sorted_rows *t, struct err *e)
{
	for (size_t i = 1; i < t->n_part; i++) {
		if (hash_eq(t->row[i - 1].key, t->row[i].key))
			return fail_duplicate(t->row[i].version, e);
	}
	return 0;
}

static int next_part(void *ctx, const struct snapshot_row **row, size_t *n,
		     struct err *e)
{
	struct sorted_rows *t = ctx;
	struct slice x;

	if (t->part == PARTS)
		return 0;
	if (spool_all(&t->rows, t->part++, &x, e) < 0)
		return -1;
	t->n_part = 0;
	while (x.n > 0) {
		struct intent i;

		x = slice_of(x.p + sizeof(uint32_t), x.n - sizeof(uint32_t));
		if (pending_parse(&x, &i) <= 0)
			return err_set(e, ERR_BUG,
				       "a temporary file has changed");
		make_room(t);
		t->row[t->n_part++] = (struct snapshot_row){
			.key = i.key,
			.mark = pending_mark_of(&i),
			.text = i.text,
			.kept = i.kept,
			.text_n = i.text_n,
			.kept_n = i.kept_n,
			.version = i.version, /* its line number */
		};
	}
	snapshot_order(t->row, t->n_part);
	if (check_unique(t, e) < 0)
		return -1;
	for (size_t i = 0; i < t->n_part; i++)
		t->row[i].version = t->version;
	*row = t->row;
	*n = t->n_part;
	return 1;
}

static void first_part(void *ctx)
{
	struct sorted_rows *t = ctx;

	t->part = 0;
}

struct snapshot_feed sorted_rows_feed(struct sorted_rows *t)
{
	return (struct snapshot_feed){
		.next = next_part,
		.rewind = first_part,
		.ctx = t,
		.counted = true,
		.n = t->n,
		.text_n = t->text_n,
	};
}

int sorted_rows_snapshot(struct sorted_rows *t, struct snapshot *s,
			 const char *dir, struct err *e)
{
	const struct snapshot_feed feed = sorted_rows_feed(t);

	return spool_spilled(&t->rows) ? snapshot_write_mapped(s, &feed, dir, e)
				       : snapshot_build(s, &feed, e);
}

int sorted_rows_is_row(const struct input *in, struct err *e)
{
	uintmax_t lineno = (uintmax_t)input_lineno(in);

	if (in->kind == INPUT_NOTE)
		return err_names(e, ERR_DATA,
				 "line %ju: an earlier stage rejected a row",
				 lineno);
	if (in->kind == INPUT_DATA && in->control.type != CONTROL_NONE)
		return err_names(
			e, ERR_DATA,
			"line %ju: the row has a member '_rudder'; this "
			"name is reserved",
			lineno);
	if (in->kind == INPUT_BAD)
		return err_set(e, ERR_DATA, "line %ju: %s", lineno, in->why);
	return in->kind == INPUT_DATA;
}

int sorted_rows_is_whole(const struct input *in, struct err *e)
{
	if (input_complete(in, e) < 0)
		return -1;
	if (in->partial)
		return err_set(e, ERR_DATA,
			       "the end line reports that rows were omitted on "
			       "purpose (--limit, --since)");
	return 0;
}

int sorted_rows_read(struct sorted_rows *t, struct input *in,
		     struct sorted_rows_options *o, struct err *e)
{
	size_t memory = o->memory ? (size_t)o->memory : SIZE_MAX;
	int rc;

	*t = (struct sorted_rows){0};
	identity_init(&t->identity, o->key, o->seed,
		      ((size_t)o->memory + 3) / 4, o->dir);
	spool_init(&t->doubts, o->dir, NEW_KEYS_PARTS, memory / 16,
		   sizeof(struct doubt));
	spool_init(&t->rows, o->dir, PARTS, memory / 8, 0);
	spool_hold(&t->rows, memory / 4);
	for (rc = o->ahead ? 1 : input_next(in, e); rc > 0;
	     rc = input_next(in, e)) {
		int is_row = sorted_rows_is_row(in, e);

		if (is_row < 0 || (is_row && add_row(t, in, o, e) < 0))
			return -1;
	}
	if (rc < 0 || sorted_rows_is_whole(in, e) < 0)
		return -1;
	return settle_doubts(t, e);
}

void sorted_rows_clear(struct sorted_rows *t)
{
	spool_clear(&t->rows);
	spool_clear(&t->doubts);
	buf_clear(&t->text);
	hash_scratch_clear(&t->scratch);
	free(t->row);
	identity_clear(&t->identity);
	*t = (struct sorted_rows){0};
}
