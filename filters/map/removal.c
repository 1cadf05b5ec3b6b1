#include "map/removal.h"

#include "core/reader.h"
#include "map/settings/event_type.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

static bool is_set(const struct input *in, const char *member)
{
	return slice_is(control_member(in->controls, member), "true");
}

/* Whether the destination may have the row, or a row that it takes the place
 * of: true for every update, and for an insert whose delivery is in doubt or
 * that shares its identity.
 */
static bool may_be_there(const struct input *in)
{
	const struct control *c = &in->control;

	if (c->type != CONTROL_CHANGE)
		return false;
	return slice_is(c->action, "update") ||
	       (slice_is(c->action, "insert") &&
		(is_set(in, "doubt") || is_set(in, "shared")));
}

const char removal_shared[] =
	"no longer matches, but another row has its identity: put the "
	"condition into the model";

enum removal removal_of(const struct maker *m, const struct input *in)
{
	if (!m->m.where || !m->run->base.deletes.mirror || m->m.skip_deletes ||
	    !may_be_there(in))
		return REMOVAL_NONE;
	if (is_set(in, "shared"))
		return REMOVAL_SHARED;
	return m->makes[MAPPING_DELETE] ? REMOVAL_DUE : REMOVAL_LOST;
}

/* ---- the delete ------------------------------------------------------- */

static bool is_key(const struct deletes *d, struct slice key)
{
	struct buf name = {0};
	bool is;

	if (!memchr(key.p, '\\', key.n))
		return deletes_is_key(d, key);
	json_decode(&name, key);
	is = deletes_is_key(d, buf_all(&name));
	buf_clear(&name);
	return is;
}

static void add_member(struct buf *b, struct slice key, struct slice value)
{
	buf_str(b, ",\"");
	buf_slice(b, key);
	buf_str(b, "\":");
	buf_slice(b, value);
}

static void add_before(struct buf *b, const struct deletes *d,
		       struct slice before)
{
	struct slice key, value;
	struct span s;

	if (before.n == 0 || *before.p != '{')
		return;
	s = span_open(before);
	while (span_member(&s, &key, &value)) {
		if (!is_key(d, key))
			add_member(b, key, value);
	}
}

/* Writes the delete. If the key columns are not known, it contains the whole
 * row.
 */
static void write_delete(struct buf *b, const struct deletes *d,
			 const struct input *in)
{
	const struct control *c = &in->control;

	b->n = 0;
	buf_str(b, "{\"_rudder\":{\"type\":\"change\",\"action\":\"delete\"");
	if (c->id.n > 0) {
		buf_str(b, ",\"id\":");
		buf_slice(b, c->id);
	}
	control_add_text(b, "change", c->change);
	buf_char(b, '}');
	for (size_t i = 0; i < in->n; i++) {
		const struct scan_member *v = &in->member[i];

		if ((int)i != in->rudder && (!d->known || is_key(d, v->key)))
			add_member(b, v->key, v->value);
	}
	if (d->known)
		add_before(b, d, control_member(in->controls, "before"));
	buf_char(b, '}');
}

int removal_make(struct maker_removal *removal, const struct deletes *d,
		 const struct input *in, struct err *e)
{
	struct buf *b = &removal->line;
	size_t n;

	write_delete(b, d, in);
	n = b->n;
	memset(buf_room(b, READER_PAD), 0, READER_PAD);
	if (input_take(&removal->in, slice_of(b->p, n), false, e) < 0)
		return -1;
	if (removal->in.kind != INPUT_DATA)
		return err_set(e, ERR_BUG, "the delete lacks the row");
	return 0;
}

/* ---- several mappings ------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_identifiers(const struct mapping *a, const struct mapping *b)
{
	if (a->n_identifiers != b->n_identifiers || a->n_identifiers == 0)
		return false;
	for (size_t i = 0; i < a->n_identifiers; i++) {
		const struct mapping_column *x = &a->identifier[i];
		const struct mapping_column *y = &b->identifier[i];
		const struct path_step *s = x->to.step, *t = y->to.step;

		if (!same_text(x->name, y->name) || s->n != t->n ||
		    memcmp(s->name, t->name, s->n) != 0)
			return false;
	}
	return true;
}

bool removal_same(const struct mapping *a, const struct mapping *b)
{
	if (event_type_is_record(a) != event_type_is_record(b))
		return false;
	if (event_type_is_record(a))
		return !a->jq && !b->jq && same_text(a->object, b->object) &&
		       same_identifiers(a, b);
	return same_text(a->event[MAPPING_DELETE], b->event[MAPPING_DELETE]) &&
	       same_text(a->user_id, b->user_id) &&
	       same_text(a->anonymous_id, b->anonymous_id);
}
