/* number.h - what a number is, and which ones floating point would change.
 *
 * Floor 1 (wire). The data plane reads numbers as doubles, and so does jq
 * before 1.7. A double holds any integer up to 2^53, and any decimal that is
 * some double's own text; others are printed with different digits.
 */
#ifndef WIRE_JSON_NUMBER_H
#define WIRE_JSON_NUMBER_H

#include "core/buf.h"

/* Whether the text is a number by JSON's grammar (RFC 8259, 6). */
bool number_valid(struct slice s);

/* Whether a double gives back the same number. */
bool number_safe(struct slice number);

/* The JSON value at the end of b, with each number that is not safe in quotes:
 * 1 when there was one, else 0. With b NULL: to ask only.
 */
int number_quote(struct slice value, struct buf *b);

#endif
