/* cast.h - converts a value of a row to a different type.
 *
 * Floor 2 (map), for field.c.
 */
#ifndef MAP_VALUE_CAST_H
#define MAP_VALUE_CAST_H

#include "map/value/field.h"

/* The value, which is not null, as the type of f->cast in JSON, at the end of
 * b: 0, or -1 if it is not of that type, with *why. Text that is not UTF-8 when
 * decoded is refused, unless it stays unchanged. text is memory.
 */
int cast_value(const struct field *f, const struct scan_member *m,
	       struct buf *text, struct buf *b, const char **why) MUST_USE;

#endif
