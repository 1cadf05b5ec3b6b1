/* number.h - validates numbers, and finds those that floating point changes.
 *
 * Floor 1 (wire). The data plane reads numbers as doubles, and so does jq
 * before 1.7. A double holds any integer up to 2^53, and any decimal that is
 * the text of a double; other numbers would be printed with different digits.
 */
#ifndef WIRE_JSON_NUMBER_H
#define WIRE_JSON_NUMBER_H

#include "core/buf.h"

/* Whether the text is a number by JSON's grammar (RFC 8259, 6). */
bool number_valid(struct slice s);

/* Whether a double gives back the same number. */
bool number_safe(struct slice number);

/* Appends the JSON value, with quotes around each number that is not safe: 1 if
 * there was one, else 0. With b NULL only checks it.
 */
int number_quote(struct slice value, struct buf *b);

#endif
