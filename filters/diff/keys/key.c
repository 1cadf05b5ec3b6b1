#include "diff/keys/key.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "diff/keys/name_list.h"
#include "wire/json/column_names.h"
#include "wire/json/decimal.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

static int add_column(struct key *k, struct slice name, struct err *e)
{
	if (name.n == 0)
		return err_set(e, ERR_USAGE, "a key column without a name");
	if (k->n == KEY_COLUMNS)
		return err_names(e, ERR_USAGE, "more than %d key columns",
				 KEY_COLUMNS);
	for (size_t i = 0; i < k->n; i++) {
		if (slice_eq(k->column[i], name))
			return err_names(e, ERR_USAGE,
					 "key column '%.*s' is named twice",
					 SLICE_FMT(name));
	}
	k->column[k->n++] = name;
	return 0;
}

/* Makes room for names, and updates pointers to those that move. */
static void make_room(struct key *k, size_t room)
{
	size_t at[KEY_COLUMNS];

	for (size_t i = 0; i < k->n; i++)
		at[i] = (size_t)(k->column[i].p - k->names.p);
	buf_room(&k->names, room);
	for (size_t i = 0; i < k->n; i++)
		k->column[i].p = k->names.p + at[i];
}

static int add_list(struct key *k, const char *list, struct err *e)
{
	make_room(k, strlen(list) + 1);
	for (;;) {
		size_t from = k->names.n, n = name_list_take(&k->names, list);

		if (n == 0 && *list == '"')
			return err_names(e, ERR_USAGE,
					 "columns '%s': a name in quotes ends "
					 "with a quote and a comma",
					 list);
		if (add_column(k,
			       slice_of(k->names.p + from, k->names.n - from),
			       e) < 0)
			return -1;
		if (!list[n])
			return 0;
		list += n + 1;
	}
}

static void put_names(struct key *k, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		buf_char(&k->columns, i == from ? '[' : ',');
		json_string(&k->columns, k->column[i]);
	}
	buf_char(&k->columns, ']');
}

/* Sets k->columns to the form of a state. */
static void put_columns(struct key *k)
{
	k->columns.n = 0;
	if (!key_identifies(k)) {
		put_names(k, 0, k->n);
		return;
	}
	buf_str(&k->columns, "{\"key\":");
	put_names(k, 0, k->own);
	buf_str(&k->columns, ",\"identity\":");
	put_names(k, k->own, k->n);
	buf_char(&k->columns, '}');
}

int key_init(struct key *k, const char *list, struct err *e)
{
	*k = (struct key){0};
	if (add_list(k, list, e) < 0)
		return -1;
	k->own = k->n;
	put_columns(k);
	return 0;
}

int key_identify(struct key *k, const char *list, struct err *e)
{
	if (list && add_list(k, list, e) < 0)
		return -1;
	put_columns(k);
	return 0;
}

void key_show(const struct key *k, struct buf *b)
{
	struct slice s = buf_all(&k->columns);

	if (key_identifies(k)) {
		buf_add(b, s.p + 1, s.n - 2);
		return;
	}
	buf_str(b, "\"key\":");
	buf_slice(b, s);
}

/* The elements of an array of scalars, as their texts. */
static size_t elements(struct slice array, struct slice *v, size_t max)
{
	const char *p = array.p + 1, *end = array.p + array.n - 1;
	size_t n = 0;

	while (p < end && n < max) {
		const char *from = p;

		p = span_value(p, end);
		v[n++] = slice_of(from, (size_t)(p - from));
		p++;
	}
	return n;
}

static int add_columns(struct key *k, struct slice array, struct err *e)
{
	struct slice v[KEY_COLUMNS];
	size_t n = elements(array, v, KEY_COLUMNS), from;

	make_room(k, array.n);
	for (size_t i = 0; i < n; i++) {
		if (v[i].n < 2 || *v[i].p != '"')
			return -1;
		from = k->names.n;
		json_decode(&k->names, json_inner(v[i]));
		if (add_column(k,
			       slice_of(k->names.p + from, k->names.n - from),
			       e) < 0)
			return -1;
	}
	return 0;
}

