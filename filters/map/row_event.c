#include "map/row_event.h"

#include <string.h>

#include "core/tool.h"
#include "map/event/describe.h"
#include "map/event/event.h"
#include "map/event/require.h"
#include "map/output.h"
#include "map/result.h"
#include "map/settings/fingerprint.h"
#include "map/value/identifier.h"
#include "wire/json/decimal.h"
#include "wire/json/json.h"

/* ---- forms ------------------------------------------------------------ */

/* What a messageId depends on besides the row. An event name that comes from a
 * column is part of the row.
 */
static uint32_t mix_of(const struct maker *m, enum mapping_action action)
{
	const char *type = m->m.type ? m->m.type->name : "";
	const char *name = m->m.event[action];

	if (action == MAPPING_DELETE && !event_type_is_record(&m->m))
		type = "track";
	return fingerprint_mix(m->fingerprint, slice_str(type),
			       slice_str(name ? name : ""));
}

static void form_make(struct maker *m, struct event_form *f,
		      const struct input *in, enum mapping_action action)
{
	struct event_tree *t;

	event_template_free(f->template);
	buf_clear(&f->says);
	*f = (struct event_form){
		.in = in, .shape = in->shape, .action = action};
	f->mix = mix_of(m, action);
	f->record = event_type_is_record(&m->m);
	f->user_only = action == MAPPING_DELETE
			       ? !f->record
			       : m->m.n_identifiers == 0 &&
					 (f->record || (!m->m.event_column &&
							!m->m.group_id &&
							!m->m.previous_id));
	if (event_tree(&t, &m->m, action, in->member, in->n,
		       buf_all(&m->sources), buf_all(&m->run->base.deletes.key),
		       &f->from, &f->why) < 0)
		return;
	if (m->run->asked.o->preview > 0)
		describe_tree(&f->says, t, in->member, in->n);
	f->template = event_template_new(t, m->m.exact_numbers);
	f->prepares = event_template_prepares(f->template);
	event_tree_free(t);
}

static ALWAYS_INLINE bool form_fits(const struct event_form *f,
				    const struct input *in,
				    enum mapping_action action)
{
	return f->shape == in->shape && f->action == action && f->in == in;
}

static NO_INLINE struct event_form *other_form(struct maker *m,
					       const struct input *in,
					       enum mapping_action action)
{
	struct event_form *f;

	for (size_t i = 0; i < PARTS_FORMS; i++) {
		f = &m->forms.form[i];
		if (form_fits(f, in, action)) {
			m->forms.last = f;
			return f;
		}
	}
	f = &m->forms.form[m->forms.next];
	m->forms.next = (m->forms.next + 1) % PARTS_FORMS;
	form_make(m, f, in, action);
	m->forms.last = f;
	return f;
}

static ALWAYS_INLINE struct event_form *form_of(struct maker *m,
						const struct input *in,
						enum mapping_action action)
{
	struct event_form *f = m->forms.last;

	return LIKELY(f && form_fits(f, in, action))
		       ? f
		       : other_form(m, in, action);
}

int row_event_columns(struct maker *m, enum mapping_action action,
		      struct err *e)
{
	const struct input *in = &m->run->arrived.in;
	const struct event_form *f = form_of(m, in, action);
	const char *name;

	m->forms.checked = true;
	if (!f->template) {
		*e = f->why;
		return -1;
	}
	if (require_columns(&m->m, in->member, in->n, in->begun, e) < 0)
		return -1;
	name = in->begun ? NULL : require_missing(&m->m, in->member, in->n);
	if (name)
		tool_warn("the first row has no column '%s'", name);
	return 0;
}

/* ---- rows ------------------------------------------------------------- */

enum { NAMED = 8 }; /* maximum number of columns in a reason */
#define NO_TEXT "neither a string nor a number"

/* Makes the reason "no user id: column 'id' and column 'device' have no value".
 * Messages may contain the name after the word column (wire/stream/harmless.h).
 */
static const char *no_value(struct maker *m, const char *what,
			    const char *const *column, size_t n)
{
	struct buf *b = &m->forms.why;

	b->n = 0;
	buf_str(b, what);
	for (size_t i = 0; i < n; i++)
		buf_fmt(b, "%s column '%s'",
			i == 0      ? ":"
			: i + 1 < n ? ","
				    : " and",
			column[i]);
	buf_str(b, n > 1 ? " have no value" : " has no value");
	return buf_cstr(b);
}

