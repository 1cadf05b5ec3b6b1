/* pace.h - how many requests at once, and how many events a second.
 *
 * Floor 2 (send). Four brakes, all of which must agree to a new request:
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
#ifndef SEND_PACE_H
#define SEND_PACE_H

#include "core/base.h"

struct pace {
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

void pace_init(struct pace *p, unsigned lanes, uint64_t rate, uint64_t burst,
	       uint64_t now_ms);

/* Whether another request may start while so many are in flight. */
bool pace_allows(struct pace *p, unsigned flying, uint64_t now_ms);

/* A request with so many events starts. */
void pace_start(struct pace *p, uint64_t n_events);

/* In how many ms pace_allows may change its mind by time alone; UINT64_MAX:
 * not by time.
 */
uint64_t pace_wait(const struct pace *p, uint64_t now_ms);

/* A request succeeded after so long. */
void pace_success(struct pace *p, uint64_t latency_ms, uint64_t now_ms);

/* A request failed and will be sent again. pressed: the destination said that
 * it has too much to do (429, 503, no answer in time); wish_ms as Retry-After;
 * wait_ms the time after which the lane itself will try again.
 */
void pace_failure(struct pace *p, bool pressed, uint64_t wish_ms,
		  uint64_t wait_ms, uint64_t now_ms);

/* Whether it sends one request at a time because of failures. */
bool pace_is_open(const struct pace *p);

#endif
