#include "map/jq/event_wrap.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/reader.h"
#include "map/settings/fingerprint.h"
#include "map/value/identifier.h"
#include "wire/jq/jqjson.h"
#include "wire/json/decimal.h"
#include "wire/json/json.h"
#include "wire/json/span.h"
#include "wire/stream/control.h"

/* Their JSON keys, from which the names are taken. */
#define KEY(text)                                                              \
	{                                                                      \
		"\"" text "\":", sizeof(text) + 2                              \
	}
static const struct slice keys[EVENT_WRAP_MEMBERS] = {
	[EVENT_WRAP_ACTION] = KEY("action"),
	[EVENT_WRAP_ANONYMOUS_ID] = KEY("anonymousId"),
	[EVENT_WRAP_CHANNEL] = KEY("channel"),
	[EVENT_WRAP_CONTEXT] = KEY("context"),
	[EVENT_WRAP_EVENT] = KEY("event"),
	[EVENT_WRAP_MESSAGE_ID] = KEY("messageId"),
	[EVENT_WRAP_RECORD_ID] = KEY("recordId"),
	[EVENT_WRAP_TYPE] = KEY("type"),
	[EVENT_WRAP_USER_ID] = KEY("userId"),
	[EVENT_WRAP_RUDDER] = KEY(CONTROL_NAME),
};

static struct slice name_in(struct slice key)
{
	return slice_of(key.p + 1, key.n - 3);
}

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

void event_wrap_clear(struct event_wrap *s)
{
	buf_clear(&s->text);
	buf_clear(&s->line);
	buf_clear(&s->names);
	scan_free(s->scan);
	free(s->part);
	*s = (struct event_wrap){0};
}

void event_wrap_begin(struct event_wrap *s)
{
	s->text.n = 0;
	s->n = 0;
	memset(s->known, 0, sizeof(s->known));
}

static enum event_wrap_member member_of(struct slice name)
{
	for (size_t i = 0; i < EVENT_WRAP_MEMBERS; i++) {
		struct slice other = name_in(keys[i]);

		if (name.n == other.n && *name.p == *other.p &&
		    memcmp(name.p, other.p, name.n) == 0)
			return (enum event_wrap_member)i;
	}
	return EVENT_WRAP_MEMBERS;
}

/* The same of the next part: mostly it is that of the event before. */
static enum event_wrap_member next_member(struct event_wrap *s,
					  struct slice name, struct slice key)
{
	enum event_wrap_member member;
	struct event_wrap_given *was =
		s->n < EVENT_WRAP_FEW ? &s->given[s->n] : NULL;

	if (was && key.n > 0 && key.p == was->key)
		return was->member;
	member = name.n > 0 ? member_of(name) : EVENT_WRAP_MEMBERS;
	if (was)
		*was = (struct event_wrap_given){
			.key = key.n > 0 ? key.p : NULL,
			.member = member,
		};
	return member;
}

static void end_part(struct event_wrap *s)
{
	struct event_wrap_part *p = &s->part[s->n - 1];

	p->n = s->text.n - p->at;
}

static ALWAYS_INLINE struct event_wrap_part *new_part(struct event_wrap *s,
						      struct slice name,
						      struct slice key)
{
	struct event_wrap_part *p;

	if (UNLIKELY(s->n == s->size)) {
		s->size = s->size ? 2 * s->size : 16;
		s->part = mem_resize(s->part, s->size * sizeof(*s->part));
	}
	p = &s->part[s->n++];
	*p = (struct event_wrap_part){
		.name = name,
		.key = key,
		.at = s->text.n,
	};
	return p;
}

struct buf *event_wrap_part(struct event_wrap *s, struct slice name,
			    struct slice key)
{
	enum event_wrap_member member = next_member(s, name, key);

	if (s->n > 0)
		end_part(s);
	if (member < EVENT_WRAP_MEMBERS)
		s->known[member] = s->n + 1;
	new_part(s, name, key);
	return &s->text;
}

static struct event_wrap_part *find(const struct event_wrap *s,
				    enum event_wrap_member member)
{
	return s->known[member] ? &s->part[s->known[member] - 1] : NULL;
}

static struct slice text_of(const struct event_wrap *s,
			    const struct event_wrap_part *p)
{
	return slice_of(p->p ? p->p : s->text.p + p->at, p->n);
}

/* A member's JSON text; empty where it is not there. */
static struct slice member_text(const struct event_wrap *s,
				enum event_wrap_member member)
{
	const struct event_wrap_part *p = find(s, member);

	return p ? text_of(s, p) : slice_of("", 0);
}

/* A member that is added; to be followed by end_part. */
static struct buf *add(struct event_wrap *s, enum event_wrap_member member)
{
	s->known[member] = s->n + 1;
	new_part(s, name_in(keys[member]), keys[member]);
	return &s->text;
}

/* Unless it is there: a text that stays where it is until the event is written.
 */
static void add_text(struct event_wrap *s, enum event_wrap_member member,
		     struct slice json)
{
	struct event_wrap_part *p;

