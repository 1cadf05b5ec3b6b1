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

/* The same after a comma; nothing if n is 0. */
void counts_also(struct buf *b, uint64_t n, const char *noun);

/* Appends a comma, n and a word without a plural: ", 2 rejected". Nothing if n
 * is 0.
 */
void counts_as(struct buf *b, uint64_t n, const char *word);

/* The word that goes with a number in a message: `one` if n is 1, else `many`
 * ("is", "are"). COUNTS_S is the ending of a noun.
 */
static inline const char *counts_word(uint64_t n, const char *one,
				      const char *many)
{
	return n == 1 ? one : many;
}
#define COUNTS_S(n) counts_word(n, "", "s")

/* The length of a plural ending in s to print for n, with "%.*s": all of it, or
 * without the s.
 */
static inline int counts_noun(uint64_t n, const char *plural)
{
	return (int)strlen(plural) - (n == 1);
}

#endif
