/* mask.h - masks a value: trim, lower, hashes, truncation.
 *
 * Floor 2 (map), for field.c.
 */
#ifndef MAP_VALUE_MASK_H
#define MAP_VALUE_MASK_H

#include "map/value/field.h"

/* w->value, which is JSON and UTF-8, after all steps of f's mask, as a JSON
 * string at the end of b: 1; 0 where it is blank when it comes to a hash; -1
 * with said->why. f->key is there where a step wants it.
 */
int mask_value(const struct field *f, struct field_work *w, struct buf *b,
	       struct field_said *said) MUST_USE;

/* Gives back what hashes took from OpenSSL. */
void mask_work_clear(struct field_work *w);

#endif
