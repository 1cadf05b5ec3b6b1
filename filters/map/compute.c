#include "map/compute.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "core/reader.h"
#include "map/compute_values.h"
#include "map/native.h"
#include "map/output.h"
#include "map/removal.h"
#include "map/result.h"
#include "map/row_event.h"
#include "map/settings/mapping_hints.h"
#include "wire/jq/jqjson.h"
#include "wire/json/json.h"
#include "wire/json/number.h"

/* Number of rows passed to libjq after an odd row: asking a process once for
 * many rows is faster than for each.
 */
enum { LIBJQ_ROWS = 32 };

enum { IDLE_MS = 60000, MAX_JOBS = 64, JQ_MAX_LINE = 256 * 1024 * 1024 };

/* ---- rows through jq -------------------------------------------------- */

/* Writes a skip or a reject for a row without an event. lost: the row needed a
 * delete that cannot be made.
 */
static int jq_note(struct maker *m, const struct workers_row *row, bool ok,
		   bool lost, const char *why, struct err *e)
{
	const struct control_note note = {
		.type = ok ? "skip" : "reject",
		.stage = "map",
		.line = row->lineno,
		.id = row->field[WORKERS_KEY],
		.action = row->field[WORKERS_ACTION],
		.change = row->field[WORKERS_CHANGE],
		.reason = why,
		.record = ok ? slice_of(NULL, 0) : row->field[WORKERS_LINE],
	};

	return result_note(m, &note, row->field[WORKERS_LINE], lost, e);
}

/* Writes the delete that removal.h made of a row. */
static int jq_removed(struct maker *m, const struct workers_row *row,
		      uint64_t n, struct err *e)
{
	const struct control_note note = {
		.line = row->lineno,
		.id = row->field[WORKERS_KEY],
		.action = row->field[WORKERS_ACTION],
		.change = row->field[WORKERS_CHANGE],
	};

	return result_removed(m, &note, row->field[WORKERS_LINE], n, e);
}

static const char invalid[] = "the process that runs jq returned invalid data";

/* Parses the row again: other rows have been read since it was passed to jq. */
static int read_again(struct maker_programs *programs,
		      const struct workers_row *row, struct err *e)
{
	struct slice line = row->field[WORKERS_LINE];

	programs->row.n = 0;
	memset(buf_room(&programs->row, line.n + READER_PAD), 0,
	       line.n + READER_PAD);
	memcpy(programs->row.p, line.p, line.n);
	if (input_take(&programs->again, slice_of(programs->row.p, line.n),
		       false, e) < 0)
		return -1;
	programs->again.data = row->number;
	return 0;
}

/* Writes the event of a row whose condition held and whose values are computed.
 */
static int jq_values_done(struct maker *m, const struct workers_row *row,
			  struct slice text, struct err *e)
{
	struct slice line = row->field[WORKERS_LINE];
	enum mapping_action action;
	const char *why;

	if (read_again(&m->programs, row, e) < 0)
		return -1;
	if (!compute_values_split(m, text))
		return jq_note(m, row, false, false, invalid, e);
	if (row_event_action(&m->programs.again.control, &action) < 0)
		return err_set(e, ERR_BUG,
			       "a row changed while jq processed it");
	why = row_event_make(m, &m->programs.again, action, m->programs.extra,
			     text.n);
	return why ? jq_note(m, row, false, false, why, e)
		   : result_made(m, line, 1, e);
}

/* Handles a row that the condition excludes. */
static int jq_left_out(struct maker *m, const struct workers_row *row,
		       struct err *e)
{
	enum removal removal;
	const char *why;

	if (!m->run->base.deletes.mirror)
		return jq_note(m, row, true, false, native_nothing(&m->m), e);
	if (read_again(&m->programs, row, e) < 0)
		return -1;
	removal = removal_of(m, &m->programs.again);
	if (removal == REMOVAL_SHARED)
		return jq_note(m, row, false, true, removal_shared, e);
	if (removal != REMOVAL_DUE || removal_by_program(m))
		return jq_note(m, row, true, removal != REMOVAL_NONE,
			       native_nothing(&m->m), e);
	if (removal_make(&m->removal, &m->run->base.deletes, &m->programs.again,
			 e) < 0)
		return -1;
	why = row_event_make(m, &m->removal.in, MAPPING_DELETE,
			     m->programs.extra, 0);
	return why ? jq_note(m, row, false, false, why, e)
		   : jq_removed(m, row, 1, e);
}

