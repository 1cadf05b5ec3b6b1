#include "wire/json/json.h"

#include <stdlib.h>

#include "wire/json/vec.h"

/* Escapes that have a letter (RFC 8259, 7); 'u' for the other controls. */
static char letter_of(unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
		return (char)c;
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	default:
		return c < 0x20 ? 'u' : 0;
	}
}

static bool must_escape(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\';
}

/* Whether one of eight bytes must be escaped. */
static ALWAYS_INLINE bool any_must_escape(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return (vec_odd(v) & VEC_HIGH) != 0;
}

/* Whether no byte must be escaped. The last eight bytes overlap the ones
 * before.
 */
static bool is_bare(struct slice s)
{
	size_t i = 0;

	for (; s.n - i >= 8; i += 8) {
		if (any_must_escape(s.p + i))
			return false;
	}
	if (s.n >= 8)
		return i == s.n || !any_must_escape(s.p + s.n - 8);
	for (; i < s.n; i++) {
		if (must_escape((unsigned char)s.p[i]))
			return false;
	}
	return true;
}

char *json_escape_char(char *to, unsigned char c)
{
	char letter = letter_of(c);

	*to++ = '\\';
	*to++ = letter;
	if (LIKELY(letter != 'u'))
		return to;
	*to++ = '0';
	*to++ = '0';
	*to++ = (char)('0' + (c >> 4));
	*to++ = "0123456789abcdef"[c & 15];
	return to;
}

/* Writes the bytes, escaped; returns the end. There must be room for
 * JSON_ESCAPE times as many.
 */
static char *escape(char *to, const char *p, const char *end)
{
	while (p < end) {
		p = vec_copy(&to, p, end, false);
		while (p < end && !must_escape((unsigned char)*p))
			*to++ = *p++;
		if (p < end)
			to = json_escape_char(to, (unsigned char)*p++);
	}
	return to;
}

void json_escape(struct buf *b, struct slice s)
{
	enum { PIECE = 1024 }; /* bounds the room */

	if (LIKELY(is_bare(s))) {
		buf_slice(b, s);
		return;
	}
	while (s.n > 0) {
		size_t n = s.n < PIECE ? s.n : PIECE;
		char *to = buf_room(b, JSON_ESCAPE * n);

		b->n = (size_t)(escape(to, s.p, s.p + n) - b->p);
		s = slice_of(s.p + n, s.n - n);
	}
}

void json_string(struct buf *b, struct slice s)
{
	buf_room(b, s.n + 2);
	buf_char(b, '"');
	json_escape(b, s);
	buf_char(b, '"');
}

/* Length of the character at u, with n bytes left; 0 if it is not UTF-8. */
static size_t char_bytes(const unsigned char *u, size_t n)
{
	size_t want = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;

	if (want == 1)
		return 1;
	if (u[0] < 0xc2 || u[0] > 0xf4 || n < want)
		return 0;
	for (size_t i = 1; i < want; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ||
	    (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f))
		return 0;
	return want;
}

size_t json_utf8(struct slice s)
{
	const unsigned char *u = (const unsigned char *)s.p;
	size_t i = 0;

	while (i < s.n) {
		uint64_t eight;
		size_t n;

		if (s.n - i >= 8) {
			memcpy(&eight, u + i, 8);
			if ((eight & 0x8080808080808080) == 0) {
				i += 8;
				continue;
			}
		}
		if (s.n >= 8 && s.n - i < 8) { /* the last eight */
			memcpy(&eight, u + s.n - 8, 8);
			if ((eight & 0x8080808080808080) == 0)
				return s.n;
		}
		n = char_bytes(u + i, s.n - i);
		if (n == 0)
			return i;
		i += n;
	}
	return i;
}

void json_lossy(struct buf *b, struct slice s, size_t max)
{
	buf_char(b, '"');
	for (size_t i = 0; i < s.n;) {
		size_t n = char_bytes((const unsigned char *)s.p + i, s.n - i);

		if (i + (n > 0 ? n : 1) > max)
			break;
		if (n > 0)
			json_escape(b, slice_of(s.p + i, n));
		else
			buf_str(b, "\xef\xbf\xbd"); /* U+FFFD */
		i += n > 0 ? n : 1;
	}
	buf_char(b, '"');
}

