#include "core/clock.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "core/mem.h"
#include "core/num.h"

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

/* splitmix64, for tests only: the same seed gives the same bytes. */
static uint64_t repeatable(uint64_t seed, size_t i)
{
	uint64_t z = seed + (i + 1) * 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

void clock_random(void *p, size_t n)
{
	const char *seed = getenv("RUDDER_TEST_SEED");
	unsigned char *to = p;
	uint64_t s;

	if (seed && num_uint(slice_str(seed), &s) == 0) {
		for (size_t i = 0; i < n; i++)
			to[i] = (unsigned char)(repeatable(s, i) >> 32);
		return;
	}
	/* getrandom of up to 256 bytes is never short (getrandom(2)) */
	while (getrandom(p, n, 0) != (ssize_t)n)
		;
}

static const char digit[] = "0123456789abcdefghijklmnopqrstuv";

void clock_run_id(struct buf *b)
{
	unsigned char id[13] = {0};
	uint64_t s = clock_wall_ms() / 1000;

	clock_random(id, 12);
	if (!getenv("RUDDER_TEST_SEED")) {
		for (int i = 0; i < 4; i++)
			id[i] = (unsigned char)(s >> (24 - 8 * i));
	}
	for (size_t bit = 0; bit < 100; bit += 5) {
		unsigned two = (unsigned)id[bit / 8] << 8 | id[bit / 8 + 1];

		buf_char(b, digit[two >> (11 - bit % 8) & 31]);
	}
}

bool clock_run_start(struct slice id, uint64_t *wall_ms)
{
	const uint64_t first = 1577836800, day = 86400;
	uint64_t s = 0;

	if (id.n != 20)
		return false;
	for (size_t i = 0; i < id.n; i++) {
		const char *at = memchr(digit, id.p[i], sizeof(digit) - 1);

		if (!at)
			return false;
		if (i < 7) /* 35 bits, of which 32 are the time */
			s = s << 5 | (uint64_t)(at - digit);
	}
	s >>= 3;
	*wall_ms = s * 1000;
	return s >= first && s <= clock_wall_ms() / 1000 + day;
}
