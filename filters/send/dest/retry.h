/* retry.h - how long to wait before the same request is sent again.
 *
 * Floor 2 (send). Pure functions: the caller passes the time and a random
 * number.
 */
#ifndef SEND_DEST_RETRY_H
#define SEND_DEST_RETRY_H

#include "core/slice.h"

struct retry_policy {
	uint64_t first_ms; /* the upper bound of the first wait */
	uint64_t most_ms;  /* the upper bound is doubled up to this */
	uint64_t total_ms; /* since the first failure of a batch */
};

/* Returns how many milliseconds to wait after `failures` failures in a row (at
 * least 1). The upper bound starts at first_ms and doubles with each failure,
 * up to most_ms. The wait is a random time between a tenth of the bound and the
 * bound, or, if gentle (for status 429), between half of it and all of it, so
 * that not all retries happen at the same time. If the server asks for a longer
 * wait, wish_ms (0: it does not), the wait is that. chance is any random
 * number.
 */
uint64_t retry_delay(const struct retry_policy *p, unsigned failures,
		     bool gentle, uint64_t wish_ms, uint64_t chance);

/* Returns the milliseconds that a Retry-After value asks for (RFC 9110,
 * 10.2.3): a number of seconds, or a date in one of HTTP's three forms. A date
 * is compared with the reply's own Date header, or with wall_ms if that is
 * empty or unreadable. The result is at most one day; it is 0 if the value is
 * unreadable or the date has passed.
 */
uint64_t retry_after(struct slice value, struct slice date, uint64_t wall_ms);

#endif
