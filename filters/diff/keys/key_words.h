/* key_words.h - the columns of a key in words, for messages.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_KEYS_KEY_WORDS_H
#define DIFF_KEYS_KEY_WORDS_H

#include "diff/keys/key.h"

/* Adds the columns as -k and --identity take them, for messages: "the key
 * 'id'", or "the key 'country,id' and the identity 'email'".
 */
void key_words(const struct key *k, struct buf *b);

/* The same for columns in the form of a state or a begin line. Anything else is
 * added unchanged.
 */
void key_words_of(struct slice columns, struct buf *b);

/* The reason why a row with a duplicate key is rejected: "duplicate key in
 * column 'id'".
 */
const char *key_words_duplicate(const struct key *k, char why[160]);

#endif
