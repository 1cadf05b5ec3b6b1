#include "query/rows.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/counts.h"
#include "core/mem.h"
#include "core/tool.h"
#include "query/rows_columns.h"
#include "query/timestamp.h"
#include "wire/json/json.h"
#include "wire/stream/control.h"
#include "wire/stream/input.h"

static void forget_names(struct rows *r)
{
	buf_clear(&r->names);
	buf_clear(&r->plain);
	free(r->name_end);
	free(r->plain_at);
	free(r->as_string);
	r->as_string = NULL;
	r->name_end = r->plain_at = NULL;
	r->n = 0;
}

void rows_clear(struct rows *r)
{
	forget_names(r);
	buf_clear(&r->highest);
	buf_clear(&r->state);
	buf_clear(&r->tail);
	buf_clear(&r->scratch);
	reasons_clear(&r->reasons);
	scan_free(r->scan);
	r->scan = NULL;
}

/* Pads the names: rows_name may read past a name. */
static void pad_names(struct buf *names)
{
	memset(buf_room(names, ROWS_NAME), 0, ROWS_NAME);
}

static void keep_names(struct rows *r, const struct rows_column *c, size_t n)
{
	r->name_end = mem_resize(NULL, n * sizeof(*r->name_end));
	r->plain_at = mem_resize(NULL, n * sizeof(*r->plain_at));
	r->as_string = mem_zero(n);
	r->n = n;
	for (size_t i = 0; i < n; i++) {
		r->as_string[i] = strcmp(c[i].type, "decimal") == 0;
		buf_char(&r->names, i > 0 ? ',' : '{');
		json_string(&r->names, slice_str(c[i].name));
		buf_char(&r->names, ':');
		r->name_end[i] = r->names.n;
		r->plain_at[i] = r->plain.n;
		buf_add(&r->plain, c[i].name, strlen(c[i].name) + 1);
	}
	pad_names(&r->names);
}

/* The type in the begin line. */
static const char *word_of(const struct rows *r, const struct rows_column *c)
{
	return r->legacy && strcmp(c->type, "decimal") == 0 ? "string"
							    : c->type;
}

static void put_begin(const struct rows *r, struct buf *b,
		      const struct rows_column *c, size_t n)
{
	buf_str(b, "{\"_rudder\":{\"type\":\"begin\",\"v\":1,"
		   "\"stream\":\"rows\",\"run\":");
	json_string(b, slice_str(r->run));
	buf_str(b, ",\"model\":");
	json_string(b, slice_str(r->model));
	control_add_text(b, "params", slice_str(r->params));
	control_add_text(b, "source", slice_str(r->source));
	control_add_text(b, "started", slice_str(r->started));
	control_add_text(b, "clock", slice_str(r->clock));
	if (r->cursor || r->probed)
		control_add_text(b, "reads", slice_str(r->reads));
	if (r->key.n > 0) {
		buf_str(b, ",\"key\":");
		buf_slice(b, r->key);
	}
	if (r->part)
		buf_fmt(b, ",\"part\":%s", r->part);
	buf_slice(b, r->delta);
	if (r->mode.n > 0)
		control_add_text(b, "mode", r->mode);
	if (r->cursor)
		control_add_text(b, "cursor", slice_str(r->cursor));
	else if (r->cursor_column.n > 0)
		control_add_text(b, "cursor", r->cursor_column);
	if (r->since.n > 0)
		control_add_text(b, "since", r->since);
	if (n == 0) {
		buf_str(b, "}}");
		return;
	}
	buf_str(b, ",\"columns\":[");
	for (size_t i = 0; i < n; i++) {
		buf_str(b, i > 0 ? ",{\"name\":" : "{\"name\":");
		json_string(b, slice_str(c[i].name));
		buf_fmt(b, ",\"type\":\"%s\"}", word_of(r, &c[i]));
	}
	buf_str(b, "]}}");
}

/* For --columns: prints the name, the source's type and the begin line's type,
 * separated by tabs. A name may contain anything, so it is escaped like a JSON
 * string.
 */
static int list_columns(struct rows *r, const struct rows_column *c, size_t n,
			struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct buf *b = writer_buf(r->w);

		json_escape(b, slice_str(c[i].name));
		buf_fmt(b, "\t%s\t%s", c[i].native ? c[i].native : "-",
			word_of(r, &c[i]));
		if (writer_line(r->w, e) < 0)
			return -1;
	}
	return 0;
}

static const char *const steps[] = {
	[ROWS_CONNECTION] = "connection",
	[ROWS_LISTING] = "listing",
	[ROWS_MODEL] = "model",
	[ROWS_DELTA] = "delta",
};

int rows_step(struct rows *r, enum rows_steps step, const char *detail,
	      struct err *e)
{
	if (!r->check)
		return 0;
	r->steps = step + 1;
	buf_fmt(writer_buf(r->w), "%s\tok\t%s", steps[step], detail);
	return writer_line(r->w, e);
}