/* Copies the text first, because the scanner reads past its end. */
static int from_text(struct key *k, struct slice text, struct scan *s)
{
	struct slice key = text, identity = {0};
	const struct scan_member *m;
	struct err ignored;
	enum scan_kind kind;
	size_t n;

	if (scan_value(s, text, &kind) < 0)
		return -1;
	if (kind == SCAN_OBJECT) {
		if (scan_object(s, text) < 0)
			return -1;
		m = scan_members(s, &n);
		if (n != 2 || m[0].kind != SCAN_ARRAY ||
		    m[1].kind != SCAN_ARRAY)
			return -1;
		key = m[0].value;
		identity = m[1].value;
	} else if (kind != SCAN_ARRAY) {
		return -1;
	}
	if (add_columns(k, key, &ignored) < 0)
		return -1;
	k->own = k->n;
	if (identity.n > 0 && add_columns(k, identity, &ignored) < 0)
		return -1;
	put_columns(k);
	return k->own > 0 && slice_eq(buf_all(&k->columns), text) ? 0 : -1;
}

int key_from_json(struct key *k, struct slice columns, struct err *e)
{
	char *padded = mem_zero(columns.n + READER_PAD);
	struct scan *s = scan_new();
	int rc = -1;

	*k = (struct key){0};
	if (columns.n > 0) {
		memcpy(padded, columns.p, columns.n);
		rc = from_text(k, slice_of(padded, columns.n), s);
	}
	scan_free(s);
	free(padded);
	if (rc == 0)
		return 0;
	return err_names(
		e, ERR_CONFIG,
		"the key columns of the state are damaged; see 'damaged "
		"state' in rudder-sync(7)");
}

int key_from_begin(struct key *k, struct slice array, struct err *e)
{
	if (key_from_json(k, array, e) == 0)
		return 0;
	return err_set(e, ERR_DATA,
		       "the key %.*s of the begin line is not an array of "
		       "columns: use -k COLUMN",
		       SLICE_FMT(array));
}

void key_clear(struct key *k)
{
	buf_clear(&k->names);
	buf_clear(&k->columns);
	*k = (struct key){0};
}

/* Sets *e: which column is missing, and which one may be meant. */
static void column_missing(const struct key *k, size_t i,
			   const struct input *in, struct err *e)
{
	const char *what = i < k->own ? "key" : "identity";
	char *name = mem_copy(k->column[i].p, k->column[i].n);
	struct column_names names;
	struct buf has = {0};
	struct slice near;

	column_names_init(&names, in->member, in->n);
	near = column_names_near(&names, name);
	column_names_list(&names, &has);
	if (near.n > 0)
		err_names(e, ERR_CONFIG,
			  "the rows have no %s column '%s'; did you mean "
			  "'%.*s'?",
			  what, name, SLICE_FMT(near));
	else {
		err_names(e, ERR_CONFIG, "the rows have no %s column '%s'",
			  what, name);
		/* not in messages: without a header they are values */
		err_more(e, "; the columns are: %s", buf_cstr(&has));
	}
	buf_clear(&has);
	column_names_clear(&names);
	free(name);
}

int key_require(const struct key *k, const struct input *in, struct err *e)
{
	for (size_t i = 0; in->listed && i < k->n; i++) {
		if (scan_find(in->scan, k->column[i]) >= 0)
			continue;
		column_missing(k, i, in, e);
		return -1;
	}
	return 0;
}

int key_missed(struct key *k, const struct input *in, struct err *e)
{
	size_t i = 0;

	while (i < k->n && k->found[i])
		i++;
	if (i == k->n)
		return 0;
	column_missing(k, i, in, &k->missed);
	if (++k->n_missed < KEY_MISSED_MOST)
		return 0;
	*e = k->missed;
	return -1;
}

int key_found(const struct key *k, struct err *e)
{
	for (size_t i = 0; k->n_missed > 0 && i < k->n; i++) {
		if (k->found[i])
			continue;
		*e = k->missed;
		return -1;
	}
	return 0;
}

static NO_INLINE void find_columns(struct key *k, const struct input *in)
{
	k->shape = in->shape;
	for (size_t i = 0; i < k->n; i++)
		k->at[i] = scan_find(in->scan, k->column[i]);
	for (size_t i = 0; i < k->n; i++)
		k->found[i] = k->found[i] || k->at[i] >= 0;
}

