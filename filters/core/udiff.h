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

/* The difference at the end of b, nothing if there is none. The longest
 * common part is found if the number of differing lines, of both multiplied, is
 * at most four millions; beyond that all lines count as changed.
 */
void udiff(struct buf *b, const struct udiff_text *from,
	   const struct udiff_text *to);

#endif
