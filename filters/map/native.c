#include "map/native.h"

#include <stdlib.h>

#include "core/mem.h"
#include "map/native_jq/native_jq.h"
#include "map/output.h"
#include "map/removal.h"
#include "map/result.h"
#include "map/row_event.h"

struct native {
	struct native_jq *where, *event; /* NULL: none */
	struct native_jq **value;        /* owned: programs of m.computed */
	size_t n_values;

	/* For the columns of the last row: */
	uint64_t shape;
	size_t *read; /* owned: indices of members that the programs read */
	size_t n_read;
	int user, anonymous; /* -1: none */

	struct event_members members;
	struct buf text, id[2];
	size_t *end; /* owned: end of each value in text */
};

const char *native_nothing(const struct mapping *m)
{
	if (!m->jq)
		return "omitted by the condition";
	return m->where ? "omitted by the condition or the jq program"
			: "the jq program returned nothing";
}

/* ---- columns ---------------------------------------------------------- */

static int column(const struct input *in, const char *name)
{
	return name ? scan_find(in->scan, slice_str(name)) : -1;
}

/* Frees all programs except the condition. */
static void free_rest(struct native *q)
{
	native_jq_free(q->event);
	for (size_t i = 0; i < q->n_values; i++)
		native_jq_free(q->value[i]);
	q->event = NULL;
	q->n_values = 0;
}

static struct native_jq_row row_of(const struct maker *m,
				   const struct input *in)
{
	/* each input numbers its own shapes */
	const uint64_t other =
		in == &m->run->arrived.in ? 0 : UINT64_C(1) << 63;

	return (struct native_jq_row){
		.scan = in->scan,
		.member = in->member,
		.n = in->n,
		.hidden = in->rudder,
		.shape = in->shape | other,
	};
}

static NO_INLINE void find_columns(struct maker *m, struct native *q,
				   const struct input *in)
{
	q->read = mem_resize(q->read, (in->n + 1) * sizeof(*q->read));
	q->n_read = 0;
	for (size_t i = 0; i < in->n; i++) {
		if ((int)i != in->rudder &&
		    expr_reads_key(m->programs.expr, in->member[i].key))
			q->read[q->n_read++] = i;
	}
	q->user = column(in, m->m.user_id);
	q->anonymous = column(in, m->m.anonymous_id);
	q->shape = row_of(m, in).shape;
	event_wrap_event_set(&m->programs.event,
			     m->m.type ? m->m.type->name : NULL,
			     buf_all(&m->sources), m->fingerprint);
}

/* ---- rows ------------------------------------------------------------- */

static struct buf *add_member(void *ctx, struct slice name, struct slice key)
{
	return event_members_part(ctx, name, key);
}

static struct event_wrap_row event_wrap_row(struct maker *m, struct native *q,
					    const struct input *in)
{
	const struct control *c = &in->control;
	bool change = c->type == CONTROL_CHANGE;
	struct row_event_ids ids = row_event_ids(m);

	return (struct event_wrap_row){
		.id = ids.hex,
		.record = ids.record,
		.user_id = row_event_identifier(m, in, q->user, &q->id[0]),
		.anonymous_id =
			row_event_identifier(m, in, q->anonymous, &q->id[1]),
		.action = change ? c->action : slice_of(NULL, 0),
		.change = change,
	};
}

/* Makes the event with a program. in is the row that was read, or its removal.
 */
static int make_event(struct maker *m, struct native *q, const struct input *in,
		      struct err *e)
{
	const struct native_jq_row row = row_of(m, in);
	struct slice line = m->run->arrived.in.line;
	struct buf *out = result_room(m);
	struct event_wrap_row r;
	const char *why;

