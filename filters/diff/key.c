#include "diff/key.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "core/tool.h"
#include "wire/json.h"

static int add_column(struct key *k, struct slice name, struct err *e)
{
	if (name.n == 0)
		return err_set(e, ERR_USAGE, "a key column without a name");
	if (k->n == KEY_COLUMNS)
		return err_set(e, ERR_USAGE, "more than %d key columns",
			       KEY_COLUMNS);
	for (size_t i = 0; i < k->n; i++) {
		if (slice_eq(k->column[i], name))
			return err_set(e, ERR_USAGE,
				       "key column '%.*s' is named twice",
				       SLICE_FMT(name));
	}
	k->column[k->n++] = name;
	buf_char(&k->columns, k->n == 1 ? '[' : ',');
	json_string(&k->columns, name);
	return 0;
}

int key_init(struct key *k, const char *list, struct err *e)
{
	struct slice rest;

	*k = (struct key){0};
	buf_str(&k->names, list);
	rest = buf_all(&k->names);
	for (;;) {
		const char *comma = memchr(rest.p, ',', rest.n);
		size_t n = comma ? (size_t)(comma - rest.p) : rest.n;

		if (add_column(k, slice_of(rest.p, n), e) < 0)
			return -1;
		if (!comma)
			break;
		rest = slice_of(comma + 1, rest.n - n - 1);
	}
	buf_char(&k->columns, ']');
	return 0;
}

/* The elements of an array of scalars, as their texts. */
static size_t elements(struct slice array, struct slice *v, size_t max)
{
	const char *p = array.p + 1, *end = array.p + array.n - 1;
	size_t n = 0;

	while (p < end && n < max) {
		const char *from = p;

		if (*p == '"') {
			for (p++; p < end && *p != '"'; p++)
				p += *p == '\\';
			p = p < end ? p + 1 : end;
		} else {
			while (p < end && *p != ',')
				p++;
		}
		v[n++] = slice_of(from, (size_t)(p - from));
		p++;
	}
	return n;
}

/* Whether it is an array in JSON; the scanner wants bytes behind it. */
static bool is_array(struct slice text)
{
	char *padded = mem_zero(text.n + READER_PAD);
	struct scan *s = scan_new();
	enum scan_kind kind;
	bool is;

	if (text.n > 0)
		memcpy(padded, text.p, text.n);
	is = scan_value(s, slice_of(padded, text.n), &kind) == 0 &&
	     kind == SCAN_ARRAY;
	scan_free(s);
	free(padded);
	return is;
}

static int add_columns(struct key *k, struct slice array, struct err *e)
{
	struct slice v[KEY_COLUMNS];
	size_t n = elements(array, v, KEY_COLUMNS), at[KEY_COLUMNS + 1] = {0};

	for (size_t i = 0; i < n; i++) {
		if (v[i].n < 2 || *v[i].p != '"')
			return -1;
		json_decode(&k->names, json_inner(v[i]));
		at[i + 1] = k->names.n;
	}
	for (size_t i = 0; i < n; i++) {
		if (add_column(k,
			       slice_of(k->names.p + at[i], at[i + 1] - at[i]),
			       e) < 0)
			return -1;
	}
	buf_char(&k->columns, ']');
	return slice_eq(buf_all(&k->columns), array) ? 0 : -1;
}

int key_from_json(struct key *k, struct slice columns, struct err *e)
{
	struct err ignored;

	*k = (struct key){0};
	if (is_array(columns) && add_columns(k, columns, &ignored) == 0)
		return 0;
	return err_set(e, ERR_CONFIG,
		       "the key columns of the state are damaged; see 'damaged "
		       "state' in rudder-sync(7)");
}

void key_clear(struct key *k)
{
	buf_clear(&k->names);
	buf_clear(&k->columns);
	*k = (struct key){0};
}

