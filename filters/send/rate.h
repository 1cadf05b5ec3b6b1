/* rate.h - limits the requests in flight and the events per second.
 *
 * Floor 2 (send). Four limits, all of which must permit a new request:
 *
 *   - the rate that was asked for (a bucket of events that fills by time);
 *   - the width, the number of requests in flight: it shrinks when the
 *     destination replies 429 or 503, or becomes much slower, and grows by one
 *     for each width's worth of successes;
 *   - after ten failures in a row only one request at a time, each after the
 *     back-off of the last, until one succeeds;
 *   - a pause for all lanes if a busy destination asks for it (Retry-After).
 *
 * The caller brings the clock; times are milliseconds of any clock that never
 * goes back.
 */
#ifndef SEND_RATE_H
#define SEND_RATE_H

#include "core/base.h"

struct rate {
	unsigned most;  /* lanes */
	uint64_t rate;  /* events a second; 0: no limit */
	uint64_t burst; /* events */

	double width;  /* 1 to most */
	double bucket; /* events that may be sent now; below 0: sent too early
			*/
	uint64_t filled_ms;
	unsigned failures; /* failed requests in a row, over all lanes */
	uint64_t pause_ms; /* no request starts before this time */
	uint64_t shrunk_ms;
	double usual_ms, lately_ms; /* latency: about the lowest, the recent
				     * average
				     */
};

void rate_init(struct rate *p, unsigned lanes, uint64_t rate, uint64_t burst,
	       uint64_t now_ms);

/* Whether another request may start while `flying` are in flight. */
bool rate_allows(struct rate *p, unsigned flying, uint64_t now_ms);

/* A request with n_events starts. */
void rate_start(struct rate *p, uint64_t n_events);

/* The ms after which rate_allows may become true without a reply; UINT64_MAX:
 * only a reply can change it.
 */
uint64_t rate_wait(const struct rate *p, uint64_t now_ms);

/* A request succeeded after latency_ms. */
void rate_success(struct rate *p, uint64_t latency_ms, uint64_t now_ms);

/* A request failed and will be sent again. pressed: the destination is
 * overloaded (429, 503, no reply in time). wish_ms: the wait that the
 * destination asks for (Retry-After). wait_ms: the time after which the lane
 * tries again.
 */
void rate_failure(struct rate *p, bool pressed, uint64_t wish_ms,
		  uint64_t wait_ms, uint64_t now_ms);

/* No request starts for the next ms milliseconds. */
void rate_pause(struct rate *p, uint64_t ms, uint64_t now_ms);

/* Whether only one request at a time is allowed, because of failures. */
bool rate_is_open(const struct rate *p);

#endif
