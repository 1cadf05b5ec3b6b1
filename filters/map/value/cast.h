/* cast.h - converts a value of a row to a different type.
 *
 * Floor 2 (map), for field.c.
 */
#ifndef MAP_VALUE_CAST_H
#define MAP_VALUE_CAST_H

#include "map/value/field.h"

/* Converts the value of m, which is not null, to the type f->cast and appends
 * it to b as JSON. Returns 0, or -1 with *why if the value is not of that type.
 * A string that is not UTF-8 when decoded (half a surrogate pair) is rejected,
 * unless f neither casts nor masks. text is a scratch buffer.
 */
int cast_value(const struct field *f, const struct scan_member *m,
	       struct buf *text, struct buf *b, const char **why) MUST_USE;

#endif
