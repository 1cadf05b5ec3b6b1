/* udiff.h - a line diff of two texts, for people.
 *
 * Floor 0. The form of diff -u: lines of both with a blank in front, of the
 * first with -, of the second with +, three lines around each change.
 */
#ifndef CORE_UDIFF_H
#define CORE_UDIFF_H

#include "core/buf.h"

struct udiff_text {
	const char *label;
	struct slice text; /* lines with LF; a last one without is taken too */
};

/* The difference at the end of b, nothing where there is none. The longest
 * common part is found where the lines that differ, of both multiplied, are at
 * most four millions; beyond that they are all taken for changed.
 */
void udiff(struct buf *b, const struct udiff_text *from,
	   const struct udiff_text *to);

#endif
