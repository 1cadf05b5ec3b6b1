#include "query/time_text.h"

#include <strings.h>

#include "query/timestamp.h"
#include "query/value.h"
#include "query/value_time.h"

enum {
	YEAR_MAX = 999999,
	DAY_S = 86400,
	FRACTION_MAX = 32, /* maximum decimals of a second */
};

struct moment_text {
	int64_t days;
	int64_t s; /* seconds of the day, 86400 at its end */
	struct slice fraction;
	bool zoned;   /* has an offset */
	int64_t east; /* seconds */
};

struct cursor_text {
	const char *p, *end;
};

static bool takes(struct cursor_text *c, char sign)
{
	bool is = c->p < c->end && *c->p == sign;

	c->p += is;
	return is;
}

/* Reads a number of `least` to `most` digits. */
static bool digits(struct cursor_text *c, int least, int most, int64_t *v)
{
	int n = 0;

	for (*v = 0; n < most && c->p < c->end && *c->p >= '0' && *c->p <= '9';
	     n++)
		*v = *v * 10 + (*c->p++ - '0');
	return n >= least;
}

static bool is_day(int64_t year, int64_t month, int64_t day)
{
	static const int days[] = {31, 29, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1] && (month != 2 || day < 29 || leap);
}

/* Removes " BC" at the end. Returns whether it was there. */
static bool is_bc(struct cursor_text *c)
{
	if (c->end - c->p < 3 || strncasecmp(c->end - 3, " BC", 3) != 0)
		return false;
	c->end -= 3;
	return true;
}

static bool read_day(struct cursor_text *c, bool bc, int64_t *days)
{
	bool minus = takes(c, '-'), sign = minus || takes(c, '+');
	int64_t year, month, day;

	if (!digits(c, 4, 6, &year) || !takes(c, '-') ||
	    !digits(c, 2, 2, &month) || !takes(c, '-') ||
	    !digits(c, 2, 2, &day))
		return false;
	if (bc ? sign || year == 0 : year > YEAR_MAX)
		return false;
	year = bc ? 1 - year : minus ? -year : year;
	*days = timestamp_days(year, month, day);
	return is_day(year, month, day);
}

/* Reads "23:59[:59[.25]]", up to 24:00:00. */
static bool read_clock(struct cursor_text *c, struct moment_text *m)
{
	int64_t hour, minute, second = 0;
	const char *from;

	if (!digits(c, 2, 2, &hour) || !takes(c, ':') ||
	    !digits(c, 2, 2, &minute))
		return false;
	if (takes(c, ':') && !digits(c, 2, 2, &second))
		return false;
	if (takes(c, '.') || takes(c, ',')) {
		int64_t skipped;

		from = c->p;
		while (digits(c, 1, 9, &skipped))
			;
		m->fraction = slice_of(from, (size_t)(c->p - from));
		if (m->fraction.n == 0 || m->fraction.n > FRACTION_MAX)
			return false;
		while (m->fraction.n > 0 && from[m->fraction.n - 1] == '0')
			m->fraction.n--;
	}
	m->s = hour * 3600 + minute * 60 + second;
	return minute < 60 && second < 60 && m->s <= DAY_S &&
	       (m->s < DAY_S || m->fraction.n == 0);
}

static bool read_zone(struct cursor_text *c, struct moment_text *m)
{
	int64_t hour, minute = 0, second = 0;
	struct slice rest = slice_of(c->p, (size_t)(c->end - c->p));
	bool minus;

	if (rest.n == 0)
		return true;
	if (*rest.p == ' ')
		rest = slice_of(++c->p, rest.n - 1);
	if ((rest.n == 1 && (*rest.p | 0x20) == 'z') ||
	    (rest.n == 3 && (strncasecmp(rest.p, "UTC", 3) == 0 ||
			     strncasecmp(rest.p, "GMT", 3) == 0)))
		return true;
	minus = takes(c, '-');
	if ((!minus && !takes(c, '+')) || !digits(c, 2, 2, &hour))
		return false;
	if (takes(c, ':') ? !digits(c, 2, 2, &minute)
			  : c->p < c->end && !digits(c, 2, 2, &minute))
		return false;
	if (takes(c, ':') && !digits(c, 2, 2, &second))
		return false;
	m->zoned = true;
	m->east = hour * 3600 + minute * 60 + second;
	m->east = minus ? -m->east : m->east;
	return hour < 24 && minute < 60 && second < 60 && c->p == c->end;
}

static bool read_moment(struct slice s, struct moment_text *m)
{
	struct cursor_text c = {s.p, s.p + s.n};

	*m = (struct moment_text){0};
	if (s.n == 0 || !read_day(&c, is_bc(&c), &m->days))
		return false;
	if (c.p == c.end)
		return true;
	if (!takes(&c, ' ') && !takes(&c, 'T') && !takes(&c, 't'))
		return false;
	return read_clock(&c, m) && read_zone(&c, m);
}

static bool is_infinite(struct buf *b, struct slice s)
{
	bool minus = s.n > 0 && *s.p == '-';

	if (s.n != (minus ? 9 : 8) ||
	    strncasecmp(s.p + minus, "infinity", 8) != 0)
		return false;
	buf_str(b, minus ? "\"-infinity\"" : "\"infinity\"");
	return true;
}

/* Inserts decimals of the second before the last tail bytes of b. */
static void put_fraction(struct buf *b, struct slice digits, size_t tail)
{
	char end[16];

	if (digits.n == 0)
		return;
	memcpy(end, b->p + b->n - tail, tail);
	b->n -= tail;
	buf_char(b, '.');
	buf_slice(b, digits);
	buf_add(b, end, tail);
}

int time_text_date(struct buf *b, struct slice s)
{
	struct moment_text m;

	if (is_infinite(b, s))
		return 0;
	if (!read_moment(s, &m) || m.s != 0 || m.fraction.n > 0 || m.east != 0)
		return -1;
	value_time_date(b, m.days);
	return 0;
}

int time_text_datetime(struct buf *b, struct slice s)
{
	struct moment_text m;

	if (is_infinite(b, s))
		return 0;
	if (!read_moment(s, &m)) /* a leap second has no number */
		return value_time_stamp_text(b, s);
	m.s -= m.east;
	m.days += m.s >= DAY_S ? 1 : m.s < 0 ? -1 : 0;
	m.s += m.s >= DAY_S ? -DAY_S : m.s < 0 ? DAY_S : 0;
	value_time_stamp(b, m.days, m.s * 1000000);
	put_fraction(b, m.fraction, strlen("Z\""));
	return 0;
}

int time_text_time(struct buf *b, struct slice s)
{
	static const char day[] = "0000-01-01T"; /* the date that rudder-query
						  * writes */
	bool ours = slice_starts(s, day);
	size_t from = b->n, skip = ours ? strlen(day) : 0;
	struct cursor_text c = {s.p + skip, s.p + s.n};
	struct moment_text m = {0};

	if (!read_clock(&c, &m) || !read_zone(&c, &m)) {
		/* a leap second */
		s = slice_of(s.p + skip, s.n - skip);
		if (ours && s.n > 0 && s.p[s.n - 1] == 'Z')
			s.n--;
		return value_time_clock_text(b, s);
	}
	value_time_clock(b, m.s * 1000000, !m.zoned, (int)m.east);
	put_fraction(b, m.fraction,
		     b->n - from - strlen("\"0000-01-01T00:00:00"));
	return 0;
}
