#include "query/value.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/num.h"
#include "core/reader.h"
#include "query/value_digits.h"
#include "wire/json/json.h"
#include "wire/json/vec.h"

#define ONES UINT64_C(0x0101010101010101)
#define TOPS UINT64_C(0x8080808080808080)

enum {
	INT_ROOM = 24,      /* bytes for any integer */
	CHUNK = 1024,       /* bytes of text for which room is made at once */
	ROOM_ODD = 6,       /* maximum bytes of an escaped character */
	DOUBLE_DIGITS = 15, /* any such decimal is the same after a conversion
			     * to double and back */
	FLOAT_DIGITS = 6,   /* and to float and back */
};

static const double tens[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
			      1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

void value_int(struct buf *b, int64_t v)
{
	uint64_t left = v < 0 ? -(uint64_t)v : (uint64_t)v;
	char digits[2 * INT_ROOM], *end = digits + INT_ROOM, *p = end;

	while (left >= 100) {
		p -= 2;
		(void)num_two(p, (unsigned)(left % 100));
		left /= 100;
	}
	if (left >= 10) {
		p -= 2;
		(void)num_two(p, (unsigned)left);
	} else {
		*--p = (char)('0' + left);
	}
	if (v < 0)
		*--p = '-';
	/* copying a fixed size needs no call; the extra bytes do not count */
	memcpy(buf_room(b, INT_ROOM), p, INT_ROOM);
	b->n += (size_t)(end - p);
}

/* Finds v = m / 10^k with at most max digits: such a decimal is the only one of
 * its length that reads back as v. Most numbers of real tables have one.
 * Returns 1 or 0.
 */
static int short_decimal(double v, size_t max, bool is_float, uint64_t *m,
			 unsigned *k)
{
	for (*k = 0; *k <= max; ++*k) {
		double x = v * tens[*k];

		if (x >= tens[max])
			return 0;
		*m = (uint64_t)(x + 0.5);
		x = (double)*m / tens[*k];
		if (is_float ? (float)x == (float)v : x == v)
			return 1;
	}
	return 0;
}

/* Appends digits with the decimal point after the first `point` of them. */
static void put_plain(struct buf *b, const char *digits, size_t n, int point)
{
	if (point <= 0) {
		buf_str(b, "0.");
		for (; point < 0; point++)
			buf_char(b, '0');
		buf_add(b, digits, n);
		return;
	}
	for (size_t i = 0; i < n || i < (size_t)point; i++) {
		if (i == (size_t)point)
			buf_char(b, '.');
		buf_char(b, i < n ? digits[i] : '0');
	}
}

static void put_digits(struct buf *b, const char *digits, size_t n, int point)
{
	if (point > -6 && point <= 21) {
		put_plain(b, digits, n, point);
		return;
	}
	buf_char(b, *digits);
	if (n > 1)
		buf_char(b, '.');
	buf_add(b, digits + 1, n - 1);
	buf_fmt(b, "e%+d", point - 1);
}

static void put_real(struct buf *b, double v, bool is_float)
{
	struct value_digits shortest;
	uint64_t m;
	unsigned k;

	if (isnan(v)) {
		buf_str(b, "\"NaN\"");
		return;
	}
	if (isinf(v)) {
		buf_str(b, v < 0 ? "\"-Infinity\"" : "\"Infinity\"");
		return;
	}
	if (signbit(v)) {
		buf_char(b, '-');
		v = -v;
	}
	if (v == 0) {
		buf_char(b, '0');
	} else if (v >= 1e-5 &&
		   short_decimal(v, is_float ? FLOAT_DIGITS : DOUBLE_DIGITS,
				 is_float, &m, &k)) {
		struct buf *d = b;
		size_t from = d->n;
		char digits[24];
		size_t n;

		buf_uint(d, m);
		if (k == 0)
			return;
		n = d->n - from;
		memcpy(digits, d->p + from, n);
		d->n = from;
		put_plain(d, digits, n, (int)n - (int)k);
	} else {
		value_digits(v, is_float, &shortest);
		put_digits(b, shortest.digit, shortest.n, shortest.point);
	}
}

void value_double(struct buf *b, double v)
{
	put_real(b, v, false);
}

void value_float(struct buf *b, float v)
{
	put_real(b, (double)v, true);
}

/* Whether all eight bytes are ASCII that needs no escape in JSON. */
static bool eight_plain(uint64_t w)
{
	uint64_t quote = w ^ ONES * '"', slash = w ^ ONES * '\\';

	return ((w | (w - ONES * 0x20) | (quote - ONES) | (slash - ONES)) &
		TOPS) == 0;
}

/* Writes the next character, which is not plain, at *to, and moves *to. Returns
 * its bytes at p, or 0 if it is not UTF-8.
 */
static size_t odd_char(char **to, const char *p, size_t n)
{
	unsigned char c = (unsigned char)*p;
	size_t len = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	if (c < 0x80) {
		*to = json_escape_char(*to, c);
		return 1;
	}
	if (len > n || json_utf8(slice_of(p, len)) != len)
		return 0;
	memcpy(*to, p, len);
	*to += len;
	return len;
}

/* Appends up to CHUNK bytes of s. Returns how many, or 0 if they are not UTF-8.
 */
static size_t text_chunk(struct buf *b, struct slice s)
{
	const char *p = s.p, *stop = p + (s.n < CHUNK ? s.n : CHUNK);
	char *to = buf_room(b, (size_t)ROOM_ODD * CHUNK + ROOM_ODD);

	while (p < stop) {
		size_t n;

		p = vec_copy(&to, p, stop, true);
		while (p < stop && (unsigned char)*p >= 0x20 && *p != '"' &&
		       *p != '\\' && (unsigned char)*p < 0x80)
			*to++ = *p++;
		if (p == stop)
			break;
		n = odd_char(&to, p, (size_t)(s.p + s.n - p));
		if (n == 0)
			return 0;
		p += n;
	}
	b->n = (size_t)(to - b->p);
	return (size_t)(p - s.p);
}

/* Like all_plain, for one to seven bytes. */
static bool few_plain(char *to, const char *p, size_t n)
{
	uint32_t first, last;

	if (n < sizeof(first)) {
		char all[] = {p[0], p[n / 2], p[n - 1], ' '};

		to[0] = all[0];
		to[n / 2] = all[1];
		to[n - 1] = all[2];
		memcpy(&first, all, sizeof(first));
		return eight_plain((uint64_t)first << 32 | first);
	}
	memcpy(&first, p, sizeof(first));
	memcpy(&last, p + n - sizeof(last), sizeof(last));
	memcpy(to, &first, sizeof(first));
	memcpy(to + n - sizeof(last), &last, sizeof(last));
	return eight_plain((uint64_t)last << 32 | first);
}

/* Copies the text to `to`, if all of it is plain. The last eight bytes are
 * copied as one word, which may overlap the word before.
 */
static bool all_plain(char *to, struct slice s)
{
	size_t n = s.n;
	uint64_t w;

	if (n < sizeof(w))
		return n == 0 || few_plain(to, s.p, n);
	for (size_t i = 0; i + sizeof(w) < n; i += sizeof(w)) {
		memcpy(&w, s.p + i, sizeof(w));
		if (!eight_plain(w))
			return false;
		memcpy(to + i, &w, sizeof(w));
	}
	memcpy(&w, s.p + n - sizeof(w), sizeof(w));
	memcpy(to + n - sizeof(w), &w, sizeof(w));
	return eight_plain(w);
}

int value_text(struct buf *b, struct slice s)
{
	char *to = buf_room(b, s.n + 2);

	*to = '"';
	if (all_plain(to + 1, s)) {
		to[s.n + 1] = '"';
		b->n += s.n + 2;
		return 0;
	}
	b->n++;
	while (s.n > 0) {
		size_t n = text_chunk(b, s);

		if (n == 0)
			return -1;
		s = slice_of(s.p + n, s.n - n);
	}
	buf_char(b, '"');
	return 0;
}

void value_binary(struct buf *b, struct slice s)
{
	buf_char(b, '"');
	buf_base64(b, s.p, s.n);
	buf_char(b, '"');
}

int value_json(struct buf *b, struct slice text, struct scan *scan,
	       struct buf *scratch, const char **why)
{
	enum scan_kind kind;

	scratch->n = 0;
	buf_slice(scratch, text);
	memset(buf_room(scratch, READER_PAD), 0, READER_PAD);
	if (scan_value(scan, buf_all(scratch), &kind) < 0) {
		*why = scan_why(scan);
		return -1;
	}
	*why = "too deep";
	return value_compact(b, buf_all(scratch));
}

int value_json_text(struct buf *b, struct slice text, struct scan *scan,
		    struct buf *scratch, const char **why)
{
	size_t from = b->n;

	if (value_json(b, text, scan, scratch, why) == 0)
		return 0;
	b->n = from;
	if (strcmp(*why, SCAN_TWICE) == 0)
		return -1;
	*why = "invalid UTF-8";
	return value_text(b, text);
}
