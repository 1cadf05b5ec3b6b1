#include "map/quick.h"

#include <stdlib.h>

#include "core/mem.h"
#include "map/edge.h"
#include "map/form.h"
#include "map/native_jq/lite.h"
#include "map/removal.h"

struct quick {
	struct lite *where, *event; /* NULL: none */
	struct lite **value;        /* owned: of m.computed */
	size_t n_values;

	/* Of the columns of the last row. */
	uint64_t shape;
	size_t *read; /* owned: members that libjq would be given */
	size_t n_read;
	int user, anonymous; /* -1: none */

	struct shell shell;
	struct buf text, id[2];
	size_t *end; /* owned: of each value in text */
};

const char *quick_nothing(const struct mapping *m)
{
	if (!m->jq)
		return "left out by the condition";
	return m->where ? "left out by the condition or the jq program"
			: "the jq program gave nothing";
}

/* ---- columns ---------------------------------------------------------- */

static int column(const struct input *in, const char *name)
{
	return name ? scan_find(in->scan, slice_str(name)) : -1;
}

/* Frees the programs but for the condition. */
static void free_rest(struct quick *q)
{
	lite_free(q->event);
	for (size_t i = 0; i < q->n_values; i++)
		lite_free(q->value[i]);
	q->event = NULL;
	q->n_values = 0;
}

static struct lite_row row_of(const struct maker *m, const struct input *in)
{
	/* each input numbers its own shapes */
	const uint64_t other = in == &m->run->in ? 0 : UINT64_C(1) << 63;

	return (struct lite_row){
		.scan = in->scan,
		.member = in->member,
		.n = in->n,
		.hidden = in->rudder,
		.shape = in->shape | other,
	};
}

static NO_INLINE void learn(struct maker *m, struct quick *q,
			    const struct input *in)
{
	q->read = mem_resize(q->read, (in->n + 1) * sizeof(*q->read));
	q->n_read = 0;
	for (size_t i = 0; i < in->n; i++) {
		if ((int)i != in->rudder &&
		    expr_reads_key(m->expr, in->member[i].key))
			q->read[q->n_read++] = i;
	}
	q->user = column(in, m->m.user_id);
	q->anonymous = column(in, m->m.anonymous_id);
	q->shape = row_of(m, in).shape;
	m->shell.type = m->m.type ? m->m.type->name : NULL;
	m->shell.sources = buf_all(&m->sources);
	m->shell.fingerprint = m->fingerprint;
}

/* ---- rows ------------------------------------------------------------- */

static struct buf *add_member(void *ctx, struct slice name, struct slice key)
{
	return shell_part(ctx, name, key);
}

static struct shell_row shell_row(struct maker *m, struct quick *q,
				  const struct input *in)
{
	const struct control *c = &in->control;
	bool change = c->type == CONTROL_CHANGE;
	struct form_ids ids = form_ids(m);

	return (struct shell_row){
		.id = ids.hex,
		.record = ids.record,
		.user_id = form_identifier(in, q->user, &q->id[0]),
		.anonymous_id = form_identifier(in, q->anonymous, &q->id[1]),
		.action = change ? c->action : slice_of(NULL, 0),
		.change = change,
	};
}

/* By a program that makes the whole event; in is the row that was read, or its
 * removal.
 */
static int make_event(struct maker *m, struct quick *q, const struct input *in,
		      struct err *e)
{
	const struct lite_row row = row_of(m, in);
	struct slice line = m->run->in.line;
	struct buf *out = edge_room(m);
	struct shell_row r;
	const char *why;

	shell_begin(&q->shell);
	switch (lite_object(q->event, &row, add_member, &q->shell)) {
	case LITE_ODD:
		return 0;
	case LITE_NONE:
		return edge_skip(m, quick_nothing(&m->m), form_is_delete(in),
				 e) < 0
			       ? -1
			       : 1;
	default:
		break;
	}
	r = shell_row(m, q, in);
	why = shell_write(&q->shell, &r, &m->shell, 1, 1, out);
	if (why)
		return edge_reject(m, why, e) < 0 ? -1 : 1;
	out->n--; /* its LF comes with edge_made */
	if (in != &m->run->in)
		return edge_removed(m, line, 1, e) < 0 ? -1 : 1;
	return edge_made(m, line, 1, e) < 0 ? -1 : 1;
}

static bool compute_values(struct maker *m, struct quick *q,
			   const struct lite_row *row)
{
	size_t at = 0;

	q->text.n = 0;
	for (size_t i = 0; i < q->n_values; i++) {
		struct lite_value v;
		enum lite_result rc = lite_run(q->value[i], row, &v);

		if (rc == LITE_ODD ||
		    (rc == LITE_ONE &&
		     lite_put(q->value[i], row, &v, &q->text) < 0))
			return false;
		q->end[i] = q->text.n;
	}
	for (size_t i = 0; i < q->n_values; i++) {
		m->extra[i] = slice_of(q->text.p + at, q->end[i] - at);
		at = q->end[i];
	}
	return true;
}

