#include "map/event/event.h"

#include <stdlib.h>

#include "core/buf.h"
#include "core/mem.h"
#include "map/event/fill.h"
#include "wire/json/json.h"
#include "wire/stream/control.h"

/* ---- single members --------------------------------------------------- */

static void put_text(struct event_tree *t, const char *name, const char *text)
{
	struct buf b = {0};
	struct event_tree_end end;
	struct err e;
	int rc;

	json_string(&b, slice_str(text));
	end = event_tree_text(buf_all(&b));
	rc = event_tree_put_key(t, slice_str(name), &end, &e);
	(void)rc; /* reserved names: nobody else puts them */
	buf_clear(&b);
}

static void put_end(struct event_tree *t, const char *name,
		    enum event_tree_kind kind, int member, bool optional)
{
	struct event_tree_end end = {.kind = kind, .optional = optional};
	struct err e;
	int rc;

	if (member >= 0)
		end.member = (size_t)member;
	rc = event_tree_put_key(t, slice_str(name), &end, &e);
	(void)rc;
}

/* ---- identifiers and objects ------------------------------------------ */

static int put_identifiers(struct event_tree *t, const struct mapping *m,
			   const char *body, const struct scan_member *member,
			   size_t n, struct err *e)
{
	if (m->n_identifiers > 0)
		(void)event_tree_object(t, body);
	for (size_t i = 0; i < m->n_identifiers; i++) {
		const struct mapping_column *c = &m->identifier[i];
		int at = fill_find(member, n, c->name);
		struct event_tree_end end;

		if (at < 0)
			continue;
		end = fill_value(m, NULL, member, (size_t)at);
		end.kind = EVENT_TREE_IDENTIFIER;
		if (event_tree_put(t, body, &c->to, &end, e) < 0)
			return -1;
	}
	return 0;
}

static void put_path_text(struct event_tree *t, const char *path,
			  const char *text)
{
	struct buf b = {0};
	struct event_tree_end end;
	struct path p;
	struct err e;
	int rc;

	json_string(&b, slice_str(text));
	end = event_tree_text(buf_all(&b));
	rc = path_parse(&p, slice_str(path), &e);
	if (rc == 0)
		rc = event_tree_put(t, NULL, &p, &end, &e);
	(void)rc; /* nobody else has put anything yet */
	path_clear(&p);
	buf_clear(&b);
}

/* Puts the names of all fields, "EMAIL, FI", into context.destinationFields,
 * which audience destinations of the older kind require.
 */
static void put_field_names(struct event_tree *t,
			    const struct event_tree *fields)
{
	struct buf b = {0};

	for (size_t i = 0; i < fields->n; i++) {
		if (i > 0)
			buf_str(&b, ", ");
		buf_slice(&b, buf_all(&fields->at[i]->name));
	}
	put_path_text(t, ".context.destinationFields", buf_cstr(&b));
	buf_clear(&b);
}

/* Puts the members that RudderStack's visual data mapper adds: the
 * destination's object, and the field that identifies one.
 */
static void put_object(struct event_tree *t, const struct mapping *m,
		       const struct scan_member *member, int identifier)
{
	struct event_tree_end end;
	struct path p;
	struct err e;
	char *key = mem_copy(m->identifier[0].to.step[0].name,
			     m->identifier[0].to.step[0].n);
	int rc = path_parse(&p, slice_str(".context.externalId[0].id"), &e);

	if (identifier >= 0 && !m->type->record) {
		end = fill_value(m, NULL, member, (size_t)identifier);
		rc = event_tree_put(t, NULL, &p, &end, &e);
	}
	(void)rc;
	path_clear(&p);
	put_path_text(t, ".context.externalId[0].identifierType", key);
	put_path_text(t, ".context.externalId[0].type", m->object);
	put_path_text(t, ".context.mappedToDestination", "true");
	free(key);
}

/* Puts a column as an id or a name, as a string. Its cast and mask apply, but
 * not its null policy: row_event.c checks each row for missing ids.
 */
