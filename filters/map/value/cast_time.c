#include "map/value/cast_time.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/num.h"
#include "wire/json/decimal.h"

/* ---- text --------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The value of the two digits at s.p[i], or -1 if they are not digits or exceed
 * max.
 */
static int two(struct slice s, size_t i, int max)
{
	int v;

	if (i + 2 > s.n || !is_digit(s.p[i]) || !is_digit(s.p[i + 1]))
		return -1;
	v = (s.p[i] - '0') * 10 + s.p[i + 1] - '0';
	return v <= max ? v : -1;
}

static int days_of(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

static bool is_date(struct slice s)
{
	int century = two(s, 0, 99), year = two(s, 2, 99),
	    month = two(s, 5, 12);

	if (century < 0 || year < 0 || month < 1 || s.p[4] != '-' ||
	    two(s, 8, 31) < 1 || s.p[7] != '-')
		return false;
	year += century * 100;
	return year > 0 && two(s, 8, 31) <= days_of(year, month);
}

/* Whether s is the name of a time zone as Go writes it after the offset: "
 * CEST", " +0000".
 */
static bool is_name(struct slice s)
{
	if (s.n < 2 || s.n > 7 || *s.p != ' ')
		return false;
	for (size_t i = 1; i < s.n; i++) {
		char c = (char)(s.p[i] | 0x20);

		if (!is_digit(s.p[i]) && (c < 'a' || c > 'z') &&
		    s.p[i] != '+' && s.p[i] != '-')
			return false;
	}
	return true;
}

/* Reads a time zone: its offset in minutes east of UTC goes to *east. 0, or -1
 * if s is not a zone.
 */
static int take_zone(struct slice s, int *east)
{
	int hours, minutes = 0;
	size_t n = 3;

	*east = 0;
	if (s.n > 0 && *s.p == ' ')
		s = slice_of(s.p + 1, s.n - 1);
	else if (s.n == 0)
		return 0;
	if (slice_is(s, "Z") || slice_is(s, "z") || slice_is(s, "UTC") ||
	    slice_is(s, "GMT"))
		return 0;
	if (s.n < 3 || (*s.p != '+' && *s.p != '-'))
		return -1;
	hours = two(s, 1, 23);
	if (s.n > 3 && s.p[3] != ' ') {
		n = s.p[3] == ':' ? 6 : 5;
		minutes = two(s, n - 2, 59);
	}
	if (hours < 0 || minutes < 0 ||
	    (s.n > n && !is_name(slice_of(s.p + n, s.n - n))))
		return -1;
	*east = (hours * 60 + minutes) * (*s.p == '-' ? -1 : 1);
	return 0;
}

static char *put(char *to, char mark, int two)
{
	*to = mark;
	return num_two(to + 1, (unsigned)two);
}

static void put_clock(struct buf *b, int hour, int minute, int second)
{
	char *to = buf_room(b, 9);

	to = put(put(put(to, 'T', hour), ':', minute), ':', second);
	b->n = (size_t)(to - b->p);
}

static void put_zone(int east, struct buf *b)
{
	int away = abs(east);
	char *to = buf_room(b, 6);

	if (east == 0)
		*to++ = 'Z';
	else
		to = put(put(to, east < 0 ? '-' : '+', away / 60), ':',
			 away % 60);
	b->n = (size_t)(to - b->p);
}

/* The length of the fraction ".123" at the start of s, or 0 without one. */
static size_t fraction(struct slice s)
{
	size_t n = 1;

	if (s.n < 2 || *s.p != '.')
		return 0;
	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n > 1 ? n : 0;
}

/* Reads the time of day that follows the date, with its optional zone, and
 * appends both to b. 0, or -1.
 */
static int take_clock(struct slice s, struct buf *b)
{
	enum { DAY = 24 * 60 };
	int hour = two(s, 1, 23), minute = two(s, 4, 59), second = 0, east;
	size_t n = 6, part = 0;

	if (!strchr("Tt ", *s.p) || hour < 0 || s.p[3] != ':' || minute < 0)
		return -1;
	if (s.n > n && s.p[n] == ':') {
		second = two(s, n + 1, 60);
		n += 3;
		part = second < 0 ? 0 : fraction(slice_of(s.p + n, s.n - n));
	}
	if (second < 0 ||
	    take_zone(slice_of(s.p + n + part, s.n - n - part), &east) < 0)
		return -1;
	if (second == 60 &&
	    (hour * 60 + minute - east + 2 * DAY) % DAY != DAY - 1)
		return -1;
	put_clock(b, hour, minute, second);
	buf_add(b, s.p + n, part);
	put_zone(east, b);
	return 0;
}

int cast_time_text(struct slice s, struct buf *b)
{
	if (s.n < 10 || !is_date(s))
		return -1;
	buf_add(b, s.p, 10);
	if (s.n > 10)
		return take_clock(slice_of(s.p + 10, s.n - 10), b);
	buf_str(b, "T00:00:00Z");
	return 0;
}

/* ---- numbers ------------------------------------------------------------ */

/* The digits of d from position at up to end (exclusive), as an integer.
 * Positions outside the stored digits are zeros.
 */
static int64_t digits(const struct decimal *d, int64_t at, int64_t end)
{
	int64_t v = 0;

	for (int64_t i = at; i < end; i++)
		v = v * 10 +
		    (i >= 0 && i < (int64_t)d->n ? d->digits[i] - '0' : 0);
	return v;
}

static void put_date(struct buf *b, int year, int month, int day)
{
	char *to = num_two(buf_room(b, 10), (unsigned)year / 100);

	to = num_two(to, (unsigned)year % 100);
	to = put(put(to, '-', month), '-', day);
	b->n = (size_t)(to - b->p);
}

/* Appends the fraction with three, six or nine digits, as few as are exact. */
static void put_fraction(struct buf *b, int64_t ns)
{
	char text[] = ".000000000";

	for (size_t i = 9, v = (size_t)ns; i > 0; i--, v /= 10)
		text[i] = (char)('0' + v % 10);
	buf_add(b, text, ns % 1000 != 0 ? 10 : ns % 1000000 != 0 ? 7 : 4);
	buf_char(b, 'Z');
}

/* Appends the time as RFC 3339. -1 outside the years 1 to 9999. */
static int put_epoch(int64_t seconds, int64_t ns, struct buf *b)
{
	enum { DAY = 24 * 60 * 60 };
	int64_t day = seconds / DAY - (seconds % DAY < 0), year;
	int month, at, of_day = (int)(seconds - day * DAY);

	clock_civil(day, &year, &month, &at);
	if (year < 1 || year > 9999)
		return -1;
	put_date(b, (int)year, month, at);
	put_clock(b, of_day / 3600, of_day / 60 % 60, of_day % 60);
	put_fraction(b, ns);
	return 0;
}

int cast_time_number(struct slice s, struct buf *b)
{
	enum { SECONDS = 11, UNITS = 4, NS = 1000000000 };
	char small[64];
	struct decimal d;
	int64_t point, seconds, ns;

	if (s.n > sizeof(small) || !decimal_take(&d, s, small) ||
	    d.power > SECONDS + 3 * (UNITS - 1))
		return -1;
	/* the position of the first decimal of the seconds; each larger unit
	 * (ms, us, ns) moves it three digits to the left
	 */
	point = d.power < -9 || d.n == 0 ? -9 : d.power;
	while (point > SECONDS)
		point -= 3;
	seconds = digits(&d, 0, point);
	ns = digits(&d, point, point + 9);
	if (d.negative && ns > 0)
		return put_epoch(-seconds - 1, NS - ns, b);
	return put_epoch(d.negative ? -seconds : seconds, ns, b);
}
