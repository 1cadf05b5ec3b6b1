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

static void put_raw(struct buf *b, const char *name, struct slice json)
{
	buf_fmt(b, ",\"%s\":", name);
	buf_slice(b, json.n > 0 ? json : slice_str("null"));
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
