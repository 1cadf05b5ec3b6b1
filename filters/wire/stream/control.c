#include "wire/stream/control.h"

#include <assert.h>
#include <stdlib.h>

#include "core/mem.h"
#include "core/num.h"
#include "core/reader.h"
#include "core/tool.h"
#include "wire/json/json.h"

enum { RECORD_MAX = 64 * 1024, CHANGE_DIGITS = 32 };

struct control_reader {
	struct scan *scan;
	uint64_t shape; /* the shape for which index is valid */
	int index[16];  /* of each field below, -1 where absent */
};

/* One row per text member: its name, where it goes, and whether the quotes
 * stay because it may hold escapes.
 */
static const struct {
	const char *name;
	size_t at;
	bool quoted;
} fields[] = {
	{"action", offsetof(struct control, action), false},
	{"id", offsetof(struct control, id), true},
	{"change", offsetof(struct control, change), false},
	{"stage", offsetof(struct control, stage), false},
	{"reason", offsetof(struct control, reason), true},
	{"stream", offsetof(struct control, stream), false},
	{"run", offsetof(struct control, run), false},
	{"model", offsetof(struct control, model), false},
	{"state", offsetof(struct control, state), true},
	{"attempt", offsetof(struct control, attempt), false},
	{"type", 0, false},
};

static const struct {
	const char *name;
	enum control_type type;
} types[] = {
	{"change", CONTROL_CHANGE},   {"begin", CONTROL_BEGIN},
	{"end", CONTROL_END},         {"reject", CONTROL_REJECT},
	{"skip", CONTROL_SKIP},       {"abort", CONTROL_ABORT},
	{"missing", CONTROL_MISSING},
};

struct control_reader *control_reader_new(void)
{
	struct control_reader *r = mem_zero(sizeof(*r));

	r->scan = scan_new();
	return r;
}

void control_reader_free(struct control_reader *r)
{
	if (!r)
		return;
	scan_free(r->scan);
	free(r);
}

/* The scanner needs an LF or NUL after its text. Here the rest of the line
 * follows the value; it is not part of the value, so the scanner gets the
 * length and stops at the brace that ends the object.
 */
static int scan_body(struct control_reader *r, struct slice value,
		     struct err *e)
{
	if (*value.p != '{' || scan_object(r->scan, value) < 0)
		return err_names(e, ERR_DATA,
				 "member '_rudder' is not an object");
	if (scan_shape(r->scan) == r->shape)
		return 0;
	r->shape = scan_shape(r->scan);
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		r->index[i] = scan_find(r->scan, slice_str(fields[i].name));
	return 0;
}

/* Whether the CHANGE_DIGITS characters are hexadecimal digits, as
 * control_message_id needs them.
 */
static bool are_digits(const char *p)
{
	uint64_t v;

	return num_hex(p, &v) == 0 && num_hex(p + 16, &v) == 0;
}

static bool is_change_id(struct slice s)
{
	return s.n == CHANGE_DIGITS && are_digits(s.p);
}

int control_read(struct control_reader *r, struct slice value,
		 struct control *c, struct err *e)
{
	struct slice type = {0};
	const struct scan_member *m;
	size_t n;

	*c = (struct control){.type = CONTROL_OTHER, .body = value};
	if (scan_body(r, value, e) < 0)
		return -1;
	m = scan_members(r->scan, &n);
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		struct slice *to = (void *)((char *)c + fields[i].at);
		struct slice text;

		if (r->index[i] < 0 || m[r->index[i]].kind != SCAN_STRING)
			continue;
		text = m[r->index[i]].value;
		if (!fields[i].quoted)
			text = json_inner(text);
		if (i + 1 == COUNT_OF(fields))
			type = text;
		else
			*to = text;
	}
	if (type.n == 0)
		return err_names(e, ERR_DATA, "member '_rudder' has no type");
	if (c->change.n > 0 && !is_change_id(c->change))
		return err_names(e, ERR_DATA,
				 "member 'change' of '_rudder' is not 32 hex "
				 "digits");
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (slice_is(type, types[i].name)) {
			c->type = types[i].type;
			break;
		}
	}
	return 0;
}

struct slice control_member(const struct control_reader *r, const char *name)
{
	const struct scan_member *m = scan_get(r->scan, name);

	return m ? m->value : slice_of(NULL, 0);
}

int control_count(const struct control_reader *r, const char *name, uint64_t *n)
{
	struct slice v = control_member(r, name);

	if (v.n == 0)
		return 0;
	return num_uint(v, n) == 0 ? 1 : -1;
}

void control_add_text(struct buf *b, const char *name, struct slice text)
{
	if (text.n == 0)
		return;
	buf_fmt(b, ",\"%s\":", name);
	json_string(b, text);
}

