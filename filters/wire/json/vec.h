/* vec.h - searches JSON text sixteen bytes at a time, if the processor can.
 *
 * Floor 1 (wire), for the scanner. Reads up to 32 bytes past the end;
 * READER_PAD allows that. The vectors are GCC's for the baseline of x86-64,
 * which measured faster than wider ones on the short strings of rows. On other
 * machines only the portable search works, and the other functions return that
 * they cannot decide, so that the caller checks each byte.
 */
#ifndef WIRE_JSON_VEC_H
#define WIRE_JSON_VEC_H

#include "core/slice.h"

/* The highest bit of each byte in a word of eight. */
#define VEC_HIGH UINT64_C(0x8080808080808080)

/* Has some of these bits set if one of the eight bytes of v must be escaped in
 * a string, or ends it.
 */
static ALWAYS_INLINE uint64_t vec_odd(uint64_t v)
{
	const uint64_t ones = 0x0101010101010101;
	uint64_t quote = v ^ ones * '"', slash = v ^ ones * '\\';

	return ((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
	       ((v - ones * 0x20) & ~v);
}

/* The first byte from p on that is not plain ASCII within a string: a quote, a
 * backslash, a control, or beyond ASCII. Checks eight bytes at a time in a
 * general register.
 */
static inline const char *vec_run_portable(const char *p)
{
	for (;;) {
		uint64_t v;

		memcpy(&v, p, sizeof(v));
		if (((vec_odd(v) | v) & VEC_HIGH) != 0)
			break; /* it is one of these eight, in any byte order */
		p += 8;
	}
	while ((unsigned char)*p >= 0x20 && (unsigned char)*p < 0x80 &&
	       *p != '"' && *p != '\\')
		p++;
	return p;
}

/* The mask for a text that is too long for vec_head. */
#define VEC_LONG (1u << 16)

#if defined(__SSE2__)
#include <emmintrin.h>

typedef unsigned char vec_bytes __attribute__((vector_size(16)));
typedef signed char vec_signed __attribute__((vector_size(16)));
typedef char vec_chars __attribute__((vector_size(16)));

static ALWAYS_INLINE vec_bytes vec_load(const char *p)
{
	vec_bytes v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* One bit for the highest bit of each byte. */
static ALWAYS_INLINE unsigned vec_bits(vec_signed v)
{
	return (unsigned)__builtin_ia32_pmovmskb128((vec_chars)v);
}

/* The bytes that must be escaped in a string, or end it. */
static ALWAYS_INLINE vec_signed vec_ends(vec_bytes v)
{
	return (vec_signed)(v == '"') | (vec_signed)(v == '\\') |
	       (vec_signed)(v < 0x20);
}

/* As vec_run_portable. */
static ALWAYS_INLINE const char *vec_run(const char *p)
{
	for (;; p += 16) {
		vec_bytes v = vec_load(p);
		unsigned bits = vec_bits(vec_ends(v) | (vec_signed)v);

		if (bits != 0)
			return p + __builtin_ctz(bits);
	}
}

/* Whether n bytes are equal. Reads up to 16 bytes past n, but not more than 16
 * past the first difference: to compare a text without LF with a line, the end
 * of the line need not be known.
 */
static ALWAYS_INLINE bool vec_same(const char *a, const char *b, size_t n)
{
	unsigned same;

	for (; n > 16; n -= 16, a += 16, b += 16) {
		if (vec_bits((vec_signed)(vec_load(a) == vec_load(b))) !=
		    0xffff)
			return false;
	}
	same = vec_bits((vec_signed)(vec_load(a) == vec_load(b)));
	return (~same & ((1u << n) - 1)) == 0;
}

/* One bit for each byte of a text of n bytes, or VEC_LONG if it has more than
 * 16.
 */
static inline unsigned vec_mask(size_t n)
{
	return n <= 16 ? (1u << n) - 1 : VEC_LONG;
}

/* Whether the bytes marked in mask, which is vec_mask(n), equal those of head:
 * false for VEC_LONG.
 */
static ALWAYS_INLINE bool vec_head(const char *p, const char *head,
				   unsigned mask)
{
	const char *text = __builtin_assume_aligned(head, 16);
	unsigned same = vec_bits((vec_signed)(vec_load(p) == vec_load(text)));

	return (~same & mask) == 0;
}

/* Whether the bytes of a and b that are marked in high are well-formed UTF-8:
 * each lead byte has its continuation bytes, and there are no others. Also
 * false for bytes that need a closer look: lead bytes that may begin an
 * overlong form or a surrogate, and four-byte characters.
 */
static ALWAYS_INLINE bool vec_utf8(vec_bytes a, vec_bytes b, unsigned high)
{
	const signed char c0 = -64, e0 = -32; /* as signed bytes */
	vec_signed x = (vec_signed)a, y = (vec_signed)b;
	unsigned lead = high & (vec_bits(x >= c0) | vec_bits(y >= c0) << 16);
	unsigned lead3 = high & (vec_bits(x >= e0) | vec_bits(y >= e0) << 16);
	vec_signed odd_a = (vec_signed)(a == 0xe0) | (vec_signed)(a == 0xed) |
			   (vec_signed)((a | 1) == 0xc1) |
			   (vec_signed)(a >= 0xf0);
	vec_signed odd_b = (vec_signed)(b == 0xe0) | (vec_signed)(b == 0xed) |
			   (vec_signed)((b | 1) == 0xc1) |
			   (vec_signed)(b >= 0xf0);

	return (high & ~lead) == (lead << 1 | lead3 << 2) &&
	       ((vec_bits(odd_a) | vec_bits(odd_b) << 16) & high) == 0;
}

/* As vec_string, for text with bytes beyond ASCII. */
static ALWAYS_INLINE const char *vec_utf8_string(const char *p)
{
	vec_bytes a = vec_load(p), b = vec_load(p + 16);
	unsigned end = vec_bits(vec_ends(a)) | vec_bits(vec_ends(b)) << 16;
	unsigned high = vec_bits((vec_signed)a) | vec_bits((vec_signed)b) << 16;

	if (UNLIKELY(end == 0 || p[__builtin_ctz(end)] != '"'))
		return NULL;
	return vec_utf8(a, b, high & ((end & -end) - 1))
		       ? p + __builtin_ctz(end)
		       : NULL;
}

/* A bit for each of the 16 bytes at p that ends a run of plain ASCII. As signed
 * numbers, bytes beyond ASCII are below the controls. With its second bit
 * flipped, the quote is the first byte above them. So one saturating
 * subtraction makes exactly these bytes negative.
 */
static ALWAYS_INLINE unsigned vec_stops(const char *p)
{
	vec_bytes v = vec_load(p);
	__m128i low =
		_mm_subs_epi8((__m128i)(v ^ 2), _mm_set1_epi8(('"' ^ 2) + 1));

	return vec_bits((vec_signed)low | (vec_signed)(v == '\\'));
}

/* The closing quote of a string from p on, if the string has at most 47 bytes
 * (a UUID has 36), no escapes, and beyond ASCII only UTF-8 that vec_utf8
 * accepts in the first 31; else NULL.
 */
static ALWAYS_INLINE const char *vec_string(const char *p)
{
	uint64_t stops = vec_stops(p);
	const char *end;

	if (stops == 0) {
		stops = (uint64_t)vec_stops(p + 16) << 16;
		if (UNLIKELY(stops == 0))
			stops = (uint64_t)vec_stops(p + 32) << 32;
		if (UNLIKELY(stops == 0))
			return NULL;
	}
	end = p + __builtin_ctzll(stops);
	if (LIKELY(*end == '"'))
		return end;
	return (signed char)*end < 0 ? vec_utf8_string(p) : NULL;
}

/* The end of the array of integers at p, each of 1 to 15 digits without a sign,
 * if it has at most 30 bytes and no white space; else NULL.
 */
static ALWAYS_INLINE const char *vec_integers(const char *p)
{
	vec_bytes a = vec_load(p + 1), b = vec_load(p + 17);
	unsigned comma = vec_bits((vec_signed)(a == ',')) |
			 vec_bits((vec_signed)(b == ',')) << 16;
	unsigned zero = vec_bits((vec_signed)(a == '0')) |
			vec_bits((vec_signed)(b == '0')) << 16;
	unsigned digit = vec_bits((vec_signed)(a - '0' < 10)) |
			 vec_bits((vec_signed)(b - '0' < 10)) << 16;
	unsigned other = ~(comma | digit);      /* from the end on */
	unsigned inside = (other & -other) - 1; /* before the end */
	unsigned first = (comma << 1 | 1) & (inside << 1 | 1), long_runs;
	const char *end = p + 1 + __builtin_ctz(other | 1u << 31);

	long_runs = digit & inside;
	long_runs &= long_runs >> 1;
	long_runs &= long_runs >> 2;
	long_runs &= long_runs >> 4;
	long_runs &= long_runs >> 8;
	if (*end != ']' ||
	    ((first & ~digit) | ((first & zero) << 1 & digit) | long_runs) != 0)
		return NULL;
	return end + 1;
}

/* A bit for each of the 16 bytes at p that is a digit. */
static ALWAYS_INLINE unsigned vec_digits(const char *p)
{
	return vec_bits((vec_signed)(vec_load(p) - '0' < 10));
}

/* Copies bytes from p on, up to the first that must be escaped (or with ascii
 * is beyond ASCII), or until fewer than 16 are left before end; returns where
 * it stopped. *to, which has room for all, is moved to the end of the copy.
 */
static ALWAYS_INLINE const char *vec_copy(char **to, const char *p,
					  const char *end, bool ascii)
{
	while (end - p >= 16) {
		vec_bytes v = vec_load(p);
		unsigned bits = vec_bits(ascii ? vec_ends(v) | (vec_signed)v
					       : vec_ends(v));
		size_t n = bits != 0 ? (size_t)__builtin_ctz(bits) : sizeof(v);

		memcpy(*to, &v, sizeof(v));
		*to += n;
		p += n;
		if (bits != 0)
			break;
	}
	return p;
}

/* The first quote or backslash from p on, or where fewer than 16 bytes are left
 * before end.
 */
static ALWAYS_INLINE const char *vec_quote(const char *p, const char *end)
{
	for (; end - p >= 16; p += 16) {
		vec_bytes v = vec_load(p);
		unsigned bits = vec_bits((vec_signed)(v == '"') |
					 (vec_signed)(v == '\\'));

		if (bits != 0)
			return p + __builtin_ctz(bits);
	}
	return p;
}
#else
static inline const char *vec_copy(char **to, const char *p, const char *end,
				   bool ascii)
{
	for (; end - p >= 8; p += 8, *to += 8) {
		uint64_t v;

		memcpy(&v, p, sizeof(v));
		if ((vec_odd(v) | (ascii ? v : 0)) & VEC_HIGH)
			break;
		memcpy(*to, &v, sizeof(v));
	}
	return p;
}

static inline const char *vec_quote(const char *p, const char *end)
{
	(void)end;
	return p;
}

static inline const char *vec_run(const char *p)
{
	return vec_run_portable(p);
}

static inline bool vec_same(const char *a, const char *b, size_t n)
{
	while (n > 0 && *a == *b)
		a++, b++, n--;
	return n == 0;
}

static inline unsigned vec_mask(size_t n)
{
	(void)n;
	return VEC_LONG;
}

static inline bool vec_head(const char *p, const char *head, unsigned mask)
{
	(void)p;
	(void)head;
	(void)mask;
	return false;
}

static inline const char *vec_string(const char *p)
{
	(void)p;
	return NULL;
}

static inline const char *vec_integers(const char *p)
{
	(void)p;
	return NULL;
}

static inline unsigned vec_digits(const char *p)
{
	(void)p;
	return 0;
}
#endif

#endif
