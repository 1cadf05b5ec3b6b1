/* token.h - strings, numbers and literals of JSON, for the scanner.
 *
 * Floor 1 (wire). Each function takes the first byte of a token and returns the
 * end of the token, or NULL if it is invalid: then scan_why and scan_at have
 * the error. They clear plain and set long_number in the scanner.
 */
#ifndef WIRE_JSON_TOKEN_H
#define WIRE_JSON_TOKEN_H

#include "wire/json/scan_parts.h"
#include "wire/json/vec.h"

/* Stores what is wrong and where: returns NULL. */
const char *token_fail(struct scan *s, const char *at, const char *why);

/* token_string and token_number without the fast paths. */
const char *token_any_string(struct scan *s, const char *p);
const char *token_any_number(struct scan *s, const char *p);

/* From after the opening quote to the closing one, or NULL. */
static ALWAYS_INLINE const char *token_string(struct scan *s, const char *p)
{
	const char *end = LIKELY(!s->portable) ? vec_string(p) : NULL;

	return LIKELY(end != NULL) ? end : token_any_string(s, p);
}

static ALWAYS_INLINE bool token_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

/* The end of the number at p, or NULL. Up to 14 bytes without an exponent are
 * handled by testing all digits at once: the end of a loop would be hard to
 * predict.
 */
static ALWAYS_INLINE const char *token_number(struct scan *s, const char *p)
{
	const char *from = p + (*p == '-');
	unsigned other = ~vec_digits(from) | 1u << 15;
	unsigned n = (unsigned)__builtin_ctz(other), tail;

	if (UNLIKELY(s->portable || n == 0 || n == 15 || *from == '0'))
		return token_any_number(s, p);
	if (from[n] == '.') {
		tail = (unsigned)__builtin_ctz(other >> (n + 1));
		if (UNLIKELY(tail == 0 || n + 1 + tail >= 15))
			return token_any_number(s, p);
		n += 1 + tail;
		if (UNLIKELY(from[n - 1] == '0'))
			s->plain = false;
	}
	if (UNLIKELY((from[n] | 0x20) == 'e'))
		return token_any_number(s, p);
	return from + n;
}

static ALWAYS_INLINE const char *token_space(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r')
		p++;
	return p;
}

/* The first n of the 8 bytes at p, the others zero. */
static ALWAYS_INLINE uint64_t token_word(const char *p, size_t n)
{
	static const char keep[] = "\xff\xff\xff\xff\xff\xff\xff\xff"
				   "\0\0\0\0\0\0\0";
	uint64_t v, mask;

	memcpy(&v, p, sizeof(v));
	memcpy(&mask, keep + 8 - n, sizeof(mask));
	return v & mask;
}

/* Scans a scalar, or the start of a container: returns the end, or NULL. */
static ALWAYS_INLINE const char *token_scalar(struct scan *s, const char *p,
					      enum scan_kind *kind)
{
	size_t yes, no, n;

	if (*p == '"') {
		*kind = SCAN_STRING;
		p = token_string(s, p + 1);
		return LIKELY(p != NULL) ? p + 1 : NULL;
	}
	if (token_digit(*p) || *p == '-') {
		*kind = SCAN_NUMBER;
		return token_number(s, p);
	}
	yes = token_word(p, 4) == token_word("true\0\0\0", 4);
	no = token_word(p, 5) == token_word("false\0\0", 5);
	n = 4 * yes + 5 * no; /* no branch: it would be hard to predict */
	if (LIKELY(n != 0)) {
		*kind = (enum scan_kind)(SCAN_FALSE + yes);
		return p + n;
	}
	*kind = SCAN_NULL;
	if (memcmp(p, "null", 4) == 0)
		return p + 4;
	return token_fail(s, p, "invalid value");
}

#endif
