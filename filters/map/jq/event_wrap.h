/* event_wrap.h - completes the event that a jq program made.
 *
 * Floor 2 (map). Adds the members that every event must have and the program
 * did not return, and rejects events that are invalid.
 */
#ifndef MAP_JQ_EVENT_WRAP_H
#define MAP_JQ_EVENT_WRAP_H

#include "map/jq/event_members.h"
#include "wire/json/scan.h"

/* The data of a row that goes into its events. */
struct event_wrap_row {
	struct slice id;     /* 32 hex digits, for the event's messageId */
	struct slice record; /* a JSON string: recordId */
	struct slice user_id, anonymous_id; /* JSON strings; empty: none */
	struct slice action; /* action of a change; empty: not a change */
	bool change;         /* the row is a change, so its ids are fixed */
};

/* Members that are added to every event if the program does not return them, as
 * JSON texts. All-zero is allowed.
 */
struct event_wrap_event {
	struct buf own;       /* memory of type and context */
	struct slice type;    /* empty: the program must return one */
	struct slice context; /* {"sources": sources} */
	struct slice sources;
	uint64_t fingerprint; /* of the mapping, for messageId */
};

/* type may be NULL; sources is borrowed. */
void event_wrap_event_set(struct event_wrap_event *x, const char *type,
			  struct slice sources, uint64_t fingerprint);
void event_wrap_event_clear(struct event_wrap_event *x);

/* Completes the event in s and appends it to out, with LF. It is event i (from
 * 1) of the n events of its row. Returns NULL, or the reason why the event is
 * invalid.
 */
const char *event_wrap_write(struct event_members *s,
			     const struct event_wrap_row *r,
			     const struct event_wrap_event *event, size_t i,
			     size_t n, struct buf *out);

/* Buffers of event_wrap_object; all-zero at first. */
struct event_wrap {
	struct event_members members;
	struct scan *scan;
	struct buf line, names;
};
void event_wrap_clear(struct event_wrap *s);

/* The same for an event as text from a process that ran a jq program
 * (workers.h). The text is not trusted: it may be any bytes, and is checked
 * completely.
 */
const char *event_wrap_object(struct event_wrap *s, struct slice text,
			      const struct event_wrap_row *r,
			      const struct event_wrap_event *event, size_t i,
			      size_t n, struct buf *out);

#endif
