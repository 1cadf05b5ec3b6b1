/* erase.h - erases a key from a snapshot, with all notes about it.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_STATE_ERASE_H
#define DIFF_STATE_ERASE_H

#include "core/err.h"
#include "diff/keys/key.h"
#include "diff/state/snapshot.h"

/* Whether it is the key, with any identity or with the one that id names. */
bool erase_has_id(const struct key *k, struct slice text, const char *id);

/* The same for a value of "id" as the stream has it, a JSON string or number.
 * The key may have no columns, where the state has none yet.
 */
bool erase_has_value(const struct key *k, struct slice value, const char *id);

/* Write the snapshot, if it has the key or anyway, without it and without what
 * is noted of it, under that generation to path; *found is set if it had it.
 * The key is named by the text that "id" has in the stream, which a number and
 * a string may both have. ERR_CONFIG, ERR_CREATE, ERR_IO.
 */
int erase_key(struct snapshot *s, const char *id, uint64_t generation,
	      const char *path, bool anyway, bool *found,
	      struct err *e) MUST_USE;

#endif
