#include "wire/json/number.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/wide.h"
#include "wire/json/json.h"
#include "wire/json/span.h"

enum {
	DIGITS = 17, /* enough to tell all doubles apart */
	SCALE = 22   /* 10^SCALE * 2^53 has less than 128 bits */
};

static const char *skip_digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

bool number_valid(struct slice s)
{
	const char *p = s.p, *end = s.p + s.n, *from;

	if (p < end && *p == '-')
		p++;
	from = p;
	p = skip_digits(p, end);
	if (p == from || (*from == '0' && p - from > 1))
		return false;
	if (p < end && *p == '.') {
		from = ++p;
		p = skip_digits(p, end);
		if (p == from)
			return false;
	}
	if (p < end && (*p | 0x20) == 'e') {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		from = p;
		p = skip_digits(p, end);
		if (p == from)
			return false;
	}
	return p == end;
}

/* The significant digits of a number without its point: their number, or DIGITS
 * + 1 if there are more. Trailing zeros do not count.
 */
static size_t significant(struct slice number, char digit[DIGITS])
{
	size_t n = 0, zeros = 0;

	for (size_t i = 0; i < number.n; i++) {
		char c = number.p[i];

		if (c == 'e' || c == 'E')
			break;
		if (c < '0' || c > '9' || (n == 0 && c == '0'))
			continue;
		if (c == '0') {
			zeros++;
			continue;
		}
		for (; zeros > 0 && n < DIGITS; zeros--)
			digit[n++] = '0';
		if (n == DIGITS)
			return DIGITS + 1;
		digit[n++] = c;
	}
	return n;
}

/* Converts a decimal without an exponent to d / 10^scale, without trailing
 * zeros. False for an integer, and if d has more than DIGITS digits or scale is
 * out of range.
 */
static bool take_decimal(struct slice number, uint64_t *d, unsigned *scale)
{
	size_t digits = 0, zeros = 0, point = 0;

	*d = 0;
	for (size_t i = *number.p == '-'; i < number.n; i++) {
		unsigned c = (unsigned char)number.p[i] - (unsigned)'0';

		if (number.p[i] == '.') {
			point = i;
			continue;
		}
		if (c > 9)
			return false;
		if (c == 0) {
			zeros += *d > 0;
			continue;
		}
		digits += zeros + 1;
		if (digits > DIGITS)
			return false;
		for (; zeros > 0; zeros--)
			*d *= 10;
		*d = *d * 10 + c;
	}
	if (point == 0 || *d == 0 || number.n - 1 - point < zeros ||
	    number.n - 1 - point - zeros > SCALE)
		return false;
	*scale = (unsigned)(number.n - 1 - point - zeros);
	return true;
}

enum gives_back { NO, YES, UNKNOWN };

/* Whether the double nearest to d / 10^scale is printed as d again. The double
 * is m / 2^s with 53 bits of m, and m is d * 2^s / 10^scale, rounded. So the
 * difference is the rest of that division, and it is less than half of the last
 * digit if twice the rest is less than 2^s.
 */
static enum gives_back gives_back(uint64_t d, unsigned scale)
{
	wide p = wide_ten(scale), rest, unit;
	int d_bits = wide_bits(d), p_bits = wide_bits(p);
	bool less = (wide)d << (127 - d_bits) < p << (127 - p_bits);
	int s = 52 - (d_bits - p_bits) + less;

	if (d < UINT64_C(1000000000000000))
		return YES; /* any 15 digits */
	if (s < 0)
		return UNKNOWN;
	rest = ((wide)d << s) % p;
	if (rest > p - rest)
		rest = p - rest;
	unit = (wide)1 << s;
	if (2 * rest == unit)
		return UNKNOWN; /* a tie */
	return 2 * rest < unit ? YES : NO;
}

bool number_safe(struct slice number)
{
	char digit[DIGITS], text[64], again[40];
	unsigned scale;
	uint64_t d;
	size_t n;
	double v;

	if (take_decimal(number, &d, &scale)) {
		enum gives_back given = gives_back(d, scale);

		if (given != UNKNOWN)
			return given == YES;
	}
	if (json_double_safe(number))
		return true;
	n = significant(number, digit);
	if (n > DIGITS || n == 0 || number.n >= sizeof(text))
		return false;
	if (!memchr(number.p, '.', number.n) &&
	    !memchr(number.p, 'e', number.n) &&
	    !memchr(number.p, 'E', number.n))
		return false; /* an integer beyond 2^53 */
	memcpy(text, number.p, number.n);
	text[number.n] = '\0';
	v = strtod(text, NULL);
	if (!(v > 1e-300 && v < 1e300) && !(v < -1e-300 && v > -1e300))
		return false;
	snprintf(again, sizeof(again), "%.*e", (int)n - 1, v < 0 ? -v : v);
	for (size_t i = 0, at = 0; i < n; i++, at++) {
		at += again[at] == '.';
		if (again[at] != digit[i])
			return false;
	}
	return true;
}

static size_t number_at(const char *p, const char *end)
{
	const char *from = p;

	while (p < end && ((*p >= '0' && *p <= '9') || *p == '-' || *p == '+' ||
			   *p == '.' || (*p | 0x20) == 'e'))
		p++;
	return (size_t)(p - from);
}

int number_quote(struct slice value, struct buf *b)
{
	const char *p = value.p, *end = value.p + value.n, *from = p;
	int found = 0;

	while (p < end) {
		size_t n;

		if (*p == '"') {
			p = span_string(p, end);
			continue;
		}
		if (*p != '-' && (*p < '0' || *p > '9')) {
			p++;
			continue;
		}
		n = number_at(p, end);
		if (!number_safe(slice_of(p, n))) {
			found = 1;
			if (!b)
				return 1;
			buf_add(b, from, (size_t)(p - from));
			buf_char(b, '"');
			buf_add(b, p, n);
			buf_char(b, '"');
			from = p + n;
		}
		p += n;
	}
	if (b)
		buf_add(b, from, (size_t)(end - from));
	return found;
}
