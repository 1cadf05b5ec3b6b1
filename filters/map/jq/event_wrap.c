#include "map/jq/event_wrap.h"

#include "core/reader.h"
#include "map/settings/fingerprint.h"
#include "map/value/identifier.h"
#include "wire/jq/jqjson.h"
#include "wire/json/decimal.h"
#include "wire/json/json.h"
#include "wire/json/span.h"
#include "wire/stream/control.h"

void event_wrap_event_set(struct event_wrap_event *x, const char *type,
			  struct slice sources, uint64_t fingerprint)
{
	struct buf *b = &x->own;
	size_t at;

	b->n = 0;
	if (type)
		json_string(b, slice_str(type));
	at = b->n;
	buf_str(b, "{\"sources\":");
	buf_slice(b, sources);
	buf_char(b, '}');
	x->type = slice_of(b->p, at);
	x->context = slice_of(b->p + at, b->n - at);
	x->sources = sources;
	x->fingerprint = fingerprint;
}

void event_wrap_event_clear(struct event_wrap_event *x)
{
	buf_clear(&x->own);
}

/* Whether the event has the member, and it is a string that is not blank. */
static bool is_text(const struct event_members *s,
		    enum event_members_name member)
{
	struct slice text = event_members_text(s, member);

	return text.n > 0 && *text.p == '"' && !identifier_blank(text);
}

/* Whether the event has the member, and it is anything else. */
static bool is_odd(const struct event_members *s,
		   enum event_members_name member)
{
	return event_members_find(s, member) && !is_text(s, member);
}

static bool is_record(const struct event_members *s)
{
	return slice_is(event_members_text(s, EVENT_MEMBERS_TYPE),
			"\"record\"");
}

/* Changes a number that the program returned into an id, a string. Returns
 * NULL, or the reason why it is not an id.
 */
static const char *set_number(struct event_members *s,
			      struct event_members_part *p)
{
	size_t at = s->text.n;

	buf_room(&s->text,
		 p->n + DECIMAL_ID +
			 3); /* so that appending does not move the number */
	buf_char(&s->text, '"');
	if (decimal_id(&s->text, event_members_part_text(s, p)) < 0)
		return "the user id is " DECIMAL_ID_LONG;
	buf_char(&s->text, '"');
	p->at = at;
	p->n = s->text.n - at;
	return NULL;
}

/* Sets an identifier: the one that the program returned, numbers as strings; or
 * the row's if it is missing or null. Returns NULL, or what is wrong with it.
 */
static const char *set_identifier(struct event_members *s,
				  enum event_members_name member,
				  struct slice json)
{
	struct event_members_part *p = event_members_find(s, member);
	char first = p ? *event_members_part_text(s, p).p : 'n';

	if (first == '"')
		return NULL;
	if (first == '-' || (first >= '0' && first <= '9'))
		return set_number(s, p);
	if (first != 'n')
		return "the user id is neither a string nor a number";
	if (p)
		event_members_drop(s, member);
	if (json.n > 0)
		event_members_add_text(s, member, json);
	return NULL;
}

static bool has_sources(struct slice context)
{
	struct span inside = span_open(context);
	struct slice key, value;

	while (span_member(&inside, &key, &value)) {
		if (slice_is(key, "sources"))
			return true;
	}
	return false;
}

static int set_context(struct event_members *s,
		       const struct event_wrap_event *d)
{
	struct event_members_part *p =
		event_members_find(s, EVENT_MEMBERS_CONTEXT);
	struct buf *b = &s->text;
	size_t at = b->n;
	bool empty;

	if (LIKELY(!p)) {
		event_members_add_text(s, EVENT_MEMBERS_CONTEXT, d->context);
		return 0;
	}
	if (b->p[p->at] != '{')
		return -1;
	if (has_sources(event_members_part_text(s, p)))
		return 0;
	empty = p->n == 2;
	buf_room(b, p->n);
	buf_add(b, b->p + p->at, p->n - 1);
	buf_str(b, empty ? "\"sources\":" : ",\"sources\":");
	buf_slice(b, d->sources);
	buf_char(b, '}');
	p->at = at;
	p->n = b->n - at;
	return 0;
}

static void add_message_id(struct event_members *s, uint64_t fingerprint,
			   struct slice id, size_t i, size_t n)
{
	struct buf *b = &s->text;
	uint32_t mix;

	if (event_members_find(s, EVENT_MEMBERS_MESSAGE_ID))
		return;
	mix = fingerprint_mix(fingerprint,
			      event_members_text(s, EVENT_MEMBERS_TYPE),
			      event_members_text(s, EVENT_MEMBERS_EVENT));
	event_members_add(s, EVENT_MEMBERS_MESSAGE_ID);
	buf_char(b, '"');
	control_message_id(b, id, mix, i, n);
	buf_char(b, '"');
	event_members_end(s);
}

/* Adds the action of a record unless the program returned it. */
static void add_action(struct event_members *s, struct slice action)
{
	if (event_members_find(s, EVENT_MEMBERS_ACTION))
		return;
	json_string(event_members_add(s, EVENT_MEMBERS_ACTION),
		    action.n > 0 ? action : slice_str("insert"));
	event_members_end(s);
}