	if (find(s, member))
		return;
	s->known[member] = s->n + 1;
	p = new_part(s, name_in(keys[member]), keys[member]);
	p->p = json.p;
	p->n = json.n;
}

/* Whether a member is there and a string that is not blank. */
static bool is_text(const struct event_wrap *s, enum event_wrap_member member)
{
	struct slice text = member_text(s, member);

	return text.n > 0 && *text.p == '"' && !identifier_blank(text);
}

/* Whether it is there and anything else. */
static bool is_odd(const struct event_wrap *s, enum event_wrap_member member)
{
	return s->known[member] && !is_text(s, member);
}

static bool is_record(const struct event_wrap *s)
{
	return slice_is(member_text(s, EVENT_WRAP_TYPE), "\"record\"");
}

/* The last part goes to the place of one that is left out. */
static void drop(struct event_wrap *s, enum event_wrap_member member)
{
	size_t at = s->known[member] - 1;

	s->n--;
	for (size_t i = 0; i < EVENT_WRAP_MEMBERS; i++) {
		if (s->known[i] == s->n + 1)
			s->known[i] = at + 1;
	}
	s->part[at] = s->part[s->n];
	s->known[member] = 0;
}

/* A number that the program gave, as an id. */
static const char *set_number(struct event_wrap *s, struct event_wrap_part *p)
{
	size_t at = s->text.n;

	buf_room(&s->text,
		 p->n + DECIMAL_ID + 3); /* the number must not move */
	buf_char(&s->text, '"');
	if (decimal_id(&s->text, text_of(s, p)) < 0)
		return "the user id is " DECIMAL_ID_LONG;
	buf_char(&s->text, '"');
	p->at = at;
	p->n = s->text.n - at;
	return NULL;
}

/* An identifier that the program returned, numbers as strings; otherwise, or if
 * it is null, the row's. NULL, or what is wrong with it.
 */
static const char *set_identifier(struct event_wrap *s,
				  enum event_wrap_member member,
				  struct slice json)
{
	struct event_wrap_part *p = find(s, member);
	char first = p ? *text_of(s, p).p : 'n';

	if (first == '"')
		return NULL;
	if (first == '-' || (first >= '0' && first <= '9'))
		return set_number(s, p);
	if (first != 'n')
		return "the user id is neither a string nor a number";
	if (p)
		drop(s, member);
	if (json.n > 0)
		add_text(s, member, json);
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

static int set_context(struct event_wrap *s, const struct event_wrap_event *d)
{
	struct event_wrap_part *p = find(s, EVENT_WRAP_CONTEXT);
	struct buf *b = &s->text;
	size_t at = b->n;
	bool empty;

	if (LIKELY(!p)) {
		add_text(s, EVENT_WRAP_CONTEXT, d->context);
		return 0;
	}
	if (b->p[p->at] != '{')
		return -1;
	if (has_sources(text_of(s, p)))
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

static void add_message_id(struct event_wrap *s, uint64_t fingerprint,
			   struct slice id, size_t i, size_t n)
{
	struct buf *b = &s->text;
	uint32_t mix;

	if (find(s, EVENT_WRAP_MESSAGE_ID))
		return;
	mix = fingerprint_mix(fingerprint, member_text(s, EVENT_WRAP_TYPE),
			      member_text(s, EVENT_WRAP_EVENT));
	add(s, EVENT_WRAP_MESSAGE_ID);
	buf_char(b, '"');
	control_message_id(b, id, mix, i, n);
	buf_char(b, '"');
	end_part(s);
}

/* What a record is for, unless the program says it. */
static void add_action(struct event_wrap *s, struct slice action)
{
	if (find(s, EVENT_WRAP_ACTION))
		return;
	json_string(add(s, EVENT_WRAP_ACTION),
		    action.n > 0 ? action : slice_str("insert"));
	end_part(s);
}

/* Whether the delete of a record says whom it is about. A program that makes
 * the form of the visual data mapper has no member identifiers.
 */
static bool names_anybody(const struct event_wrap *s)
{
	struct slice key, value;
	struct span in;
	size_t i = 0;

	while (i < s->n && !slice_is(s->part[i].name, "identifiers"))
		i++;
	if (i == s->n)
		return true;
	value = text_of(s, &s->part[i]);
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

/* What an event must have: NULL, or what it lacks. */
static const char *complete(struct event_wrap *s,
			    const struct event_wrap_row *r,
			    const struct event_wrap_event *d, size_t i,
			    size_t n)
{
	bool odd_ids = is_odd(s, EVENT_WRAP_MESSAGE_ID) ||
		       is_odd(s, EVENT_WRAP_RECORD_ID);
	const char *why;
	bool record;

	if (find(s, EVENT_WRAP_RUDDER))
		return "the event has a member '_rudder'; this name is "
		       "reserved";
	if (r->change &&
	    (s->known[EVENT_WRAP_MESSAGE_ID] || s->known[EVENT_WRAP_RECORD_ID]))
		return "the program sets messageId or recordId, but a change "
		       "already has both";
	if (set_context(s, d) < 0)
		return "the event's context is not an object";
	add_text(s, EVENT_WRAP_CHANNEL, slice_of("\"sources\"", 9));
	add_text(s, EVENT_WRAP_RECORD_ID, r->record);
	if (is_odd(s, EVENT_WRAP_TYPE) ||
	    (!find(s, EVENT_WRAP_TYPE) && d->type.n == 0))
		return "the event has no type";
	add_text(s, EVENT_WRAP_TYPE, d->type);
	add_message_id(s, d->fingerprint, r->id, i, n);
	if (is_odd(s, EVENT_WRAP_EVENT) &&
	    *member_text(s, EVENT_WRAP_EVENT).p == '"')
		return "the event name is blank";
	record = is_record(s);
	if (record)
		add_action(s, r->action);
	if (record && slice_is(r->action, "delete") && !names_anybody(s))
		return "no identifier: a delete has only key, identity and "
		       "--keep columns";
	if (odd_ids)
		return "the event's messageId or recordId is not a string";
	why = set_identifier(s, EVENT_WRAP_USER_ID, r->user_id);
	if (!why)
		why = set_identifier(s, EVENT_WRAP_ANONYMOUS_ID,
				     r->anonymous_id);
	if (why)
		return why;
	if (!is_text(s, EVENT_WRAP_USER_ID) &&
	    !is_text(s, EVENT_WRAP_ANONYMOUS_ID) && !record)
		return "no user id: the event has no userId and no "
		       "anonymousId";
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct event_wrap_part *x = a, *y = b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	int c = memcmp(x->name.p, y->name.p, n);

	return c != 0 ? c : (x->name.n > y->name.n) - (x->name.n < y->name.n);
}

/* Whether the members are those of the last event, in the order they had. */
static bool as_last(const struct event_wrap *s)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->part[i].key.n == 0 || s->part[i].key.p != s->last[i])
			return false;
	}
	return s->n == EVENT_WRAP_FEW || !s->last[s->n];
}

