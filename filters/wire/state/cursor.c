#include "wire/state/cursor.h"

#include "core/num.h"
#include "core/reader.h"
#include "wire/json/json.h"
#include "wire/json/scan.h"
#include "wire/state/keyed_hash.h"
#include "wire/state/summed_line.h"

enum { DIGITS = 64 };

static const char head[] = "{\"rudder_cursor\":1,\"";

/* Texts by their names, in the order of the file. */
static const struct {
	const char *name;
	size_t at;
} members[] = {
	{"column", offsetof(struct cursor, column)},
	{"type", offsetof(struct cursor, type)},
	{"since", offsetof(struct cursor, since)},
	{"value", offsetof(struct cursor, value)},
	{"model", offsetof(struct cursor, model)},
	{"key", offsetof(struct cursor, key)},
	{"by", offsetof(struct cursor, by)},
	{"state", offsetof(struct cursor, state)},
};

/* The slices of c into its text, which is an object, perhaps. */
static int find_members(struct cursor *c)
{
	struct scan *s = scan_new();
	const struct scan_member *m;
	size_t size = c->text.n;
	int rc;

	memset(buf_room(&c->text, READER_PAD), 0, READER_PAD);
	rc = scan_object(s, slice_of(c->text.p, size));
	for (size_t i = 0; rc == 0 && i < COUNT_OF(members); i++) {
		struct slice *to = (void *)((char *)c + members[i].at);

		m = scan_get(s, members[i].name);
		if (m && m->kind == SCAN_STRING)
			*to = m->value;
	}
	m = rc == 0 ? scan_get(s, "generation") : NULL;
	if (m && num_uint(m->value, &c->generation) < 0)
		rc = -1;
	scan_free(s);
	return rc < 0 || c->column.n == 0 ? -1 : 0;
}

int cursor_parse(struct cursor *c, struct slice object)
{
	*c = (struct cursor){0};
	buf_slice(&c->text, object);
	return find_members(c);
}

int cursor_load(struct cursor *c, const char *path, struct err *e)
{
	int rc;

	*c = (struct cursor){0};
	rc = summed_line_load(&c->text, head, path, e);
	if (rc < 0 && e->kind == ERR_DATA)
		return err_names(
			e, ERR_CONFIG,
			"'%s' is damaged: remove it; the next run then "
			"reads all rows",
			path);
	if (rc > 0 && find_members(c) < 0)
		rc = err_names(e, ERR_CONFIG, "'%s' has no column", path);
	return rc;
}

int cursor_store(const struct cursor *c, const char *path, struct err *e)
{
	struct buf b = {0};
	int rc;

	buf_add(&b, head, sizeof(head) - 3);
	for (size_t i = 0; i < COUNT_OF(members); i++) {
		const struct slice *text =
			(const void *)((const char *)c + members[i].at);

		if (text->n == 0)
			continue;
		buf_fmt(&b, ",\"%s\":", members[i].name);
		buf_slice(&b, *text);
	}
	buf_fmt(&b, ",\"generation\":%ju", (uintmax_t)c->generation);
	rc = summed_line_store(&b, path, e);
	buf_clear(&b);
	return rc;
}

void cursor_key(struct buf *b, uint64_t seed)
{
	keyed_hash_seed(seed, "cursor", slice_str(""), DIGITS, b);
}

void cursor_seal(struct buf *b, struct slice key, struct slice fingerprint)
{
	keyed_hash(key, fingerprint, DIGITS, b);
}

bool cursor_is_of(const struct cursor *c, struct slice fingerprint)
{
	struct slice model = c->model.n > 0 ? json_inner(c->model) : c->model;
	struct buf sealed = {0};
	bool is;

	if (c->key.n == 0)
		return slice_eq(model, fingerprint);
	cursor_seal(&sealed, json_inner(c->key), fingerprint);
	is = slice_eq(model, buf_all(&sealed));
	buf_clear(&sealed);
	return is;
}

void cursor_clear(struct cursor *c)
{
	buf_clear(&c->text);
	*c = (struct cursor){0};
}
