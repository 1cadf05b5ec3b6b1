#include "wire/stream/input.h"

#include <stdio.h>
#include <sys/stat.h>

#include "core/clock.h"
#include "core/counts.h"
#include "core/file.h"
#include "core/tool.h"
#include "wire/json/json.h"

enum { RUN_SHOWN = 60 }; /* bytes of an invalid run id in a message */

void input_init(struct input *in, int fd, const struct input_options *o,
		reader_wait_fn *wait, void *ctx)
{
	struct stat st;

	*in = (struct input){
		.o = *o,
		.rudder = -1,
		.in_file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode),
		.reader = reader_new(fd, o->max_line, wait, ctx),
		.scan = scan_new(),
		.controls = control_reader_new(),
	};
	reader_skip_start(in->reader);
}

void input_clear(struct input *in)
{
	reader_free(in->reader);
	scan_free(in->scan);
	control_reader_free(in->controls);
	buf_clear(&in->cursor);
	buf_clear(&in->model);
	buf_clear(&in->clock);
	buf_clear(&in->part);
	buf_clear(&in->key);
	buf_clear(&in->delta);
	*in = (struct input){0};
}

static int bad(struct input *in, const char *why)
{
	in->kind = INPUT_BAD;
	in->data++;
	snprintf(in->why, sizeof(in->why), "%s", why);
	return 1;
}

/* The run id becomes a part of URLs, file names and messages. */
static int check_run(const struct input *in, struct err *e)
{
	struct slice run = control_member(in->controls, "run");

	if (run.n == 0 || clock_is_run_id(in->control.run))
		return 0;
	return err_set(e, ERR_DATA,
		       "line %ju: invalid run id %.*s in the begin line: a run "
		       "id is 20 characters of 0-9 and a-v",
		       (uintmax_t)input_lineno(in),
		       run.n < RUN_SHOWN ? (int)run.n : RUN_SHOWN, run.p);
}

void input_text(const struct input *in, const char *name, struct buf *b)
{
	struct slice json = control_member(in->controls, name);

	if (json.n > 0 && *json.p == '"')
		json_decode(b, json_inner(json));
}

static int aborted(const struct input *in, struct err *e)
{
	return err_set(e, ERR_ABORT, "the %s stage failed: %s", in->abort.stage,
		       in->abort.reason);
}

/* Reports a misplaced line; after an abort line only that is reported. */
static int misplaced_line(const struct input *in, const char *what,
			  struct err *e)
{
	if (in->abort.status > 0)
		return aborted(in, e);
	return err_set(e, ERR_DATA, "line %ju: %s", (uintmax_t)input_lineno(in),
		       what);
}

/* Sets the owner of the records, for messages. */
static void show_owner(const struct input *in)
{
	struct buf state = {0};

	input_text(in, "state", &state);
	tool_set_owner(buf_all(&state), in->control.run);
	buf_clear(&state);
}

static int second_begin(struct input *in, struct err *e)
{
	return misplaced_line(
		in,
		"a second begin line: two streams were concatenated; "
		"give each to a command of its own",
		e);
}

static int begin(struct input *in, struct err *e)
{
	if (in->begun)
		return second_begin(in, e);
	in->begun = true;
	in->listed = control_member(in->controls, "columns").n > 0;
	if (check_run(in, e) < 0)
		return -1;
	show_owner(in);
	abort_begun(in->control.run, in->control.attempt);
	in->model.n = in->clock.n = 0;
	buf_slice(&in->model, in->control.model);
	input_text(in, "clock", &in->clock);
	in->part.n = in->key.n = in->delta.n = 0;
	buf_slice(&in->part, control_member(in->controls, "part"));
	buf_slice(&in->key, control_member(in->controls, "key"));
	buf_slice(&in->delta, control_member(in->controls, "delta"));
	snprintf(in->stream, sizeof(in->stream), "%.*s",
		 SLICE_FMT(in->control.stream));
	in->kind = INPUT_BEGIN;
	return 1;
}

/* Whether a counter of the end line equals what was seen, or is missing. */
static bool fits(const struct input *in, const char *name, uint64_t seen)
{
	uint64_t n = seen;

	return control_count(in->controls, name, &n) >= 0 && n == seen;
}

/* Takes from the end line which rows were left out. */
static void take_partial(struct input *in)
{
	struct slice cursor = control_member(in->controls, "cursor");

	in->partial = slice_is(control_member(in->controls, "partial"), "true");
	in->unchanged =
		in->partial && in->data == 0 &&
		slice_is(control_member(in->controls, "unchanged"), "true");
	in->has_query_ms =
		control_count(in->controls, "query_ms", &in->query_ms) > 0;
	in->cursor.n = 0;
	if (cursor.n > 0 && *cursor.p == '{')
		buf_slice(&in->cursor, cursor);
}