	event_members_begin(&q->members);
	switch (native_jq_object(q->event, &row, add_member, &q->members)) {
	case NATIVE_JQ_ODD:
		return 0;
	case NATIVE_JQ_NONE:
		return result_skip(m, native_nothing(&m->m),
				   row_event_is_delete(in), e) < 0
			       ? -1
			       : 1;
	default:
		break;
	}
	r = event_wrap_row(m, q, in);
	why = event_wrap_write(&q->members, &r, &m->programs.event, 1, 1, out);
	if (why)
		return result_reject(m, why, e) < 0 ? -1 : 1;
	out->n--; /* result_made adds the last LF */
	if (in != &m->run->arrived.in)
		return result_removed_now(m, 1, e) < 0 ? -1 : 1;
	return result_made(m, line, 1, e) < 0 ? -1 : 1;
}

static bool compute_values(struct maker_programs *programs, struct native *q,
			   const struct native_jq_row *row)
{
	size_t at = 0;

	q->text.n = 0;
	for (size_t i = 0; i < q->n_values; i++) {
		struct native_jq_value v;
		enum native_jq_result rc = native_jq_run(q->value[i], row, &v);

		if (rc == NATIVE_JQ_ODD ||
		    (rc == NATIVE_JQ_ONE &&
		     native_jq_put(q->value[i], row, &v, &q->text) < 0))
			return false;
		q->end[i] = q->text.n;
	}
	for (size_t i = 0; i < q->n_values; i++) {
		programs->extra[i] = slice_of(q->text.p + at, q->end[i] - at);
		at = q->end[i];
	}
	return true;
}

/* Makes the event from columns and computed values. */
static int make_columns(struct maker *m, struct native *q,
			const struct native_jq_row *row, struct err *e)
{
	const struct input *in = &m->run->arrived.in;
	enum mapping_action action;
	const char *why;

	if (!compute_values(&m->programs, q, row))
		return 0;
	if (row_event_action(&in->control, &action) < 0)
		return err_set(e, ERR_BUG, "a row has no action any more");
	why = row_event_make(m, in, action, m->programs.extra, q->text.n);
	if (why)
		return result_reject(m, why, e) < 0 ? -1 : 1;
	return result_made(m, in->line, 1, e) < 0 ? -1 : 1;
}

/* The result of the condition for a row. */
enum verdict { ODD, PASSES, LEFT_OUT };

/* Whether libjq would read all members that the programs use as they are read
 * here.
 */
static bool fits(struct maker *m, struct native *q, const struct input *in,
		 const struct native_jq_row *row)
{
	if (UNLIKELY(q->shape != row->shape))
		find_columns(m, q, in);
	for (size_t i = 0; i < q->n_read; i++) {
		if (!native_jq_fits(&row->member[q->read[i]]))
			return false;
	}
	return true;
}

/* Evaluates the condition. Deletes always pass: they lack the columns that it
 * needs.
 */
static enum verdict judge(struct maker *m, struct native *q,
			  const struct native_jq_row *row)
{
	const struct input *in = &m->run->arrived.in;
	struct native_jq_value v;
	enum native_jq_result rc;

	if (!fits(m, q, in, row))
		return ODD;
	if (!q->where || row_event_is_delete(in))
		return PASSES;
	rc = native_jq_run(q->where, row, &v);
	if (rc == NATIVE_JQ_ODD)
		return ODD;
	return rc == NATIVE_JQ_NONE || !native_jq_true(&v) ? LEFT_OUT : PASSES;
}

/* Makes the delete of a row that the condition excludes. */
static int make_removal(struct maker *m, struct native *q, struct err *e)
{
	const struct input *in = &m->removal.in;
	struct native_jq_row row;
	const char *why;

	if (removal_make(&m->removal, &m->run->base.deletes,
			 &m->run->arrived.in, e) < 0)
		return -1;
	row = row_of(m, in);
	if (removal_by_program(m))
		return fits(m, q, in, &row) ? make_event(m, q, in, e) : 0;
	why = row_event_make(m, in, MAPPING_DELETE, m->programs.extra, 0);
	if (why)
		return result_reject(m, why, e) < 0 ? -1 : 1;
	return result_removed_now(m, 1, e) < 0 ? -1 : 1;
}

