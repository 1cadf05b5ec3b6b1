#include "map/jq/event_members.h"

#include <stdlib.h>

#include "core/mem.h"
#include "wire/json/json.h"
#include "wire/stream/control.h"

/* The JSON keys of the known members; the names are taken from them. */
#define KEY(text)                                                              \
	{                                                                      \
		"\"" text "\":", sizeof(text) + 2                              \
	}
static const struct slice keys[EVENT_MEMBERS_KNOWN] = {
	[EVENT_MEMBERS_ACTION] = KEY("action"),
	[EVENT_MEMBERS_ANONYMOUS_ID] = KEY("anonymousId"),
	[EVENT_MEMBERS_CHANNEL] = KEY("channel"),
	[EVENT_MEMBERS_CONTEXT] = KEY("context"),
	[EVENT_MEMBERS_EVENT] = KEY("event"),
	[EVENT_MEMBERS_MESSAGE_ID] = KEY("messageId"),
	[EVENT_MEMBERS_RECORD_ID] = KEY("recordId"),
	[EVENT_MEMBERS_TYPE] = KEY("type"),
	[EVENT_MEMBERS_USER_ID] = KEY("userId"),
	[EVENT_MEMBERS_RUDDER] = KEY(CONTROL_NAME),
};

static struct slice name_in(struct slice key)
{
	return slice_of(key.p + 1, key.n - 3);
}

void event_members_clear(struct event_members *s)
{
	buf_clear(&s->text);
	free(s->part);
	*s = (struct event_members){0};
}

void event_members_begin(struct event_members *s)
{
	s->text.n = 0;
	s->n = 0;
	memset(s->known, 0, sizeof(s->known));
}

static enum event_members_name member_of(struct slice name)
{
	for (size_t i = 0; i < EVENT_MEMBERS_KNOWN; i++) {
		struct slice other = name_in(keys[i]);

		if (name.n == other.n && *name.p == *other.p &&
		    memcmp(name.p, other.p, name.n) == 0)
			return (enum event_members_name)i;
	}
	return EVENT_MEMBERS_KNOWN;
}

/* Which known member the next part is. Mostly it is the same as in the last
 * event, which is compared first.
 */
static enum event_members_name next_member(struct event_members *s,
					   struct slice name, struct slice key)
{
	enum event_members_name member;
	struct event_members_given *was =
		s->n < EVENT_MEMBERS_FEW ? &s->given[s->n] : NULL;

	if (was && key.n > 0 && key.p == was->key)
		return was->member;
	member = name.n > 0 ? member_of(name) : EVENT_MEMBERS_KNOWN;
	if (was)
		*was = (struct event_members_given){
			.key = key.n > 0 ? key.p : NULL,
			.member = member,
		};
	return member;
}

static ALWAYS_INLINE struct event_members_part *new_part(
	struct event_members *s, struct slice name, struct slice key)
{
	struct event_members_part *p;

	if (UNLIKELY(s->n == s->size)) {
		s->size = s->size ? 2 * s->size : 16;
		s->part = mem_resize(s->part, s->size * sizeof(*s->part));
	}
	p = &s->part[s->n++];
	*p = (struct event_members_part){
		.name = name,
		.key = key,
		.at = s->text.n,
	};
	return p;
}

struct buf *event_members_part(struct event_members *s, struct slice name,
			       struct slice key)
{
	enum event_members_name member = next_member(s, name, key);

	event_members_end(s);
	if (member < EVENT_MEMBERS_KNOWN)
		s->known[member] = s->n + 1;
	new_part(s, name, key);
	return &s->text;
}

struct buf *event_members_add(struct event_members *s,
			      enum event_members_name name)
{
	s->known[name] = s->n + 1;
	new_part(s, name_in(keys[name]), keys[name]);
	return &s->text;
}

void event_members_add_text(struct event_members *s,
			    enum event_members_name name, struct slice json)
{
	struct event_members_part *p;

	if (event_members_find(s, name))
		return;
	s->known[name] = s->n + 1;
	p = new_part(s, name_in(keys[name]), keys[name]);
	p->p = json.p;
	p->n = json.n;
}

void event_members_drop(struct event_members *s, enum event_members_name name)
{
	size_t at = s->known[name] - 1;

	/* the last part moves to the free position */
	s->n--;
	for (size_t i = 0; i < EVENT_MEMBERS_KNOWN; i++) {
		if (s->known[i] == s->n + 1)
			s->known[i] = at + 1;
	}
	s->part[at] = s->part[s->n];
	s->known[name] = 0;
}

static int by_name(const void *a, const void *b)
{
	const struct event_members_part *x = a, *y = b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	int c = memcmp(x->name.p, y->name.p, n);

	return c != 0 ? c : (x->name.n > y->name.n) - (x->name.n < y->name.n);
}

/* Whether the program returned the same members in the same order as for the
 * last event.
 */
static bool same_as_last(const struct event_members *s)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->part[i].key.n == 0 || s->part[i].key.p != s->last[i])
			return false;
	}
	return s->n == EVENT_MEMBERS_FEW || !s->last[s->n];
}

/* Sets the output order of the members. If there are many, sorts the parts
 * themselves.
 */
static void sort(struct event_members *s)
{
	if (s->n > EVENT_MEMBERS_FEW) {
		qsort(s->part, s->n, sizeof(*s->part), by_name);
		return;
	}
	if (LIKELY(same_as_last(s)))
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

void event_members_write(struct event_members *s, struct buf *out)
{
	size_t room = 3;
	char *to;

	sort(s);
	for (size_t i = 0; i < s->n; i++)
		room += s->part[i].n + 6 * s->part[i].name.n + 4;
	to = buf_room(out, room);
	*to++ = '{';
	for (size_t i = 0; i < s->n; i++) {
		size_t at = s->n > EVENT_MEMBERS_FEW ? i : s->order[i];
		const struct event_members_part *p = &s->part[at];

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
		to = put(to, event_members_part_text(s, p));
	}
	*to++ = '}';
	*to++ = '\n';
	out->n = (size_t)(to - out->p);
}
