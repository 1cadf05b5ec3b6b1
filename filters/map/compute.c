#include "map/compute.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "core/reader.h"
#include "map/edge.h"
#include "map/form.h"
#include "map/number.h"
#include "map/quick.h"
#include "map/removal.h"
#include "wire/json.h"

/* Rows that go to libjq with an odd one, as a process is asked sooner for many
 * than for one.
 */
enum { COMPANY = 32 };

enum { MAX_JOBS = 64, JQ_MAX_LINE = 256 * 1024 * 1024 };

/* ---- rows through jq -------------------------------------------------- */

/* A row that became no event: a skip, or a reject with the reason why. lost: a
 * delete that should have become one.
 */
static int jq_note(struct maker *m, const struct crew_row *row, bool ok,
		   bool lost, const char *why, struct err *e)
{
	const struct control_note note = {
		.type = ok ? "skip" : "reject",
		.stage = "map",
		.line = row->lineno,
		.id = row->field[CREW_KEY],
		.action = row->field[CREW_ACTION],
		.change = row->field[CREW_CHANGE],
		.reason = why,
		.record = ok ? slice_of(NULL, 0) : row->field[CREW_LINE],
	};

	return edge_note(m, &note, row->field[CREW_LINE], lost, e);
}

/* The lines of computed values. */
static void split_values(struct maker *m, struct slice text)
{
	for (size_t i = 0; i < m->m.n_computed; i++) {
		const char *lf = memchr(text.p, '\n', text.n);
		size_t n = (size_t)(lf - text.p);

		m->extra[i] = slice_of(text.p, n);
		text = slice_of(lf + 1, text.n - n - 1);
	}
}

/* A row is read again, for much has been read since. */
static int read_again(struct maker *m, const struct crew_row *row,
		      struct err *e)
{
	struct slice line = row->field[CREW_LINE];

	m->row.n = 0;
	memset(buf_room(&m->row, line.n + READER_PAD), 0, line.n + READER_PAD);
	memcpy(m->row.p, line.p, line.n);
	if (input_take(&m->again, slice_of(m->row.p, line.n), false, e) < 0)
		return -1;
	m->again.data = row->number;
	return 0;
}

/* The event of a row whose condition held and whose values are computed. */
static int jq_values_done(struct maker *m, const struct crew_row *row,
			  struct slice text, struct err *e)
{
	struct slice line = row->field[CREW_LINE];
	enum mapping_action action;
	const char *why;

	if (read_again(m, row, e) < 0)
		return -1;
	split_values(m, text);
	if (form_action(&m->again.control, &action) < 0)
		return err_set(e, ERR_BUG, "a row changed while jq had it");
	why = form_event(m, &m->again, action, m->extra, text.n);
	return why ? jq_note(m, row, false, false, why, e)
		   : edge_made(m, line, 1, e);
}

/* The condition has left the row out. */
static int jq_left_out(struct maker *m, const struct crew_row *row,
		       struct err *e)
{
	enum removal removal;
	const char *why;

	if (!m->run->deletes.mirror)
		return jq_note(m, row, true, false, quick_nothing(&m->m), e);
	if (read_again(m, row, e) < 0)
		return -1;
	removal = removal_of(m, &m->again);
	if (removal != REMOVAL_DUE || removal_by_program(m))
		return jq_note(m, row, true, removal != REMOVAL_NONE,
			       quick_nothing(&m->m), e);
	if (removal_make(m, &m->again, e) < 0)
		return -1;
	why = form_event(m, &m->removal, MAPPING_DELETE, m->extra, 0);
	return why ? jq_note(m, row, false, false, why, e)
		   : edge_removed(m, row->field[CREW_LINE], 1, e);
}

/* Its events, or a reject, in the place of a row. */
static int jq_done(void *ctx, const struct crew_row *row, bool ok, uint64_t n,
		   struct slice text, struct err *e)
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
			       slice_is(row->field[CREW_ACTION], "delete"),
			       quick_nothing(&m->m), e);
	if (!m->m.jq)
		return jq_values_done(m, row, text, e);
	buf_add(edge_room(m), text.p, text.n - 1); /* LF comes below */
	return row->left ? edge_removed(m, row->field[CREW_LINE], n, e)
			 : edge_made(m, row->field[CREW_LINE], n, e);
}

/* The row as the program sees it, in b or the line itself: without _rudder, and
 * without members that it does not read.
 */
