/* counts.h - counts in messages: "1 row, 2 rejected".
 *
 * Floor 0.
 */
#ifndef CORE_COUNTS_H
#define CORE_COUNTS_H

#include "core/buf.h"

/* Appends n and the noun, with an s unless n is 1: "1 row", "0 rows". */
void counts_add(struct buf *b, uint64_t n, const char *noun);

/* The same after a comma, and nothing where n is 0. */
void counts_also(struct buf *b, uint64_t n, const char *noun);

/* Appends a comma, n and a word that has no plural: ", 2 rejected". Nothing
 * where n is 0.
 */
void counts_as(struct buf *b, uint64_t n, const char *word);

#endif
