#include "sync/report/buckets.h"

#define MINUTE ((uint64_t)60 * 1000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static uint64_t time_of(const struct report_run *run)
{
	return run->ended_ms ? run->ended_ms : run->started_ms;
}

/* The shortest length of a bucket with which all runs fit. */
static uint64_t length_for(uint64_t span_ms)
{
	static const uint64_t lengths[] = {
		MINUTE,   5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR,
		3 * HOUR, 6 * HOUR,   12 * HOUR,   DAY,         2 * DAY,
		7 * DAY,  14 * DAY,   28 * DAY};
	size_t i = 0;
	uint64_t length;

	while (i + 1 < COUNT_OF(lengths) &&
	       span_ms / lengths[i] + 2 > BUCKETS_MOST)
		i++;
	length = lengths[i];
	while (span_ms / length + 2 > BUCKETS_MOST) /* for many years of runs */
		length *= 2;
	return length;
}

/* Whether a is worse than b: levels are in that order, and no run is the best.
 */
static bool is_worse(enum sync_level a, enum sync_level b)
{
	return a > b;
}

static void add(struct bucket *v, const struct sync_report *r,
		const struct report_run *run)
{
	enum sync_level level = sync_verdict_of_run(r, run);

	v->runs++;
	v->bad += level == LEVEL_BAD;
	if (is_worse(level, v->worst))
		v->worst = level;
	if (run->has[REPORT_ROWS]) {
		v->has_rows = true;
		v->rows = run->count[REPORT_ROWS];
	}
	v->inserts += run->count[REPORT_INSERTS];
	v->updates += run->count[REPORT_UPDATES];
	v->deletes += run->count[REPORT_DELETES];
	v->failed += run->count[REPORT_FAILED];
	if (run->ms > v->longest_ms)
		v->longest_ms = run->ms;
	if (run->ms < v->stages_of_ms || !sync_report_has_stages(run))
		return;
	v->stages_of_ms = run->ms;
	for (size_t i = 0; i < SYNC_REPORT_STAGES; i++)
		v->stage_ms[i] = run->count[REPORT_QUERY_MS + i];
}

void buckets_fill(struct buckets *b, const struct sync_report *r,
		  uint64_t now_ms)
{
	uint64_t first = now_ms, end, from;

	for (size_t i = 0; i < r->n_runs; i++) {
		uint64_t at = time_of(&r->run[i]);

		if (at > 0 && at < first)
			first = at;
	}
	*b = (struct buckets){.length_ms = length_for(now_ms - first)};
	end = (now_ms / b->length_ms + 1) * b->length_ms;
	b->n = (size_t)((end - first + b->length_ms - 1) / b->length_ms);
	if (b->n < BUCKETS_LEAST)
		b->n = BUCKETS_LEAST;
	from = end - b->n * b->length_ms;
	for (size_t i = 0; i < b->n; i++)
		b->v[i].from_ms = from + i * b->length_ms;
	for (size_t i = 0; i < r->n_runs; i++) {
		uint64_t at = time_of(&r->run[i]);
		size_t k = at == 0 || at >= end
				   ? b->n - 1
				   : (size_t)((at - from) / b->length_ms);

		add(&b->v[k], r, &r->run[i]);
	}
}
