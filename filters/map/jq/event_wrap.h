/* event_wrap.h - completes the event that a jq program made.
 *
 * Floor 2 (map). What every event has and the program leaves out is added; the
 * members leave in alphabetical order.
 */
#ifndef MAP_JQ_EVENT_WRAP_H
#define MAP_JQ_EVENT_WRAP_H

#include "core/buf.h"
#include "wire/json/scan.h"

/* What a row gives its events. */
struct event_wrap_row {
	struct slice id;     /* 32 hex digits, for the event's messageId */
	struct slice record; /* a JSON string: recordId */
	struct slice user_id, anonymous_id; /* JSON strings; empty: none */
	struct slice action;                /* of a change; empty: none */
	bool change; /* the row is a change: its ids are fixed */
};

/* What all events get that the program leaves out, as JSON texts. All-zero is
 * allowed.
 */
struct event_wrap_event {
	struct buf own;       /* where type and context stand */
	struct slice type;    /* empty: the program must give one */
	struct slice context; /* {"sources": sources} */
	struct slice sources;
	uint64_t fingerprint; /* of the mapping: for messageId */
};

/* type may be NULL; sources is borrowed. */
void event_wrap_event_set(struct event_wrap_event *x, const char *type,
			  struct slice sources, uint64_t fingerprint);
void event_wrap_event_clear(struct event_wrap_event *x);

/* Members that something is done about. */
enum event_wrap_member {
	EVENT_WRAP_ACTION,
	EVENT_WRAP_ANONYMOUS_ID,
	EVENT_WRAP_CHANNEL,
	EVENT_WRAP_CONTEXT,
	EVENT_WRAP_EVENT,
	EVENT_WRAP_MESSAGE_ID,
	EVENT_WRAP_RECORD_ID,
	EVENT_WRAP_TYPE,
	EVENT_WRAP_USER_ID,
	EVENT_WRAP_RUDDER,  /* no event may have it */
	EVENT_WRAP_MEMBERS, /* any other */
};

struct event_wrap_part {
	struct slice name; /* decoded */
	struct slice key;  /* "name": as JSON; empty: not made yet */
	const char *p;     /* its JSON text; NULL: in text */
	size_t at, n;
};

/* What the program gave as its i-th member. */
struct event_wrap_given {
	const char *key; /* that stays; NULL: none */
	enum event_wrap_member member;
};

enum { EVENT_WRAP_FEW = 24 };

/* All-zero at first. */
struct event_wrap {
	struct buf text;
	struct event_wrap_part *part; /* owned */
	size_t n, size;
	struct event_wrap_given given[EVENT_WRAP_FEW]; /* so far */
	/* of the last event with few members: their keys, and their order */
	const char *last[EVENT_WRAP_FEW];
	unsigned char order[EVENT_WRAP_FEW];
	size_t known[EVENT_WRAP_MEMBERS]; /* index of a part and 1; 0: none */
	struct scan *scan;                /* of event_wrap_object */
	struct buf line, names;
};

void event_wrap_clear(struct event_wrap *s);

/* Forget the members of the event before. */
void event_wrap_begin(struct event_wrap *s);

/* A member: its JSON text, compact and with the least of escapes, is to be put
 * at the end of the buffer, up to the next call. No name comes twice. key is
 * the name as JSON with a colon behind, and stays for good where it is; or
 * it is empty. The name is borrowed until event_wrap_write.
 */
struct buf *event_wrap_part(struct event_wrap *s, struct slice name,
			    struct slice key);

/* The event at the end of out, an LF behind, as the i-th (from 1) of n of its
 * row: NULL, or why it can be none.
 */
const char *event_wrap_write(struct event_wrap *s,
			     const struct event_wrap_row *r,
			     const struct event_wrap_event *event, size_t i,
			     size_t n, struct buf *out);

/* The same for any bytes that should be the text of an object: one of a process
 * that ran a program (workers.h). Checked whole.
 */
const char *event_wrap_object(struct event_wrap *s, struct slice text,
			      const struct event_wrap_row *r,
			      const struct event_wrap_event *event, size_t i,
			      size_t n, struct buf *out);

#endif
