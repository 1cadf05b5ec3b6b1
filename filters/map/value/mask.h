/* mask.h - masks a value: trim, lower, hashes, truncation.
 *
 * Floor 2 (map), for field.c.
 */
#ifndef MAP_VALUE_MASK_H
#define MAP_VALUE_MASK_H

#include "map/value/field.h"

/* Applies all steps of f's mask to w->value (JSON, UTF-8) and appends the
 * result to b as a JSON string. Returns 1; 0 if the text is blank when a step
 * is about to hash it; -1 with said->why. f->key must be set if a step needs
 * it.
 */
int mask_value(const struct field *f, struct field_work *w, struct buf *b,
	       struct field_said *said) MUST_USE;

/* Frees the OpenSSL objects that hashing allocated in w. */
void mask_work_clear(struct field_work *w);

#endif