/* By columns, with values that are computed. */
static int make_columns(struct maker *m, struct quick *q,
			const struct lite_row *row, struct err *e)
{
	const struct input *in = &m->run->in;
	enum mapping_action action;
	const char *why;

	if (!compute_values(m, q, row))
		return 0;
	if (form_action(&in->control, &action) < 0)
		return err_set(e, ERR_BUG, "a row has no action any more");
	why = form_event(m, in, action, m->extra, q->text.n);
	if (why)
		return edge_reject(m, why, e) < 0 ? -1 : 1;
	return edge_made(m, in->line, 1, e) < 0 ? -1 : 1;
}

/* What the condition says of the row. */
enum verdict { ODD, PASSES, LEFT_OUT };

/* Whether all that programs read of the row is as they expect it. */
static bool fits(struct maker *m, struct quick *q, const struct input *in,
		 const struct lite_row *row)
{
	if (UNLIKELY(q->shape != row->shape))
		learn(m, q, in);
	for (size_t i = 0; i < q->n_read; i++) {
		if (!lite_fits(&row->member[q->read[i]]))
			return false;
	}
	return true;
}

/* Deletes pass the condition by: they do not have what it asks for. */
static enum verdict judge(struct maker *m, struct quick *q,
			  const struct lite_row *row)
{
	const struct input *in = &m->run->in;
	struct lite_value v;
	enum lite_result rc;

	if (!fits(m, q, in, row))
		return ODD;
	if (!q->where || form_is_delete(in))
		return PASSES;
	rc = lite_run(q->where, row, &v);
	if (rc == LITE_ODD)
		return ODD;
	return rc == LITE_NONE || !lite_true(&v) ? LEFT_OUT : PASSES;
}

/* The delete of a row that the condition leaves out. */
static int make_removal(struct maker *m, struct quick *q, struct err *e)
{
	const struct input *in = &m->removal;
	struct lite_row row;
	const char *why;

	if (removal_make(m, &m->run->in, e) < 0)
		return -1;
	row = row_of(m, in);
	if (removal_by_program(m))
		return fits(m, q, in, &row) ? make_event(m, q, in, e) : 0;
	why = form_event(m, in, MAPPING_DELETE, m->extra, 0);
	if (why)
		return edge_reject(m, why, e) < 0 ? -1 : 1;
	return edge_removed(m, m->run->in.line, 1, e) < 0 ? -1 : 1;
}

static int leave_out(struct maker *m, struct quick *q, struct err *e)
{
	enum removal removal = removal_of(m, &m->run->in);

	if (UNLIKELY(removal == REMOVAL_DUE))
		return make_removal(m, q, e);
	return edge_skip(m, quick_nothing(&m->m), removal == REMOVAL_LOST, e) <
			       0
		       ? -1
		       : 1;
}

int quick_row(struct maker *m, struct err *e)
{
	struct quick *q = m->quick;
	const struct lite_row row = row_of(m, &m->run->in);

	switch (judge(m, q, &row)) {
	case ODD:
		return 0;
	case LEFT_OUT:
		return leave_out(m, q, e);
	default:
		return q->event ? make_event(m, q, &m->run->in, e)
				: make_columns(m, q, &row, e);
	}
}

bool quick_left_out(struct maker *m)
{
	const struct lite_row row = row_of(m, &m->run->in);

	return judge(m, m->gate, &row) == LEFT_OUT;
}

/* ---- programs --------------------------------------------------------- */

void quick_init(struct maker *m)
{
	const struct mapping *s = &m->m;
	struct quick *q = mem_zero(sizeof(*q));
	struct lite_no why;
	bool all;

	q->n_values = s->n_computed;
	q->value = mem_zero((q->n_values + 1) * sizeof(*q->value));
	q->end = mem_zero((q->n_values + 1) * sizeof(*q->end));
	all = !s->where || (q->where = lite_new(s->where, &why));
	all = all && (!s->jq || (q->event = lite_new(s->jq, &why)));
	for (size_t i = 0; i < q->n_values && all; i++) {
		q->value[i] = lite_new(s->computed[i].program, &why);
		all = q->value[i] != NULL;
	}
	if (all) {
		m->quick = q;
	} else if (q->where) {
		free_rest(q);
		m->gate = q;
	} else {
		quick_free(q);
	}
}

void quick_free(struct quick *q)
{
	if (!q)
		return;
	lite_free(q->where);
	free_rest(q);
	free(q->value);
	free(q->end);
	free(q->read);
	shell_clear(&q->shell);
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
	struct lite_no why;
	struct lite *l = lite_new(program, &why);

	buf_fmt(b, "%s: ", what);
	if (!l)
		buf_fmt(b, "libjq, for %s in line %u, column %u\n", why.what,
			why.line, why.column);
	else if (m->quick)
		buf_str(b, "native\n");
	else if (m->gate && program == m->m.where)
		buf_str(b, "native; libjq judges again what it lets pass\n");
	else
		buf_str(b, m->run->o->jq_engine
				   ? "libjq, as --jq-engine asks\n"
				   : "libjq, for another expression needs it; "
				     "native by itself\n");
	lite_free(l);
}

void quick_explain(const struct maker *m, struct buf *b)
{
	const struct mapping *s = &m->m;
	struct buf what = {0};

	if (!m->expr)
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
