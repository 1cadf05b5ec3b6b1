/* decimal.h - a number of JSON taken apart: its digits and its power of ten.
 *
 * Floor 1 (wire). Numbers count by their exact decimal value, of any size:
 * 1000, 1000.0 and 1e3 are one. What is read here has passed scan.h.
 */
#ifndef WIRE_JSON_DECIMAL_H
#define WIRE_JSON_DECIMAL_H

#include "core/buf.h"

/* Most digits of an integral number that is an id. */
enum { DECIMAL_ID = 40 };

/* 0.DIGITS times 10 to the power. */
struct decimal {
	const char *digits; /* no zero at either end */
	size_t n;           /* 0: the number is zero */
	int64_t power;
	bool negative;
};

/* Takes a number apart. The digits go to room, which has as many bytes as s.
 * False where the exponent is beyond 2^61.
 */
bool decimal_take(struct decimal *d, struct slice s, char *room);

/* Which of two numbers is smaller: -1, 0, 1. */
int decimal_order(const struct decimal *a, const struct decimal *b);

/* A number as an id, at the end of b. An integral one is written in plain form,
 * so that 1000, 1000.0 and 1e3 are one id; any other number as it is written. b
 * NULL: to ask only. -1, and nothing written, for an integral number of more
 * than DECIMAL_ID digits.
 */
int decimal_id(struct buf *b, struct slice number) MUST_USE;

/* What decimal_id refuses, for messages. */
#define DECIMAL_ID_LONG "a number of more than 40 digits"

#endif