/* The same for a delete, which has only a few of the columns. */
static const char *not_in_delete(struct maker *m, const char *what,
				 const char *const *column, size_t n)
{
	(void)no_value(m, what, column, n);
	buf_str(&m->forms.why, "; a delete has only key, identity and "
			       "--keep columns");
	return buf_cstr(&m->forms.why);
}

/* Makes the reason "the user id in column 'id' is a number of ...". */
static const char *bad_value(struct maker *m, const char *what,
			     const char *column, const char *is)
{
	struct buf *b = &m->forms.why;

	b->n = 0;
	buf_fmt(b, "the %s in column '%s' is %s", what, column, is);
	return buf_cstr(b);
}

/* The column of the user id. In a mapping to an object it is the first
 * identifier.
 */
static const char *user_column(const struct mapping *m)
{
	if (m->user_id || m->n_identifiers == 0)
		return m->user_id;
	return m->object ? m->identifier[0].name : NULL;
}

static const char *no_user_id(struct maker *m, const struct event_form *f)
{
	const char *column[2], *user = user_column(&m->m);
	size_t n = 0;

	if (user)
		column[n++] = user;
	if (m->m.anonymous_id)
		column[n++] = m->m.anonymous_id;
	if (n > 0 && f->action == MAPPING_DELETE && f->from.user_id < 0 &&
	    f->from.anonymous_id < 0)
		return not_in_delete(m, "no user id", column, n);
	return n > 0 ? no_value(m, "no user id", column, n) : "no user id";
}

static const char *bad_user_id(struct maker *m, bool anonymous, const char *is)
{
	return anonymous ? bad_value(m, "anonymous id", m->m.anonymous_id, is)
			 : bad_value(m, "user id", user_column(&m->m), is);
}

/* Checks the ids of a row. Returns the reason why it has none, or NULL. The
 * index of a blank id beside a valid one goes to r->absent: the event omits it.
 */
static const char *check_user(struct maker *m, const struct input *in,
			      const struct event_form *f,
			      struct event_template_record *r)
{
	const int at[] = {f->from.user_id, f->from.anonymous_id};
	bool any = f->record;

	for (size_t i = 0; i < COUNT_OF(at); i++) {
		if (at[i] < 0)
			continue;
		switch (identifier_of(&in->member[at[i]], r->keys)) {
		case IDENTIFIER_GOOD:
			any = true;
			break;
		case IDENTIFIER_NONE:
			r->absent = (size_t)at[i];
			break;
		case IDENTIFIER_WRONG:
			return bad_user_id(m, i == 1, NO_TEXT);
		case IDENTIFIER_LONG:
			return bad_user_id(m, i == 1, DECIMAL_ID_LONG);
		}
	}
	return any ? NULL : no_user_id(m, f);
}

static const char *check_name(struct maker *m, const struct input *in,
			      const struct event_form *f)
{
	const char *const column[] = {m->m.event_column};
	bool needed = m->m.type->name_needed;

	if (f->from.name < 0)
		return needed ? no_value(m, "no event name", column, 1) : NULL;
	switch (identifier_of(&in->member[f->from.name], slice_of(NULL, 0))) {
	case IDENTIFIER_GOOD:
	case IDENTIFIER_LONG: /* a name may be a long number */
		return NULL;
	case IDENTIFIER_NONE:
		if (!needed && in->member[f->from.name].kind == SCAN_NULL)
			return NULL;
		return no_value(m, "no event name", column, 1);
	default:
		return bad_value(m, "event name", *column, NO_TEXT);
	}
}

/* Checks groupId or previousId. */
static const char *check_other(struct maker *m, const struct input *in,
			       const struct event_form *f,
			       const struct event_template_record *r)
{
	bool group = m->m.group_id != NULL;
	const char *const column[] = {group ? m->m.group_id : m->m.previous_id};
	enum identifier is =
		f->from.other < 0
			? IDENTIFIER_NONE
			: identifier_of(&in->member[f->from.other], r->keys);

	if (is == IDENTIFIER_GOOD)
		return NULL;
	if (is == IDENTIFIER_LONG)
		return bad_value(m, group ? "group id" : "previous id", *column,
				 DECIMAL_ID_LONG);
	return no_value(m, group ? "no group id" : "no previous id", column, 1);
}

