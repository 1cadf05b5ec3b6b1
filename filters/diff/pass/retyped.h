/* retyped.h - missing keys that arrived with a different type: 7 as "7".
 *
 * Floor 2 (diff). 7 and "7" are two keys to a state, but one to most
 * destinations: the delete of the old one would delete the new one. The same is
 * true of 7.0, which is the same as 7, "7.0" or "7" to some. Not with
 * --identity: identities are compared without their types.
 */
#ifndef DIFF_PASS_RETYPED_H
#define DIFF_PASS_RETYPED_H

#include "diff/keys/key_types.h"
#include "diff/pass/pass.h"

/* Whether a missing key arrived with a different type. */
enum retyped { RETYPED_NOT, RETYPED_NEW, RETYPED_DELIVERED };

/* For the text of a missing key: whether it arrived with a different type, and
 * whether that key was delivered before. Call it after all rows.
 */
enum retyped retyped_find(struct pass *r, struct slice text);

/* Whether the state has the key of a new row with a different type. */
bool retyped_known(struct pass *r, struct slice text);

/* Walks over the hashes of a key with other types: 1 with *key set, 0 after the
 * last. Start with an all-zero walk; text is borrowed. Tries only types that
 * some key in the state or in the rows has. If those are not known (only few
 * rows of a large state are looked up, or there are very many), and more than
 * four columns could have another type, it tries to change up to two, all
 * except up to two, all numbers, all strings, or all.
 */
struct retyped_walk {
	struct key_types types;
	unsigned step;
	bool patterns; /* only types that some key has are tried */
	bool plain;    /* of the text in canonical form: 7 for 7.0 */
};
bool retyped_next(struct pass *r, struct retyped_walk *w, struct slice text,
		  struct hash *key);

#endif
