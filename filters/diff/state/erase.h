/* erase.h - erases a key from a snapshot, with all notes about it.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_STATE_ERASE_H
#define DIFF_STATE_ERASE_H

#include "core/err.h"
#include "diff/keys/key.h"
#include "diff/state/snapshot.h"

/* Whether id names the key: with any identity, or with the one that is in id.
 */
bool erase_has_id(const struct key *k, struct slice text, const char *id);

/* The same for a value of "id" as it is in the stream, a JSON string or number.
 * k may have no columns, if the state has none yet.
 */
bool erase_has_value(const struct key *k, struct slice value, const char *id);

/* Writes the snapshot to path, under that generation, without the key and its
 * notes: if the snapshot has the key, or in any case with anyway. *found is set
 * if it had the key. id is the text of "id" in the stream; a number and a
 * string may both have it. ERR_CONFIG, ERR_CREATE, ERR_IO.
 */
int erase_key(struct snapshot *s, const char *id, uint64_t generation,
	      const char *path, bool anyway, bool *found,
	      struct err *e) MUST_USE;

#endif
