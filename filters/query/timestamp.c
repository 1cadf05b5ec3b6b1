#include "query/timestamp.h"

#include "core/clock.h"

#define SECOND_US INT64_C(1000000)
#define DAY_US    (86400 * SECOND_US)

/* A time and its form. */
struct timestamp {
	int64_t days, us;  /* days since 1970; microseconds of the day, offset
			    * not applied */
	int64_t offset_us; /* east of UTC */
	char between;      /* between date and time: 'T', ' ', or 0 without a
			    * time */
	bool seconds;
	size_t digits;     /* digits of the fraction */
	struct slice tail; /* "", "Z", "+02:00" */
};

static bool digits_at(struct slice s, size_t at, size_t n, int64_t *v)
{
	*v = 0;
	if (s.n < at || s.n - at < n)
		return false;
	for (size_t i = at; i < at + n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		*v = *v * 10 + (s.p[i] - '0');
	}
	return true;
}

static bool sign_at(struct slice s, size_t at, char c)
{
	return at < s.n && s.p[at] == c;
}

int64_t timestamp_days(int64_t y, int64_t m, int64_t d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static bool read_day(struct slice s, struct timestamp *w)
{
	int64_t y, m, d, y2;
	int m2, d2;

	if (!digits_at(s, 0, 4, &y) || !sign_at(s, 4, '-') ||
	    !digits_at(s, 5, 2, &m) || !sign_at(s, 7, '-') ||
	    !digits_at(s, 8, 2, &d) || y < 1 || m < 1 || m > 12 || d < 1)
		return false;
	w->days = timestamp_days(y, m, d);
	clock_civil(w->days, &y2, &m2, &d2); /* refuses a 30th of February */
	return y2 == y && m2 == m && d2 == d;
}

/* Parses "10:00[:00[.25]]" at s[at]. Returns its end, or 0. */
static size_t read_clock(struct slice s, size_t at, struct timestamp *w)
{
	int64_t h, m, sec = 0, digit, unit = SECOND_US;

	if (!digits_at(s, at, 2, &h) || !sign_at(s, at + 2, ':') ||
	    !digits_at(s, at + 3, 2, &m) || h > 23 || m > 59)
		return 0;
	at += 5;
	if (sign_at(s, at, ':')) {
		if (!digits_at(s, at + 1, 2, &sec) || sec > 60)
			return 0;
		w->seconds = true;
		at += 3;
	}
	w->us = ((h * 60 + m) * 60 + sec) * SECOND_US;
	if (!w->seconds || !sign_at(s, at, '.'))
		return at;
	while (digits_at(s, ++at, 1, &digit)) {
		unit /= 10;
		w->us += digit * unit;
		w->digits++;
	}
	return at;
}

/* Whether it is the name of a zone after an offset, like " CEST". */
static bool is_name(struct slice s)
{
	if (s.n < 2 || s.n > 6 || *s.p != ' ')
		return false;
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] < 'A' || s.p[i] > 'Z')
			return false;
	}
	return true;
}

int timestamp_offset(struct slice s, int *east)
{
	int64_t h, m = 0;
	size_t at = sign_at(s, 0, ' ') ? 1 : 0, end;
	bool west = sign_at(s, at, '-');

	*east = 0;
	if (s.n == 0 || slice_is(s, "Z"))
		return 0;
	if ((!west && !sign_at(s, at, '+')) || !digits_at(s, at + 1, 2, &h))
		return -1;
	end = at + 3;
	if (sign_at(s, end, ':') && digits_at(s, end + 1, 2, &m))
		end += 3;
	else if (digits_at(s, end, 2, &m))
		end += 2;
	else
		m = 0;
	if (h > 23 || m > 59 ||
	    (end < s.n && !is_name(slice_of(s.p + end, s.n - end))))
		return -1;
	*east = (int)(h * 60 + m) * (west ? -1 : 1);
	return 0;
}

static bool read_tail(struct slice s, size_t at, struct timestamp *w)
{
	int east;

	w->tail = slice_of(s.p + at, s.n - at);
	if (timestamp_offset(w->tail, &east) < 0)
		return false;
	w->offset_us = east * 60 * SECOND_US;
	return true;
}

static int read_form(struct slice s, struct timestamp *w)
{
	size_t at;

	*w = (struct timestamp){0};
	if (!read_day(s, w))
		return -1;
	if (s.n == 10)
		return 0;
	w->between = s.p[10];
	if (w->between != 'T' && w->between != ' ')
		return -1;
	at = read_clock(s, 11, w);
	return at > 0 && read_tail(s, at, w) ? 0 : -1;
}

int timestamp_read(struct slice s, int64_t *us)
{
	struct timestamp w;

	if (read_form(s, &w) < 0)
		return -1;
	*us = w.days * DAY_US + w.us - w.offset_us;
	return 0;
}

int timestamp_check(struct slice s, bool z, struct err *e)
{
	struct timestamp w;
	bool digit = false;

	for (size_t i = 0; i < s.n; i++)
		digit |= s.p[i] >= '0' && s.p[i] <= '9';
	if (!digit || read_form(s, &w) == 0 || (z && s.p[s.n - 1] == 'Z'))
		return 0;
	return err_names(e, ERR_USAGE,
			 "--since '%.*s' may mean a local time; write it as "
			 "2024-01-03T10:00:00Z",
			 SLICE_FMT(s));
}

static void put(struct buf *b, const struct timestamp *w)
{
	int64_t y, us = w->us, unit = SECOND_US;
	int m, d;

	clock_civil(w->days, &y, &m, &d);
	buf_fmt(b, "%04d-%02d-%02d", (int)y, m, d);
	if (!w->between)
		return;
	buf_fmt(b, "%c%02d:%02d", w->between, (int)(us / (3600 * SECOND_US)),
		(int)(us / (60 * SECOND_US) % 60));
	if (w->seconds)
		buf_fmt(b, ":%02d", (int)(us / SECOND_US % 60));
	if (w->digits > 0)
		buf_char(b, '.');
	us %= SECOND_US;
	for (size_t i = 0; i < w->digits; i++) {
		char digit = '0';

		unit /= 10;
		if (unit > 0)
			digit = (char)('0' + us / unit % 10);
		buf_char(b, digit);
	}
	buf_slice(b, w->tail);
}

int timestamp_earlier(struct buf *b, struct slice s, uint64_t ms)
{
	static const uint64_t most = (uint64_t)10000 * 366 * 86400 * 1000;
	struct timestamp w, first;
	int64_t all;

	if (read_form(s, &w) < 0 ||
	    read_form(slice_str("0001-01-01"), &first) < 0)
		return -1;
	all = w.days * DAY_US + w.us - (int64_t)(ms < most ? ms : most) * 1000;
	w.days = all / DAY_US;
	w.us = all % DAY_US;
	if (w.us < 0) {
		w.us += DAY_US;
		w.days--;
	}
	if (w.days < first.days) {
		w.days = first.days;
		w.us = 0;
	}
	put(b, &w);
	return 0;
}

int timestamp_blank(struct buf *b, struct slice s)
{
	struct timestamp w;

	if (read_form(s, &w) < 0)
		return -1;
	w.between = ' ';
	w.seconds = true;
	w.tail = slice_of(NULL, 0);
	w.us -= w.offset_us;
	if (w.us < 0 || w.us >= DAY_US) {
		w.days += w.us < 0 ? -1 : 1;
		w.us += w.us < 0 ? DAY_US : -DAY_US;
	}
	put(b, &w);
	return 0;
}
