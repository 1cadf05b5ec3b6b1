#include "map/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/progress.h"
#include "core/reader.h"
#include "core/tool.h"
#include "core/writer.h"
#include "map/check.h"
#include "map/crew.h"
#include "map/event.h"
#include "map/number.h"
#include "map/plan.h"
#include "map/preview.h"
#include "map/rowid.h"
#include "wire/input.h"
#include "wire/json.h"

enum { MAX_JOBS = 64, JQ_MAX_LINE = 256 * 1024 * 1024 };
enum { PLANS = 8, FLUSH = 256 * 1024, DIGITS = 32, SCREEN = 100 };

/* What was worked out for one list of columns. */
struct form {
	const struct input *in; /* whose shape: each numbers its own */
	uint64_t shape;         /* 0: unused */
	enum mapping_action action;
	struct plan *plan; /* NULL: why says what is wrong with the columns */
	struct event_source from;
	struct err why;
};

struct map {
	struct mapping m;
	struct input in;
	struct writer *out;
	struct form form[PLANS];
	struct form *last;
	size_t next_form;   /* to be replaced */
	struct buf sources; /* context.sources as JSON */
	struct buf end;     /* body of the end line */
	struct rowid id;    /* of a row that is no change */
	char hex[DIGITS];
	struct plan_values values;
	struct buf message; /* messageId of a change */
	struct expr *expr;  /* NULL: no jq program */
	struct expr_event shell;
	struct crew *crew; /* made at the first row */
	struct buf row;
	struct input again;  /* a row that jq has judged */
	struct slice *extra; /* owned: computed values */
	struct buf run_id;   /* given by the environment */
	const struct map_options *o;
	uint64_t events, rejects, skips; /* our own */
	uint64_t max_rejects;
	uint64_t shown; /* rows of a preview */
	bool no_colour;
	bool checked; /* the columns that the settings name are there */
	bool begun;   /* our begin line is written */
};

/* ---- previews --------------------------------------------------------- */

static size_t screen_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col;
	return SCREEN;
}

/* The row beside what stands in the output buffer, instead of it. */
static void show(struct map *m, struct slice row)
{
	struct buf *out = writer_buf(m->out);
	struct buf left = {0}, right = {0};
	struct slice text;
	bool colour = isatty(STDOUT_FILENO) && !m->no_colour;

	buf_slice(&right, buf_all(out)); /* all before it has left */
	text = buf_all(&right);
	writer_undo(m->out);
	preview_pretty(&left, row);
	while (text.n > 0) {
		const char *lf = memchr(text.p, '\n', text.n);
		size_t n = lf ? (size_t)(lf - text.p) : text.n;
		struct buf event = {0};

		preview_pretty(&event, slice_of(text.p, n));
		preview_columns(out, buf_all(&left), buf_all(&event),
				screen_width(), colour);
		left.n = 0; /* further events stand below one another */
		n += lf != NULL;
		text = slice_of(text.p + n, text.n - n);
		buf_clear(&event);
	}
	buf_clear(&left);
	buf_clear(&right);
}

/* The line that became of a row is complete: it goes on, or is shown. */
static int emit(struct map *m, struct slice row, struct err *e)
{
	if (LIKELY(m->o->preview == 0))
		return writer_line(m->out, e);
	m->shown++;
	show(m, row);
	if (writer_line(m->out, e) < 0)
		return -1;
	return writer_flush(m->out, e);
}

/* A line of the stream itself, which a preview does not show. */
static int emit_edge(struct map *m, struct err *e)
{
	if (LIKELY(m->o->preview == 0))
		return writer_line(m->out, e);
	writer_undo(m->out);
	return 0;
}

/* ---- the edges of the stream ------------------------------------------ */