/* A key column that the rows do not have is most often a slip. */
static void warn(struct slice column, const struct input *in)
{
	struct buf has = {0};

	for (size_t i = 0; i < in->n; i++)
		buf_fmt(&has, "%s%.*s", i ? ", " : "",
			SLICE_FMT(in->member[i].key));
	tool_warn("the first row has no key column '%.*s'; it has: %.*s",
		  SLICE_FMT(column), SLICE_FMT(buf_all(&has)));
	buf_clear(&has);
}

static NO_INLINE void find_columns(struct key *k, const struct input *in)
{
	bool first = k->shape == 0;

	k->shape = in->shape;
	for (size_t i = 0; i < k->n; i++) {
		k->at[i] = scan_find(in->scan, k->column[i]);
		if (first && k->at[i] < 0)
			warn(k->column[i], in);
	}
}

static NO_INLINE const char *no_key(const struct key *k, size_t i,
				    const char *what, char why[160])
{
	snprintf(why, 160, "key column '%.*s' %s", SLICE_FMT(k->column[i]),
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
		if (m->kind == SCAN_NULL)
			return no_key(k, i, "is null", why);
		if (m->kind >= SCAN_ARRAY)
			return no_key(k, i, "is no scalar", why);
		if (LIKELY(m->plain)) {
			buf_slice(b, m->value);
			continue;
		}
		hash_canonical(b, m->value);
		if (m->kind == SCAN_NUMBER) {
			written += m->value.n;
			k->odd = true;
		}
	}
	if (k->n > 1)
		buf_char(b, ']');
	if (b->n - from + written > KEY_MAX)
		return no_key(k, 0, "is longer than 64 KiB", why);
	return NULL;
}

void key_as_written(const struct key *k, const struct input *in, struct buf *b,
		    size_t from)
{
	if (LIKELY(!k->odd))
		return;
	b->n = from;
	for (size_t i = 0; i < k->n; i++) {
		const struct scan_member *m = &in->member[k->at[i]];

		if (k->n > 1)
			buf_char(b, i == 0 ? '[' : ',');
		if (m->kind == SCAN_NUMBER)
			buf_slice(b, m->value);
		else
			hash_canonical(b, m->value);
	}
	if (k->n > 1)
		buf_char(b, ']');
}

void key_id(const struct key *k, struct buf *b, struct slice text)
{
	if (k->n == 1 && *text.p == '"')
		buf_slice(b, text);
	else
		json_string(b, text);
}

void key_members(const struct key *k, struct buf *b, struct slice text)
{
	struct slice v[KEY_COLUMNS] = {text};

	if (k->n > 1)
		elements(text, v, k->n);
	for (size_t i = 0; i < k->n; i++) {
		if (i > 0)
			buf_char(b, ',');
		json_string(b, k->column[i]);
		buf_char(b, ':');
		buf_slice(b, v[i]);
	}
}

/* The text of a string as that of a number; 007 is none. */
static void add_unquoted(struct buf *b, struct slice s)
{
	size_t first = s.n > 0 && *s.p == '-';

	if (s.n > first + 1 && s.p[first] == '0' && s.p[first + 1] >= '0' &&
	    s.p[first + 1] <= '9')
		buf_slice(b, s);
	else if (s.n > first)
		hash_canonical(b, s);
}

void key_retype(const struct key *k, struct buf *b, struct slice text,
		unsigned columns)
{
	struct slice v[KEY_COLUMNS] = {text};

	if (k->n > 1)
		elements(text, v, k->n);
	for (size_t i = 0; i < k->n; i++) {
		if (k->n > 1)
			buf_char(b, i == 0 ? '[' : ',');
		if ((columns >> i & 1) == 0) {
			hash_canonical(b, v[i]);
		} else if (*v[i].p == '"') {
			add_unquoted(b, json_inner(v[i]));
		} else {
			buf_char(b, '"');
			buf_slice(b, v[i]);
			buf_char(b, '"');
		}
	}
	if (k->n > 1)
		buf_char(b, ']');
}
