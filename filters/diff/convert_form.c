#include "diff/convert_form.h"

#include <string.h>

#include "wire/json/json.h"

/* Which members of the current row are written. */
enum side { KEYS = 1, OTHERS = 2, ALL = 3 };

/* ---- pieces ------------------------------------------------------------ */

static bool is_key(const struct key *k, struct slice name)
{
	size_t from = key_identifies(k) ? k->own : 0;
	struct buf b = {0};
	bool is = false;

	json_decode(&b, name);
	for (size_t i = from; i < k->n && !is; i++)
		is = slice_eq(k->column[i], buf_all(&b));
	buf_clear(&b);
	return is;
}

/* Adds "name":value for members of the row, with commas; returns how many. */
static size_t put_members(const struct convert_form_change *x, enum side which,
			  struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < x->in.n; i++) {
		const struct scan_member *m = &x->in.member[i];

		if ((int)i == x->in.rudder ||
		    (which != ALL &&
		     is_key(&x->key, m->key) != (which == KEYS)))
			continue;
		if (n++ > 0)
			buf_char(b, ',');
		buf_char(b, '"');
		buf_slice(b, m->key);
		buf_str(b, "\":");
		buf_slice(b, m->value);
	}
	return n;
}

static void put_object(const struct convert_form_change *x, enum side which,
		       struct buf *b)
{
	buf_char(b, '{');
	put_members(x, which, b);
	buf_char(b, '}');
}

static bool is_action(const struct convert_form_change *x, const char *action)
{
	return slice_is(x->in.control.action, action);
}

/* The row before, as JSON; empty if it is missing or null. */
static struct slice before(const struct convert_form_change *x)
{
	struct slice row = control_member(x->in.controls, "before");

	return slice_is(row, "null") ? slice_of(NULL, 0) : row;
}

/* Whether the row has a column of the key by which a destination knows it. */
static bool has_own_key(const struct convert_form_change *x)
{
	for (size_t i = 0; i < x->in.n; i++) {
		if ((int)i != x->in.rudder &&
		    is_key(&x->key, x->in.member[i].key))
			return true;
	}
	return false;
}

/* Whether an object has all key columns. Then it is a whole row: if only some
 * columns are kept, the key columns are not among them.
 */
static bool has_key(struct convert_form_change *x, struct slice object)
{
	size_t n = 0;

	x->padded.n = 0;
	buf_slice(&x->padded, object);
	buf_room(&x->padded, READER_PAD)[0] = '\0';
	if (object.n == 0 || scan_object(x->scan, buf_all(&x->padded)) < 0)
		return false;
	while (n < x->key.n && scan_find(x->scan, x->key.column[n]) >= 0)
		n++;
	return n == x->key.n;
}

/* ---- inverse ----------------------------------------------------------- */

/* Adds "_rudder" of the inverse, up to the change id. */
static void put_head(const struct convert_form_change *x, const char *action,
		     struct buf *b)
{
	static const char hex[] = "0123456789abcdef";
	struct slice change = x->in.control.change;
	char first = change.p[0];
	size_t digit = (size_t)(first <= '9' ? first - '0' : first - 'a' + 10);

	buf_fmt(b,
		"{\"_rudder\":{\"type\":\"change\",\"action\":\"%s\",\"id\":",
		action);
	buf_slice(b, x->in.control.id);
	/* changes a digit that a commit compares; inverting again restores it
	 */
	buf_fmt(b, ",\"change\":\"%c%.31s\"", hex[digit ^ 1], change.p + 1);
}

static const char *put_update_back(struct convert_form_change *x, struct buf *b)
{
	struct slice changed = control_member(x->in.controls, "changed");
	struct slice row = before(x);

	if (!has_key(x, row))
		return "the change lacks the previous row: run rudder-diff "
		       "with --keep row";
	put_head(x, "update", b);
	if (changed.n > 0) {
		buf_str(b, ",\"changed\":");
		buf_slice(b, changed);
	}
	buf_str(b, ",\"before\":");
	put_object(x, ALL, b);
	buf_str(b, "},");
	buf_add(b, row.p + 1, row.n - 1);
	return NULL;
}