static NO_INLINE const char *no_key(const struct key *k, size_t i,
				    const char *what, char why[160])
{
	snprintf(why, 160, "%s column '%.*s' %s",
		 i < k->own ? "key" : "identity", SLICE_FMT(k->column[i]),
		 what);
	return why;
}

const char *key_of(struct key *k, const struct input *in, struct buf *b,
		   char why[160])
{
	size_t from = b->n, written = 0;

	k->odd = false;
	if (UNLIKELY(in->shape != k->shape))
		find_columns(k, in);
	for (size_t i = 0; i < k->n; i++) {
		const struct scan_member *m;

		if (k->n > 1)
			buf_char(b, i == 0 ? '[' : ',');
		if (k->at[i] < 0)
			return no_key(k, i, "is missing", why);
		m = &in->member[k->at[i]];
		if (m->kind == SCAN_NULL && i < k->own)
			return no_key(k, i, "is null", why);
		if (m->kind >= SCAN_ARRAY)
			return no_key(k, i, "is not a scalar", why);
		if (LIKELY(m->plain)) {
			buf_slice(b, m->value);
			continue;
		}
		hash_canonical(b, m->value);
		if (m->kind != SCAN_NUMBER)
			continue;
		if (decimal_id(NULL, m->value) < 0)
			return no_key(k, i, "is " DECIMAL_ID_LONG, why);
		written += m->value.n;
		k->odd = true;
	}
	if (k->n > 1)
		buf_char(b, ']');
	if (b->n - from + written > KEY_MAX)
		return no_key(k, 0, "is longer than 64 KiB", why);
	return NULL;
}

void key_leaving(const struct key *k, const struct input *in, struct buf *b,
		 size_t from)
{
	if (LIKELY(!k->odd))
		return;
	b->n = from;
	for (size_t i = 0; i < k->n; i++) {
		const struct scan_member *m = &in->member[k->at[i]];

		if (k->n > 1)
			buf_char(b, i == 0 ? '[' : ',');
		if (m->kind != SCAN_NUMBER || decimal_id(b, m->value) < 0)
			hash_canonical(b, m->value);
	}
	if (k->n > 1)
		buf_char(b, ']');
}

void key_id(const struct key *k, struct buf *b, struct slice text)
{
	size_t from = b->n;
	char *to;

	if (LIKELY(k->n == 1 && *text.p != '"')) {
		/* a number or true needs no escapes */
		to = buf_room(b, text.n + 2);
		*to++ = '"';
		memcpy(to, text.p, text.n);
		to[text.n] = '"';
		b->n += text.n + 2;
		return;
	}
	if (k->n == 1)
		buf_slice(b, text);
	else
		json_string(b, text);
	json_surrogates(b, from);
}

void key_values(const struct key *k, struct slice text,
		struct slice v[KEY_COLUMNS])
{
	size_t n = 1;

	v[0] = text;
	if (k->n > 1)
		n = elements(text, v, k->n);
	for (; n < k->n; n++) /* a damaged state has fewer */
		v[n] = slice_of(NULL, 0);
}

void key_members(const struct key *k, struct buf *b, struct slice text)
{
	struct slice v[KEY_COLUMNS];
	size_t from = b->n;

	key_values(k, text, v);
	for (size_t i = 0; i < k->n; i++) {
		if (i > 0)
			buf_char(b, ',');
		json_string(b, k->column[i]);
		buf_char(b, ':');
		buf_slice(b, v[i]);
	}
	json_surrogates(b, from);
}

void key_own(const struct key *k, struct buf *b, struct slice text)
{
	struct slice v[KEY_COLUMNS];

	key_values(k, text, v);
	for (size_t i = 0; i < k->own; i++) {
		if (k->own > 1)
			buf_char(b, i == 0 ? '[' : ',');
		hash_canonical(b, v[i]);
	}
	if (k->own > 1)
		buf_char(b, ']');
}

bool key_identity(const struct key *k, struct buf *b, struct slice text)
{
	struct slice v[KEY_COLUMNS];
	bool any = false;

	key_values(k, text, v);
	for (size_t i = k->own; i < k->n; i++) {
		bool bare = *v[i].p != '"' && *v[i].p != 'n';

		any = any || *v[i].p != 'n';
		if (bare)
			buf_char(b, '"');
		hash_canonical(b, v[i]);
		buf_str(b, bare ? "\"," : ",");
	}
	return any;
}
