#include "core/clock.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

static uint64_t now_ms(clockid_t which)
{
	struct timespec t = {0};

	clock_gettime(which, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

uint64_t clock_mono_ms(void)
{
	return now_ms(CLOCK_MONOTONIC);
}

uint64_t clock_wall_ms(void)
{
	return now_ms(CLOCK_REALTIME);
}

/* Howard Hinnant, "chrono-compatible low-level date algorithms": an era is
 * 400 years of 146097 days, and a year begins on 1 March.
 */
void clock_civil(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = yoe + era * 400 + (*month <= 2);
}

void clock_stamp(struct buf *b, uint64_t wall_ms)
{
	int64_t year;
	int month, day;
	unsigned ms = (unsigned)(wall_ms % 86400000);

	clock_civil((int64_t)(wall_ms / 86400000), &year, &month, &day);
	buf_fmt(b, "%04jd-%02d-%02dT%02u:%02u:%02u.%03uZ", (intmax_t)year,
		month, day, ms / 3600000, ms / 60000 % 60, ms / 1000 % 60,
		ms % 1000);
}

/* The inverse of clock_civil, from 1970 on. */
static uint64_t days_of(uint64_t year, uint64_t month, uint64_t day)
{
	uint64_t y = year - (month <= 2), yoe = y % 400;
	uint64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;

	return y / 400 * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy + day -
	       1 - 719468;
}

int clock_read_stamp(struct slice stamp, uint64_t *wall_ms)
{
	static const char form[] = "0000-00-00T00:00:00.000Z";
	enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, MS, PARTS };
	uint64_t v[PARTS + 1] = {0};
	size_t n = 0;

	if (stamp.n != sizeof(form) - 1)
		return -1;
	for (size_t i = 0; i < stamp.n; i++) {
		char c = stamp.p[i];

		if (form[i] != '0' ? c != form[i] : c < '0' || c > '9')
			return -1;
		if (form[i] == '0')
			v[n] = v[n] * 10 + (uint64_t)(c - '0');
		else
			n++;
	}
	if (v[YEAR] < 1970 || v[MONTH] < 1 || v[MONTH] > 12 || v[DAY] < 1 ||
	    v[DAY] > 31 || v[HOUR] > 23 || v[MINUTE] > 59 || v[SECOND] > 59)
		return -1;
	v[HOUR] += days_of(v[YEAR], v[MONTH], v[DAY]) * 24;
	*wall_ms = ((v[HOUR] * 60 + v[MINUTE]) * 60 + v[SECOND]) * 1000 + v[MS];
	return 0;
}

void clock_random(void *p, size_t n)
{
	/* getrandom of up to 256 bytes is never short (getrandom(2)) */
	while (getrandom(p, n, 0) != (ssize_t)n)
		;
}

enum { RUN_ID = 20 };

static const char digit[] = "0123456789abcdefghijklmnopqrstuv";

void clock_run_id(struct buf *b)
{
	unsigned char id[13] = {0};
	uint64_t s = clock_wall_ms() / 1000;

	clock_random(id, 12);
	for (int i = 0; i < 4; i++)
		id[i] = (unsigned char)(s >> (24 - 8 * i));
	for (size_t bit = 0; bit < 100; bit += 5) {
		unsigned two = (unsigned)id[bit / 8] << 8 | id[bit / 8 + 1];

		buf_char(b, digit[two >> (11 - bit % 8) & 31]);
	}
}

bool clock_is_run_id(struct slice id)
{
	for (size_t i = 0; i < id.n; i++) {
		if (!memchr(digit, id.p[i], sizeof(digit) - 1))
			return false;
	}
	return id.n == RUN_ID;
}

int clock_given_run_id(struct buf *b, struct err *e)
{
	const char *given = getenv("RUDDER_RUN_ID");

	if (!given || !*given) {
		clock_run_id(b);
		return 0;
	}
	if (!clock_is_run_id(slice_str(given)))
		return err_names(
			e, ERR_CONFIG,
			"RUDDER_RUN_ID '%.60s' is not a run id: it must "
			"be 20 characters of 0-9 and a-v; unset it to "
			"get a new one",
			given);
	buf_str(b, given);
	return 0;
}

bool clock_run_start(struct slice id, uint64_t *wall_ms)
{
	const uint64_t first = 1577836800, day = 86400;
	uint64_t s = 0;

	if (!clock_is_run_id(id))
		return false;
	for (size_t i = 0; i < 7; i++) { /* 35 bits: 32 are the time */
		const char *at = memchr(digit, id.p[i], sizeof(digit) - 1);

		s = s << 5 | (uint64_t)(at - digit);
	}
	s >>= 3;
	*wall_ms = s * 1000;
	return s >= first && s <= clock_wall_ms() / 1000 + day;
}