int rows_step_failed(struct rows *r, struct err *e)
{
	if (!r->check || r->steps >= COUNT_OF(steps) - !r->steps_delta)
		return 0;
	buf_fmt(writer_buf(r->w), "%s\tfailed", steps[r->steps]);
	return writer_line(r->w, e);
}

int rows_begin(struct rows *r, const struct rows_column *c, size_t n,
	       struct err *e)
{
	r->now_us = (int64_t)clock_wall_ms() * 1000;
	if (rows_columns_check(r, c, n, e) < 0)
		return -1;
	if (r->list)
		return list_columns(r, c, n, e);
	if (r->check) {
		char detail[40];

		snprintf(detail, sizeof(detail), "%zu column%s", n,
			 n == 1 ? "" : "s");
		return rows_step(r, ROWS_MODEL, detail, e);
	}
	rows_columns_key(r, c, n);
	keep_names(r, c, n);
	put_begin(r, writer_buf(r->w), c, n);
	return writer_line(r->w, e) < 0 ? -1 : 1;
}

int rows_begin_any(struct rows *r, struct err *e)
{
	if (r->list)
		return err_set(e, ERR_USAGE,
			       "this source does not report its columns");
	if (r->check)
		return rows_step(r, ROWS_MODEL, "rows of any columns", e);
	put_begin(r, writer_buf(r->w), NULL, 0);
	return writer_line(r->w, e) < 0 ? -1 : 1;
}

void rows_missing_begin(struct rows *r, const struct rows_column *c, size_t n)
{
	static const char head[] = "{\"_rudder\":{\"type\":\"missing\"},";
	struct buf names = {0};

	forget_names(r);
	keep_names(r, c, n);
	/* head replaces the opening brace */
	buf_add(&names, head, sizeof(head) - 1);
	buf_add(&names, r->names.p + 1, r->names.n - 1);
	pad_names(&names);
	for (size_t i = 0; i < n; i++)
		r->name_end[i] += sizeof(head) - 2;
	buf_clear(&r->names);
	r->names = names;
	r->put = r->rows;
	r->bad = r->rejects;
}

int rows_missing_end(struct rows *r, uint64_t n, struct err *e)
{
	r->missing = r->rows - r->put;
	r->rows = r->put;
	if (r->missing == n && r->rejects == r->bad)
		return 0;
	return err_names(e, ERR_DATA,
			 "%ju key%s missing, and %ju of them can be written",
			 (uintmax_t)n, counts_word(n, " is", "s are"),
			 (uintmax_t)r->missing);
}

struct buf *rows_buf(struct rows *r)
{
	struct buf *b = writer_buf(r->w);

	r->start = b->n;
	r->highest_set = false;
	return b;
}

/* Whether the value may move the cursor. A value later than now, or above all
 * others, may not: it would hide every row added afterwards.
 */
static bool may_move_cursor(const struct rows *r, struct slice text,
			    bool number)
{
	int64_t us;

	if (number)
		return true;
	if (rows_columns_is_number(r->cursor_type))
		return false; /* NaN, Infinity */
	if (timestamp_read(text, &us) == 0)
		return us <= r->now_us;
	return !rows_columns_is_time(r->cursor_type);
}

static void take_highest(struct rows *r, struct slice text, bool number)
{
	if (!may_move_cursor(r, text, number))
		return;
	r->highest.n = 0;
	buf_slice(&r->highest, text);
}

void rows_cursor(struct rows *r, struct slice text)
{
	r->highest_set = true;
	r->cursor_null = false;
	if (json_utf8(text) == text.n)
		take_highest(r, text, false);
}

/* Scans the row that was built, and returns its members; NULL if it is nested
 * too deep.
 */
static const struct scan_member *members(struct rows *r, size_t *n)
{
	const struct buf *b = writer_buf(r->w);

	if (!r->scan)
		r->scan = scan_new();
	r->scratch.n = 0;
	buf_add(&r->scratch, b->p + r->start, b->n - r->start);
	memset(buf_room(&r->scratch, READER_PAD), 0, READER_PAD);
	if (scan_object(r->scan, buf_all(&r->scratch)) < 0)
		return NULL;
	return scan_members(r->scan, n);
}

/* Takes the cursor's value from the row that was built. */
static void find_highest(struct rows *r)
{
	const struct scan_member *m;
	struct buf text = {0};
	size_t n;

	if (r->highest_set || !members(r, &n))
		return;
	m = scan_get(r->scan, r->cursor);
	if (!m)
		return;
	r->cursor_null = m->kind == SCAN_NULL;
	if (m->kind == SCAN_STRING) {
		json_decode(&text, json_inner(m->value));
		take_highest(r, buf_all(&text), false);
	} else if (m->kind == SCAN_NUMBER) {
		take_highest(r, m->value, true);
	}
	buf_clear(&text);
}

/* Rebuilds the row with decimals as strings. False if the row is invalid, for
 * instance if its arrays of JSON are together nested too deep.
 */