static int leave_out(struct maker *m, struct native *q, struct err *e)
{
	enum removal removal = removal_of(m, &m->run->arrived.in);

	if (UNLIKELY(removal == REMOVAL_DUE))
		return make_removal(m, q, e);
	if (UNLIKELY(removal == REMOVAL_SHARED))
		return result_shared(m, e) < 0 ? -1 : 1;
	return result_skip(m, native_nothing(&m->m), removal == REMOVAL_LOST,
			   e) < 0
		       ? -1
		       : 1;
}

int native_row(struct maker *m, struct err *e)
{
	struct native *q = m->programs.native;
	const struct native_jq_row row = row_of(m, &m->run->arrived.in);

	switch (judge(m, q, &row)) {
	case ODD:
		return 0;
	case LEFT_OUT:
		return leave_out(m, q, e);
	default:
		return q->event ? make_event(m, q, &m->run->arrived.in, e)
				: make_columns(m, q, &row, e);
	}
}

bool native_left_out(struct maker *m)
{
	const struct native_jq_row row = row_of(m, &m->run->arrived.in);

	return judge(m, m->programs.gate, &row) == LEFT_OUT;
}

/* ---- programs --------------------------------------------------------- */

void native_init(struct maker *m)
{
	const struct mapping *s = &m->m;
	struct native *q = mem_zero(sizeof(*q));
	struct native_jq_no why;
	bool all;

	q->n_values = s->n_computed;
	q->value = mem_zero((q->n_values + 1) * sizeof(*q->value));
	q->end = mem_zero((q->n_values + 1) * sizeof(*q->end));
	all = !s->where || (q->where = native_jq_new(s->where, &why));
	all = all && (!s->jq || (q->event = native_jq_new(s->jq, &why)));
	for (size_t i = 0; i < q->n_values && all; i++) {
		q->value[i] = native_jq_new(s->computed[i].program, &why);
		all = q->value[i] != NULL;
	}
	if (all) {
		m->programs.native = q;
	} else if (q->where) {
		free_rest(q);
		m->programs.gate = q;
	} else {
		native_free(q);
	}
}

void native_free(struct native *q)
{
	if (!q)
		return;
	native_jq_free(q->where);
	free_rest(q);
	free(q->value);
	free(q->end);
	free(q->read);
	event_members_clear(&q->members);
	buf_clear(&q->text);
	buf_clear(&q->id[0]);
	buf_clear(&q->id[1]);
	free(q);
}

/* ---- which way -------------------------------------------------------- */

static void add_path(struct buf *b, const struct path *p)
{
	for (size_t i = 0; i < p->n; i++) {
		if (!p->step[i].name)
			buf_fmt(b, "[%zu]", p->step[i].index);
		else
			buf_fmt(b, "%s%.*s", i > 0 || p->root ? "." : "",
				(int)p->step[i].n, p->step[i].name);
	}
}

static void explain(const struct maker *m, struct buf *b, const char *what,
		    const char *program)
{
	struct native_jq_no why;
	struct native_jq *l = native_jq_new(program, &why);

	buf_fmt(b, "%s: ", what);
	if (!l)
		buf_fmt(b, "libjq, for %s in line %u, column %u\n", why.what,
			why.line, why.column);
	else if (m->programs.native)
		buf_str(b, "native\n");
	else if (m->programs.gate && program == m->m.where)
		buf_str(b, "native; libjq checks the rows that it accepts\n");
	else
		buf_str(b, m->run->asked.o->jq_engine
				   ? "libjq, as --jq-engine asks\n"
				   : "libjq, because a different expression "
				     "needs it; native on its own\n");
	native_jq_free(l);
}

void native_explain(const struct maker *m, struct buf *b)
{
	const struct mapping *s = &m->m;
	struct buf what = {0};

	if (!m->programs.expr)
		buf_str(b, "columns: native\n");
	if (s->where)
		explain(m, b, "condition", s->where);
	if (s->jq)
		explain(m, b, "event", s->jq);
	for (size_t i = 0; i < s->n_computed; i++) {
		what.n = 0;
		buf_str(&what, "field ");
		add_path(&what, &s->computed[i].to);
		explain(m, b, buf_cstr(&what), s->computed[i].program);
	}
	buf_clear(&what);
}
