/* cursor.h - how far a source was read: in end lines, and in a state.
 *
 * Floor 1 (wire). The end line of rudder-query --cursor has from where to where
 * it has read:
 *
 *     "cursor":{"column":"at","type":"datetime","since":"A","value":"B"}
 *
 * rudder-diff --commit stores that beside the snapshot, in the file `cursor` of
 * the state, where the next rudder-query starts: one line of JSON with a
 * version and a checksum. Values are text whatever their type, so that no
 * filter in between rounds them.
 */
#ifndef WIRE_STATE_CURSOR_H
#define WIRE_STATE_CURSOR_H

#include "core/buf.h"
#include "core/err.h"

/* The file's name in the folder of a state. */
#define CURSOR_FILE "cursor"

/* JSON strings, with their quotes, so that equal bytes are equal values; empty
 * if missing. They live in text until cursor_clear.
 */
struct cursor {
	struct slice column, type; /* of the source, type as in begin lines */
	struct slice value;        /* as far as it was read */
	struct slice since;        /* empty: read from the beginning */
	struct slice by;           /* how rudder-diff compared the rows */
	/* in a file only */
	struct slice model;  /* fingerprint of source, model and parameters */
	struct slice key;    /* of cursor_seal for model; none in 0.1 */
	struct slice state;  /* id of the state that it belongs to */
	uint64_t generation; /* of the snapshot of that state */
	struct buf text;
};

/* Parses a copy of the object of an end line: 0, or -1 if it is not a cursor.
 */
int cursor_parse(struct cursor *c, struct slice object) MUST_USE;

/* Loads the file: 1; 0 if there is no file; -1: ERR_CONFIG for a damaged,
 * foreign or newer one, ERR_DENIED, ERR_IO.
 */
int cursor_load(struct cursor *c, const char *path, struct err *e) MUST_USE;

/* Replaces the file, durable on return: ERR_CREATE, ERR_IO. */
int cursor_store(const struct cursor *c, const char *path,
		 struct err *e) MUST_USE;

/* Parameters could be guessed from rudder-query's fingerprint. So a stream and
 * a state have a keyed hash of it, which cursor_seal appends as 64 digits. The
 * key is made from the seed of the state, and is only in the file, for the next
 * rudder-query.
 */
void cursor_key(struct buf *b, uint64_t seed);
void cursor_seal(struct buf *b, struct slice key, struct slice fingerprint);

/* Whether the cursor of the file is from a run with that fingerprint. */
bool cursor_is_of(const struct cursor *c, struct slice fingerprint);

void cursor_clear(struct cursor *c);

#endif
