#include "sync/report/status_json.h"

#include "core/clock.h"
#include "sync/report/sync_verdict.h"
#include "wire/json/json.h"

enum { TREND = 40 };

static void put_string(struct buf *b, const char *name, const char *text)
{
	buf_fmt(b, ",\"%s\":", name);
	json_lossy(b, slice_str(text), SIZE_MAX);
}

/* Appends a time, or null for 0. */
static void put_time(struct buf *b, uint64_t ms)
{
	if (ms == 0) {
		buf_str(b, "null");
		return;
	}
	buf_char(b, '"');
	clock_stamp(b, ms);
	buf_char(b, '"');
}

static void put_raw(struct buf *b, const char *name, struct slice json)
{
	buf_fmt(b, ",\"%s\":", name);
	buf_slice(b, json.n > 0 ? json : slice_str("null"));
}

/* Appends the duration of a run, and the times of its stages if known. */
static void put_times(struct buf *b, const struct report_run *run)
{
	if (run->ended_ms > 0)
		buf_fmt(b, ",\"ms\":%ju", (uintmax_t)run->ms);
	for (size_t i = 0; i < SYNC_REPORT_STAGES; i++) {
		if (run->has[REPORT_QUERY_MS + i])
			buf_fmt(b, ",\"%s_ms\":%ju", sync_report_stage(i),
				(uintmax_t)run->count[REPORT_QUERY_MS + i]);
	}
}

static void put_trend(struct buf *b, const struct sync_report *r)
{
	size_t from = r->n_runs > TREND ? r->n_runs - TREND : 0;

	buf_str(b, ",\"trend\":[");
	for (size_t i = from; i < r->n_runs; i++) {
		const struct report_run *run = &r->run[i];
		uint64_t at = run->ended_ms ? run->ended_ms : run->started_ms;

		buf_str(b, i > from ? ",{\"ended\":\"" : "{\"ended\":\"");
		clock_stamp(b, at);
		buf_str(b, "\",\"status\":");
		if (run->status >= 0)
			buf_fmt(b, "%d", run->status);
		else
			buf_str(b, "null");
		put_times(b, run);
		buf_fmt(b, ",\"rows\":%ju,\"changes\":%ju,\"failed\":%ju}",
			(uintmax_t)run->count[REPORT_ROWS],
			(uintmax_t)sync_report_changes(run),
			(uintmax_t)run->count[REPORT_FAILED]);
	}
	buf_char(b, ']');
}

static uint64_t age_s(uint64_t now_ms, uint64_t then_ms)
{
	return now_ms > then_ms ? (now_ms - then_ms) / 1000 : 0;
}

static void put_sync(struct buf *b, const struct sync_report *r,
		     uint64_t now_ms)
{
	const struct report_run *last = sync_report_last(r);
	struct sync_verdict v;

	sync_verdict_of(&v, r, now_ms);
	buf_str(b, "{\"sync\":");
	json_lossy(b, slice_str(r->name), SIZE_MAX);
	put_string(b, "level", sync_verdict_level_name(v.level));
	put_string(b, "word", v.word);
	put_string(b, "message", v.sentence);
	if (r->good_ms > 0)
		buf_fmt(b, ",\"age_seconds\":%ju",
			(uintmax_t)age_s(now_ms, r->good_ms));
	else
		buf_str(b, ",\"age_seconds\":null");
	buf_fmt(b, ",\"too_old\":%s",
		sync_verdict_is_old(r, now_ms) ? "true" : "false");
	buf_str(b, ",\"running_since\":");
	put_time(b, r->running_ms);
	put_raw(b, "state", r->status);
	put_raw(b, "last_run", last ? last->line : slice_of(NULL, 0));
	put_trend(b, r);
	buf_str(b, "}\n");
}

void status_json(struct buf *b, const struct sync_report *r, size_t n,
		 uint64_t now_ms)
{
	for (size_t i = 0; i < n; i++)
		put_sync(b, &r[i], now_ms);
}
