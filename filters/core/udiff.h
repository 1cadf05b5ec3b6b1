/* udiff.h - a line diff of two texts, for people.
 *
 * Floor 0. In the form of diff -u: common lines after a blank, lines of the
 * first text after -, of the second after +, with three lines around each
 * change.
 */
#ifndef CORE_UDIFF_H
#define CORE_UDIFF_H

#include "core/buf.h"

struct udiff_text {
	const char *label;
	struct slice text; /* lines with LF, optional in the last */
};

/* Appends the difference to b; nothing for equal texts. Finds the longest
 * common part if the numbers of differing lines, multiplied, are at most four
 * million; beyond that all these lines count as changed.
 */
void udiff(struct buf *b, const struct udiff_text *from,
	   const struct udiff_text *to);

#endif