/* The data of a row for its events. If left is set, they are of the removal. */
static struct event_wrap_row given_by(const struct workers_row *row)
{
	struct event_wrap_row r = {
		.id = row->field[WORKERS_ID],
		.record = row->field[WORKERS_RECORD],
		.user_id = row->field[WORKERS_USER_ID],
		.anonymous_id = row->field[WORKERS_ANONYMOUS_ID],
		.action = row->field[WORKERS_ACTION],
		.change = row->field[WORKERS_CHANGE].n > 0,
	};

	if (row->left) {
		r.user_id = row->field[WORKERS_REMOVAL_USER_ID];
		r.anonymous_id = row->field[WORKERS_REMOVAL_ANONYMOUS_ID];
		r.action = slice_str("delete");
	}
	return r;
}

/* Writes the events of a row. text has the objects that the program returned,
 * one on each line.
 */
static int jq_events_done(struct maker *m, const struct workers_row *row,
			  struct slice text, struct err *e)
{
	const struct event_wrap_row r = given_by(row);
	struct buf *out = result_room(m);
	size_t from = out->n, n = 0;
	const char *why = NULL;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	if (text.n == 0 || text.p[text.n - 1] != '\n' ||
	    (row->left && row->field[WORKERS_REMOVAL].n == 0))
		why = invalid;
	for (size_t i = 1; i <= n && !why; i++) {
		const char *lf = memchr(text.p, '\n', text.n);
		size_t size = (size_t)(lf - text.p);

		why = event_wrap_object(&m->programs.wrap,
					slice_of(text.p, size), &r,
					&m->programs.event, i, n, out);
		if (!why && out->n - from > WORKERS_MAX)
			why = "the jq program returned more than 32 MiB";
		text = slice_of(lf + 1, text.n - size - 1);
	}
	if (why) {
		out->n = from;
		return jq_note(m, row, false, false, why, e);
	}
	out->n--; /* result_made adds the last LF */
	return row->left ? jq_removed(m, row, n, e)
			 : result_made(m, row->field[WORKERS_LINE], n, e);
}

/* Writes the result of a row: its events, a skip or a reject. */
static int jq_done(void *ctx, const struct workers_row *row, bool ok,
		   uint64_t n, struct slice text, struct err *e)
{
	struct maker *m = ctx;
	char why[480];

	if (!ok) {
		text.n = text.n < sizeof(why) ? text.n : sizeof(why) - 1;
		text.n = json_utf8(text);
		snprintf(why, sizeof(why), "%.*s", SLICE_FMT(text));
		return jq_note(m, row, false, false, why, e);
	}
	if (n == 0 && (row->left || !m->m.jq))
		return jq_left_out(m, row, e);
	if (n == 0)
		return jq_note(m, row, true,
			       slice_is(row->field[WORKERS_ACTION], "delete"),
			       native_nothing(&m->m), e);
	return m->m.jq ? jq_events_done(m, row, text, e)
		       : jq_values_done(m, row, text, e);
}

static bool jq_load(void *work)
{
	return expr_load(work);
}

static int jq_run_events(void *work, const struct workers_given *given,
			 struct buf *out, uint64_t *n, bool *left)
{
	const struct expr_row row = {
		.row = given->row,
		.removal = given->removal,
		.pass = given->pass,
	};

	return expr_events(work, &row, out, n, left);
}

static int jq_run_values(void *work, const struct workers_given *given,
			 struct buf *out, uint64_t *n, bool *left)
{
	int rc = expr_values(work, given->row, out);

	*n = rc > 0;
	*left = rc == 0;
	return rc < 0 ? -1 : 0;
}

/* The row as input of the program, in b or the line itself: without _rudder,
 * and without members that the program does not read.
 */
