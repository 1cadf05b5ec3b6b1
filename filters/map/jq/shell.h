/* shell.h - an event of the members that a jq program gave.
 *
 * Floor 2 (map). What every event has and the program leaves out is added; the
 * members leave in alphabetical order.
 */
#ifndef MAP_JQ_SHELL_H
#define MAP_JQ_SHELL_H

#include "core/buf.h"
#include "wire/json/scan.h"

/* What a row gives its events. */
struct shell_row {
	struct slice id;     /* 32 hex digits, for the event's messageId */
	struct slice record; /* a JSON string: recordId */
	struct slice user_id, anonymous_id; /* JSON strings; empty: none */
	struct slice action;                /* of a change; empty: none */
	bool change; /* the row is a change: its ids are fixed */
};

/* What all events get that the program leaves out. */
struct shell_event {
	const char *type;     /* NULL: the program must give one */
	struct slice sources; /* JSON text of context.sources */
	uint64_t fingerprint; /* of the mapping: for messageId */
};

/* Members that something is done about. */
enum shell_member {
	SHELL_ACTION,
	SHELL_ANONYMOUS_ID,
	SHELL_CHANNEL,
	SHELL_CONTEXT,
	SHELL_EVENT,
	SHELL_MESSAGE_ID,
	SHELL_RECORD_ID,
	SHELL_TYPE,
	SHELL_USER_ID,
	SHELL_RUDDER,  /* no event may have it */
	SHELL_MEMBERS, /* any other */
};

struct shell_part {
	struct slice name; /* decoded */
	struct slice key;  /* "name": as JSON; empty: not made yet */
	size_t at, n;      /* its JSON text in text */
};

enum { SHELL_FEW = 24 };

/* All-zero at first. */
struct shell {
	struct buf text;
	struct shell_part *part; /* owned */
	size_t n, size;
	/* of the last event with few members: their keys, and their order */
	const char *last[SHELL_FEW];
	unsigned char order[SHELL_FEW];
	size_t known[SHELL_MEMBERS]; /* index of a part and 1; 0: none */
	struct scan *scan;           /* of shell_object */
	struct buf line, names;
};

void shell_clear(struct shell *s);

/* Forget the members of the event before. */
void shell_begin(struct shell *s);

/* A member: its JSON text, compact and with the least of escapes, is to be put
 * at the end of the buffer, up to the next call. No name comes twice. key is
 * the name as JSON with a colon behind, and stays for good where it is; or
 * it is empty. The name is borrowed until shell_write.
 */
struct buf *shell_part(struct shell *s, struct slice name, struct slice key);

/* The event at the end of out, an LF behind, as the i-th (from 1) of n of its
 * row: NULL, or why it can be none.
 */
const char *shell_write(struct shell *s, const struct shell_row *r,
			const struct shell_event *event, size_t i, size_t n,
			struct buf *out);

/* The same for any bytes that should be the text of an object: one of a process
 * that ran a program (crew.h). Checked whole.
 */
const char *shell_object(struct shell *s, struct slice text,
			 const struct shell_row *r,
			 const struct shell_event *event, size_t i, size_t n,
			 struct buf *out);

#endif