static void put_id(struct event_tree *t, const struct mapping *m,
		   const char *name, enum event_tree_kind kind,
		   const struct scan_member *member, int at, bool optional)
{
	struct event_tree_end end = fill_value(m, NULL, member, (size_t)at);
	struct err e;
	int rc;

	end.kind = kind;
	end.optional = optional;
	rc = event_tree_put_key(t, slice_str(name), &end, &e);
	(void)rc; /* reserved names: nobody else puts them */
}

/* Puts the members that every event has. An identifier is optional if there is
 * another, or if the event type does not need one.
 */
static void put_envelope(struct event_tree *t, const struct mapping *m,
			 const struct event_source *from, const char *type,
			 const struct scan_member *member, struct slice sources)
{
	struct event_tree_end end = event_tree_text(sources);
	struct err e;
	bool optional = event_type_is_record(m);
	int rc;

	optional = optional || (from->user_id >= 0 && from->anonymous_id >= 0);
	if (from->anonymous_id >= 0)
		put_id(t, m, "anonymousId", EVENT_TREE_ID, member,
		       from->anonymous_id, optional);
	put_text(t, "channel", "sources");
	rc = event_tree_put_key(event_tree_object(t, "context"),
				slice_str("sources"), &end, &e);
	(void)rc;
	put_end(t, "messageId", EVENT_TREE_MESSAGE_ID, -1, false);
	put_end(t, "recordId", EVENT_TREE_RECORD_ID, -1, false);
	put_text(t, "type", type);
	if (from->user_id >= 0)
		put_id(t, m, "userId", EVENT_TREE_ID, member, from->user_id,
		       optional);
}

/* ---- whole events ----------------------------------------------------- */

static void find_sources(struct event_source *from, const struct mapping *m,
			 const struct scan_member *member, size_t n)
{
	from->user_id = fill_find(member, n, m->user_id);
	from->anonymous_id = fill_find(member, n, m->anonymous_id);
	from->name = fill_find(member, n, m->event_column);
	from->other = fill_find(member, n,
				m->group_id ? m->group_id : m->previous_id);
	if (m->object && !m->type->record && !m->user_id)
		from->user_id = fill_find(member, n, m->identifier[0].name);
}

static int record_tree(struct event_tree *t, const struct mapping *m,
		       enum mapping_action action,
		       const struct scan_member *member, size_t n,
		       struct err *e)
{
	struct event_tree *fields = event_tree_object(t, m->type->body);
	int rc = 0;

	put_text(t, "action", mapping_actions[action]);
	rc = put_identifiers(t, m, m->object ? "fields" : "identifiers", member,
			     n, e);
	if (rc == 0)
		rc = fill_columns(t, m, member, n, e);
	if (rc == 0 && action != MAPPING_DELETE)
		rc = fill_computed(t, m, e);
	if (rc == 0 && action != MAPPING_DELETE)
		rc = fill_constants(t, m, e);
	if (rc == 0 && m->object) {
		put_object(t, m, member, -1);
		put_field_names(t, fields);
	}
	return rc;
}

static void put_names(struct event_tree *t, const struct mapping *m,
		      enum mapping_action action,
		      const struct scan_member *member,
		      const struct event_source *from)
{
	const char *name = m->type->name_member;

	if (m->event[action] && name)
		put_text(t, name, m->event[action]);
	else if (from->name >= 0)
		put_id(t, m, name, EVENT_TREE_TEXT, member, from->name,
		       !m->type->name_needed);
	if (from->other >= 0)
		put_id(t, m, m->group_id ? "groupId" : "previousId",
		       EVENT_TREE_ID, member, from->other, false);
}