static int end(struct input *in)
{
	char name[16];

	snprintf(name, sizeof(name), "%.*s", SLICE_FMT(in->control.stream));
	in->ended = true;
	in->promised = in->data;
	(void)control_count(in->controls, name, &in->promised);
	in->counts_fit = fits(in, name, in->data) &&
			 fits(in, "rejects", in->rejects) &&
			 fits(in, "skips", in->skips) &&
			 fits(in, "missing", in->missing);
	take_partial(in);
	in->kind = INPUT_END;
	return 1;
}

static int take_abort(struct input *in)
{
	struct abort_line a;

	in->kind = INPUT_ABORT;
	if (in->abort.status > 0)
		return 1;
	abort_read(&a, in->controls, &in->control);
	in->abort = a;
	abort_came(&a, in->in_file);
	return 1;
}

static int with_rudder(struct input *in, struct err *e)
{
	struct err why;

	if (control_read(in->controls, in->member[in->rudder].value,
			 &in->control, &why) < 0)
		return bad(in, why.text);
	switch (in->control.type) {
	case CONTROL_BEGIN:
		return begin(in, e);
	case CONTROL_END:
		return end(in);
	case CONTROL_REJECT:
		in->rejects++;
		in->kind = INPUT_NOTE;
		return 1;
	case CONTROL_SKIP:
		in->skips++;
		in->kind = INPUT_NOTE;
		return 1;
	case CONTROL_MISSING:
		in->missing++;
		in->kind = INPUT_OTHER;
		return 1;
	case CONTROL_ABORT:
		return take_abort(in);
	case CONTROL_CHANGE:
		in->kind = INPUT_DATA;
		in->data++;
		return 1;
	default:
		in->kind = INPUT_OTHER;
		return 1;
	}
}

static NO_INLINE int not_json(struct input *in)
{
	char why[sizeof(in->why)];

	snprintf(why, sizeof(why), "byte %zu: %s", scan_at(in->scan) + 1,
		 scan_why(in->scan));
	return bad(in, why);
}

static NO_INLINE int line_too_long(struct input *in)
{
	char why[sizeof(in->why)];

	snprintf(why, sizeof(why), "line longer than %zu bytes",
		 in->o.max_line);
	return bad(in, why);
}

/* Handles a line that was scanned. */
static ALWAYS_INLINE int scanned(struct input *in, struct slice line,
				 struct err *e)
{
	in->line = line;
	in->control.type = CONTROL_NONE;
	in->member = scan_members(in->scan, &in->n);
	in->shape = scan_shape(in->scan);
	if (UNLIKELY(in->shape != in->rudder_shape)) {
		in->rudder_shape = in->shape;
		in->rudder = scan_find(in->scan, slice_str(CONTROL_NAME));
	}
	if (in->rudder >= 0)
		return with_rudder(in, e);
	in->kind = INPUT_DATA;
	in->data++;
	return 1;
}

/* Handles a line after the end, where only an abort is allowed. */
static NO_INLINE int after_end(struct input *in, struct slice line,
			       bool too_long, struct err *e)
{
	const struct scan_member *m;
	struct err why;

	if (!too_long && scan_object(in->scan, line) == 0) {
		m = scan_get(in->scan, CONTROL_NAME);
		if (m && control_read(in->controls, m->value, &in->control,
				      &why) < 0)
			m = NULL;
		if (m && in->control.type == CONTROL_ABORT)
			return take_abort(in);
		if (m && in->control.type == CONTROL_BEGIN)
			return second_begin(in, e);
	}
	return misplaced_line(in, "a line after the end line", e);
}

int input_take(struct input *in, struct slice line, bool too_long,
	       struct err *e)
{
	if (LIKELY(!in->ended && !too_long && scan_object(in->scan, line) == 0))
		return scanned(in, line, e);
	in->line = line;
	in->control.type = CONTROL_NONE;
	if (in->ended)
		return after_end(in, line, too_long, e);
	return too_long ? line_too_long(in) : not_json(in);
}

/* The scanner finds the end of a valid line by itself: searching its LF first
 * would read the line twice.
 */
