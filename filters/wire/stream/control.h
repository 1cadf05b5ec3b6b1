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

/* What `_rudder` of one line says. Texts are borrowed from the line, as they
 * are written there; absent ones are empty. Which member means what is fixed by
 * rudder-stream(5).
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

/* Read the value of a `_rudder` member: 0, or -1 where it is not an object with
 * a type, or its change is not a change id (ERR_DATA, without the line number).
 */
int control_read(struct control_reader *r, struct slice value,
		 struct control *c, struct err *e) MUST_USE;

/* A counter in an end line, by name: 1 with *n set, 0 when it is not there, -1
 * when it is not a whole number up to 2^64 - 1. Only right after control_read.
 */
int control_count(const struct control_reader *r, const char *name,
		  uint64_t *n);

/* Any member of the object read last, or the empty slice. */
struct slice control_member(const struct control_reader *r, const char *name);

/* What a reject or skip line says. */
struct control_note {
	const char *type;    /* "reject" or "skip" */
	const char *stage;   /* "query", "diff", "map" */
	uint64_t line;       /* 0: not said */
	const char *reason;  /* UTF-8 text without values of the record */
	struct slice action; /* raw text without quotes; empty: not said */
	struct slice id;     /* a JSON string; empty: not said */
	struct slice change; /* raw text; empty: not said */
	bool blocked;        /* a reject of a delete that is blocked: pending */
	struct slice
		record; /* any bytes: quoted, cut at 64 KiB; p NULL: not said */
};

/* A whole reject or skip line, without LF, at the end of b. */
void control_note(struct buf *b, const struct control_note *note);

/* A begin or end line passed on by a stage: {"_rudder":{ and the members of
 * body but for those named in drop (ended by NULL), of which the stage writes
 * its own behind them (control_add_*), and then }} by control_close. The
 * stream is always dropped and written anew. Unknown members stay.
 */
void control_rewrite(struct buf *b, struct slice body, const char *stream,
		     const char *const *drop);

/* A new end line up to its counts, to be closed by control_close. */
void control_end(struct buf *b, const char *stream);
void control_add_count(struct buf *b, const char *name, uint64_t n);
void control_add_text(struct buf *b, const char *name, struct slice text);
void control_close(struct buf *b);

/* The member `NAME` of an end line, where the time is counted: tool_own_ms. */
void control_add_own_ms(struct buf *b, const char *name);

/* The messageId of an event of a change (32 hex digits): a UUID of version 8
 * (RFC 9562, 5.8). Its first 24 digits are those of the change, and the last 8
 * are those of the change XOR mix, which stands for the event's type, its name
 * and the mapping (map/settings/fingerprint.h): two mappings give one change
 * two ids. A mix of 0 is for what no mapping made: rejects and skips.
 *
 * Digit 12 (from 0) is the version, 8, and the two high bits of digit 16 are
 * the variant, 10. The ids of rudder-diff have them in these places, so that
 * 90 bits of its hash are left in the first 24 digits and nothing is lost or
 * masked on the way; in an id of another maker they are put there.
 *
 * A change that became n > 1 events gives them "-1-n" to "-n-n" behind the
 * UUID; n of 1 gives the plain form.
 */
void control_message_id(struct buf *b, struct slice change, uint32_t mix,
			size_t i, size_t n);

/* What stands behind the UUID: "-i-n", or nothing where n is 1. */
void control_part(struct buf *b, size_t i, size_t n);

/* The way back, also of the ids of 0.1, which had all 32 digits of the change:
 * 1, or 0 when it is no such id. change gets the 32 digits of the id, of which
 * the first CONTROL_FOUND_BY tell the change. i and n as above, and at most
 * UINT32_MAX.
 */
enum { CONTROL_FOUND_BY = 24 };
int control_change_of(struct slice message_id, char change[32], uint64_t *i,
		      uint64_t *n);

#endif
