#include "diff/convert.h"

#include "core/clock.h"
#include "core/counts.h"
#include "core/temp.h"
#include "core/tool.h"
#include "core/writer.h"
#include "diff/keys/key.h"
#include "diff/keys/spool.h"
#include "wire/json/json.h"
#include "wire/stream/reasons.h"

enum { OUTPUT = 256 * 1024 };

/* What the members of the present row are needed for. */
enum side { KEYS = 1, OTHERS = 2, ALL = 3 };

struct convert {
	const struct convert_form *form;
	struct input in;
	struct writer *out;
	struct key key;
	struct scan *scan; /* for rows before */
	struct buf padded; /* where such a row stands */
	struct spool last; /* deletes wait until all was read */
	struct buf run;    /* run id */
	struct buf end;    /* end line as it came */
	uint64_t ts_ms;
	uint64_t changes, rejects;
	struct reasons reasons; /* of the rejects */
};

/* How the changes leave. */
struct convert_form {
	const char *name;
	const char *stream; /* of begin and end; NULL: without control lines */
	/* Writes the line into b; or says what is missing. */
	const char *(*put)(struct convert *x, struct buf *b);
};

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

/* "name":value of the row's members, with commas between; how many. */
static size_t put_members(const struct convert *x, enum side which,
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

static void put_object(const struct convert *x, enum side which, struct buf *b)
{
	buf_char(b, '{');
	put_members(x, which, b);
	buf_char(b, '}');
}

static bool is_action(const struct convert *x, const char *action)
{
	return slice_is(x->in.control.action, action);
}

/* The row before, as JSON; empty when it is not given, or null. */
static struct slice before(const struct convert *x)
{
	struct slice row = control_member(x->in.controls, "before");

	return slice_is(row, "null") ? slice_of(NULL, 0) : row;
}

/* Whether the row has a column of the key, by which a destination knows it. */
static bool has_own_key(const struct convert *x)
{
	for (size_t i = 0; i < x->in.n; i++) {
		if ((int)i != x->in.rudder &&
		    is_key(&x->key, x->in.member[i].key))
			return true;
	}
	return false;
}

/* What every form relies on: NULL, or what is wrong with the change. A member
 * of another kind than it should be is taken as missing (control.h), and must
 * not leave as nothing behind a colon, or as another action.
 */
static const char *unfit(const struct convert *x)
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

/* Whether an object has all key columns: then it is a whole row, since of rows
 * of which only some columns are kept the key is left out.
 */
static bool has_key(struct convert *x, struct slice object)
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

/* "_rudder" of the inverse, up to what follows its change id. */
static void put_head(const struct convert *x, const char *action, struct buf *b)
{
	static const char hex[] = "0123456789abcdef";
	struct slice change = x->in.control.change;
	char first = change.p[0];
	size_t digit = (size_t)(first <= '9' ? first - '0' : first - 'a' + 10);

	buf_fmt(b,
		"{\"_rudder\":{\"type\":\"change\",\"action\":\"%s\",\"id\":",
		action);
	buf_slice(b, x->in.control.id);
	/* another id by what a commit looks at, and the first one again when
	 * it is inverted again
	 */
	buf_fmt(b, ",\"change\":\"%c%.31s\"", hex[digit ^ 1], change.p + 1);
}

static const char *put_update_back(struct convert *x, struct buf *b)
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

static const char *put_inverse(struct convert *x, struct buf *b)
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
static const char *put_debezium(struct convert *x, struct buf *b)
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
static const char *put_record(struct convert *x, struct buf *b)
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
	{"invert", "changes", put_inverse},
	{"debezium", NULL, put_debezium},
	{"record", "events", put_record},
};

/* ---- the stream -------------------------------------------------------- */

/* The columns that the begin line names, as a state has them. */
static int read_key(struct convert *x, struct err *e)
{
	struct slice key = control_member(x->in.controls, "key");
	struct slice identity = control_member(x->in.controls, "identity");
	struct buf b = {0};
	int rc;

	key_clear(&x->key);
	if (identity.n == 0)
		return key_from_json(&x->key, key, e);
	buf_fmt(&b, "{\"key\":%.*s,\"identity\":%.*s}", SLICE_FMT(key),
		SLICE_FMT(identity));
	rc = key_from_json(&x->key, buf_all(&b), e);
	buf_clear(&b);
	return rc;
}

static int begin(struct convert *x, struct err *e)
{
	/* the inverse of a run does not belong to its state, and its deletes
	 * have whole rows
	 */
	static const char *const inverse[] = {"state",
					      "state_id",
					      "attempt",
					      "keep",
					      "was",
					      "accept_connection",
					      "on_mapping_change",
					      "salt",
					      "delete_guard",
					      NULL};
	static const char *const none[] = {NULL};
	struct slice run = x->in.control.run;

	if (!slice_is(x->in.control.stream, "changes"))
		return err_set(
			e, ERR_DATA,
			"line %ju: expected changes, but the stream holds %.*s",
			(uintmax_t)input_lineno(&x->in),
			SLICE_FMT(x->in.control.stream));
	if (read_key(x, e) < 0)
		return err_names(
			e, ERR_DATA,
			"line %ju: the begin line names no key columns; "
			"pass the changes on as rudder-diff wrote them",
			(uintmax_t)input_lineno(&x->in));
	x->run.n = 0;
	buf_slice(&x->run, run);
	if (!clock_run_start(run, &x->ts_ms))
		x->ts_ms = clock_wall_ms();
	if (!x->form->stream)
		return 0;
	control_rewrite(writer_buf(x->out), x->in.control.body, x->form->stream,
			x->form->put == put_inverse ? inverse : none);
	if (x->form->put == put_inverse)
		control_add_text(writer_buf(x->out), "keep", slice_str("row"));
	control_close(writer_buf(x->out));
	return writer_line(x->out, e);
}

