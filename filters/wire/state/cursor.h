/* cursor.h - how far a source was read: in end lines, and in a state.
 *
 * Floor 1 (wire). A run of rudder-query with --cursor says in its end line
 * from where to where it has read:
 *
 *     "cursor":{"column":"at","type":"datetime","since":"A","value":"B"}
 *
 * rudder-diff --commit keeps that beside the snapshot, in the file `cursor` of
 * the state, from which the next rudder-query starts: one line of JSON with a
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
 * where not said. They live in text until cursor_clear.
 */
struct cursor {
	struct slice column, type; /* of the source, type as in begin lines */
	struct slice value;        /* as far as it was read */
	struct slice since;        /* from here; not said: from the start */
	struct slice by;           /* how rudder-diff compared the rows */
	/* in a file only */
	struct slice model;  /* fingerprint of source, model and parameters */
	struct slice key;    /* of cursor_seal for model; files of 0.1: none */
	struct slice state;  /* mark of the state that it belongs to */
	uint64_t generation; /* of the snapshot of that state */
	struct buf text;
};

/* The object of an end line, which is copied: 0, or -1 if it is not a cursor.
 */
int cursor_parse(struct cursor *c, struct slice object) MUST_USE;

/* The file: 1, 0 if there is no file, -1: ERR_CONFIG for a damaged, foreign or
 * newer one, ERR_DENIED, ERR_IO.
 */
int cursor_load(struct cursor *c, const char *path, struct err *e) MUST_USE;

/* Replaces the file, durable when it returns: ERR_CREATE, ERR_IO. */
int cursor_store(const struct cursor *c, const char *path,
		 struct err *e) MUST_USE;

/* What a stream and a state have in place of rudder-query's fingerprint, from
 * which parameters could be guessed: its keyed hash, 64 digits at the end of b.
 * The key is made of the seed of the state, and is in the file only, where the
 * next rudder-query finds it.
 */
void cursor_key(struct buf *b, uint64_t seed);
void cursor_seal(struct buf *b, struct slice key, struct slice fingerprint);

/* Whether the cursor of the file is of a run with that fingerprint. */
bool cursor_is_of(const struct cursor *c, struct slice fingerprint);

void cursor_clear(struct cursor *c);

#endif
