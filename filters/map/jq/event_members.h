/* event_members.h - the members of an event that a jq program makes, as JSON
 * texts.
 *
 * Floor 2 (map). They are added in the order of the program and written in
 * alphabetical order. Most events of a program have the same members, so names
 * and order are remembered from the last event, and compared first.
 */
#ifndef MAP_JQ_EVENT_MEMBERS_H
#define MAP_JQ_EVENT_MEMBERS_H

#include "core/buf.h"

/* Members that rudder-map checks, adds or changes. */
enum event_members_name {
	EVENT_MEMBERS_ACTION,
	EVENT_MEMBERS_ANONYMOUS_ID,
	EVENT_MEMBERS_CHANNEL,
	EVENT_MEMBERS_CONTEXT,
	EVENT_MEMBERS_EVENT,
	EVENT_MEMBERS_MESSAGE_ID,
	EVENT_MEMBERS_RECORD_ID,
	EVENT_MEMBERS_TYPE,
	EVENT_MEMBERS_USER_ID,
	EVENT_MEMBERS_RUDDER, /* not allowed in an event */
	EVENT_MEMBERS_KNOWN,  /* any other member */
};

struct event_members_part {
	struct slice name; /* decoded */
	struct slice key;  /* "name": as JSON; empty: not made yet */
	const char *p;     /* its JSON text; NULL: at offset at in text */
	size_t at, n;
};

/* What the program returned as its i-th member. */
struct event_members_given {
	const char *key; /* permanent key, compared by address; or NULL */
	enum event_members_name member;
};

enum { EVENT_MEMBERS_FEW = 24 };

/* All-zero at first. */
struct event_members {
	struct buf text;
	struct event_members_part *part; /* owned */
	size_t n, size;
	struct event_members_given given[EVENT_MEMBERS_FEW]; /* by position */
	/* of the last event with few members: keys and output order */
	const char *last[EVENT_MEMBERS_FEW];
	unsigned char order[EVENT_MEMBERS_FEW];
	size_t known[EVENT_MEMBERS_KNOWN]; /* index of the part plus 1; 0: no
					    * such member */
};

void event_members_clear(struct event_members *s);

/* Starts an event: removes the members of the last one. */
void event_members_begin(struct event_members *s);

/* Adds a member. The caller appends its JSON text, compact and with as few
 * escapes as possible, to the buffer that is returned, before the next call.
 * Names must be unique. key is the name as JSON followed by a colon, at an
 * address that stays valid for good, or empty. name is borrowed until
 * event_members_write.
 */
struct buf *event_members_part(struct event_members *s, struct slice name,
			       struct slice key);

/* Must be called after the text of the last member was appended. */
static inline void event_members_end(struct event_members *s)
{
	struct event_members_part *p;

	if (UNLIKELY(s->n == 0))
		return;
	p = &s->part[s->n - 1];
	p->n = s->text.n - p->at;
}

/* The member with this name, or NULL. */
static inline struct event_members_part *event_members_find(
	const struct event_members *s, enum event_members_name name)
{
	return s->known[name] ? &s->part[s->known[name] - 1] : NULL;
}

/* The JSON text of a member; borrowed until the next one is added. */
static inline struct slice event_members_part_text(
	const struct event_members *s, const struct event_members_part *p)
{
	return slice_of(p->p ? p->p : s->text.p + p->at, p->n);
}

/* The JSON text of the member with this name; empty if the event does not have
 * it.
 */
static inline struct slice event_members_text(const struct event_members *s,
					      enum event_members_name name)
{
	const struct event_members_part *p = event_members_find(s, name);

	return p ? event_members_part_text(s, p) : slice_of("", 0);
}

/* Adds a member that the event does not have yet. Append its text as with
 * event_members_part, then call event_members_end.
 */
struct buf *event_members_add(struct event_members *s,
			      enum event_members_name name);

/* Adds a member with this JSON text unless the event has it. The text is
 * borrowed until the event is written.
 */
void event_members_add_text(struct event_members *s,
			    enum event_members_name name, struct slice json);

/* Removes a member that the event has. */
void event_members_drop(struct event_members *s, enum event_members_name name);

/* Appends the event to out: an object and LF. Call it after event_members_end.
 */
void event_members_write(struct event_members *s, struct buf *out);

#endif