static struct slice jq_row(struct maker_programs *programs,
			   const struct input *in, struct buf *b)
{
	if (in->rudder < 0 && expr_reads_all(programs->expr))
		return in->line;
	b->n = 0;
	buf_char(b, '{');
	for (size_t i = 0; i < in->n; i++) {
		if ((int)i == in->rudder ||
		    !expr_reads_key(programs->expr, in->member[i].key))
			continue;
		if (b->n > 1)
			buf_char(b, ',');
		buf_char(b, '"');
		buf_slice(b, in->member[i].key);
		buf_str(b, "\":");
		buf_slice(b, in->member[i].value);
	}
	buf_char(b, '}');
	return buf_all(b);
}

static struct slice identifier(const struct maker *m, const struct input *in,
			       const char *column, struct buf *b)
{
	return row_event_identifier(
		m, in, column ? scan_find(in->scan, slice_str(column)) : -1, b);
}

static void jq_start(struct maker *m)
{
	const struct workers_options o = {
		.processes = m->run->asked.o->jobs
				     ? (unsigned)m->run->asked.o->jobs
				     : 1,
		.time_ms = m->run->asked.o->jq_timeout_ms,
		.idle_ms = IDLE_MS,
		.memory = m->run->asked.o->jq_memory,
		.max_line = m->run->asked.o->max_line,
		.done = jq_done,
		.ctx = m,
		.start = jq_load,
		.run = m->m.jq ? jq_run_events : jq_run_values,
		.work = m->programs.expr,
	};

	event_wrap_event_set(&m->programs.event,
			     m->m.type ? m->m.type->name : NULL,
			     buf_all(&m->sources), m->fingerprint);
	m->programs.workers = workers_new(&o);
}

/* Passes a row to the workers. removal: the delete to map if the condition does
 * not hold, or empty.
 */
static int jq_put(struct maker *m, struct slice row, struct slice removal,
		  bool skip, struct err *e)
{
	const struct input *in = &m->run->arrived.in;
	const struct control *c = &in->control;
	bool change = c->type == CONTROL_CHANGE;
	struct buf id[4] = {{0}};
	struct row_event_ids ids = row_event_ids(m);
	struct workers_row r = {
		.lineno = input_lineno(in),
		.number = in->data,
		.skip = skip,
		.pass = row_event_is_delete(in),
	};
	int rc;

	r.field[WORKERS_LINE] = in->line;
	if (row.p != in->line.p && !skip)
		r.field[WORKERS_ROW] = row;
	r.field[WORKERS_ID] = ids.hex;
	r.field[WORKERS_RECORD] = ids.record;
	r.field[WORKERS_USER_ID] = identifier(m, in, m->m.user_id, &id[0]);
	r.field[WORKERS_ANONYMOUS_ID] =
		identifier(m, in, m->m.anonymous_id, &id[1]);
	if (removal.n > 0) {
		r.field[WORKERS_REMOVAL] = removal;
		r.field[WORKERS_REMOVAL_USER_ID] =
			identifier(m, &m->removal.in, m->m.user_id, &id[2]);
		r.field[WORKERS_REMOVAL_ANONYMOUS_ID] = identifier(
			m, &m->removal.in, m->m.anonymous_id, &id[3]);
	}
	if (change) {
		r.field[WORKERS_KEY] = c->id;
		r.field[WORKERS_ACTION] = c->action;
		r.field[WORKERS_CHANGE] = c->change;
	}
	if (!m->programs.workers)
		jq_start(m);
	rc = workers_put(m->programs.workers, &r, e);
	for (size_t i = 0; i < COUNT_OF(id); i++)
		buf_clear(&id[i]);
	return rc;
}

/* Whether the program's input has a number that jq cannot hold exactly. */
static bool long_number(const struct input *in, struct slice row)
{
	bool any = false;

	for (size_t i = 0; i < in->n && !any; i++)
		any = in->member[i].long_number;
	return any && number_quote(row, NULL) > 0;
}

/* Sets *row, in b or the line itself, to the program's input. Returns 1, or 0
 * if it has a number that must be rejected.
 */
static int fit_row(struct maker *m, const struct input *in, struct buf *b,
		   struct slice *row)
{
	struct buf quoted = {0};

