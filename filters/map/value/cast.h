/* cast.h - converts a value of a row to a different type.
 *
 * Floor 2 (map), for field.c.
 */
#ifndef MAP_VALUE_CAST_H
#define MAP_VALUE_CAST_H

#include "map/value/field.h"

/* The value, which is no null, as the JSON that f->cast asks for, at the end
 * of b: 0, or -1 where it is none, and *why says of what. Text that is no UTF-8
 * once decoded is refused where anything is done to it.
 */
int cast_value(const struct field *f, const struct scan_member *m,
	       struct buf *b, const char **why) MUST_USE;

#endif