static bool put_legacy(struct rows *r, struct buf *b)
{
	const struct scan_member *m;
	size_t n;

	if (r->n == 0) /* rows without column types */
		return true;
	m = members(r, &n);
	if (!m)
		return false;
	assert(n == r->n);
	b->n = r->start;
	for (size_t i = 0; i < n; i++) {
		bool quote = r->as_string[i] && m[i].kind == SCAN_NUMBER;

		rows_name(r, b, i);
		buf_str(b, quote ? "\"" : "");
		buf_slice(b, m[i].value);
		buf_str(b, quote ? "\"" : "");
	}
	buf_char(b, '}');
	return true;
}

int rows_put(struct rows *r, struct err *e)
{
	struct buf *b = writer_buf(r->w);

	buf_char(b, '}');
	if (r->cursor)
		find_highest(r);
	if (UNLIKELY(r->legacy) && !put_legacy(r, b))
		return rows_reject(r, -1, 0, scan_why(r->scan),
				   slice_of(NULL, 0), e);
	if (UNLIKELY(b->n - r->start > INPUT_MAX_LINE))
		return rows_reject(r, -1, 0, "row is " INPUT_TOO_LONG,
				   slice_of(NULL, 0), e);
	r->rows++;
	progress_tick(r->progress);
	return writer_line(r->w, e);
}

int rows_line(struct rows *r, struct slice line, struct err *e)
{
	buf_add(rows_buf(r), line.p, line.n - 1); /* without the brace, which
						   * rows_put adds */
	return rows_put(r, e);
}

int rows_reject(struct rows *r, int column, uint64_t line, const char *why,
		struct slice record, struct err *e)
{
	struct buf reason = {0};
	struct control_note note = {
		.type = "reject",
		.stage = "query",
		.line = line > 0 ? line : r->rows + r->rejects + 1,
		.record = record,
	};
	int rc;

	if (column >= 0)
		buf_fmt(&reason,
			"column '%s': ", r->plain.p + r->plain_at[column]);
	buf_str(&reason, why);
	note.reason = buf_cstr(&reason);
	writer_undo(r->w);
	control_note(writer_buf(r->w), &note);
	r->rejects++;
	r->reasons.unit = line > 0 ? "line" : "row";
	reasons_add(&r->reasons, note.reason, NULL, 1, note.line);
	rc = writer_line(r->w, e);
	if (rc == 0 && !r->most.percent && r->rejects > r->most.n)
		rc = err_names(
			e, ERR_DATA,
			"%s %ju: %s; %ju rejected, more than --max-rejects %ju",
			line > 0 ? "line" : "row", (uintmax_t)note.line,
			note.reason, (uintmax_t)r->rejects,
			(uintmax_t)r->most.n);
	buf_clear(&reason);
	return rc;
}

int rows_skip(struct rows *r, uint64_t line, const char *why,
	      struct slice record, struct err *e)
{
	const struct control_note note = {
		.type = "skip",
		.stage = "query",
		.line = line,
		.reason = why,
		.record = record,
	};

	control_note(writer_buf(r->w), &note);
	r->skips++;
	return writer_line(r->w, e);
}

int rows_left_ms(const struct rows *r)
{
	uint64_t now = clock_mono_ms();

	if (r->until_ms == 0)
		return -1;
	if (now >= r->until_ms)
		return 0;
	return r->until_ms - now < INT32_MAX ? (int)(r->until_ms - now)
					     : INT32_MAX;
}

static int expired(struct err *e)
{
	return err_set(e, ERR_TEMP, "timed out (--timeout)");
}

int rows_wait(struct rows *r, int fd, struct err *e)
{
	struct pollfd f[2] = {{.fd = fd, .events = POLLIN}, {.fd = r->fd}};

	if (rows_left_ms(r) == 0)
		return expired(e);
	if (poll(f, 1, 0) == 1)
		return 0;
	if (writer_flush(r->w, e) < 0)
		return -1;
	r->start = 0; /* the flush has moved the current row to the start */
	for (;;) {
		int n = poll(f, 2, tool_idle_wait(rows_left_ms(r)));

		if (n < 0 && errno != EINTR)
			return err_sys(e, ERR_OS, "cannot wait");
		if (n <= 0 && rows_left_ms(r) == 0)
			return expired(e);
		if (n <= 0) { /* revents are not set */
			tool_idle();
			continue;
		}
		if (f[1].revents & POLLERR)
			tool_end_by_pipe();
		if (f[1].revents)
			f[1].fd = -1; /* SIGPIPE is blocked: the next write
				       * fails */
		if (f[0].revents)
			return 1;
	}
}

int rows_complete(const struct rows *r, struct err *e)
{
	uint64_t all = r->rows + r->rejects;

	if (!r->most.percent || !num_share_over(&r->most, r->rejects, all))
		return 0;
	return err_names(
		e, ERR_DATA,
		"%ju of %ju rows rejected, more than --max-rejects %ju%%",
		(uintmax_t)r->rejects, (uintmax_t)all, (uintmax_t)r->most.n);
}