static void set_sources(struct map *m, struct slice run, struct slice model)
{
	struct buf *b = &m->sources;
	struct slice job = m->m.job_id ? slice_str(m->m.job_id) : model;

	b->n = 0;
	if (job.n == 0)
		job = slice_str("rudder");
	buf_str(b, "{\"job_id\":");
	json_string(b, job);
	buf_str(b, ",\"job_run_id\":");
	json_string(b, run);
	buf_str(b, ",\"task_run_id\":");
	json_string(b, run);
	buf_str(b, ",\"version\":\"v" RUDDER_VERSION "\"}");
}

static void own_run(const struct map *m, struct buf *b)
{
	if (m->run_id.n > 0)
		buf_slice(b, buf_all(&m->run_id));
	else
		clock_run_id(b);
}

/* The stream has no begin line: its first tool is this one. */
static int begin_ourselves(struct map *m, struct err *e)
{
	struct buf *out = writer_buf(m->out);
	struct buf run = {0};

	own_run(m, &run);
	set_sources(m, buf_all(&run), slice_of(NULL, 0));
	buf_str(out, "{\"_rudder\":{\"type\":\"begin\",\"v\":1,"
		     "\"stream\":\"events\"");
	control_add_text(out, "run", buf_all(&run));
	control_close(out);
	buf_clear(&run);
	m->begun = true;
	return emit_edge(m, e);
}

static int on_begin(struct map *m, struct err *e)
{
	const struct control *c = &m->in.control;
	struct buf *out = writer_buf(m->out);
	struct buf run = {0};

	if (m->begun)
		return err_set(e, ERR_DATA,
			       "line %ju: a begin line behind data",
			       (uintmax_t)input_lineno(&m->in));
	if (slice_is(c->stream, "events") || slice_is(c->stream, "receipts"))
		return err_set(e, ERR_DATA,
			       "input holds %.*s; rudder-map reads rows or "
			       "changes",
			       SLICE_FMT(c->stream));
	if (c->run.n > 0)
		buf_slice(&run, c->run);
	else
		own_run(m, &run);
	set_sources(m, buf_all(&run), c->model);
	control_rewrite(out, c->body, "events", NULL);
	if (c->run.n == 0)
		control_add_text(out, "run", buf_all(&run));
	control_close(out);
	buf_clear(&run);
	m->begun = true;
	return emit_edge(m, e);
}

static int write_end(struct map *m, struct err *e)
{
	static const char *const drop[] = {"rows",     "changes", "events",
					   "receipts", "rejects", "skips",
					   NULL};
	struct buf *out = writer_buf(m->out);

	if (m->end.n > 0)
		control_rewrite(out, buf_all(&m->end), "events", drop);
	else
		control_end(out, "events");
	control_add_count(out, "events", m->events);
	control_add_count(out, "rejects", m->in.rejects + m->rejects);
	control_add_count(out, "skips", m->in.skips + m->skips);
	control_close(out);
	return emit_edge(m, e);
}

/* ---- rejects and skips ------------------------------------------------ */

static int count_reject(struct map *m, uint64_t line, const char *reason,
			struct err *e)
{
	m->rejects++;
	if (m->rejects <= m->max_rejects)
		return 0;
	return err_set(e, ERR_DATA,
		       "line %ju: %s; that is more than %ju rejected rows "
		       "(--max-rejects)",
		       (uintmax_t)line, reason, (uintmax_t)m->max_rejects);
}

static int reject(struct map *m, const char *reason, struct err *e)
{
	input_reject(&m->in, writer_buf(m->out), "map", reason);
	if (emit(m, m->in.line, e) < 0)
		return -1;
	return count_reject(m, input_lineno(&m->in), reason, e);
}

static int skip(struct map *m, const char *reason, struct err *e)
{
	const struct control *c = &m->in.control;
	struct control_note note = {
		.type = "skip",
		.stage = "map",
		.line = input_lineno(&m->in),
		.reason = reason,
		.id = c->id,
		.action = c->action,
		.change = c->change,
	};

	m->skips++;
	control_note(writer_buf(m->out), &note);
	return emit(m, m->in.line, e);
}

