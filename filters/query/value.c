#include "query/value.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/reader.h"
#include "query/timestamp.h"
#include "wire/json/json.h"

#define DAY_US INT64_C(86400000000)
#define ONES   UINT64_C(0x0101010101010101)
#define TOPS   UINT64_C(0x8080808080808080)

enum {
	CHUNK = 1024,           /* bytes of text for one check of room */
	ROOM_ODD = 6,           /* bytes that a character becomes, at most */
	DOUBLE_DIGITS = 15,     /* any such decimal survives a double */
	FLOAT_DIGITS = 6,       /* and these a float */
	DEPTH = SCAN_DEPTH - 1, /* the row itself is one level */
	DAY_MINUTES = 24 * 60,
};

static const double tens[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
			      1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/* The two digits of 0 to 99, one behind the other. */
static const char pairs[] =
	"00010203040506070809101112131415161718192021222324"
	"25262728293031323334353637383940414243444546474849"
	"50515253545556575859606162636465666768697071727374"
	"75767778798081828384858687888990919293949596979899";

static char *two(char *to, unsigned v)
{
	memcpy(to, pairs + 2 * (size_t)v, 2);
	return to + 2;
}

void value_int(struct buf *b, int64_t v)
{
	uint64_t left = v < 0 ? -(uint64_t)v : (uint64_t)v;
	char digits[24], *end = digits + sizeof(digits), *p = end;

	while (left >= 100) {
		p -= 2;
		(void)two(p, (unsigned)(left % 100));
		left /= 100;
	}
	if (left >= 10) {
		p -= 2;
		(void)two(p, (unsigned)left);
	} else {
		*--p = (char)('0' + left);
	}
	if (v < 0)
		*--p = '-';
	buf_add(b, p, (size_t)(end - p));
}

/* v as m / 10^k with at most max digits: such a decimal is the only one of
 * its length that reads back as v. Most numbers of real tables are. 1 or 0.
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

/* digits with the decimal point behind the first `point` of them. */
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

/* The long way: more and more digits until one text reads back. */
static void put_searched(struct buf *b, double v, bool is_float)
{
	bool tiny = v < (is_float ? (double)FLT_MIN : DBL_MIN);
	int least = tiny ? 1 : (is_float ? FLOAT_DIGITS : DOUBLE_DIGITS);
	int most = is_float ? 9 : 17;
	char text[40], digits[20];
	size_t n = 0;

	for (int p = least; p <= most; p++) {
		snprintf(text, sizeof(text), "%.*e", p - 1, v);
		if (is_float ? strtof(text, NULL) == (float)v
			     : strtod(text, NULL) == v)
			break;
	}
	for (const char *c = text; *c != 'e'; c++) {
		if (*c != '.')
			digits[n++] = *c;
	}
	while (n > 1 && digits[n - 1] == '0')
		n--;
	put_digits(b, digits, n,
		   1 + (int)strtol(strchr(text, 'e') + 1, NULL, 10));
}

static void put_real(struct buf *b, double v, bool is_float)
{
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
		put_searched(b, v, is_float);
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

/* Whether all eight bytes are ASCII that JSON takes as it is. */
static bool eight_plain(uint64_t w)
{
	uint64_t quote = w ^ ONES * '"', slash = w ^ ONES * '\\';

	return ((w | (w - ONES * 0x20) | (quote - ONES) | (slash - ONES)) &
		TOPS) == 0;
}

/* A sign that JSON wants escaped. */
static char *escaped(char *to, unsigned char c)
{
	static const char letters[] = "btn\0fr", hex[] = "0123456789abcdef";

	*to++ = '\\';
	if (c >= 0x20) {
		*to++ = (char)c;
	} else if (c >= '\b' && c <= '\r' && c != '\v') {
		*to++ = letters[c - '\b'];
	} else {
		memcpy(to, "u00", 3);
		to[3] = hex[c >> 4];
		to[4] = hex[c & 15];
		to += 5;
	}
	return to;
}

/* The next character, which is not plain: bytes it takes at p, or 0 if it
 * is not UTF-8. Moves *to.
 */
static size_t odd_char(char **to, const char *p, size_t n)
{
	unsigned char c = (unsigned char)*p;
	size_t len = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	if (c < 0x80) {
		*to = escaped(*to, c);
		return 1;
	}
	if (len > n || json_utf8(slice_of(p, len)) != len)
		return 0;
	memcpy(*to, p, len);
	*to += len;
	return len;
}

/* Up to CHUNK bytes of s: how many, or 0 if they are not UTF-8. */
static size_t text_chunk(struct buf *b, struct slice s)
{
	const char *p = s.p, *stop = p + (s.n < CHUNK ? s.n : CHUNK);
	char *to = buf_room(b, (size_t)ROOM_ODD * CHUNK + ROOM_ODD);

	while (p < stop) {
		uint64_t w;
		size_t n;

		while (stop - p >= 8) {
			memcpy(&w, p, 8);
			if (!eight_plain(w))
				break;
			memcpy(to, &w, 8);
			to += 8;
			p += 8;
		}
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

int value_text(struct buf *b, struct slice s)
{
	buf_char(b, '"');
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

static void put_day(struct buf *b, int64_t days)
{
	int64_t year;
	int month, day;
	char *to;

	clock_civil(days, &year, &month, &day);
	if (year > 9999)
		buf_char(b, '+');
	if (year < 0)
		buf_char(b, '-');
	if (year < 0)
		year = -year;
	if (year > 9999) {
		buf_uint(b, (uint64_t)year);
		to = buf_room(b, 8);
	} else {
		to = two(buf_room(b, 12), (unsigned)year / 100);
		to = two(to, (unsigned)year % 100);
	}
	*to++ = '-';
	to = two(to, (unsigned)month);
	*to++ = '-';
	to = two(to, (unsigned)day);
	b->n = (size_t)(to - b->p);
}

static void put_clock(struct buf *b, int64_t us)
{
	char *to = buf_room(b, 24);
	unsigned s, f;

	us = us < 0 ? 0 : us > DAY_US ? DAY_US : us;
	s = (unsigned)(us / 1000000);
	f = (unsigned)(us % 1000000);

	*to++ = 'T';
	to = two(to, s / 3600);
	*to++ = ':';
	to = two(to, s / 60 % 60);
	*to++ = ':';
	to = two(to, s % 60);
	if (f > 0) {
		*to++ = '.';
		to = two(to, f / 10000);
		to = two(to, f / 100 % 100);
		to = two(to, f % 100);
		while (to[-1] == '0')
			to--;
	}
	b->n = (size_t)(to - b->p);
}

void value_date(struct buf *b, int64_t days)
{
	buf_char(b, '"');
	put_day(b, days);
	buf_str(b, "T00:00:00Z\"");
}

void value_stamp(struct buf *b, int64_t days, int64_t us)
{
	buf_char(b, '"');
	put_day(b, days);
	put_clock(b, us);
	buf_add(b, "Z\"", 2);
}

void value_time(struct buf *b, int64_t us, bool utc, int east)
{
	unsigned s = (unsigned)(east < 0 ? -east : east);

	buf_str(b, "\"0000-01-01");
	put_clock(b, us);
	if (utc) {
		buf_str(b, "Z\"");
		return;
	}
	buf_fmt(b, "%c%02u:%02u", east < 0 ? '-' : '+', s / 3600, s / 60 % 60);
	if (s % 60 > 0)
		buf_fmt(b, ":%02u", s % 60);
	buf_char(b, '"');
}

/* Whether the text at p looks like the form: '9' stands for any digit. */
static bool looks(struct slice s, size_t at, const char *form)
{
	size_t n = strlen(form);

	if (s.n < at || s.n - at < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = s.p[at + i];

		if (form[i] == '9' ? c < '0' || c > '9' : c != form[i])
			return false;
	}
	return true;
}

static int pair_at(struct slice s, size_t at)
{
	return (s.p[at] - '0') * 10 + s.p[at + 1] - '0';
}

/* Whether "2004-10-19" at the start of s is a day of the calendar. */
static bool is_day(struct slice s)
{
	static const int days[] = {31, 29, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31};
	int month, day, year;

	if (!looks(s, 0, "9999-99-99"))
		return false;
	year = pair_at(s, 0) * 100 + pair_at(s, 2);
	month = pair_at(s, 5);
	day = pair_at(s, 8);
	if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	return month != 2 || day < 29 ||
	       (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

/* Up to 23:59:60, a leap second. */
static bool is_clock(struct slice s, size_t at, bool seconds)
{
	return pair_at(s, at) < 24 && pair_at(s, at + 3) < 60 &&
	       (!seconds || pair_at(s, at + 6) <= 60);
}

/* "23:59[:59[.25]]" from at on: where it ends, or 0. */
static size_t clock_text(struct slice s, size_t at, bool *seconds)
{
	size_t end = at + 5;

	*seconds = looks(s, at, "99:99:99");
	if (!looks(s, at, "99:99") || !is_clock(s, at, *seconds))
		return 0;
	if (!*seconds)
		return end;
	end = at + 8;
	if (!looks(s, end, ".9"))
		return end;
	for (end++; end < s.n && s.p[end] >= '0' && s.p[end] <= '9';)
		end++;
	return end;
}

static void put_clock_text(struct buf *b, struct slice s, bool seconds)
{
	buf_char(b, 'T');
	if (s.n > 8) {
		while (s.p[s.n - 1] == '0')
			s.n--;
		if (s.p[s.n - 1] == '.')
			s.n--;
	}
	buf_slice(b, s);
	buf_str(b, seconds ? "Z\"" : ":00Z\"");
}

int value_date_text(struct buf *b, struct slice s)
{
	if (s.n != 10 || !is_day(s))
		return -1;
	buf_char(b, '"');
	buf_slice(b, s);
	buf_str(b, "T00:00:00Z\"");
	return 0;
}

/* Day and clock of s, up to end, moved to UTC. */
static void put_moved(struct buf *b, struct slice s, size_t end, bool seconds,
		      int east)
{
	int minutes = pair_at(s, 11) * 60 + pair_at(s, 14) - east;
	int64_t days = timestamp_days(pair_at(s, 0) * 100 + pair_at(s, 2),
				      pair_at(s, 5), pair_at(s, 8));
	char clock[32];

	if (minutes < 0)
		days--, minutes += DAY_MINUTES;
	else if (minutes >= DAY_MINUTES)
		days++, minutes -= DAY_MINUTES;
	put_day(b, days);
	snprintf(clock, sizeof(clock), "%02d:%02d", minutes / 60, minutes % 60);
	s = slice_of(s.p + 16, end - 16);
	while (s.n > 3 && s.p[s.n - 1] == '0')
		s.n--;
	if (s.n == 4) /* ":54." */
		s.n--;
	buf_fmt(b, "T%s%.*s%s", clock, SLICE_FMT(s), seconds ? "" : ":00");
	buf_str(b, "Z\"");
}

int value_stamp_text(struct buf *b, struct slice s)
{
	bool seconds;
	size_t end;
	int east;

	if (!is_day(s) || s.n < 11 || (s.p[10] != ' ' && s.p[10] != 'T'))
		return -1;
	end = clock_text(s, 11, &seconds);
	if (end == 0 ||
	    timestamp_offset(slice_of(s.p + end, s.n - end), &east) < 0)
		return -1;
	buf_char(b, '"');
	if (east != 0) {
		put_moved(b, s, end, seconds, east);
		return 0;
	}
	buf_add(b, s.p, 10);
	put_clock_text(b, slice_of(s.p + 11, end - 11), seconds);
	return 0;
}

int value_time_text(struct buf *b, struct slice s)
{
	bool seconds;
	size_t end = clock_text(s, 0, &seconds);

	if (end == 0 || end != s.n)
		return -1;
	buf_str(b, "\"0000-01-01");
	put_clock_text(b, s, seconds);
	return 0;
}

static const char *skip_digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

bool value_is_number(struct slice s)
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

int value_compact(struct buf *b, struct slice text)
{
	const char *p = text.p, *end = text.p + text.n;
	char *to = buf_room(b, text.n + 1);
	unsigned depth = 0;

	while (p < end) {
		char c = *p++;

		if (c == '"') {
			*to++ = c;
			while (p < end && *p != '"') {
				if (*p == '\\' && p + 1 < end)
					*to++ = *p++;
				*to++ = *p++;
			}
			if (p < end)
				*to++ = *p++;
			continue;
		}
		if (c == ' ' || c == '\n' || c == '\t' || c == '\r')
			continue;
		*to++ = c;
		if (c == '{' || c == '[') {
			if (++depth > DEPTH)
				return -1;
		} else if (c == '}' || c == ']') {
			depth--;
		}
	}
	b->n = (size_t)(to - b->p);
	return 0;
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