/* Whether the delete of a record has an identifier. Always true without a
 * member identifiers: a program may make the form of the visual data mapper,
 * which has none.
 */
static bool names_anybody(const struct event_members *s)
{
	struct slice key, value;
	struct span in;
	size_t i = 0;

	while (i < s->n && !slice_is(s->part[i].name, "identifiers"))
		i++;
	if (i == s->n)
		return true;
	value = event_members_part_text(s, &s->part[i]);
	if (*value.p != '{')
		return false;
	in = span_open(value);
	while (span_member(&in, &key, &value)) {
		if (*value.p == '"' ? !identifier_blank(value)
				    : *value.p != 'n')
			return true;
	}
	return false;
}

/* Adds or checks the members that an event must have. Returns NULL, or the
 * reason why the event is invalid.
 */
static const char *complete(struct event_members *s,
			    const struct event_wrap_row *r,
			    const struct event_wrap_event *d, size_t i,
			    size_t n)
{
	bool odd_ids = is_odd(s, EVENT_MEMBERS_MESSAGE_ID) ||
		       is_odd(s, EVENT_MEMBERS_RECORD_ID);
	const char *why;
	bool record;

	if (event_members_find(s, EVENT_MEMBERS_RUDDER))
		return "the event has a member '_rudder'; this name is "
		       "reserved";
	if (r->change && (event_members_find(s, EVENT_MEMBERS_MESSAGE_ID) ||
			  event_members_find(s, EVENT_MEMBERS_RECORD_ID)))
		return "the program sets messageId or recordId, but a change "
		       "already has both";
	if (set_context(s, d) < 0)
		return "the event's context is not an object";
	event_members_add_text(s, EVENT_MEMBERS_CHANNEL,
			       slice_of("\"sources\"", 9));
	event_members_add_text(s, EVENT_MEMBERS_RECORD_ID, r->record);
	if (is_odd(s, EVENT_MEMBERS_TYPE) ||
	    (!event_members_find(s, EVENT_MEMBERS_TYPE) && d->type.n == 0))
		return "the event has no type";
	event_members_add_text(s, EVENT_MEMBERS_TYPE, d->type);
	add_message_id(s, d->fingerprint, r->id, i, n);
	if (is_odd(s, EVENT_MEMBERS_EVENT) &&
	    *event_members_text(s, EVENT_MEMBERS_EVENT).p == '"')
		return "the event name is blank";
	record = is_record(s);
	if (record)
		add_action(s, r->action);
	if (record && slice_is(r->action, "delete") && !names_anybody(s))
		return "no identifier: a delete has only key, identity and "
		       "--keep columns";
	if (odd_ids)
		return "the event's messageId or recordId is not a string";
	why = set_identifier(s, EVENT_MEMBERS_USER_ID, r->user_id);
	if (!why)
		why = set_identifier(s, EVENT_MEMBERS_ANONYMOUS_ID,
				     r->anonymous_id);
	if (why)
		return why;
	if (!is_text(s, EVENT_MEMBERS_USER_ID) &&
	    !is_text(s, EVENT_MEMBERS_ANONYMOUS_ID) && !record)
		return "no user id: the event has no userId and no "
		       "anonymousId";
	return NULL;
}

const char *event_wrap_write(struct event_members *s,
			     const struct event_wrap_row *r,
			     const struct event_wrap_event *event, size_t i,
			     size_t n, struct buf *out)
{
	const char *why;

	event_members_end(s);
	why = complete(s, r, event, i, n);
	if (why)
		return why;
	event_members_write(s, out);
	return NULL;
}

void event_wrap_clear(struct event_wrap *s)
{
	event_members_clear(&s->members);
	buf_clear(&s->line);
	buf_clear(&s->names);
	scan_free(s->scan);
	*s = (struct event_wrap){0};
}

/* The decoded name of a member; valid until the next object. */
static struct slice name_of(struct event_wrap *s, struct slice key)
{
	size_t at = s->names.n;

	if (!memchr(key.p, '\\', key.n))
		return key;
	json_decode(&s->names, key);
	return slice_of(s->names.p + at, s->names.n - at);
}

const char *event_wrap_object(struct event_wrap *s, struct slice text,
			      const struct event_wrap_row *r,
			      const struct event_wrap_event *event, size_t i,
			      size_t n, struct buf *out)
{
	const struct scan_member *m;
	size_t members;

	if (!s->scan)
		s->scan = scan_new();
	s->line.n = s->names.n = 0;
	memset(buf_room(&s->line, text.n + READER_PAD), 0, text.n + READER_PAD);
	buf_slice(&s->line, text);
	buf_room(&s->names,
		 text.n +
			 1); /* so that appending does not move earlier names */
	if (scan_object(s->scan, buf_all(&s->line)) < 0 ||
	    !jqjson_is_written(text, JQJSON_DEPTH))
		return "the process that runs jq returned invalid data";
	m = scan_members(s->scan, &members);
	event_members_begin(&s->members);
	for (size_t k = 0; k < members; k++) {
		struct slice name = name_of(s, m[k].key);

		buf_slice(event_members_part(&s->members, name,
					     slice_of(NULL, 0)),
			  m[k].value);
	}
	return event_wrap_write(&s->members, r, event, i, n, out);
}
