#include "sync/report/status_prometheus.h"

#include "sync/report/sync_verdict.h"

/* Sets *v to a value; false if it is not known. */
typedef bool value_fn(const struct sync_report *r, uint64_t now_ms,
		      uint64_t *v);

static bool readable(const struct sync_report *r, uint64_t now_ms, uint64_t *v)
{
	(void)now_ms;
	*v = r->lack.kind == ERR_NONE;
	return true;
}

static bool level(const struct sync_report *r, uint64_t now_ms, uint64_t *v)
{
	struct sync_verdict verdict;

	sync_verdict_of(&verdict, r, now_ms);
	*v = verdict.level == LEVEL_BAD    ? 2
	     : verdict.level == LEVEL_WARN ? 1
					   : 0;
	return verdict.level != LEVEL_NONE;
}

static bool last_end(const struct sync_report *r, uint64_t now_ms, uint64_t *v)
{
	(void)now_ms;
	*v = r->last_ms / 1000;
	return r->last_ms > 0;
}

static bool last_good(const struct sync_report *r, uint64_t now_ms, uint64_t *v)
{
	(void)now_ms;
	*v = r->good_ms / 1000;
	return r->good_ms > 0;
}

static bool last_status(const struct sync_report *r, uint64_t now_ms,
			uint64_t *v)
{
	const struct report_run *run = sync_report_last(r);

	(void)now_ms;
	*v = run && run->status >= 0 ? (uint64_t)run->status : 0;
	return run && run->status >= 0;
}

static bool last_ms(const struct sync_report *r, uint64_t now_ms, uint64_t *v)
{
	const struct report_run *run = sync_report_last(r);

	(void)now_ms;
	*v = run ? run->ms : 0;
	return run && run->ended_ms > 0;
}

static bool known(const struct sync_report *r)
{
	return r->lack.kind == ERR_NONE && !r->never;
}

static bool running(const struct sync_report *r, uint64_t now_ms, uint64_t *v)
{
	*v = r->running_ms > 0 && now_ms > r->running_ms
		     ? now_ms - r->running_ms
		     : 0;
	return known(r);
}

static bool keys(const struct sync_report *r, uint64_t now_ms, uint64_t *v)
{
	(void)now_ms;
	*v = r->keys;
	return known(r);
}

static bool failing(const struct sync_report *r, uint64_t now_ms, uint64_t *v)
{
	(void)now_ms;
	*v = r->failing;
	return known(r);
}

static bool pending(const struct sync_report *r, uint64_t now_ms, uint64_t *v)
{
	(void)now_ms;
	*v = r->pending;
	return known(r);
}

static const struct {
	const char *name, *help;
	value_fn *value;
	bool ms; /* in milliseconds, shown in seconds */
} gauges[] = {
	{"rudder_state_readable", "1 if the state could be read.", readable,
	 false},
	{"rudder_level",
	 "How the sync stands: 0 good, 1 look at it, 2 it does not work.",
	 level, false},
	{"rudder_last_run_timestamp_seconds", "When the last run ended.",
	 last_end, false},
	{"rudder_last_success_timestamp_seconds",
	 "When the last run with status 0 ended.", last_good, false},
	{"rudder_last_run_status", "Exit status of the last run.", last_status,
	 false},
	{"rudder_last_run_duration_seconds", "How long the last run took.",
	 last_ms, true},
	{"rudder_running_seconds",
	 "How long the run that is under way has taken, 0 if there is none.",
	 running, true},
	{"rudder_keys", "Rows that the destination is known to have.", keys,
	 false},
	{"rudder_failing_rows", "Rows whose last receipt reports a failure.",
	 failing, false},
	{"rudder_pending_changes", "Changes without an acknowledgement.",
	 pending, false},
};

#define STAGES "rudder_last_run_stage_seconds"