static int reject(struct convert *x, const char *why, struct err *e)
{
	x->rejects++;
	reasons_add(&x->reasons, why, NULL, 1, input_lineno(&x->in));
	if (!x->form->stream)
		return 0;
	input_reject(&x->in, writer_buf(x->out), "diff", why);
	return writer_line(x->out, e);
}

/* Deletes go last, as out of any run. */
static int change(struct convert *x, struct err *e)
{
	struct buf *b = writer_buf(x->out);
	bool last = x->form->put == put_inverse && is_action(x, "insert");
	const char *why = unfit(x);

	if (why)
		return reject(x, why, e);
	if (last)
		b = spool_record(&x->last, 0);
	why = x->form->put(x, b);
	if (why) {
		writer_undo(x->out);
		return reject(x, why, e);
	}
	x->changes++;
	return last ? spool_add(&x->last, 0, e) : writer_line(x->out, e);
}

static int line(struct convert *x, struct err *e)
{
	switch (x->in.kind) {
	case INPUT_BEGIN:
		return begin(x, e);
	case INPUT_END:
		buf_slice(&x->end, x->in.control.body);
		return 0;
	case INPUT_BAD:
		return reject(x, x->in.why, e);
	case INPUT_DATA:
		if (!x->in.begun)
			return err_names(e, ERR_DATA,
					 "line %ju: data before the begin line "
					 "of rudder-diff, which names the key",
					 (uintmax_t)input_lineno(&x->in));
		if (x->in.control.type != CONTROL_CHANGE ||
		    x->in.control.change.n != 32)
			return reject(x, "this is a row, not a change", e);
		return change(x, e);
	case INPUT_ABORT:
		return 0;
	default:
		if (!x->form->stream)
			return 0;
		buf_slice(writer_buf(x->out), x->in.line);
		return writer_line(x->out, e);
	}
}

/* What else the end line says is passed on, but not to an inverse: it is of
 * the run.
 */
static int end_line(struct convert *x, struct err *e)
{
	const char *const ours[] = {"changes", "rejects", "skips",
				    x->form->stream, NULL};
	struct buf *b = writer_buf(x->out);

	if (x->form->put == put_inverse || x->end.n == 0)
		control_end(b, x->form->stream);
	else
		control_rewrite(b, buf_all(&x->end), x->form->stream, ours);
	control_add_count(b, x->form->stream, x->changes);
	control_add_count(b, "rejects", x->rejects + x->in.rejects);
	control_add_count(b, "skips", x->in.skips);
	control_close(b);
	return writer_line(x->out, e);
}

static int finish(struct convert *x, struct err *e)
{
	struct slice record;
	int rc;

	if (input_complete(&x->in, e) < 0)
		return -1;
	spool_rewind(&x->last, 0);
	while ((rc = spool_next(&x->last, &record, e)) > 0) {
		buf_slice(writer_buf(x->out), record);
		if (writer_line(x->out, e) < 0)
			return -1;
	}
	if (rc == 0 && x->form->stream)
		rc = end_line(x, e);
	return rc == 0 ? writer_close(x->out, e) : -1;
}

static int verdict(const struct convert *x, struct err *e)
{
	uint64_t missing = x->rejects + (x->form->stream ? 0 : x->in.rejects);
	char why[REASONS_TEXT];
	struct buf line = {0};

	counts_add(&line, x->changes, "change");
	counts_as(&line, x->rejects, "rejected");
	tool_summary("%s", buf_cstr(&line));
	buf_clear(&line);
	if (missing == 0)
		return 0;
	reasons_say(&x->reasons, why);
	return err_set(e, ERR_PARTIAL, "%ju of %ju changes %s missing: %s%s%s",
		       (uintmax_t)missing,
		       (uintmax_t)(x->in.data + x->in.rejects),
		       counts_word(missing, "is", "are"), why,
		       why[0] && missing > x->rejects ? ", " : "",
		       missing > x->rejects ? "others rejected earlier" : "");
}

static int work(struct convert *x, struct err *e)
{
	struct err ignored;
	int rc;

	while ((rc = input_next(&x->in, e)) > 0) {
		if (line(x, e) < 0)
			return -1;
	}
	if (rc == 0)
		rc = finish(x, e);
	/* what is finished leaves, without end; the first error is reported */
	if (rc < 0 && (e->kind == ERR_DATA || e->kind == ERR_ABORT) &&
	    writer_flush(x->out, &ignored) < 0)
		return -1;
	return rc == 0 ? verdict(x, e) : -1;
}

int convert_run(const struct convert_options *o, int in, int out, struct err *e)
{
	struct convert x = {0};
	int rc;

	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		if (strcmp(o->format ? o->format : "invert", forms[i].name) ==
		    0)
			x.form = &forms[i];
	}
	if (!x.form || (o->format && x.form->put == put_inverse))
		return err_set(e, ERR_USAGE,
			       "option '--format': '%s' is not debezium or "
			       "record",
			       o->format);
	x.out = writer_new(out, OUTPUT);
	x.scan = scan_new();
	input_init(&x.in, in, &o->input, writer_wait, x.out);
	spool_init(&x.last, temp_dir(NULL), 1, SIZE_MAX, 0);
	rc = work(&x, e);
	input_clear(&x.in);
	writer_free(x.out);
	scan_free(x.scan);
	key_clear(&x.key);
	buf_clear(&x.padded);
	buf_clear(&x.run);
	buf_clear(&x.end);
	spool_clear(&x.last);
	reasons_clear(&x.reasons);
	return rc;
}
