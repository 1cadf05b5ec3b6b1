#include "query/value_time.h"

#include "core/clock.h"
#include "core/num.h"
#include "query/timestamp.h"

#define DAY_US INT64_C(86400000000)

enum { DAY_MINUTES = 24 * 60 };

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
		to = num_two(buf_room(b, 12), (unsigned)year / 100);
		to = num_two(to, (unsigned)year % 100);
	}
	*to++ = '-';
	to = num_two(to, (unsigned)month);
	*to++ = '-';
	to = num_two(to, (unsigned)day);
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
	to = num_two(to, s / 3600);
	*to++ = ':';
	to = num_two(to, s / 60 % 60);
	*to++ = ':';
	to = num_two(to, s % 60);
	if (f > 0) {
		*to++ = '.';
		to = num_two(to, f / 10000);
		to = num_two(to, f / 100 % 100);
		to = num_two(to, f % 100);
		while (to[-1] == '0')
			to--;
	}
	b->n = (size_t)(to - b->p);
}

void value_time_date(struct buf *b, int64_t days)
{
	buf_char(b, '"');
	put_day(b, days);
	buf_str(b, "T00:00:00Z\"");
}

void value_time_stamp(struct buf *b, int64_t days, int64_t us)
{
	buf_char(b, '"');
	put_day(b, days);
	put_clock(b, us);
	buf_add(b, "Z\"", 2);
}

void value_time_clock(struct buf *b, int64_t us, bool utc, int east)
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

/* Whether the text at s[at] has the form; '9' is any digit. */
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

/* Whether s starts with a date of the calendar, like "2004-10-19". */
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

/* Whether it is a time of day, up to 23:59:60, a leap second. */
static bool is_clock(struct slice s, size_t at, bool seconds)
{
	return pair_at(s, at) < 24 && pair_at(s, at + 3) < 60 &&
	       (!seconds || pair_at(s, at + 6) <= 60);
}

/* Parses "23:59[:59[.25]]" at s[at]. Returns its end, or 0. */
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

int value_time_date_text(struct buf *b, struct slice s)
{
	if (s.n != 10 || !is_day(s))
		return -1;
	buf_char(b, '"');
	buf_slice(b, s);
	buf_str(b, "T00:00:00Z\"");
	return 0;
}

/* Appends the date and time of s, up to end, shifted to UTC. */
static void put_moved(struct buf *b, struct slice s, size_t end, bool seconds,
		      int east)
{
	int minutes = pair_at(s, 11) * 60 + pair_at(s, 14) - east;
	int64_t days = timestamp_days(pair_at(s, 0) * 100 + pair_at(s, 2),
				      pair_at(s, 5), pair_at(s, 8));
	char *to;

	if (minutes < 0)
		days--, minutes += DAY_MINUTES;
	else if (minutes >= DAY_MINUTES)
		days++, minutes -= DAY_MINUTES;
	put_day(b, days);
	to = buf_room(b, 6);
	*to++ = 'T';
	to = num_two(to, (unsigned)minutes / 60);
	*to++ = ':';
	to = num_two(to, (unsigned)minutes % 60);
	b->n = (size_t)(to - b->p);
	s = slice_of(s.p + 16, end - 16);
	while (s.n > 3 && s.p[s.n - 1] == '0')
		s.n--;
	if (s.n == 4) /* the rest is ":54." */
		s.n--;
	buf_slice(b, s);
	buf_str(b, seconds ? "Z\"" : ":00Z\"");
}

int value_time_stamp_text(struct buf *b, struct slice s)
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

int value_time_clock_text(struct buf *b, struct slice s)
{
	bool seconds;
	size_t end = clock_text(s, 0, &seconds);

	if (end == 0 || end != s.n)
		return -1;
	buf_str(b, "\"0000-01-01");
	put_clock_text(b, s, seconds);
	return 0;
}
