/* key_words.h - the columns of a key in words, for messages.
 *
 * Floor 2 (diff).
 */
#ifndef DIFF_KEYS_KEY_WORDS_H
#define DIFF_KEYS_KEY_WORDS_H

#include "diff/keys/key.h"

/* The columns for messages, as -k and --identity take them: "the key 'id'", or
 * "the key 'country,id' and the identity 'email'".
 */
void key_words(const struct key *k, struct buf *b);

/* The same of columns as a state or a begin line has them. What is not of that
 * form is added as it is.
 */
void key_words_of(struct slice columns, struct buf *b);

/* Why a row is rejected whose key another row has: "duplicate key in column
 * 'id'".
 */
const char *key_words_duplicate(const struct key *k, char why[160]);

#endif
