/* event_members.h - the members of an event that a jq program makes, as texts.
 *
 * Floor 2 (map). They arrive in the order of the program and leave in
 * alphabetical order. The events of a program mostly have the same members, so
 * what was found out about the last event is tried first.
 */
#ifndef MAP_JQ_EVENT_MEMBERS_H
#define MAP_JQ_EVENT_MEMBERS_H

#include "core/buf.h"

/* Members that something is done about. */
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
	EVENT_MEMBERS_RUDDER, /* no event may have it */
	EVENT_MEMBERS_KNOWN,  /* any other */
};

struct event_members_part {
	struct slice name; /* decoded */
	struct slice key;  /* "name": as JSON; empty: not made yet */
	const char *p;     /* its JSON text; NULL: in text */
	size_t at, n;
};

/* What the program gave as its i-th member. */
struct event_members_given {
	const char *key; /* that stays; NULL: none */
	enum event_members_name member;
};

enum { EVENT_MEMBERS_FEW = 24 };

/* All-zero at first. */
struct event_members {
	struct buf text;
	struct event_members_part *part; /* owned */
	size_t n, size;
	struct event_members_given given[EVENT_MEMBERS_FEW]; /* so far */
	/* of the last event with few members: their keys, and their order */
	const char *last[EVENT_MEMBERS_FEW];
	unsigned char order[EVENT_MEMBERS_FEW];
	size_t known[EVENT_MEMBERS_KNOWN]; /* index of a part and 1; 0: none */
};

void event_members_clear(struct event_members *s);

/* Forget the members of the event before. */
void event_members_begin(struct event_members *s);

/* A member: its JSON text, compact and with the least of escapes, is to be put
 * at the end of the buffer, up to the next call. No name comes twice. key is
 * the name as JSON with a colon behind, and stays for good where it is; or
 * it is empty. The name is borrowed until event_members_write.
 */
struct buf *event_members_part(struct event_members *s, struct slice name,
			       struct slice key);

/* After the text of the last member. */
static inline void event_members_end(struct event_members *s)
{
	struct event_members_part *p;

	if (UNLIKELY(s->n == 0))
		return;
	p = &s->part[s->n - 1];
	p->n = s->text.n - p->at;
}

/* The member of that name, or NULL. */
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

/* The same by its name; empty where it is not there. */
static inline struct slice event_members_text(const struct event_members *s,
					      enum event_members_name name)
{
	const struct event_members_part *p = event_members_find(s, name);

	return p ? event_members_part_text(s, p) : slice_of("", 0);
}

/* Adds a member that is not there, as event_members_part; to be followed by
 * event_members_end.
 */
struct buf *event_members_add(struct event_members *s,
			      enum event_members_name name);

/* Adds a member unless it is there: a text that stays where it is until the
 * event is written.
 */
void event_members_add_text(struct event_members *s,
			    enum event_members_name name, struct slice json);

/* Leaves out a member that is there. */
void event_members_drop(struct event_members *s, enum event_members_name name);

/* The event at the end of out: an object, and LF. After event_members_end. */
void event_members_write(struct event_members *s, struct buf *out);

#endif
