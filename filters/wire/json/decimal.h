/* decimal.h - a JSON number as its digits and its power of ten.
 *
 * Floor 1 (wire). Numbers are compared by their exact decimal value, of any
 * size: 1000, 1000.0 and 1e3 are equal. The text has passed scan.h.
 */
#ifndef WIRE_JSON_DECIMAL_H
#define WIRE_JSON_DECIMAL_H

#include "core/buf.h"

/* The most digits that an integral number may have as an id. */
enum { DECIMAL_ID = 40 };

/* 0.DIGITS times 10 to the power. */
struct decimal {
	const char *digits; /* without zeros at either end */
	size_t n;           /* 0: the number is zero */
	int64_t power;
	bool negative;
};

/* Parses a number. Puts the digits into room, which has as many bytes as s.
 * False if the exponent is beyond 2^61.
 */
bool decimal_take(struct decimal *d, struct slice s, char *room);

/* Compares two numbers: -1, 0, 1. */
int decimal_order(const struct decimal *a, const struct decimal *b);

/* Appends a number as an id. An integral one is written in plain form, so that
 * 1000, 1000.0 and 1e3 are one id; any other number unchanged. With b NULL only
 * checks it. -1, and nothing written, for an integral number of more than
 * DECIMAL_ID digits.
 */
int decimal_id(struct buf *b, struct slice number) MUST_USE;

/* What decimal_id rejects, for messages. */
#define DECIMAL_ID_LONG "a number of more than 40 digits"

#endif