/* ---- forms ------------------------------------------------------------ */

static void form_make(struct map *m, struct form *f, const struct input *in,
		      enum mapping_action action)
{
	struct tree *t;

	plan_free(f->plan);
	*f = (struct form){.in = in, .shape = in->shape, .action = action};
	if (event_tree(&t, &m->m, action, in->member, in->n,
		       buf_all(&m->sources), &f->from, &f->why) < 0)
		return;
	f->plan = plan_new(t, m->m.exact_numbers);
	tree_free(t);
}

static ALWAYS_INLINE bool form_fits(const struct form *f,
				    const struct input *in,
				    enum mapping_action action)
{
	return f->shape == in->shape && f->action == action && f->in == in;
}

static struct form *form_of(struct map *m, const struct input *in,
			    enum mapping_action action)
{
	struct form *f = m->last;

	if (LIKELY(f && form_fits(f, in, action)))
		return f;
	for (size_t i = 0; i < PLANS; i++) {
		f = &m->form[i];
		if (form_fits(f, in, action)) {
			m->last = f;
			return f;
		}
	}
	f = &m->form[m->next_form];
	m->next_form = (m->next_form + 1) % PLANS;
	form_make(m, f, in, action);
	m->last = f;
	return f;
}

/* At the first row: a column that is named and not there is a typing error
 * where the stream says which columns it has, and worth a word where it does
 * not.
 */
static int check_columns(struct map *m, const struct form *f, struct err *e)
{
	const char *name;

	m->checked = true;
	if (!f->plan) {
		*e = f->why;
		return -1;
	}
	if (m->in.begun)
		return event_require(&m->m, m->in.member, m->in.n, e);
	name = event_missing(&m->m, m->in.member, m->in.n);
	if (name)
		tool_warn("the first row has no column '%s'", name);
	return 0;
}

/* ---- rows ------------------------------------------------------------- */

static bool is_blank(struct slice string)
{
	struct slice s = json_inner(string);
	struct buf b = {0};
	bool blank = true;

	if (s.n > 0 && (unsigned char)*s.p > ' ' && *s.p != '\\')
		return false;
	json_decode(&b, s);
	for (size_t i = 0; i < b.n && blank; i++)
		blank = (unsigned char)b.p[i] <= ' ';
	buf_clear(&b);
	return blank;
}

enum id_state { ID_GOOD, ID_NONE, ID_BAD };

static ALWAYS_INLINE enum id_state id_state(const struct scan_member *m)
{
	if (m->kind == SCAN_NUMBER)
		return ID_GOOD;
	if (m->kind == SCAN_STRING)
		return UNLIKELY(is_blank(m->value)) ? ID_NONE : ID_GOOD;
	return m->kind == SCAN_NULL ? ID_NONE : ID_BAD;
}

static const char *no_user_id(const struct form *f)
{
	if (f->action == MAPPING_DELETE && f->from.user_id < 0 &&
	    f->from.anonymous_id < 0)
		return "no user id: a delete has only the key columns, and "
		       "the user id's column is not one of them";
	return "no user id";
}

/* Why a row has nobody it belongs to, or NULL. A blank identifier goes to
 * *absent: beside a good one it is left out.
 */
static const char *check_user(const struct map *m, const struct input *in,
			      const struct form *f, size_t *absent)
{
	const int at[] = {f->from.user_id, f->from.anonymous_id};
	bool any = event_is_record(&m->m);

	for (size_t i = 0; i < COUNT_OF(at); i++) {
		if (at[i] < 0)
			continue;
		switch (id_state(&in->member[at[i]])) {
		case ID_GOOD:
			any = true;
			break;
		case ID_NONE:
			*absent = (size_t)at[i];
			break;
		case ID_BAD:
			return "the user id is neither string nor number";
		}
	}
	return any ? NULL : no_user_id(f);
}