static struct slice jq_row(struct maker *m, const struct input *in,
			   struct buf *b)
{
	if (in->rudder < 0 && expr_reads_all(m->expr))
		return in->line;
	b->n = 0;
	buf_char(b, '{');
	for (size_t i = 0; i < in->n; i++) {
		if ((int)i == in->rudder ||
		    !expr_reads_key(m->expr, in->member[i].key))
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

static struct slice identifier(const struct input *in, const char *column,
			       struct buf *b)
{
	return form_identifier(
		in, column ? scan_find(in->scan, slice_str(column)) : -1, b);
}

static void jq_start(struct maker *m)
{
	const struct crew_options o = {
		.processes = m->run->o->jobs ? (unsigned)m->run->o->jobs : 1,
		.time_ms = m->run->o->jq_timeout_ms,
		.memory = m->run->o->jq_memory,
		.max_line = m->run->o->max_line,
		.done = jq_done,
		.ctx = m,
	};

	m->shell.type = m->m.type ? m->m.type->name : NULL;
	m->shell.sources = buf_all(&m->sources);
	m->shell.fingerprint = m->fingerprint;
	m->crew = crew_new(&o, m->expr, m->m.jq ? &m->shell : NULL);
}

/* removal: what becomes of the row where the condition does not hold, or empty.
 */
static int jq_put(struct maker *m, struct slice row, struct slice removal,
		  bool skip, struct err *e)
{
	const struct input *in = &m->run->in;
	const struct control *c = &in->control;
	bool change = c->type == CONTROL_CHANGE;
	struct buf id[4] = {{0}};
	struct form_ids ids = form_ids(m);
	struct crew_row r = {
		.lineno = input_lineno(in),
		.number = in->data,
		.skip = skip,
		.pass = form_is_delete(in),
	};
	int rc;

	r.field[CREW_LINE] = in->line;
	if (row.p != in->line.p && !skip)
		r.field[CREW_ROW] = row;
	r.field[CREW_ID] = ids.hex;
	r.field[CREW_RECORD] = ids.record;
	r.field[CREW_USER_ID] = identifier(in, m->m.user_id, &id[0]);
	r.field[CREW_ANONYMOUS_ID] = identifier(in, m->m.anonymous_id, &id[1]);
	if (removal.n > 0) {
		r.field[CREW_REMOVAL] = removal;
		r.field[CREW_REMOVAL_USER_ID] =
			identifier(&m->removal, m->m.user_id, &id[2]);
		r.field[CREW_REMOVAL_ANONYMOUS_ID] =
			identifier(&m->removal, m->m.anonymous_id, &id[3]);
	}
	if (change) {
		r.field[CREW_KEY] = c->id;
		r.field[CREW_ACTION] = c->action;
		r.field[CREW_CHANGE] = c->change;
	}
	if (!m->crew)
		jq_start(m);
	rc = crew_put(m->crew, &r, e);
	for (size_t i = 0; i < COUNT_OF(id); i++)
		buf_clear(&id[i]);
	return rc;
}

/* Whether a number of the row as the program sees it may be too long for jq.
 */
static bool long_number(const struct input *in, struct slice row)
{
	bool any = false;

	for (size_t i = 0; i < in->n && !any; i++)
		any = in->member[i].long_number;
	return any && number_quote(row, NULL) > 0;
}

/* A row for the program: 1 with *row, which is in b or the line itself; 0 where
 * it has numbers that are to be rejected.
 */
static int fit_row(struct maker *m, const struct input *in, struct buf *b,
		   struct slice *row)
{
	struct buf quoted = {0};

	*row = jq_row(m, in, b);
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
	const struct input *in = &m->run->in;
	struct slice row, removal = {0};
	struct buf b = {0};
	int fits = fit_row(m, in, &m->row, &row), rc;

	if (fits && removal_by_program(m) && removal_of(m, in) == REMOVAL_DUE) {
		if (removal_make(m, in, e) < 0)
			return -1;
		fits = fit_row(m, &m->removal, &b, &removal);
	}
	if (!fits) {
		buf_clear(&b);
		if (compute_drain(m, e) < 0)
			return -1;
		return edge_reject(
			m, "a number that jq would round (--jq-numbers)", e);
	}
	/* what is left out goes that way too, to keep its place */
	rc = jq_put(m, row, removal,
		    m->gate && removal.n == 0 && !form_is_delete(in) &&
			    quick_left_out(m),
		    e);
	buf_clear(&b);
	return rc;
}

int compute_row(struct maker *m, struct err *e)
{
	int rc;

	if (m->quick && m->company == 0) {
		if (compute_drain(m, e) < 0)
			return -1;
		rc = quick_row(m, e);
		if (rc != 0)
			return rc < 0 ? -1 : 0;
		m->company = COMPANY;
	}
	if (m->quick)
		m->company--;
	return jq_row_in(m, e);
}

/* auto or libjq. */
static int engine(const char *word, bool *libjq, struct err *e)
{
	*libjq = word && strcmp(word, "libjq") == 0;
	if (!word || *libjq || strcmp(word, "auto") == 0)
		return 0;
	return err_set(e, ERR_USAGE,
		       "option '--jq-engine': '%s' is not auto or libjq", word);
}

int compute_init(struct maker *m, struct err *e)
{
	const struct mapping *s = &m->m;
	const char **values;
	bool libjq;
	int rc;

	if (engine(m->run->o->jq_engine, &libjq, e) < 0)
		return -1;
	m->extra = mem_zero((s->n_computed + 1) * sizeof(*m->extra));
	if (!s->jq && !s->where && s->n_computed == 0)
		return 0;
	if (m->run->o->jobs > MAX_JOBS)
		return err_set(e, ERR_USAGE, "option '--jobs': at most %d",
			       MAX_JOBS);
	if (m->run->o->max_line > JQ_MAX_LINE)
		return err_set(e, ERR_USAGE,
			       "option '--max-line': at most 256M with jq");
	values = mem_zero((s->n_computed + 1) * sizeof(*values));
	for (size_t i = 0; i < s->n_computed; i++)
		values[i] = s->computed[i].program;
	rc = expr_new_where(&m->expr, s->where, s->jq, values, s->n_computed,
			    e);
	free(values);
	if (rc == 0 && !libjq)
		quick_init(m);
	return rc;
}

void compute_clear(struct maker *m)
{
	crew_free(m->crew);
	expr_free(m->expr);
	quick_free(m->quick);
	quick_free(m->gate);
	input_clear(&m->again);
	buf_clear(&m->row);
	free(m->extra);
}
