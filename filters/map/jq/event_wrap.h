/* event_wrap.h - completes the event that a jq program made.
 *
 * Floor 2 (map). What every event has and the program leaves out is added, and
 * what no event may be is refused.
 */
#ifndef MAP_JQ_EVENT_WRAP_H
#define MAP_JQ_EVENT_WRAP_H

#include "map/jq/event_members.h"
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

/* The event at the end of out, an LF behind, as the i-th (from 1) of n of its
 * row: NULL, or why it can be none.
 */
const char *event_wrap_write(struct event_members *s,
			     const struct event_wrap_row *r,
			     const struct event_wrap_event *event, size_t i,
			     size_t n, struct buf *out);

/* For event_wrap_object; all-zero at first. */
struct event_wrap {
	struct event_members members;
	struct scan *scan;
	struct buf line, names;
};
void event_wrap_clear(struct event_wrap *s);

/* The same for any bytes that should be the text of an object: one of a process
 * that ran a program (workers.h). Checked whole.
 */
const char *event_wrap_object(struct event_wrap *s, struct slice text,
			      const struct event_wrap_row *r,
			      const struct event_wrap_event *event, size_t i,
			      size_t n, struct buf *out);

#endif