static const char *check_name(const struct map *m, const struct input *in,
			      const struct form *f)
{
	if (f->from.name < 0)
		return m->m.type->name_needed ? "no event name" : NULL;
	switch (id_state(&in->member[f->from.name])) {
	case ID_GOOD:
		return NULL;
	case ID_NONE:
		if (!m->m.type->name_needed &&
		    in->member[f->from.name].kind == SCAN_NULL)
			return NULL;
		return "no event name";
	default:
		return "the event name is neither string nor number";
	}
}

/* groupId, previousId. */
static const char *check_other(const struct map *m, const struct input *in,
			       const struct form *f)
{
	if (f->from.other >= 0 &&
	    id_state(&in->member[f->from.other]) == ID_GOOD)
		return NULL;
	return m->m.group_id ? "no group id" : "no previous id";
}

/* At least one identifier of a record. */
static const char *check_identifiers(const struct map *m,
				     const struct input *in)
{
	for (size_t i = 0; i < m->m.n_identifiers; i++) {
		int at =
			scan_find(in->scan, slice_str(m->m.identifier[i].name));

		if (at >= 0 && in->member[at].kind != SCAN_NULL)
			return NULL;
	}
	return "no identifier";
}

static const char *check_row(const struct map *m, const struct input *in,
			     const struct form *f, size_t *absent)
{
	const char *why = check_user(m, in, f, absent);

	if (why || (f->action == MAPPING_DELETE && !event_is_record(&m->m)))
		return why;
	if (m->m.n_identifiers > 0)
		why = check_identifiers(m, in);
	if (why || event_is_record(&m->m))
		return why;
	if (m->m.event_column)
		why = check_name(m, in, f);
	if (!why && (m->m.group_id || m->m.previous_id))
		why = check_other(m, in, f);
	return why;
}

/* 0, or -1 where the action is none that we know. */
static int action_of(const struct control *c, enum mapping_action *action)
{
	if (c->type != CONTROL_CHANGE) {
		*action = MAPPING_INSERT;
		return 0;
	}
	for (size_t i = 0; i < MAPPING_ACTIONS; i++) {
		if (slice_is(c->action, mapping_actions[i])) {
			*action = (enum mapping_action)i;
			return 0;
		}
	}
	return -1;
}

/* What the ids of a record are made of. */
struct ids {
	struct slice hex;    /* 32 digits: what messageId is made of */
	struct slice record; /* a JSON string */
};

static struct ids row_ids(struct map *m)
{
	const struct control *c = &m->in.control;
	struct ids ids = {.hex = c->change, .record = c->id};

	if (c->type == CONTROL_CHANGE && c->id.n > 0)
		return ids;
	rowid_set(&m->id, m->in.data, m->in.line);
	ids.record = rowid_record(&m->id);
	if (c->type == CONTROL_CHANGE)
		return ids;
	rowid_hex(m->hex, &m->id);
	ids.hex = slice_of(m->hex, sizeof(m->hex));
	return ids;
}

static void set_ids(struct map *m, const struct input *in,
		    struct plan_record *r)
{
	const struct control *c = &in->control;

	if (c->type != CONTROL_CHANGE || c->id.n == 0)
		rowid_set(&m->id, in->data, in->line);
	r->record_id = c->type == CONTROL_CHANGE && c->id.n > 0
			       ? c->id
			       : rowid_record(&m->id);
	if (c->type != CONTROL_CHANGE) {
		r->id = &m->id;
		return;
	}
	m->message.n = 0;
	control_message_id(&m->message, c->change, 1, 1);
	r->message_id = buf_all(&m->message);
}

/* The event of a row in the output buffer: NULL, or why there is none. extra
 * are the computed values, all of them extra_n bytes.
 */