void control_note(struct buf *b, const struct control_note *note)
{
	buf_fmt(b, "{\"_rudder\":{\"type\":\"%s\",\"stage\":\"%s\"", note->type,
		note->stage);
	if (note->id.n > 0) {
		buf_str(b, ",\"id\":");
		buf_slice(b, note->id);
	}
	control_add_text(b, "action", note->action);
	control_add_text(b, "change", note->change);
	if (note->line > 0)
		buf_fmt(b, ",\"line\":%ju", (uintmax_t)note->line);
	buf_str(b, ",\"reason\":");
	json_string(b, slice_str(note->reason));
	if (note->blocked)
		buf_str(b, ",\"blocked\":true");
	if (note->record.p) {
		buf_str(b, ",\"record\":");
		json_lossy(b, note->record, RECORD_MAX);
	}
	buf_str(b, "}}");
}

void control_end(struct buf *b, const char *stream)
{
	buf_fmt(b, "{\"_rudder\":{\"type\":\"end\",\"stream\":\"%s\"", stream);
}

void control_add_count(struct buf *b, const char *name, uint64_t n)
{
	buf_fmt(b, ",\"%s\":%ju", name, (uintmax_t)n);
}

void control_add_own_ms(struct buf *b, const char *name)
{
	uint64_t ms;

	if (tool_own_ms(&ms))
		control_add_count(b, name, ms);
}

void control_close(struct buf *b)
{
	buf_str(b, "}}");
}

/* Whether a stage writes the member itself, by its decoded name. */
static bool dropped(struct slice name, const char *const *drop)
{
	if (slice_is(name, "stream") || slice_is(name, "type"))
		return true;
	for (; drop && *drop; drop++) {
		if (slice_is(name, *drop))
			return true;
	}
	return false;
}

static void copy_members(struct buf *b, const struct scan_member *m, size_t n,
			 const char *const *drop)
{
	struct buf name = {0};

	for (size_t i = 0; i < n; i++) {
		name.n = 0;
		json_decode(&name, m[i].key);
		if (dropped(buf_all(&name), drop))
			continue;
		buf_str(b, ",\"");
		buf_slice(b, m[i].key);
		buf_str(b, "\":");
		buf_slice(b, m[i].value);
	}
	buf_clear(&name);
}

void control_rewrite(struct buf *b, struct slice body, const char *stream,
		     const char *const *drop)
{
	struct scan *s = scan_new();
	const struct scan_member *m;
	struct buf line = {0}; /* body, padded for the scanner */
	size_t n;
	int rc;

	memset(buf_room(&line, body.n + READER_PAD), 0, body.n + READER_PAD);
	buf_slice(&line, body);
	rc = scan_object(s, buf_all(&line));
	assert(rc == 0); /* control_read has accepted it */
	(void)rc;
	m = scan_members(s, &n);
	buf_str(b, "{\"_rudder\":{\"type\":");
	buf_slice(b, scan_get(s, "type")->value);
	buf_fmt(b, ",\"stream\":\"%s\"", stream);
	copy_members(b, m, n, drop);
	scan_free(s);
	buf_clear(&line);
}

/* The groups of hex digits in a UUID, with dashes between them. */
static const size_t groups[] = {8, 4, 4, 4, 12};

/* Adds a number such as "-12"; printf would take most of the time of an id. */
static void put_part(struct buf *b, size_t n)
{
	char text[24], *p = text + sizeof(text);

	do
		*--p = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	*--p = '-';
	buf_add(b, p, (size_t)(text + sizeof(text) - p));
}

void control_part(struct buf *b, size_t i, size_t n)
{
	if (n == 1)
		return;
	put_part(b, i);
	put_part(b, n);
}

void control_message_id(struct buf *b, struct slice change, uint32_t mix,
			size_t i, size_t n)
{
	const char *p = change.p;
	char *to = buf_room(b, 36);
	unsigned variant = (unsigned char)p[16];

	assert(change.n == CHANGE_DIGITS);
	memcpy(to, p, 8);
	to[8] = '-';
	memcpy(to + 9, p + 8, 4);
	to[13] = '-';
	memcpy(to + 14, p + 12, 4);
	to[14] = '8';
	to[18] = '-';
	memcpy(to + 19, p + 16, 4);
	to[19] = "89ab"[(variant + (variant >> 6)) & 3]; /* 'a' is 10 */
	to[23] = '-';
	memcpy(to + 24, p + 20, 4);
	num_hex_xor(to + 28, p + 24, mix);
	b->n += 36;
	control_part(b, i, n);
}

int control_change_of(struct slice id, char change[32], uint64_t *i,
		      uint64_t *n)
{
	const char *p = id.p, *end, *dash;

	*i = *n = 1;
	if (id.n < 36)
		return 0;
	end = p + id.n;
	for (size_t g = 0, at = 0; g < COUNT_OF(groups); g++) {
		if (g > 0 && *p++ != '-')
			return 0;
		memcpy(change + at, p, groups[g]);
		at += groups[g];
		p += groups[g];
	}
	if (!are_digits(change))
		return 0;
	if (p == end)
		return 1;
	if (*p++ != '-')
		return 0;
	dash = memchr(p, '-', (size_t)(end - p));
	return dash && num_uint(slice_of(p, (size_t)(dash - p)), i) == 0 &&
	       num_uint(slice_of(dash + 1, (size_t)(end - dash - 1)), n) == 0 &&
	       *i >= 1 && *i <= *n && *n > 1 && *n <= UINT32_MAX;
}