	*row = jq_row(&m->programs, in, b);
	if (m->m.jq_numbers == MAPPING_NUMBERS_LITERAL ||
	    !long_number(in, *row))
		return 1;
	if (m->m.jq_numbers == MAPPING_NUMBERS_REJECT)
		return 0;
	number_quote(*row, &quoted);
	b->n = 0;
	buf_slice(b, buf_all(&quoted));
	*row = buf_all(b);
	buf_clear(&quoted);
	return 1;
}

static int jq_row_in(struct maker *m, struct err *e)
{
	const struct input *in = &m->run->arrived.in;
	struct slice row, removal = {0};
	struct buf b = {0};
	int fits = fit_row(m, in, &m->programs.row, &row), rc;

	if (fits && removal_by_program(m) && removal_of(m, in) == REMOVAL_DUE) {
		if (removal_make(&m->removal, &m->run->base.deletes, in, e) < 0)
			return -1;
		fits = fit_row(m, &m->removal.in, &b, &removal);
	}
	if (!fits) {
		buf_clear(&b);
		if (compute_drain(m, e) < 0)
			return -1;
		return result_reject(
			m, "a number that jq would round (see --jq-numbers)",
			e);
	}
	/* an excluded row is passed too, so that its skip is written in order
	 */
	rc = jq_put(m, row, removal,
		    m->programs.gate && removal.n == 0 &&
			    !row_event_is_delete(in) && native_left_out(m),
		    e);
	buf_clear(&b);
	return rc;
}

int compute_row(struct maker *m, struct err *e)
{
	int rc;

	if (m->programs.native && m->programs.libjq_rows == 0) {
		if (compute_drain(m, e) < 0)
			return -1;
		rc = native_row(m, e);
		if (rc != 0)
			return rc < 0 ? -1 : 0;
		m->programs.libjq_rows = LIBJQ_ROWS;
	}
	if (m->programs.native)
		m->programs.libjq_rows--;
	return jq_row_in(m, e);
}

/* Parses --jq-engine: auto or libjq. */
static int engine(const char *word, bool *libjq, struct err *e)
{
	*libjq = word && strcmp(word, "libjq") == 0;
	if (!word || *libjq || strcmp(word, "auto") == 0)
		return 0;
	return err_names(e, ERR_USAGE,
			 "option '--jq-engine': '%s' is not auto or libjq",
			 word);
}

int compute_init(struct maker *m, struct err *e)
{
	const struct mapping *s = &m->m;
	const char **values;
	bool libjq;
	int rc;

	if (engine(m->run->asked.o->jq_engine, &libjq, e) < 0)
		return -1;
	m->programs.extra =
		mem_zero((s->n_computed + 1) * sizeof(*m->programs.extra));
	if (!s->jq && !s->where && s->n_computed == 0)
		return 0;
	if (m->run->asked.o->jobs > MAX_JOBS)
		return err_names(e, ERR_USAGE, "option '--jobs': at most %d",
				 MAX_JOBS);
	if (m->run->asked.o->max_line > JQ_MAX_LINE)
		return err_names(e, ERR_USAGE,
				 "option '--max-line': at most 256M with jq");
	values = mem_zero((s->n_computed + 1) * sizeof(*values));
	for (size_t i = 0; i < s->n_computed; i++)
		values[i] = s->computed[i].program;
	rc = expr_new(&m->programs.expr, s->where, s->jq, values, s->n_computed,
		      e);
	free(values);
	if (rc == 0)
		mapping_hints_condition(s);
	if (rc == 0 && !libjq)
		native_init(m);
	return rc;
}

void compute_clear(struct maker *m)
{
	workers_free(m->programs.workers);
	expr_free(m->programs.expr);
	native_free(m->programs.native);
	native_free(m->programs.gate);
	input_clear(&m->programs.again);
	buf_clear(&m->programs.row);
	buf_clear(&m->programs.values_text);
	scan_free(m->programs.values_scan);
	event_wrap_clear(&m->programs.wrap);
	event_wrap_event_clear(&m->programs.event);
	free(m->programs.extra);
}
