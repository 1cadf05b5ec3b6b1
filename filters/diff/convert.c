#include "diff/convert.h"

#include "core/clock.h"
#include "core/counts.h"
#include "core/temp.h"
#include "core/tool.h"
#include "core/writer.h"
#include "diff/convert_form.h"
#include "diff/keys/spool.h"
#include "wire/stream/reasons.h"

enum { OUTPUT = 256 * 1024 };

struct convert {
	const struct convert_form *form;
	struct convert_form_change from;
	struct writer *out;
	struct spool last; /* deletes wait until everything was read */
	struct buf end;    /* the end line that was read */
	uint64_t changes, rejects;
	struct reasons reasons; /* of the rejects */
};

/* Reads the key columns from the begin line, in the form of a state. */
static int read_key(struct convert *x, struct err *e)
{
	struct slice key = control_member(x->from.in.controls, "key");
	struct slice identity = control_member(x->from.in.controls, "identity");
	struct buf b = {0};
	int rc;

	key_clear(&x->from.key);
	if (identity.n == 0)
		return key_from_json(&x->from.key, key, e);
	buf_fmt(&b, "{\"key\":%.*s,\"identity\":%.*s}", SLICE_FMT(key),
		SLICE_FMT(identity));
	rc = key_from_json(&x->from.key, buf_all(&b), e);
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
	struct slice run = x->from.in.control.run;

	if (!slice_is(x->from.in.control.stream, "changes"))
		return err_set(
			e, ERR_DATA,
			"line %ju: expected changes, but the stream holds %.*s",
			(uintmax_t)input_lineno(&x->from.in),
			SLICE_FMT(x->from.in.control.stream));
	if (read_key(x, e) < 0)
		return err_names(
			e, ERR_DATA,
			"line %ju: the begin line names no key columns; "
			"pass the changes on as rudder-diff wrote them",
			(uintmax_t)input_lineno(&x->from.in));
	x->from.run.n = 0;
	buf_slice(&x->from.run, run);
	if (!clock_run_start(run, &x->from.ts_ms))
		x->from.ts_ms = clock_wall_ms();
	if (!x->form->stream)
		return 0;
	control_rewrite(writer_buf(x->out), x->from.in.control.body,
			x->form->stream, x->form->inverts ? inverse : none);
	if (x->form->inverts)
		control_add_text(writer_buf(x->out), "keep", slice_str("row"));
	control_close(writer_buf(x->out));
	return writer_line(x->out, e);
}

static int reject(struct convert *x, const char *why, struct err *e)
{
	x->rejects++;
	reasons_add(&x->reasons, why, NULL, 1, input_lineno(&x->from.in));
	if (!x->form->stream)
		return 0;
	input_reject(&x->from.in, writer_buf(x->out), "diff", why);
	return writer_line(x->out, e);
}

/* Deletes leave last, as in any run. */
static int change(struct convert *x, struct err *e)
{
	struct buf *b = writer_buf(x->out);
	bool last = x->form->inverts &&
		    slice_is(x->from.in.control.action, "insert");
	const char *why = convert_form_unfit(&x->from);

	if (why)
		return reject(x, why, e);
	if (last)
		b = spool_record(&x->last, 0);
	why = x->form->put(&x->from, b);
	if (why) {
		writer_undo(x->out);
		return reject(x, why, e);
	}
	x->changes++;
	return last ? spool_add(&x->last, 0, e) : writer_line(x->out, e);
}

static int line(struct convert *x, struct err *e)
{
	switch (x->from.in.kind) {
	case INPUT_BEGIN:
		return begin(x, e);
	case INPUT_END:
		buf_slice(&x->end, x->from.in.control.body);
		return 0;
	case INPUT_BAD:
		return reject(x, x->from.in.why, e);
	case INPUT_DATA:
		if (!x->from.in.begun)
			return err_names(e, ERR_DATA,
					 "line %ju: data before the begin line "
					 "of rudder-diff, which names the key",
					 (uintmax_t)input_lineno(&x->from.in));
		if (x->from.in.control.type != CONTROL_CHANGE ||
		    x->from.in.control.change.n != 32)
			return reject(x, "this is a row, not a change", e);
		return change(x, e);
	case INPUT_ABORT:
		return 0;
	default:
		if (!x->form->stream)
			return 0;
		buf_slice(writer_buf(x->out), x->from.in.line);
		return writer_line(x->out, e);
	}
}

/* Passes on the other members of the end line; not to an inverse, because they
 * are about the run.
 */
static int end_line(struct convert *x, struct err *e)
{
	const char *const ours[] = {"changes", "rejects", "skips",
				    x->form->stream, NULL};
	struct buf *b = writer_buf(x->out);

	if (x->form->inverts || x->end.n == 0)
		control_end(b, x->form->stream);
	else
		control_rewrite(b, buf_all(&x->end), x->form->stream, ours);
	control_add_count(b, x->form->stream, x->changes);
	control_add_count(b, "rejects", x->rejects + x->from.in.rejects);
	control_add_count(b, "skips", x->from.in.skips);
	control_close(b);
	return writer_line(x->out, e);
}

static int finish(struct convert *x, struct err *e)
{
	struct slice record;
	int rc;

	if (input_complete(&x->from.in, e) < 0)
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
	uint64_t missing =
		x->rejects + (x->form->stream ? 0 : x->from.in.rejects);
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
		       (uintmax_t)(x->from.in.data + x->from.in.rejects),
		       counts_word(missing, "is", "are"), why,
		       why[0] && missing > x->rejects ? ", " : "",
		       missing > x->rejects ? "others rejected earlier" : "");
}

static int work(struct convert *x, struct err *e)
{
	struct err ignored;
	int rc;

	while ((rc = input_next(&x->from.in, e)) > 0) {
		if (line(x, e) < 0)
			return -1;
	}
	if (rc == 0)
		rc = finish(x, e);
	/* finished lines leave, without an end line; the first error is
	 * reported
	 */
	if (rc < 0 && (e->kind == ERR_DATA || e->kind == ERR_ABORT) &&
	    writer_flush(x->out, &ignored) < 0)
		return -1;
	return rc == 0 ? verdict(x, e) : -1;
}

int convert_run(const struct convert_options *o, int in, int out, struct err *e)
{
	struct convert x = {0};
	int rc;

	x.form = convert_form_find(o->format ? o->format : "invert");
	if (!x.form || (o->format && x.form->inverts))
		return err_set(e, ERR_USAGE,
			       "option '--format': '%s' is not debezium or "
			       "record",
			       o->format);
	x.out = writer_new(out, OUTPUT);
	x.from.scan = scan_new();
	input_init(&x.from.in, in, &o->input, writer_wait, x.out);
	spool_init(&x.last, temp_dir(NULL), 1, SIZE_MAX, 0);
	rc = work(&x, e);
	input_clear(&x.from.in);
	writer_free(x.out);
	scan_free(x.from.scan);
	key_clear(&x.from.key);
	buf_clear(&x.from.padded);
	buf_clear(&x.from.run);
	buf_clear(&x.end);
	spool_clear(&x.last);
	reasons_clear(&x.reasons);
	return rc;
}