int input_at_hand(struct input *in, struct err *e)
{
	struct slice line = reader_rest(in->reader);
	size_t n;

	if (LIKELY(line.n > 0 && !in->ended &&
		   scan_line(in->scan, line, &n) == 0 &&
		   reader_take(in->reader, n, &line)))
		return scanned(in, line, e);
	return 0;
}

int input_next(struct input *in, struct err *e)
{
	struct slice line;
	int rc = input_at_hand(in, e);

	if (LIKELY(rc != 0))
		return rc;
	rc = reader_next(in->reader, &line, e);
	if (rc <= 0)
		return rc;
	return input_take(in, line, reader_too_long(in->reader), e);
}

struct slice input_rest(const struct input *in)
{
	return reader_rest(in->reader);
}

bool input_pass(struct input *in, size_t n)
{
	if (in->ended || !reader_take(in->reader, n, &in->line))
		return false;
	in->data++;
	return true;
}

/* Whether the text is an end line. */
static bool is_end(struct input *in, struct slice text)
{
	struct control c;
	struct err why;
	const struct scan_member *m;

	if (text.n == 0 || text.p[text.n - 1] != '\n' ||
	    scan_object(in->scan, slice_of(text.p, text.n - 1)) < 0)
		return false;
	m = scan_get(in->scan, CONTROL_NAME);
	return m && control_read(in->controls, m->value, &c, &why) == 0 &&
	       c.type == CONTROL_END;
}

int input_end_from(struct input *in, const char *path, struct err *e)
{
	struct buf b = {0};
	int rc = 0;

	if (in->ended || in->abort.status > 0 || reader_tail(in->reader) > 0)
		return 0;
	if (file_read(path, in->o.max_line, &b, e) < 0 ||
	    (buf_room(&b, READER_PAD), !is_end(in, buf_all(&b))))
		rc = err_names(e, ERR_DATA,
			       "'%s' has no end line: the command that writes "
			       "it was killed or failed",
			       path);
	/* nobody knows what the filter in between did, so no key counts as
	 * missing
	 */
	in->partial = rc == 0;
	in->ended = in->counts_fit = rc == 0;
	buf_clear(&b);
	return rc;
}

int input_complete(const struct input *in, struct err *e)
{
	uintmax_t lines = (uintmax_t)in->data;
	const char *noun = in->stream[0] ? in->stream : "lines";

	if (in->abort.status > 0)
		return aborted(in, e);
	if (reader_tail(in->reader) > 0)
		return err_names(
			e, ERR_DATA,
			"input truncated inside line %ju: the command that "
			"writes it was killed or failed",
			(uintmax_t)input_lineno(in) + 1);
	if (!in->ended && (in->o.trust_eof || (in->o.is_file && !in->begun)))
		return 0;
	if (!in->ended && !in->begun && lines > 0)
		return err_names(
			e, ERR_DATA,
			"input of %ju line%s has neither a begin nor an "
			"end line and may be truncated: use --trust-eof "
			"if the end of file is its end, or run commands "
			"between two tools as 'rudder filter -- CMD'",
			lines, COUNTS_S(lines));
	if (!in->ended)
		return err_names(
			e, ERR_DATA,
			"input ended without its end line after %ju "
			"%.*s: the command that writes it was killed or failed",
			lines, counts_noun(lines, noun), noun);
	if (in->counts_fit || in->o.any_counts)
		return 0;
	if (in->promised == in->data)
		return err_names(e, ERR_DATA,
				 "the end line does not match the %ju reject%s "
				 "and %ju skip%s that arrived: a command in "
				 "between dropped or added lines (if intended, "
				 "use 'rudder filter -- CMD' or --any-counts)",
				 (uintmax_t)in->rejects, COUNTS_S(in->rejects),
				 (uintmax_t)in->skips, COUNTS_S(in->skips));
	return err_names(
		e, ERR_DATA,
		"the end line counts %ju %.*s, but %ju arrived: a "
		"command in between dropped or added lines (if intended, use "
		"'rudder filter -- CMD' or --any-counts)",
		(uintmax_t)in->promised, counts_noun(in->promised, noun), noun,
		lines);
}

uint64_t input_lineno(const struct input *in)
{
	return reader_lineno(in->reader);
}

void input_reject(const struct input *in, struct buf *b, const char *stage,
		  const char *reason)
{
	struct control_note note = {
		.type = "reject",
		.stage = stage,
		.line = input_lineno(in),
		.reason = reason,
		.record = in->line,
	};

	if (in->control.type == CONTROL_CHANGE) {
		note.id = in->control.id;
		note.action = in->control.action;
		note.change = in->control.change;
	}
	control_note(b, &note);
}
