/* rate.h - how many requests at once, and how many events a second.
 *
 * Floor 2 (send). Four limits, all of which must permit a new request:
 *
 *   - the rate that was asked for (a bucket of events that fills by time);
 *   - a width that shrinks when the destination says 429 or 503, or answers
 *     ever more slowly, and grows again by one for each round of successes;
 *   - after ten failures in a row, one request at a time, and none before the
 *     back-off of the last is over, until one succeeds;
 *   - a pause for all lanes where a busy destination named one (Retry-After).
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
	double bucket; /* events that may go; below 0: debt */
	uint64_t filled_ms;
	unsigned failures; /* in a row, over all lanes */
	uint64_t pause_ms; /* nothing starts before */
	uint64_t shrunk_ms;
	double usual_ms, lately_ms; /* latency: the best known, the average */
};

void rate_init(struct rate *p, unsigned lanes, uint64_t rate, uint64_t burst,
	       uint64_t now_ms);

/* Whether another request may start while `flying` are in flight. */
bool rate_allows(struct rate *p, unsigned flying, uint64_t now_ms);

/* A request with n_events starts. */
void rate_start(struct rate *p, uint64_t n_events);

/* In how many ms rate_allows may change its mind by time alone; UINT64_MAX:
 * not by time.
 */
uint64_t rate_wait(const struct rate *p, uint64_t now_ms);

/* A request succeeded after so long. */
void rate_success(struct rate *p, uint64_t latency_ms, uint64_t now_ms);

/* A request failed and will be sent again. pressed: the destination said that
 * it has too much to do (429, 503, no answer in time); wish_ms as Retry-After;
 * wait_ms the time after which the lane itself will try again.
 */
void rate_failure(struct rate *p, bool pressed, uint64_t wish_ms,
		  uint64_t wait_ms, uint64_t now_ms);

/* Nothing starts for so long. */
void rate_pause(struct rate *p, uint64_t ms, uint64_t now_ms);

/* Whether it sends one request at a time because of failures. */
bool rate_is_open(const struct rate *p);

#endif