static unsigned hex4(const char *p)
{
	unsigned v = 0;

	for (int i = 0; i < 4; i++) {
		char c = p[i];

		v = v << 4 |
		    (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return v;
}

bool json_escaped(struct slice inner)
{
	const char *p = inner.p, *end = inner.p + inner.n;

	while ((p = memchr(p, '\\', (size_t)(end - p)))) {
		unsigned c = p[1] == 'u' ? hex4(p + 2) : 0;

		if (p[1] == '/')
			return false;
		if (p[1] == 'u' &&
		    (c >= 0x20 || letter_of((unsigned char)c) != 'u' ||
		     (p[5] >= 'A' && p[5] <= 'F')))
			return false;
		p += p[1] == 'u' ? JSON_ESCAPE : 2;
	}
	return true;
}

/* Decodes the escape at p (its backslash), with n bytes left; returns its
 * length.
 */
static size_t decode_escape(struct buf *b, const char *p, size_t n)
{
	unsigned c, low;

	switch (p[1]) {
	case 'b':
		buf_char(b, '\b');
		return 2;
	case 'f':
		buf_char(b, '\f');
		return 2;
	case 'n':
		buf_char(b, '\n');
		return 2;
	case 'r':
		buf_char(b, '\r');
		return 2;
	case 't':
		buf_char(b, '\t');
		return 2;
	case 'u':
		break;
	default:
		buf_char(b, p[1]);
		return 2;
	}
	c = hex4(p + 2);
	if (c >= 0xd800 && c < 0xdc00 && n >= 12 && p[6] == '\\' &&
	    p[7] == 'u') {
		low = hex4(p + 8);
		if (low >= 0xdc00 && low < 0xe000) {
			buf_utf8(b, 0x10000 + ((c - 0xd800) << 10) +
					    (low - 0xdc00));
			return 12;
		}
	}
	buf_utf8(b, c);
	return 6;
}

void json_decode(struct buf *b, struct slice s)
{
	while (s.n > 0) {
		const char *slash = memchr(s.p, '\\', s.n);
		size_t n = slash ? (size_t)(slash - s.p) : s.n;

		buf_add(b, s.p, n);
		if (!slash)
			return;
		n += decode_escape(b, slash, s.n - n);
		s = slice_of(s.p + n, s.n - n);
	}
}

void json_surrogates(struct buf *b, size_t from)
{
	struct slice s = slice_of(b->p + from, b->n - from);
	size_t good = s.n > 0 ? json_utf8(s) : 0;
	struct buf text = {0};

	if (LIKELY(good == s.n))
		return;
	while (good < s.n) {
		const unsigned char *u = (const unsigned char *)s.p + good;

		if (s.n - good < 3 || u[0] != 0xed)
			break; /* it was no JSON */
		buf_add(&text, s.p, good);
		buf_fmt(&text, "\\u%04x",
			0xd000u | (u[1] & 63u) << 6 | (u[2] & 63u));
		s = slice_of(s.p + good + 3, s.n - good - 3);
		good = s.n > 0 ? json_utf8(s) : 0;
	}
	buf_slice(&text, s);
	b->n = from;
	buf_slice(b, buf_all(&text));
	buf_clear(&text);
}

bool json_double_safe(struct slice number)
{
	size_t digits = 0, zeros = 0;
	bool started = false, exponent = false, fraction = false;

	for (size_t i = 0; i < number.n; i++) {
		char c = number.p[i];

		if (c == 'e' || c == 'E') {
			exponent = true;
			break;
		}
		if (c == '.')
			fraction = true;
		if (c < '0' || c > '9')
			continue;
		started = started || c != '0';
		if (!started)
			continue;
		digits++;
		zeros = c == '0' ? zeros + 1 : 0;
	}
	if (digits - zeros > 15) {
		/* 2^53 is 9007199254740992; both have 16 digits */
		return !fraction && !exponent && digits == 16 &&
		       memcmp(number.p + (*number.p == '-'), "9007199254740992",
			      16) <= 0;
	}
	if (exponent || number.n > 300) {
		char text[400];
		double v;

		if (number.n >= sizeof(text))
			return false;
		memcpy(text, number.p, number.n);
		text[number.n] = '\0';
		v = strtod(text, NULL);
		return (v > 1e-300 && v < 1e300) ||
		       (v < -1e-300 && v > -1e300) || digits == 0;
	}
	return true;
}