/* The counts of the last run, with their labels. */
static const struct {
	enum report_count count;
	const char *metric, *label;
} counts[] = {
	{REPORT_ROWS, "rudder_last_run_rows", NULL},
	{REPORT_INSERTS, "rudder_last_run_changes", "operation=\"insert\""},
	{REPORT_UPDATES, "rudder_last_run_changes", "operation=\"update\""},
	{REPORT_DELETES, "rudder_last_run_changes", "operation=\"delete\""},
	{REPORT_BLOCKED, "rudder_last_run_blocked_deletes", NULL},
	{REPORT_SUCCEEDED, "rudder_last_run_receipts", "result=\"succeeded\""},
	{REPORT_FAILED, "rudder_last_run_receipts", "result=\"failed\""},
	{REPORT_SKIPPED, "rudder_last_run_receipts", "result=\"skipped\""},
	{REPORT_UNTRIED, "rudder_last_run_receipts", "result=\"untried\""},
	{REPORT_QUERY_MS, STAGES, "stage=\"query\""},
	{REPORT_DIFF_MS, STAGES, "stage=\"diff\""},
	{REPORT_MAP_MS, STAGES, "stage=\"map\""},
	{REPORT_SEND_MS, STAGES, "stage=\"send\""},
	{REPORT_COMMIT_MS, STAGES, "stage=\"commit\""},
};

static const struct {
	const char *metric, *help;
} count_help[] = {
	{"rudder_last_run_rows", "Rows that the last run read."},
	{"rudder_last_run_changes", "Changes that the last run found."},
	{"rudder_last_run_blocked_deletes",
	 "Deletes that a guard blocked in the last run."},
	{"rudder_last_run_receipts", "Receipts of the last run."},
	{STAGES, "How long each stage of the last run worked."},
};

static void put_label(struct buf *b, const char *name)
{
	buf_str(b, "sync=\"");
	for (const char *c = name; *c; c++) {
		if (*c == '\\' || *c == '"')
			buf_char(b, '\\');
		if (*c == '\n')
			buf_str(b, "\\n");
		else
			buf_char(b, *c);
	}
	buf_char(b, '"');
}

static void put_head(struct buf *b, const char *name, const char *help)
{
	buf_fmt(b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* Milliseconds are shown in seconds. */
static void put_value(struct buf *b, uint64_t v, bool ms)
{
	if (ms)
		buf_fmt(b, "%ju.%03u\n", (uintmax_t)(v / 1000),
			(unsigned)(v % 1000));
	else
		buf_fmt(b, "%ju\n", (uintmax_t)v);
}

static void put_gauge(struct buf *b, size_t g, const struct sync_report *r,
		      uint64_t now_ms)
{
	uint64_t v;

	if (!gauges[g].value(r, now_ms, &v))
		return;
	buf_fmt(b, "%s{", gauges[g].name);
	put_label(b, r->name);
	buf_str(b, "} ");
	put_value(b, v, gauges[g].ms);
}

static void put_counts(struct buf *b, const char *metric,
		       const struct sync_report *r)
{
	const struct report_run *run = sync_report_last(r);

	for (size_t i = 0; run && i < COUNT_OF(counts); i++) {
		if (strcmp(counts[i].metric, metric) != 0 ||
		    !run->has[counts[i].count])
			continue;
		buf_fmt(b, "%s{", metric);
		put_label(b, r->name);
		if (counts[i].label)
			buf_fmt(b, ",%s", counts[i].label);
		buf_str(b, "} ");
		put_value(b, run->count[counts[i].count],
			  strcmp(metric, STAGES) == 0);
	}
}

void status_prometheus(struct buf *b, const struct sync_report *r, size_t n,
		       uint64_t now_ms)
{
	for (size_t g = 0; g < COUNT_OF(gauges); g++) {
		put_head(b, gauges[g].name, gauges[g].help);
		for (size_t i = 0; i < n; i++)
			put_gauge(b, g, &r[i], now_ms);
	}
	for (size_t g = 0; g < COUNT_OF(count_help); g++) {
		put_head(b, count_help[g].metric, count_help[g].help);
		for (size_t i = 0; i < n; i++)
			put_counts(b, count_help[g].metric, &r[i]);
	}
}