/* Sets the order in which the members leave, or brings them into it. */
static void sort(struct event_wrap *s)
{
	if (s->n > EVENT_WRAP_FEW) {
		qsort(s->part, s->n, sizeof(*s->part), by_name);
		return;
	}
	if (LIKELY(as_last(s)))
		return;
	for (size_t i = 0; i < s->n; i++) {
		size_t to = i;

		for (; to > 0 &&
		       by_name(&s->part[i], &s->part[s->order[to - 1]]) < 0;
		     to--)
			s->order[to] = s->order[to - 1];
		s->order[to] = (unsigned char)i;
	}
	memset(s->last, 0, sizeof(s->last));
	for (size_t i = 0; i < s->n; i++)
		s->last[i] = s->part[i].key.p;
}

static char *put(char *to, struct slice text)
{
	memcpy(to, text.p, text.n);
	return to + text.n;
}

/* The members, and LF. */
static void write_parts(struct event_wrap *s, struct buf *out)
{
	size_t room = 3;
	char *to;

	for (size_t i = 0; i < s->n; i++)
		room += s->part[i].n + 6 * s->part[i].name.n + 4;
	to = buf_room(out, room);
	*to++ = '{';
	for (size_t i = 0; i < s->n; i++) {
		size_t at = s->n > EVENT_WRAP_FEW ? i : s->order[i];
		const struct event_wrap_part *p = &s->part[at];

		if (i > 0)
			*to++ = ',';
		if (LIKELY(p->key.n > 0)) {
			to = put(to, p->key);
		} else {
			out->n = (size_t)(to - out->p);
			json_string(out, p->name);
			to = out->p + out->n;
			*to++ = ':';
		}
		to = put(to, text_of(s, p));
	}
	*to++ = '}';
	*to++ = '\n';
	out->n = (size_t)(to - out->p);
}

const char *event_wrap_write(struct event_wrap *s,
			     const struct event_wrap_row *r,
			     const struct event_wrap_event *event, size_t i,
			     size_t n, struct buf *out)
{
	const char *why;

	if (s->n > 0)
		end_part(s);
	why = complete(s, r, event, i, n);
	if (why)
		return why;
	sort(s);
	write_parts(s, out);
	return NULL;
}

/* The name of a member, decoded; good until the next object. */
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
	buf_room(&s->names, text.n + 1); /* names must not move */
	if (scan_object(s->scan, buf_all(&s->line)) < 0 ||
	    !jqjson_is_written(text, JQJSON_DEPTH))
		return "the process that runs jq returned invalid data";
	m = scan_members(s->scan, &members);
	event_wrap_begin(s);
	for (size_t k = 0; k < members; k++) {
		struct slice name = name_of(s, m[k].key);

		buf_slice(event_wrap_part(s, name, slice_of(NULL, 0)),
			  m[k].value);
	}
	return event_wrap_write(s, r, event, i, n, out);
}
