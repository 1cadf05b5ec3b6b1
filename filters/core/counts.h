/* counts.h - counts in messages: "1 row, 2 rejected".
 *
 * Floor 0.
 */
#ifndef CORE_COUNTS_H
#define CORE_COUNTS_H

#include <string.h>

#include "core/buf.h"

/* Appends n and the noun, with an s unless n is 1: "1 row", "0 rows". */
void counts_add(struct buf *b, uint64_t n, const char *noun);

/* The same after a comma, and nothing where n is 0. */
void counts_also(struct buf *b, uint64_t n, const char *noun);

/* Appends a comma, n and a word that has no plural: ", 2 rejected". Nothing
 * where n is 0.
 */
void counts_as(struct buf *b, uint64_t n, const char *word);

/* What goes with a number in a message: one where n is 1, else many ("is",
 * "are"). COUNTS_S is the end of a noun.
 */
static inline const char *counts_word(uint64_t n, const char *one,
				      const char *many)
{
	return n == 1 ? one : many;
}
#define COUNTS_S(n) counts_word(n, "", "s")

/* How much of a plural ending in s goes with n, for "%.*s": all, or without its
 * last letter.
 */
static inline int counts_noun(uint64_t n, const char *plural)
{
	return (int)strlen(plural) - (n == 1);
}

#endif
