#include "send/dest/retry.h"

#include <time.h>

#include "core/num.h"

#define LONGEST_MS ((uint64_t)24 * 60 * 60 * 1000)

uint64_t retry_delay(const struct retry_policy *p, unsigned failures,
		     bool gentle, uint64_t wish_ms, uint64_t chance)
{
	uint64_t bound = p->first_ms, least, wait;

	for (unsigned i = 1; i < failures && bound < p->most_ms; i++)
		bound *= 2;
	if (bound > p->most_ms)
		bound = p->most_ms;
	least = gentle ? bound / 2 : bound / 10;
	wait = least + chance % (bound - least + 1);
	return wait < wish_ms ? wish_ms : wait;
}

/* Parses an HTTP date (RFC 9110, 5.6.7) to seconds since 1970; -1 if it is
 * invalid.
 */
static int64_t http_date(struct slice s)
{
	static const char *const forms[] = {
		"%a, %d %b %Y %H:%M:%S GMT",
		"%a, %d-%b-%y %H:%M:%S GMT",
		"%a %b %d %H:%M:%S %Y",
	};
	char text[64];
	struct tm tm;

	if (s.n == 0 || s.n >= sizeof(text))
		return -1;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		const char *end;

		memset(&tm, 0, sizeof(tm));
		end = strptime(text, forms[i], &tm);
		if (end && *end == '\0')
			return (int64_t)timegm(&tm);
	}
	return -1;
}

uint64_t retry_after(struct slice value, struct slice date, uint64_t wall_ms)
{
	uint64_t seconds;
	int64_t at, now;

	if (num_uint(value, &seconds) == 0)
		return seconds < LONGEST_MS / 1000 ? seconds * 1000
						   : LONGEST_MS;
	at = http_date(value);
	now = http_date(date);
	if (now < 0)
		now = (int64_t)(wall_ms / 1000);
	if (at <= now)
		return 0;
	seconds = (uint64_t)(at - now);
	return seconds < LONGEST_MS / 1000 ? seconds * 1000 : LONGEST_MS;
}