static const char *make_event(struct map *m, const struct input *in,
			      enum mapping_action action,
			      const struct slice *extra, size_t extra_n)
{
	const struct form *f = form_of(m, in, action);
	struct plan_record r = {
		.member = in->member,
		.line_n = in->line.n,
		.extra = extra,
		.extra_n = extra_n,
		.absent = SIZE_MAX,
	};
	const char *why;

	if (UNLIKELY(!f->plan))
		return f->why.text;
	why = check_row(m, in, f, &r.absent);
	if (UNLIKELY(why != NULL))
		return why;
	set_ids(m, in, &r);
	if (plan_prepare(f->plan, &r, &m->values) < 0)
		return m->values.why;
	plan_write(f->plan, &r, &m->values, writer_buf(m->out));
	m->events++;
	return NULL;
}

/* ---- rows through jq -------------------------------------------------- */

/* A row that became no event: a skip, or a reject with the reason why. */
static int jq_note(struct map *m, const struct crew_row *row, bool ok,
		   const char *why, struct err *e)
{
	struct control_note note = {
		.type = ok ? "skip" : "reject",
		.stage = "map",
		.line = row->lineno,
		.id = row->field[CREW_KEY],
		.action = row->field[CREW_ACTION],
		.change = row->field[CREW_CHANGE],
		.reason = why,
	};

	if (ok)
		m->skips++;
	else
		note.record = row->field[CREW_LINE];
	control_note(writer_buf(m->out), &note);
	if (emit(m, row->field[CREW_LINE], e) < 0)
		return -1;
	return ok ? 0 : count_reject(m, row->lineno, why, e);
}

/* The lines of computed values. */
static void split_values(struct map *m, struct slice text)
{
	for (size_t i = 0; i < m->m.n_computed; i++) {
		const char *lf = memchr(text.p, '\n', text.n);
		size_t n = (size_t)(lf - text.p);

		m->extra[i] = slice_of(text.p, n);
		text = slice_of(lf + 1, text.n - n - 1);
	}
}

/* The event of a row whose condition held and whose values are computed: the
 * row is read again, for much has been read since.
 */
static int jq_values_done(struct map *m, const struct crew_row *row,
			  struct slice text, struct err *e)
{
	struct slice line = row->field[CREW_LINE];
	enum mapping_action action;
	const char *why;

	m->row.n = 0;
	memset(buf_room(&m->row, line.n + READER_PAD), 0, line.n + READER_PAD);
	memcpy(m->row.p, line.p, line.n);
	if (input_take(&m->again, slice_of(m->row.p, line.n), false, e) < 0)
		return -1;
	m->again.data = row->number;
	split_values(m, text);
	if (action_of(&m->again.control, &action) < 0)
		return err_set(e, ERR_BUG, "a row changed while jq had it");
	why = make_event(m, &m->again, action, m->extra, text.n);
	return why ? jq_note(m, row, false, why, e) : emit(m, line, e);
}

static const char *nothing(const struct map *m)
{
	if (!m->m.jq)
		return "left out by the condition";
	return m->m.where ? "left out by the condition or the jq program"
			  : "the jq program gave nothing";
}

/* Its events, or a reject, in the place of a row. */
static int jq_done(void *ctx, const struct crew_row *row, bool ok, uint64_t n,
		   struct slice text, struct err *e)
{
	struct map *m = ctx;
	char why[480];

	if (!ok) {
		snprintf(why, sizeof(why), "%.*s", SLICE_FMT(text));
		return jq_note(m, row, false, why, e);
	}
	if (n == 0)
		return jq_note(m, row, true, nothing(m), e);
	if (!m->m.jq)
		return jq_values_done(m, row, text, e);
	m->events += n;
	buf_add(writer_buf(m->out), text.p, text.n - 1); /* LF comes below */
	return emit(m, row->field[CREW_LINE], e);
}

static bool jq_reads(const struct map *m, struct slice key)
{
	struct buf name = {0};
	bool reads;

	if (!memchr(key.p, '\\', key.n))
		return expr_reads(m->expr, key);
	json_decode(&name, key);
	reads = expr_reads(m->expr, buf_all(&name));
	buf_clear(&name);
	return reads;
}

