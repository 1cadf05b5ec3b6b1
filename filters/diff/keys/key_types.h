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

/* Which of them, and which have another type: numbers, truth values, and
 * strings that read as one.
 */
struct key_types {
	unsigned strings, other; /* bits */
};
void key_types(const struct key *k, struct slice text, struct key_types *t);

/* Key text with another type in the columns of which the bit is set: 7 for "7",
 * "7" for 7. It is the text of no key where the column has no such value.
 */
void key_types_retype(const struct key *k, struct buf *b, struct slice text,
		      unsigned columns);

#endif
