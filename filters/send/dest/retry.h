/* retry.h - how long to wait before the same request is sent again.
 *
 * Floor 2 (send). Pure functions: the caller brings the clock and the chance.
 */
#ifndef SEND_DEST_RETRY_H
#define SEND_DEST_RETRY_H

#include "core/slice.h"

struct retry_policy {
	uint64_t first_ms; /* the upper bound of the first wait */
	uint64_t most_ms;  /* doubling stops here */
	uint64_t total_ms; /* from the first failure of a batch on */
};

/* The wait after a number of failures in a row (at least 1): first_ms doubled
 * each time, up to most_ms. Of it, full jitter takes a random part of at least
 * one tenth; gentle (for 429) takes a half and a random part of the other half,
 * lest all retries fall together. The server's own wish (0: none) wins where
 * it is longer. chance is any random number.
 */
uint64_t retry_delay(const struct retry_policy *p, unsigned failures,
		     bool gentle, uint64_t wish_ms, uint64_t chance);

/* A Retry-After value (RFC 9110, 10.2.3): seconds, or a date in one of the
 * three forms of HTTP, which is read against the reply's own Date header, or
 * against wall_ms where that is empty or unreadable. In ms; 0 for what cannot
 * be read or has passed; at most one day.
 */
uint64_t retry_after(struct slice value, struct slice date, uint64_t wall_ms);

#endif