/* The row as the program sees it: without _rudder, and without members that it
 * does not read.
 */
static struct slice jq_row(struct map *m)
{
	const struct input *in = &m->in;
	struct buf *b = &m->row;

	if (in->rudder < 0 && expr_reads_all(m->expr))
		return in->line;
	b->n = 0;
	buf_char(b, '{');
	for (size_t i = 0; i < in->n; i++) {
		if ((int)i == in->rudder || !jq_reads(m, in->member[i].key))
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

/* A JSON string of an identifier's column, or the empty slice. */
static struct slice jq_identifier(const struct map *m, const char *column,
				  struct buf *b)
{
	int at = column ? scan_find(m->in.scan, slice_str(column)) : -1;
	const struct scan_member *v = &m->in.member[at < 0 ? 0 : at];

	if (at < 0 || id_state(v) != ID_GOOD)
		return slice_of(NULL, 0);
	if (v->kind == SCAN_STRING)
		return v->value;
	b->n = 0;
	buf_char(b, '"');
	buf_slice(b, v->value);
	buf_char(b, '"');
	return buf_all(b);
}

static void jq_start(struct map *m)
{
	const struct crew_options o = {
		.processes = m->o->jobs ? (unsigned)m->o->jobs : 1,
		.time_ms = m->o->jq_timeout_ms,
		.memory = m->o->jq_memory,
		.max_line = m->o->max_line,
		.done = jq_done,
		.ctx = m,
	};

	m->shell.type = m->m.type ? m->m.type->name : NULL;
	m->shell.sources = buf_all(&m->sources);
	m->crew = crew_new(&o, m->expr, m->m.jq ? &m->shell : NULL);
}

static int jq_put(struct map *m, struct slice row, struct err *e)
{
	const struct control *c = &m->in.control;
	bool change = c->type == CONTROL_CHANGE;
	struct buf user = {0}, anonymous = {0};
	struct ids ids = row_ids(m);
	struct crew_row r = {
		.lineno = input_lineno(&m->in),
		.number = m->in.data,
	};
	int rc;

	r.field[CREW_LINE] = m->in.line;
	if (row.p != m->in.line.p)
		r.field[CREW_ROW] = row;
	r.field[CREW_ID] = ids.hex;
	r.field[CREW_RECORD] = ids.record;
	r.field[CREW_USER_ID] = jq_identifier(m, m->m.user_id, &user);
	r.field[CREW_ANONYMOUS_ID] =
		jq_identifier(m, m->m.anonymous_id, &anonymous);
	if (change) {
		r.field[CREW_KEY] = c->id;
		r.field[CREW_ACTION] = c->action;
		r.field[CREW_CHANGE] = c->change;
	}
	if (!m->crew)
		jq_start(m);
	rc = crew_put(m->crew, &r, e);
	buf_clear(&user);
	buf_clear(&anonymous);
	return rc;
}

/* Rejects, skips and events of the other kind must not overtake rows. */
static int jq_drain(struct map *m, struct err *e)
{
	return m->crew ? crew_drain(m->crew, e) : 0;
}

static int jq_on_row(struct map *m, struct err *e)
{
	struct slice row = jq_row(m);
	struct buf b = {0};
	int rc;

	switch (m->m.jq_numbers) {
	case MAPPING_NUMBERS_REJECT:
		if (number_quote(row, NULL) == 0)
			break;
		if (jq_drain(m, e) < 0)
			return -1;
		return reject(m, "a number that jq would round (--jq-numbers)",
			      e);
	case MAPPING_NUMBERS_STRING:
		if (number_quote(row, NULL) == 0)
			break;
		number_quote(row, &b);
		row = buf_all(&b);
		break;
	case MAPPING_NUMBERS_LITERAL:
		break;
	}
	rc = jq_put(m, row, e);
	buf_clear(&b);
	return rc;
}

/* Before a read that may block: finish all, then flush. */
static int wait_for_input(void *ctx, struct err *e)
{
	struct map *m = ctx;

	return jq_drain(m, e) < 0 ? -1 : writer_flush(m->out, e);
}

/* ---- lines ------------------------------------------------------------ */

/* Something that is no row for jq, and must not overtake any. */
static int reject_in_order(struct map *m, const char *why, struct err *e)
{
	return jq_drain(m, e) < 0 ? -1 : reject(m, why, e);
}

static int on_row(struct map *m, struct err *e)
{
	const struct control *c = &m->in.control;
	enum mapping_action action;
	const char *why;

	if (UNLIKELY(!m->begun) && begin_ourselves(m, e) < 0)
		return -1;
	if (action_of(c, &action) < 0)
		return reject_in_order(m, "the change has no action we know",
				       e);
	if (c->type == CONTROL_CHANGE && c->change.n != DIGITS)
		return reject_in_order(m, "the change has no id", e);
	if (!event_made(&m->m, action, &why))
		return jq_drain(m, e) < 0 ? -1 : skip(m, why, e);
	if (UNLIKELY(!m->checked) && !m->m.jq && action != MAPPING_DELETE &&
	    check_columns(m, form_of(m, &m->in, action), e) < 0)
		return -1;
	if (m->expr &&
	    (action != MAPPING_DELETE || (m->m.jq && event_is_record(&m->m))))
		return jq_on_row(m, e);
	if (jq_drain(m, e) < 0)
		return -1;
	why = make_event(m, &m->in, action, m->extra, 0);
	return why ? reject(m, why, e) : emit(m, m->in.line, e);
}

static int pass_on(struct map *m, struct err *e)
{
	buf_slice(writer_buf(m->out), m->in.line);
	return emit_edge(m, e);
}

static int on_line(struct map *m, struct err *e)
{
	if (m->in.kind != INPUT_DATA && jq_drain(m, e) < 0)
		return -1;
	switch (m->in.kind) {
	case INPUT_DATA:
		return on_row(m, e);
	case INPUT_BAD:
		if (!m->begun && begin_ourselves(m, e) < 0)
			return -1;
		return reject(m, m->in.why, e);
	case INPUT_BEGIN:
		return on_begin(m, e);
	case INPUT_END:
		m->end.n = 0;
		buf_slice(&m->end, m->in.control.body);
		return 0;
	default:
		return pass_on(m, e);
	}
}

/* ---- the run ---------------------------------------------------------- */

static int finish(struct map *m, struct err *e)
{
	struct err cut;
	int rc = input_complete(&m->in, &cut);

	if (jq_drain(m, e) < 0)
		return -1;
	if (rc == 0 && !m->begun)
		rc = begin_ourselves(m, e);
	if (rc == 0 && write_end(m, e) < 0)
		return -1;
	if (writer_close(m->out, e) < 0)
		return -1;
	if (rc < 0) {
		*e = cut;
		return -1;
	}
	return 0;
}

/* After a failure what is finished still leaves; the first error counts. */
static int stop(struct map *m, const struct err *e)
{
	struct err later;

	if (e->kind != ERR_IO && writer_flush(m->out, &later) < 0)
		return -1;
	return -1;
}

/* Whether all rows that were asked for have been shown; -1 on an error. */
static int previewed(struct map *m, struct err *e)
{
	if (jq_drain(m, e) < 0)
		return -1;
	return m->shown >= m->o->preview;
}

static int loop(struct map *m, struct err *e)
{
	const struct progress_count counts[] = {{"events", &m->events},
						{"rejects", &m->rejects},
						{"skips", &m->skips},
						{0}};
	struct progress p;
	int rc, done = 0;

	progress_init(&p, counts);
	while (done == 0 && (rc = input_next(&m->in, e)) > 0) {
		done = on_line(m, e);
		progress_tick(&p);
		if (UNLIKELY(m->o->preview > 0) && done == 0)
			done = previewed(m, e);
	}
	if (done > 0)
		rc = writer_close(m->out, e);
	else if (rc == 0)
		rc = finish(m, e);
	else
		rc = stop(m, e);
	progress_end(&p);
	return rc;
}

static int max_rejects(struct map *m, const char *word, struct err *e)
{
	m->max_rejects = UINT64_MAX;
	if (word && num_uint(slice_str(word), &m->max_rejects) < 0)
		return err_set(e, ERR_USAGE,
			       "option '--max-rejects': '%s' is not a count",
			       word);
	return 0;
}

/* The jq program that the settings ask for, if any. */
static int compile(struct map *m, struct err *e)
{
	const struct mapping *s = &m->m;
	const char **values;
	int rc;

	m->extra = mem_zero((s->n_computed + 1) * sizeof(*m->extra));
	if (!s->jq && !s->where && s->n_computed == 0)
		return 0;
	if (m->o->jobs > MAX_JOBS)
		return err_set(e, ERR_USAGE, "option '--jobs': at most %d",
			       MAX_JOBS);
	if (m->o->max_line > JQ_MAX_LINE)
		return err_set(e, ERR_USAGE,
			       "option '--max-line': at most 256M with jq");
	values = mem_zero((s->n_computed + 1) * sizeof(*values));
	for (size_t i = 0; i < s->n_computed; i++)
		values[i] = s->computed[i].program;
	rc = expr_new_where(&m->expr, s->where, s->jq, values, s->n_computed,
			    e);
	free(values);
	return rc;
}

static int run(struct map *m, const struct map_options *o, struct err *e)
{
	const struct progress_count counts[] = {{"events", &m->events},
						{"rejects", &m->rejects},
						{"skips", &m->skips},
						{0}};
	const char *run_id = getenv("RUDDER_RUN_ID");
	struct progress p;

	if (mapping_load(&m->m, &o->mapping, e) < 0 ||
	    max_rejects(m, o->max_rejects, e) < 0)
		return -1;
	buf_str(&m->run_id, run_id ? run_id : "");
	m->no_colour = getenv("NO_COLOR") != NULL;
	if (compile(m, e) < 0)
		return -1;
	if (o->check)
		return check_run(&m->m, &m->in, e);
	progress_init(&p, counts);
	if (loop(m, e) < 0 || progress_stats(&p, o->stats, e) < 0)
		return -1;
	tool_summary("%ju events, %ju rejected, %ju skipped",
		     (uintmax_t)m->events, (uintmax_t)m->rejects,
		     (uintmax_t)m->skips);
	if (m->rejects > 0)
		return err_set(e, ERR_PARTIAL,
			       "%ju of %ju rows were rejected: see the reject "
			       "lines",
			       (uintmax_t)m->rejects, (uintmax_t)m->in.data);
	return 0;
}

int map_run(const struct map_options *o, int fd_in, int fd_out, struct err *e)
{
	const struct input_options in = {
		.max_line = o->max_line,
		.trust_eof = o->trust_eof,
		.any_counts = o->any_counts,
	};
	struct map m = {.o = o, .out = writer_new(fd_out, FLUSH)};
	int rc;

	input_init(&m.in, fd_in, &in, wait_for_input, &m);
	input_init(&m.again, -1, &in, NULL, NULL);
	rc = run(&m, o, e);
	for (size_t i = 0; i < PLANS; i++)
		plan_free(m.form[i].plan);
	buf_clear(&m.sources);
	buf_clear(&m.end);
	buf_clear(&m.message);
	plan_values_clear(&m.values);
	buf_clear(&m.row);
	buf_clear(&m.run_id);
	crew_free(m.crew);
	expr_free(m.expr);
	input_clear(&m.in);
	input_clear(&m.again);
	free(m.extra);
	mapping_clear(&m.m);
	writer_free(m.out);
	return rc;
}
