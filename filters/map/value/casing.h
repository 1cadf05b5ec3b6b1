/* casing.h - text in lower case, by Unicode's full mapping.
 *
 * Floor 2 (map), for mask.c. What JavaScript's toLowerCase and Python's lower
 * give, in no language: U+0130 becomes two characters, and a sigma at the end
 * of a word the final one. The tables are those of one version of Unicode, so
 * that a hash is the same on every machine.
 */
#ifndef MAP_VALUE_CASING_H
#define MAP_VALUE_CASING_H

#include "core/buf.h"

/* The text, which is UTF-8, in lower case at the end of b. */
void casing_lower(struct slice s, struct buf *b);

#endif
