#include "sync/report/figures.h"

#include "core/clock.h"
#include "core/num.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };
#define DAY ((uint64_t)24 * HOUR)

/* ---- times ------------------------------------------------------------- */

/* Days since 1970-01-01 of a date after 1600. */
static int64_t days_of(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month <= 2 ? year - 1 : year, era = y / 400;
	unsigned of_era = (unsigned)(y - era * 400);
	unsigned of_year =
		(153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 +
	       (int64_t)(of_era * 365 + of_era / 4 - of_era / 100 + of_year) -
	       719468;
}

static bool part(struct slice s, size_t at, size_t n, uint64_t *v)
{
	return s.n >= at + n && num_uint(slice_of(s.p + at, n), v) == 0;
}

uint64_t figures_time(struct slice s)
{
	uint64_t y, mo, d, h, mi, sec, ms = 0;
	int64_t days;

	if (!part(s, 0, 4, &y) || !part(s, 5, 2, &mo) || !part(s, 8, 2, &d) ||
	    !part(s, 11, 2, &h) || !part(s, 14, 2, &mi) ||
	    !part(s, 17, 2, &sec) || y < 1970 || mo < 1 || mo > 12 || d < 1 ||
	    d > 31 || h > 23 || mi > 59 || sec > 60)
		return 0;
	if (s.n > 23 && s.p[19] == '.' && !part(s, 20, 3, &ms))
		return 0;
	days = days_of((int64_t)y, (unsigned)mo, (unsigned)d);
	return (uint64_t)days * DAY + h * HOUR + mi * MINUTE + sec * SECOND +
	       ms;
}

void figures_when(struct buf *b, uint64_t ms, bool seconds)
{
	struct buf stamp = {0};

	clock_stamp(&stamp, ms);
	buf_add(b, stamp.p, 10);
	buf_char(b, ' ');
	buf_add(b, stamp.p + 11, seconds ? 8 : 5);
	buf_str(b, " UTC");
	buf_clear(&stamp);
}

void figures_day(struct buf *b, uint64_t ms)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr",
					     "May", "Jun", "Jul", "Aug",
					     "Sep", "Oct", "Nov", "Dec"};
	int month, day;
	int64_t year;

	clock_civil((int64_t)(ms / DAY), &year, &month, &day);
	buf_fmt(b, "%d %s", day, months[month - 1]);
}

void figures_short(struct buf *b, uint64_t ms)
{
	figures_day(b, ms);
	buf_fmt(b, " %02u:%02u", (unsigned)(ms % DAY / HOUR),
		(unsigned)(ms % HOUR / MINUTE));
}

/* ---- numbers ----------------------------------------------------------- */

void figures_stage(struct buf *b, const char *stage)
{
	if (strcmp(stage, "commit") == 0)
		buf_str(b, "rudder-diff --commit");
	else if (strcmp(stage, "filter") == 0 || strcmp(stage, "tee") == 0 ||
		 strcmp(stage, "run") == 0 || strcmp(stage, "plan") == 0)
		buf_fmt(b, "rudder %s", stage);
	else
		buf_fmt(b, "rudder-%s", stage);
}

void figures_count(struct buf *b, uint64_t n)
{
	if (n >= 1000) {
		figures_count(b, n / 1000);
		buf_fmt(b, ",%03u", (unsigned)(n % 1000));
	} else {
		buf_fmt(b, "%u", (unsigned)n);
	}
}

void figures_things(struct buf *b, uint64_t n, const char *one,
		    const char *many)
{
	figures_count(b, n);
	buf_fmt(b, " %s", n == 1 ? one : many);
}

/* Appends "3 h", and the rest in the smaller unit unless it is 0. */
static void two_units(struct buf *b, uint64_t n, const char *unit,
		      uint64_t rest, const char *smaller)
{
	buf_fmt(b, "%ju %s", (uintmax_t)n, unit);
	if (rest > 0)
		buf_fmt(b, " %ju %s", (uintmax_t)rest, smaller);
}

void figures_span(struct buf *b, uint64_t ms)
{
	if (ms < SECOND)
		buf_fmt(b, "%ju ms", (uintmax_t)ms);
	else if (ms < 10 * SECOND)
		buf_fmt(b, "%ju.%ju s", (uintmax_t)(ms / SECOND),
			(uintmax_t)(ms % SECOND / 100));
	else if (ms < MINUTE)
		buf_fmt(b, "%ju s", (uintmax_t)(ms / SECOND));
	else if (ms < HOUR)
		two_units(b, ms / MINUTE, "min", ms % MINUTE / SECOND, "s");
	else if (ms < DAY)
		two_units(b, ms / HOUR, "h", ms % HOUR / MINUTE, "min");
	else
		figures_things(b, ms / DAY, "day", "days");
}

void figures_ago(struct buf *b, uint64_t now_ms, uint64_t then_ms)
{
	uint64_t ms = now_ms > then_ms ? now_ms - then_ms : 0;

	if (ms < 5 * SECOND) {
		buf_str(b, "just now");
		return;
	}
	if (ms < MINUTE)
		buf_fmt(b, "%ju s", (uintmax_t)(ms / SECOND));
	else if (ms < 2 * HOUR)
		buf_fmt(b, "%ju min", (uintmax_t)(ms / MINUTE));
	else if (ms < 2 * DAY)
		buf_fmt(b, "%ju h", (uintmax_t)(ms / HOUR));
	else
		figures_things(b, ms / DAY, "day", "days");
	buf_str(b, " ago");
}

const char *figures_status(int status)
{
	static const struct {
		int status;
		const char *words;
	} all[] = {
		{-1, "no commit"},
		{0, "complete"},
		{1, "complete, but some rows fail"},
		{3, "blocked by a guard"},
		{4, "not as expected"},
		{64, "wrong options"},
		{65, "input truncated or invalid"},
		{66, "input file missing"},
		{69, "source or destination unavailable"},
		{70, "a bug of rudder"},
		{71, "no memory or descriptors"},
		{73, "cannot create output or state"},
		{74, "disk or pipe failed"},
		{75, "stopped or locked, try again"},
		{76, "TLS or protocol error"},
		{77, "not authorised"},
		{78, "wrong configuration"},
	};

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		if (all[i].status == status)
			return all[i].words;
	}
	return "failed";
}
