/* control.h - the control lines of rudder-stream(5), and `_rudder` of changes.
 *
 * Floor 1 (wire). A control line is an object with the member `_rudder` whose
 * type is begin, end, reject, skip, missing or abort. A change is a row whose
 * `_rudder` has the type change. Unknown types and unknown members are passed
 * on as they are.
 */
#ifndef WIRE_STREAM_CONTROL_H
#define WIRE_STREAM_CONTROL_H

#include "core/buf.h"
#include "core/err.h"
#include "wire/json/scan.h"

/* The one reserved column name. */
#define CONTROL_NAME "_rudder"

enum control_type {
	CONTROL_NONE, /* a data line without _rudder */
	CONTROL_CHANGE,
	CONTROL_BEGIN,
	CONTROL_END,
	CONTROL_REJECT,
	CONTROL_SKIP,
	CONTROL_ABORT,   /* abort.h reads it */
	CONTROL_MISSING, /* a key that the model no longer has: --delta */
	CONTROL_OTHER,   /* of a later version: passed on */
};

/* The parsed `_rudder` of one line. Texts are borrowed from the line and not
 * decoded; missing ones are empty. rudder-stream(5) defines which lines have
 * which member.
 */
struct control {
	enum control_type type;
	struct slice action;  /* change, skip, reject: insert, update, delete */
	struct slice id;      /* change, skip, reject: key text, JSON string */
	struct slice change;  /* change, skip, reject: 32 hex digits, checked */
	struct slice stage;   /* reject, skip: which tool */
	struct slice reason;  /* reject, skip: JSON string */
	struct slice stream;  /* begin, end: rows changes events receipts */
	struct slice run;     /* begin: run id */
	struct slice model;   /* begin: fingerprint of the model */
	struct slice state;   /* begin: JSON string, path of the state */
	struct slice attempt; /* begin: token of the lock on that state */
	struct slice body;    /* the whole object */
};

struct control_reader;
struct control_reader *control_reader_new(void) MUST_USE;
void control_reader_free(struct control_reader *r);

/* Reads the value of a `_rudder` member: 0, or -1 if it is not an object with a
 * type, or its change is not a change id (ERR_DATA, without the line number).
 */
int control_read(struct control_reader *r, struct slice value,
		 struct control *c, struct err *e) MUST_USE;

/* A counter of an end line, by name: 1 with *n set, 0 if it is missing, -1 if
 * it is not a whole number up to 2^64 - 1. Only valid right after control_read.
 */
int control_count(const struct control_reader *r, const char *name,
		  uint64_t *n);

/* Any member of the object read last, or the empty slice. */
struct slice control_member(const struct control_reader *r, const char *name);

/* The content of a reject or skip line. */
struct control_note {
	const char *type;    /* "reject" or "skip" */
	const char *stage;   /* "query", "diff", "map" */
	uint64_t line;       /* 0: not given */
	const char *reason;  /* UTF-8 text without values of the record */
	struct slice action; /* without quotes; empty: not given */
	struct slice id;     /* a JSON string; empty: not given */
	struct slice change; /* empty: not given */
	bool blocked;        /* a reject of a delete that is blocked: pending */
	struct slice record; /* any bytes: quoted, truncated at 64 KiB; p NULL:
			      * not given */
};

/* Appends a reject or skip line, without LF. */
void control_note(struct buf *b, const struct control_note *note);

/* Starts a begin or end line that a stage passes on: {"_rudder":{ and the
 * members of body except those in drop (ended by NULL). The stage adds its own
 * members (control_add_*), and ends it with control_close. The member `stream`
 * is always replaced. Unknown members stay.
 */
void control_rewrite(struct buf *b, struct slice body, const char *stream,
		     const char *const *drop);

/* Starts a new end line, up to its counts. End it with control_close. */
void control_end(struct buf *b, const char *stream);
void control_add_count(struct buf *b, const char *name, uint64_t n);
void control_add_text(struct buf *b, const char *name, struct slice text);
void control_close(struct buf *b);

/* Adds the member `NAME` to an end line, if the time is measured: tool_own_ms.
 */
void control_add_own_ms(struct buf *b, const char *name);

/* Appends the messageId of an event of a change (32 hex digits): a UUID of
 * version 8 (RFC 9562, 5.8). Its first 24 digits are those of the change. The
 * last 8 are those of the change XOR mix, which depends on the event's type,
 * its name and the mapping (map/settings/fingerprint.h): so a change has
 * different ids under two mappings. mix is 0 if no mapping is involved: rejects
 * and skips.
 *
 * Digit 12 (from 0) is the version, 8, and the two high bits of digit 16 are
 * the variant, 10. The ids of rudder-diff already have them there, so that 90
 * bits of its hash are in the first 24 digits and no digit changes on the way;
 * ids from elsewhere get them.
 *
 * A change with n > 1 events adds "-1-n" to "-n-n" after the UUID; n of 1 adds
 * nothing.
 */
void control_message_id(struct buf *b, struct slice change, uint32_t mix,
			size_t i, size_t n);

/* Appends what comes after the UUID: "-i-n", or nothing if n is 1. */
void control_part(struct buf *b, size_t i, size_t n);

/* The inverse, also for the ids of 0.1, which had all 32 digits of the change:
 * 1, or 0 if it is not such an id. change gets the 32 digits of the id, of
 * which the first CONTROL_FOUND_BY identify the change. i and n are as above,
 * and at most UINT32_MAX.
 */
enum { CONTROL_FOUND_BY = 24 };
int control_change_of(struct slice message_id, char change[32], uint64_t *i,
		      uint64_t *n);

#endif
