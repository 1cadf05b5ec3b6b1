#include "wire/json/number.h"

#include <stdio.h>
#include <stdlib.h>

#include "wire/json/json.h"
#include "wire/json/span.h"

enum { DIGITS = 17 }; /* that tell all doubles apart */

/* The significant digits of a number without its point: how many, or DIGITS +
 * 1 for more. Trailing zeros do not count.
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

bool number_safe(struct slice number)
{
	char digit[DIGITS], text[64], again[40];
	size_t n;
	double v;

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
