#include "map/event/event_values.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "core/tool.h"
#include "map/event/event_template_parts.h"
#include "map/value/identifier.h"

void event_values_clear(struct event_values *v)
{
	buf_clear(&v->text);
	field_work_clear(&v->work);
	free(v->v);
	*v = (struct event_values){0};
}

/* Returns a computed value, which is not empty, in the form of a member
 * of a row.
 */
static struct scan_member computed_member(struct slice value)
{
	static const struct {
		char first;
		enum scan_kind kind;
	} kinds[] = {{'"', SCAN_STRING}, {'{', SCAN_OBJECT}, {'[', SCAN_ARRAY},
		     {'t', SCAN_TRUE},   {'f', SCAN_FALSE},  {'n', SCAN_NULL}};
	struct scan_member m = {

		.value = value, .kind = SCAN_NUMBER};

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (*value.p == kinds[i].first)
			m.kind = kinds[i].kind;
	}
	return m;
}

/* Applies the piece's field to its value and appends the result to v->text.
 * Returns as field_apply does. A number used as an id is brought into plain
 * form first, so that a mask hashes the id.
 */
static int apply(const struct event_template_piece *piece,
		 const struct event_template_record *r, struct event_values *v)
{
	bool extra = piece->kind == EVENT_TREE_EXTRA;
	struct field_said said;
	struct buf id = {0};
	struct scan_member m;
	int rc;

	if (extra && r->extra[piece->member].n == 0)
		return 0;
	m = extra ? computed_member(r->extra[piece->member])
		  : r->member[piece->member];
	if (UNLIKELY(piece->kind == EVENT_TREE_ID && m.kind == SCAN_NUMBER &&
		     !m.plain)) {
		identifier_text(&m, r->keys, &id);
		m.value = buf_all(&id);
	}
	if (piece->kind == EVENT_TREE_IDENTIFIER && m.kind == SCAN_STRING &&
	    identifier_blank(m.value))
		m.kind = SCAN_NULL;
	rc = field_apply(piece->field, &m, &v->work, &v->text, &said);
	buf_clear(&id);
	if (UNLIKELY(said.hashed && !v->warned)) {
		v->warned = true;
		tool_warn("column '%.*s' contains SHA-256 hashes, which its "
			  "mask hashes again",
			  SLICE_FMT(m.key));
	}
	if (rc < 0)
		snprintf(v->why, sizeof(v->why), "%s%.*s%s: %s",
			 extra ? "a computed value" : "column '",
			 (int)(m.key.n < 100 ? m.key.n : 100),
			 extra ? "" : m.key.p, extra ? "" : "'", said.why);
	return rc;
}

/* Whether an id or name still has a value after masking. */
static bool is_there(const struct event_template_piece *piece,
		     const struct event_template_record *r,
		     const struct event_values *v)
{
	if (piece->field)
		return !v->v[piece->value].omit && !v->v[piece->value].null;
	return piece->member != r->absent &&
	       identifier_of(&r->member[piece->member], r->keys) !=
		       IDENTIFIER_NONE;
}

static int nothing_left(struct event_values *v, const char *why)
{
	snprintf(v->why, sizeof(v->why), "%s is left after masking", why);
	return -1;
}

/* Checks that the event still has an id and its name after masking. 0, or -1
 * with v->why.
 */
static int check_ids(const struct event_template *p,
		     const struct event_template_record *r,
		     struct event_values *v)
{
	size_t identifiers = 0, ids = 0, there[2] = {0};

	for (size_t i = 0; i < p->n; i++) {
		const struct event_template_piece *piece = &p->piece[i];

		switch (piece->kind) {
		case EVENT_TREE_IDENTIFIER:
			identifiers++;
			there[0] += is_there(piece, r, v);
			break;
		case EVENT_TREE_ID:
			ids++;
			there[1] += is_there(piece, r, v);
			if (!piece->optional && !is_there(piece, r, v))
				return nothing_left(v, "no id");
			break;
		case EVENT_TREE_TEXT:
			if (!piece->optional && piece->field &&
			    !is_there(piece, r, v))
				return nothing_left(v, "no event name");
			break;
		default:
			break;
		}
	}
	if (identifiers > 0)
		return there[0] > 0 ? 0 : nothing_left(v, "no identifier");
	return ids == 0 || there[1] > 0 ? 0 : nothing_left(v, "no id");
}

int event_values_prepare(const struct event_template *p,
			 const struct event_template_record *r,
			 struct event_values *v)
{
	v->text.n = 0;
	if (p->n_fields > v->size) {
		v->size = p->n_fields;
		v->v = mem_resize(v->v, v->size * sizeof(*v->v));
	}
	for (size_t i = 0; i < p->n; i++) {
		const struct event_template_piece *piece = &p->piece[i];
		struct event_value *value;
		int rc;

		if (!piece->field)
			continue;
		value = &v->v[piece->value];
		value->at = v->text.n;
		rc = apply(piece, r, v);
		if (rc < 0)
			return -1;
		if (rc == 0)
			buf_str(&v->text,
				FIELD_NULL); /* as element of an array */
		value->n = v->text.n - value->at;
		value->null = slice_is(
			slice_of(v->text.p + value->at, value->n), FIELD_NULL);
		value->omit = rc == 0 ||
			      (value->null && !event_template_is_value(piece));
	}
	return check_ids(p, r, v);
}