static const char *put_inverse(struct convert_form_change *x, struct buf *b)
{
	if (is_action(x, "update"))
		return put_update_back(x, b);
	if (is_action(x, "insert")) {
		put_head(x, "delete", b);
		buf_str(b, ",\"whole\":true},");
	} else if (slice_is(control_member(x->in.controls, "whole"), "true")) {
		put_head(x, "insert", b);
		buf_str(b, "},");
	} else {
		return "the change lacks the deleted row: run rudder-diff with "
		       "--keep row";
	}
	put_members(x, ALL, b);
	buf_char(b, '}');
	return NULL;
}

/* ---- other forms ------------------------------------------------------- */

/* The value of Debezium's events, as its JSON converter writes it without a
 * schema (debezium.io, "Change event values"; read 2026-11-23).
 */
static const char *put_debezium(struct convert_form_change *x, struct buf *b)
{
	bool gone = is_action(x, "delete");
	struct slice row = before(x);

	buf_str(b, "{\"before\":");
	if (gone)
		put_object(x, ALL, b);
	else if (row.n > 0 && !is_action(x, "insert"))
		buf_slice(b, row);
	else
		buf_str(b, "null");
	buf_str(b, ",\"after\":");
	if (gone)
		buf_str(b, "null");
	else
		put_object(x, ALL, b);
	buf_fmt(b,
		",\"source\":{\"version\":\"" RUDDER_VERSION
		"\",\"connector\":\"rudder\",\"name\":\"rudder-diff\","
		"\"ts_ms\":%ju,\"snapshot\":\"false\",\"run\":\"%.*s\","
		"\"change\":\"%.32s\",\"key\":%.*s},\"op\":\"%s\","
		"\"ts_ms\":%ju,\"transaction\":null}",
		(uintmax_t)x->ts_ms, SLICE_FMT(buf_all(&x->run)),
		x->in.control.change.p, SLICE_FMT(x->in.control.id),
		gone                     ? "d"
		: is_action(x, "insert") ? "c"
					 : "u",
		(uintmax_t)x->ts_ms);
	return NULL;
}

/* RudderStack's record event: the key columns identify, all others are its
 * fields; with --identity those columns do. rudder-map has every other shape
 * of it.
 */
static const char *put_record(struct convert_form_change *x, struct buf *b)
{
	buf_str(b, "{\"action\":\"");
	buf_slice(b, x->in.control.action);
	buf_str(b, "\",\"channel\":\"sources\",\"context\":{\"sources\":{"
		   "\"job_run_id\":\"");
	buf_slice(b, buf_all(&x->run));
	buf_str(b, "\",\"version\":\"" RUDDER_VERSION "\"}},\"fields\":");
	put_object(x, OTHERS, b);
	buf_str(b, ",\"identifiers\":");
	put_object(x, KEYS, b);
	buf_str(b, ",\"messageId\":\"");
	control_message_id(b, x->in.control.change, 0, 1, 1);
	buf_str(b, "\",\"recordId\":");
	buf_slice(b, x->in.control.id);
	buf_str(b, ",\"type\":\"record\"}");
	return NULL;
}

static const struct convert_form forms[] = {
	{"invert", "changes", true, put_inverse},
	{"debezium", NULL, false, put_debezium},
	{"record", "events", false, put_record},
};

const struct convert_form *convert_form_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		if (strcmp(name, forms[i].name) == 0)
			return &forms[i];
	}
	return NULL;
}

const char *convert_form_unfit(const struct convert_form_change *x)
{
	struct slice row = before(x);

	if (x->in.control.id.n == 0)
		return "the change's id is missing or not a string";
	if (!is_action(x, "insert") && !is_action(x, "update") &&
	    !is_action(x, "delete"))
		return "the change's action is not insert, update or delete";
	if (row.n > 0 && *row.p != '{')
		return "the change's member 'before' is not an object";
	return has_own_key(x) ? NULL : "the change lacks its key column";
}
