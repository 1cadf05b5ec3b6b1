/* key_types.h - the types of the values in a key: 7 is one key and "7" another.
 *
 * Floor 2 (diff). A source that changes the type of a key column gives every
 * row a new key. These functions find the key that a row had before.
 */
#ifndef DIFF_KEYS_KEY_TYPES_H
#define DIFF_KEYS_KEY_TYPES_H

#include "diff/keys/key.h"

/* Which columns of a key text are strings, a bit for each. */
unsigned key_types_strings(const struct key *k, struct slice text);

/* Which columns are strings, and which could have another type: numbers,
 * booleans, and strings that read like one.
 */
struct key_types {
	unsigned strings, other; /* bits */
};
void key_types(const struct key *k, struct slice text, struct key_types *t);

/* Adds the key text with another type in the columns whose bit is set: 7 for
 * "7", "7" for 7. If a column cannot have another type, the result is not the
 * text of any key.
 */
void key_types_retype(const struct key *k, struct buf *b, struct slice text,
		      unsigned columns);

#endif
