#include "query/odbc/utf16.h"

#include "wire/json/json.h"

enum {
	HIGH = 0xd800, /* first half of a pair, up to LOW */
	LOW = 0xdc00,  /* second half, up to PAST */
	PAST = 0xe000,
	BEYOND = 0x10000, /* first character that needs a pair */
	UNKNOWN = 0xfffd,
};

static void add_unit(struct buf *to, unsigned unit)
{
	uint16_t u = (uint16_t)unit;

	buf_add(to, &u, sizeof(u));
}

/* Decodes the character at p, which is valid UTF-8. Returns its length in
 * bytes.
 */
static size_t decode(const char *p, uint32_t *c)
{
	unsigned char first = (unsigned char)*p;
	size_t n = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	*c = n == 1 ? first : first & (0x7fU >> n);
	for (size_t i = 1; i < n; i++)
		*c = *c << 6 | ((unsigned char)p[i] & 0x3f);
	return n;
}

void utf16_add(struct buf *to, struct slice utf8)
{
	while (utf8.n > 0) {
		uint32_t c = UNKNOWN;
		size_t n = 1;

		/* a character has at most four bytes */
		if (json_utf8(slice_of(utf8.p, utf8.n < 4 ? utf8.n : 4)) > 0)
			n = decode(utf8.p, &c);
		if (c < BEYOND) {
			add_unit(to, c);
		} else {
			add_unit(to, HIGH + ((c - BEYOND) >> 10));
			add_unit(to, LOW + ((c - BEYOND) & 0x3ff));
		}
		utf8 = slice_of(utf8.p + n, utf8.n - n);
	}
	memset(buf_room(to, 2), 0, 2);
}

static char *encode(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(0x80 | (c & 0x3f));
	} else if (c < BEYOND) {
		*to++ = (char)(0xe0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	} else {
		*to++ = (char)(0xf0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	}
	return to;
}

static unsigned unit_at(struct slice wide, size_t i)
{
	uint16_t u;

	memcpy(&u, wide.p + 2 * i, sizeof(u));
	return u;
}

int utf16_narrow(struct buf *to, struct slice wide)
{
	size_t n = wide.n / 2;
	char *p = buf_room(to, 3 * n + 1); /* a pair of units: 4 bytes */
	int rc = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t c = unit_at(wide, i), low;

		if (c >= HIGH && c < PAST) {
			low = i + 1 < n ? unit_at(wide, i + 1) : 0;
			if (c < LOW && low >= LOW && low < PAST) {
				c = BEYOND + ((c - HIGH) << 10) + (low - LOW);
				i++;
			} else {
				c = UNKNOWN;
				rc = -1;
			}
		}
		p = encode(p, c);
	}
	to->n = (size_t)(p - to->p);
	return rc;
}
