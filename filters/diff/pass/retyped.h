/* retyped.h - missing keys that arrived with a different type: 7 as "7".
 *
 * Floor 2 (diff). To a state 7 and "7" are two keys, to most destinations they
 * are one: the delete of the old one would be that of the new one. The same
 * goes for 7.0, which is 7, "7.0" or "7" somewhere. With --identity there are
 * no such pairs: identities are compared whatever their types.
 */
#ifndef DIFF_PASS_RETYPED_H
#define DIFF_PASS_RETYPED_H

#include "diff/keys/key_types.h"
#include "diff/pass/pass.h"

/* In what way a missing key arrived under another type. */
enum retyped { RETYPED_NOT, RETYPED_NEW, RETYPED_DELIVERED };

/* For the text of a missing key: whether it arrived as another type, and then
 * whether that one was delivered before. After all rows.
 */
enum retyped retyped_find(struct pass *r, struct slice text);

/* Whether the state has the key of a new row as another type. */
bool retyped_known(struct pass *r, struct slice text);

/* The same key under each other type, as hashes: 1 with *key set, 0 after
 * the last. Start with an all-zero walk; text is borrowed. Only types that a
 * key of the state, or one that arrived, has are tried. Where those are not
 * known (only few rows of a large state are looked at; very many types), and
 * more than four columns have another type, these change: up to two, all but up
 * to two, all numbers, all strings, or all.
 */
struct retyped_walk {
	struct key_types types;
	unsigned step;
	bool patterns; /* they tell which types are tried */
	bool plain;    /* of the text by its value, 7 for 7.0 */
};
bool retyped_next(struct pass *r, struct retyped_walk *w, struct slice text,
		  struct hash *key);

#endif
