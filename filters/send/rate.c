#include "send/rate.h"

enum {
	FAILURES_MAX = 10,  /* failures in a row; then one request at a time */
	SLOW_MS = 250,      /* latency below this is never too slow */
	SLOW_TIMES = 4,     /* nor is a latency below this many times usual_ms
			     */
	SHRINK_EVERY = 100, /* in ms; replies to requests already in flight
			     * report the same overload
			     */
};

void rate_init(struct rate *p, unsigned lanes, uint64_t rate, uint64_t burst,
	       uint64_t now_ms)
{
	*p = (struct rate){
		.most = lanes,
		.rate = rate,
		.burst = burst,
		.width = lanes,
		.bucket = (double)burst,
		.filled_ms = now_ms,
	};
}

static void fill(struct rate *p, uint64_t now_ms)
{
	p->bucket += (double)(now_ms - p->filled_ms) * (double)p->rate / 1000;
	if (p->bucket > (double)p->burst)
		p->bucket = (double)p->burst;
	p->filled_ms = now_ms;
}

bool rate_is_open(const struct rate *p)
{
	return p->failures >= FAILURES_MAX;
}

bool rate_allows(struct rate *p, unsigned flying, uint64_t now_ms)
{
	if (now_ms < p->pause_ms)
		return false;
	if (flying >= (rate_is_open(p) ? 1 : (unsigned)p->width))
		return false;
	if (p->rate == 0)
		return true;
	fill(p, now_ms);
	return p->bucket > 0;
}

void rate_start(struct rate *p, uint64_t n_events)
{
	if (p->rate > 0)
		p->bucket -= (double)n_events;
}

uint64_t rate_wait(const struct rate *p, uint64_t now_ms)
{
	if (now_ms < p->pause_ms)
		return p->pause_ms - now_ms;
	if (p->rate > 0 && p->bucket <= 0)
		return (uint64_t)(-p->bucket * 1000 / (double)p->rate) + 1;
	return UINT64_MAX;
}

static void shrink(struct rate *p, double times, uint64_t now_ms)
{
	if (now_ms - p->shrunk_ms < SHRINK_EVERY && p->shrunk_ms > 0)
		return;
	p->shrunk_ms = now_ms;
	p->width *= times;
	if (p->width < 1)
		p->width = 1;
}

void rate_success(struct rate *p, uint64_t latency_ms, uint64_t now_ms)
{
	double ms = (double)latency_ms;

	p->failures = 0;
	if (p->usual_ms == 0 || ms < p->usual_ms)
		p->usual_ms = ms;
	else
		p->usual_ms += (ms - p->usual_ms) / 1000; /* rises slowly, in
							   * case the
							   * destination has
							   * become slower
							   */
	p->lately_ms += (ms - p->lately_ms) / 8;
	if (p->lately_ms > SLOW_MS && p->lately_ms > SLOW_TIMES * p->usual_ms) {
		shrink(p, 0.9, now_ms);
		return;
	}
	p->width += 1 / p->width;
	if (p->width > p->most)
		p->width = p->most;
}

void rate_pause(struct rate *p, uint64_t ms, uint64_t now_ms)
{
	if (now_ms + ms > p->pause_ms)
		p->pause_ms = now_ms + ms;
}

void rate_failure(struct rate *p, bool pressed, uint64_t wish_ms,
		  uint64_t wait_ms, uint64_t now_ms)
{
	p->failures++;
	if (rate_is_open(p) && now_ms + wait_ms > p->pause_ms)
		p->pause_ms = now_ms + wait_ms;
	if (!pressed)
		return;
	shrink(p, 0.7, now_ms);
	if (now_ms + wish_ms > p->pause_ms)
		p->pause_ms = now_ms + wish_ms;
}
