#include "query/value_digits.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/wide.h"

enum {
	DOUBLE_LEAST = 15, /* any decimal of that length is the same after a
			    * conversion to double and back */
	DOUBLE_MOST = 17,  /* enough digits to tell all doubles apart */
	FLOAT_LEAST = 6,
	FLOAT_MOST = 9,
	TENS = 22, /* 10^TENS * 2^DBL_MANT_DIG needs less than 128 bits */
};

/* ---- by exact arithmetic, for numbers of usual size -------------------- */

/* A number as m / 2^s. */
struct binary {
	uint64_t m;
	int s;
};

static bool binary_of(struct binary *b, double v, bool is_float)
{
	int bits = is_float ? FLT_MANT_DIG : DBL_MANT_DIG, power;
	double part = frexp(v, &power);

	b->m = (uint64_t)ldexp(part, bits);
	b->s = bits - power;
	/* below a power of two, the next number is nearer than above it */
	return b->s > 0 && b->s < 75 && b->m != UINT64_C(1) << (bits - 1);
}

enum reads { DOES_NOT, DOES, TIE };

/* Rounds the number times 10^k to a decimal, and decides whether that reads
 * back as the number. It does if the error is less than half the distance to
 * the next number, which is 10^k / 2 in units of 1 / 2^s.
 */
static enum reads rounded(const struct binary *b, unsigned k, uint64_t *decimal)
{
	wide ten = wide_ten(k), all = b->m * ten, one = (wide)1 << b->s;
	wide off = all & (one - 1);

	*decimal = (uint64_t)(all >> b->s);
	if (2 * off > one || (2 * off == one && *decimal % 2 == 1)) {
		++*decimal;
		off = one - off;
	}
	return 2 * off == ten ? TIE : 2 * off < ten ? DOES : DOES_NOT;
}

static void take(struct value_digits *d, uint64_t decimal, int k)
{
	int n = 0;

	for (uint64_t v = decimal; v > 0; v /= 10)
		n++;
	d->point = n - k;
	for (; decimal % 10 == 0; n--)
		decimal /= 10;
	d->n = (size_t)n;
	for (; n > 0; decimal /= 10)
		d->digit[--n] = (char)('0' + decimal % 10);
}

/* False if it needs more than 128 bits, or is a tie. */
static bool exactly(double v, bool is_float, struct value_digits *d)
{
	int most = is_float ? FLOAT_MOST : DOUBLE_MOST;
	int whole = (int)floor(log10(v)) + 1;
	struct binary b;

	if (!binary_of(&b, v, is_float))
		return false;
	for (int p = is_float ? FLOAT_LEAST : DOUBLE_LEAST; p <= most; p++) {
		enum reads reads;
		uint64_t decimal;

		if (p < whole || p - whole > TENS)
			return false;
		reads = rounded(&b, (unsigned)(p - whole), &decimal);
		if (reads == TIE || decimal >= (uint64_t)wide_ten((unsigned)p))
			return false;
		if (reads == DOES) {
			take(d, decimal, p - whole);
			return true;
		}
	}
	return false;
}

/* ---- by search, for all other numbers ---------------------------------- */

void value_digits(double v, bool is_float, struct value_digits *d)
{
	bool tiny = v < (is_float ? (double)FLT_MIN : DBL_MIN);
	int most = is_float ? FLOAT_MOST : DOUBLE_MOST;
	int p = tiny ? 1 : is_float ? FLOAT_LEAST : DOUBLE_LEAST;
	char text[40];

	if (exactly(v, is_float, d))
		return;
	for (; p <= most; p++) {
		snprintf(text, sizeof(text), "%.*e", p - 1, v);
		if (is_float ? strtof(text, NULL) == (float)v
			     : strtod(text, NULL) == v)
			break;
	}
	d->n = 0;
	for (const char *c = text; *c != 'e'; c++) {
		if (*c != '.')
			d->digit[d->n++] = *c;
	}
	while (d->n > 1 && d->digit[d->n - 1] == '0')
		d->n--;
	d->point = 1 + (int)strtol(strchr(text, 'e') + 1, NULL, 10);
}