/* Checks that a record has at least one identifier. */
static const char *check_identifiers(struct maker *m, const struct input *in,
				     const struct event_form *f,
				     const struct event_template_record *r)
{
	const char *column[NAMED];
	size_t n = 0;

	for (size_t i = 0; i < m->m.n_identifiers; i++) {
		const char *name = m->m.identifier[i].name;
		int at = scan_find(in->scan, slice_str(name));

		if (at >= 0 &&
		    identifier_of(&in->member[at], r->keys) != IDENTIFIER_NONE)
			return NULL;
		if (n < NAMED)
			column[n++] = name;
	}
	return f->action == MAPPING_DELETE
		       ? not_in_delete(m, "no identifier", column, n)
		       : no_value(m, "no identifier", column, n);
}

static const char *check_row(struct maker *m, const struct input *in,
			     const struct event_form *f,
			     struct event_template_record *r)
{
	const char *why = check_user(m, in, f, r);

	if (LIKELY(f->user_only) || why)
		return why;
	if (m->m.n_identifiers > 0)
		why = check_identifiers(m, in, f, r);
	if (why || f->record)
		return why;
	if (m->m.event_column)
		why = check_name(m, in, f);
	if (!why && (m->m.group_id || m->m.previous_id))
		why = check_other(m, in, f, r);
	return why;
}

int row_event_change(const struct control *c, enum mapping_action *action)
{
	for (size_t i = 0; i < MAPPING_ACTIONS; i++) {
		if (slice_is(c->action, mapping_actions[i])) {
			*action = (enum mapping_action)i;
			return 0;
		}
	}
	return -1;
}

struct slice row_event_keys(const struct maker *m, const struct input *in)
{
	return row_event_is_delete(in) && in != &m->removal.in
		       ? buf_all(&m->run->base.deletes.key)
		       : slice_of(NULL, 0);
}

struct row_event_ids row_event_ids(struct maker *m)
{
	const struct control *c = &m->run->arrived.in.control;
	struct row_event_ids ids = {.hex = c->change, .record = c->id};

	if (c->type == CONTROL_CHANGE && c->id.n > 0)
		return ids;
	rowid_set(&m->forms.id, m->run->arrived.in.data,
		  m->run->arrived.in.line);
	ids.record = rowid_record(&m->forms.id);
	if (c->type == CONTROL_CHANGE)
		return ids;
	rowid_hex(m->forms.hex, &m->forms.id);
	ids.hex = slice_of(m->forms.hex, sizeof(m->forms.hex));
	return ids;
}

static void set_ids(struct maker_forms *forms, const struct input *in,
		    const struct event_form *f, struct event_template_record *r)
{
	const struct control *c = &in->control;

	if (c->type != CONTROL_CHANGE || c->id.n == 0)
		rowid_set(&forms->id, in->data, in->line);
	r->record_id = c->type == CONTROL_CHANGE && c->id.n > 0
			       ? c->id
			       : rowid_record(&forms->id);
	if (c->type != CONTROL_CHANGE) {
		rowid_mix(&forms->id, f->mix);
		r->id = &forms->id;
		return;
	}
	forms->message.n = 0;
	control_message_id(&forms->message, c->change, f->mix, 1, 1);
	r->message_id = buf_all(&forms->message);
}

const char *row_event_make(struct maker *m, const struct input *in,
			   enum mapping_action action,
			   const struct slice *extra, size_t extra_n)
{
	const struct event_form *f = form_of(m, in, action);
	struct event_template_record r = {
		.member = in->member,
		.line_n = in->line.n,
		.extra = extra,
		.extra_n = extra_n,
		.absent = SIZE_MAX,
		.keys = row_event_keys(m, in),
	};
	const char *why;

	if (UNLIKELY(!f->template))
		return f->why.text;
	why = check_row(m, in, f, &r);
	if (UNLIKELY(why != NULL))
		return why;
	set_ids(&m->forms, in, f, &r);
	if (f->prepares &&
	    event_values_prepare(f->template, &r, &m->forms.values) < 0)
		return m->forms.values.why;
	event_template_write(f->template, &r, &m->forms.values, result_room(m));
	return NULL;
}

struct slice row_event_identifier(const struct maker *m, const struct input *in,
				  int at, struct buf *b)
{
	return identifier_string(in->member, at, row_event_keys(m, in), b);
}

void row_event_clear(struct maker *m)
{
	for (size_t i = 0; i < PARTS_FORMS; i++) {
		event_template_free(m->forms.form[i].template);
		buf_clear(&m->forms.form[i].says);
	}
	event_values_clear(&m->forms.values);
	buf_clear(&m->forms.message);
	buf_clear(&m->forms.why);
}

void row_event_says(const struct maker *m, struct buf *b)
{
	if (m->m.jq)
		describe_program(b, m->m.jq);
	else if (m->forms.last)
		buf_slice(b, buf_all(&m->forms.last->says));
}