/* Puts the column with the event's time, as RFC 3339. */
static void put_time(struct event_tree *t, const struct mapping *m,
		     const struct scan_member *member, size_t n)
{
	int at = fill_find(member, n, m->timestamp);
	struct event_tree_end end = {.kind = EVENT_TREE_VALUE,
				     .optional = true};
	struct err e;
	int rc;

	if (at < 0)
		return;
	end.member = (size_t)at;
	end.field = mem_zero(sizeof(*end.field));
	end.field->null = FIELD_OMIT;
	end.field->cast = FIELD_TIMESTAMP;
	rc = event_tree_put_key(t, slice_str("timestamp"), &end, &e);
	(void)rc; /* nobody else has put anything yet */
}

static int fill_tree(struct event_tree *t, const struct mapping *m,
		     enum mapping_action action,
		     const struct scan_member *member, size_t n,
		     struct slice sources, struct slice keys,
		     const struct event_source *from, struct err *e)
{
	if (action == MAPPING_DELETE && !event_type_is_record(m)) {
		put_envelope(t, m, from, "track", member, sources);
		put_text(t, "event", m->event[MAPPING_DELETE]);
		return fill_delete(t, m, keys, member, n, e);
	}
	put_envelope(t, m, from, m->type->name, member, sources);
	put_time(t, m, member, n);
	if (m->type->record)
		return record_tree(t, m, action, member, n, e);
	put_names(t, m, action, member, from);
	if (m->object)
		put_object(t, m, member,
			   fill_find(member, n, m->identifier[0].name));
	if (!m->type->alias || !m->all || m->n_constants > 0 ||
	    m->n_computed > 0)
		(void)event_tree_object(t, m->type->body); /* even if empty */
	if (!(m->type->alias && m->all) && fill_columns(t, m, member, n, e) < 0)
		return -1;
	if (fill_computed(t, m, e) < 0)
		return -1;
	return fill_constants(t, m, e);
}

int event_tree(struct event_tree **t, const struct mapping *m,
	       enum mapping_action action, const struct scan_member *member,
	       size_t n, struct slice sources, struct slice keys,
	       struct event_source *from, struct err *e)
{
	*t = event_tree_new();
	find_sources(from, m, member, n);
	if (fill_tree(*t, m, action, member, n, sources, keys, from, e) < 0) {
		event_tree_free(*t);
		*t = NULL;
		return -1;
	}
	event_tree_sort(*t);
	return 0;
}

bool event_made(const struct mapping *m, enum mapping_action action,
		const char **why)
{
	if (action == MAPPING_DELETE && m->skip_deletes) {
		*why = "deletes are omitted (--deletes skip)";
		return false;
	}
	if (action == MAPPING_DELETE) {
		*why = "this event type cannot delete";
		return m->event[action] || event_type_is_record(m);
	}
	if (m->jq)
		return true;
	*why = "no event name for this action";
	return !m->type->name_needed || m->event[action] || m->event_column;
}

int event_check(const struct mapping *m, struct err *e)
{
	static const struct event_tree_end end = {.kind = EVENT_TREE_VALUE};
	const struct scan_member nothing = {.key = slice_of("", 0)};
	struct event_tree *t = event_tree_new();
	int rc = 0;

	(void)event_tree_object(t, m->type->body);
	if (m->timestamp)
		put_end(t, "timestamp", EVENT_TREE_VALUE, 0, false);
	if (m->type->name_member)
		put_end(t, m->type->name_member, EVENT_TREE_TEXT, 0, false);
	if (m->object)
		put_object(t, m, &nothing, 0);
	if (m->object && m->type->record)
		put_path_text(t, ".context.destinationFields", "");
	for (size_t i = 0; rc == 0 && i < m->n_columns; i++) {
		const struct mapping_column *c = &m->column[i];
		struct path one = {0};

		if (c->glob || c->leave_out)
			continue;
		path_add(&one, slice_of(c->name, c->n));
		rc = event_tree_put(t, m->type->body,
				    c->renamed ? &c->to : &one, &end, e);
		path_clear(&one);
	}
	if (rc == 0)
		rc = fill_computed(t, m, e);
	if (rc == 0)
		rc = fill_constants(t, m, e);
	event_tree_free(t);
	return rc;
}
