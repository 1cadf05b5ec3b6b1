/* casing.h - converts text to lower case, by Unicode's full mapping.
 *
 * Floor 2 (map), for mask.c. Gives the result of JavaScript's toLowerCase and
 * Python's lower, independent of language: U+0130 becomes two characters, and a
 * sigma at the end of a word becomes the final sigma. The tables are those of
 * one Unicode version, so that a hash is the same on every machine.
 */
#ifndef MAP_VALUE_CASING_H
#define MAP_VALUE_CASING_H

#include "core/buf.h"

/* Appends s, which is UTF-8, in lower case to b. */
void casing_lower(struct slice s, struct buf *b);

#endif
