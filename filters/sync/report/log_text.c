#include "sync/report/log_text.h"

#include <stdlib.h>

#include "core/mem.h"
#include "core/width.h"
#include "sync/report/figures.h"
#include "sync/report/last_lines.h"
#include "sync/report/ranking.h"
#include "sync/report/sync_verdict.h"
#include "wire/json/json.h"
#include "wire/json/scan.h"
#include "wire/stream/harmless.h"

/* Maximum number of keys in the file `failing` of a state. */
enum { LISTED_MOST = 10000 };

/* ---- runs -------------------------------------------------------------- */

/* Appends ", 31 new" unless n is 0; the first part has no comma. */
static void part(struct buf *b, bool *any, uint64_t n, const char *word)
{
	if (n == 0)
		return;
	buf_str(b, *any ? ", " : "");
	figures_count(b, n);
	buf_fmt(b, " %s", word);
	*any = true;
}

static void rows_line(struct buf *b, const struct report_run *run)
{
	bool any = false;

	buf_str(b, "    ");
	figures_things(b, run->count[REPORT_ROWS], "row: ", "rows: ");
	part(b, &any, run->count[REPORT_INSERTS], "new");
	part(b, &any, run->count[REPORT_UPDATES], "changed");
	part(b, &any, run->count[REPORT_DELETES], "deleted");
	part(b, &any, run->count[REPORT_UNCHANGED], "unchanged");
	part(b, &any, run->count[REPORT_IGNORED], "ignored");
	part(b, &any, run->count[REPORT_BLOCKED],
	     run->count[REPORT_BLOCKED] == 1 ? "delete blocked"
					     : "deletes blocked");
	part(b, &any, run->count[REPORT_POSTPONED], "postponed");
	part(b, &any, run->count[REPORT_DEFERRED], "deletes deferred");
	if (!any)
		b->n -= 2;
	buf_char(b, '\n');
}

static void receipts_line(struct buf *b, const struct report_run *run)
{
	uint64_t other = run->count[REPORT_FAILED] -
			 run->count[REPORT_REJECTED] -
			 run->count[REPORT_UNKNOWN];
	bool any = false;

	if (run->count[REPORT_RECEIPTS] == 0)
		return;
	buf_str(b, "    ");
	part(b, &any, run->count[REPORT_SUCCEEDED], "delivered");
	part(b, &any, run->count[REPORT_REJECTED], "rejected");
	part(b, &any, other, "failed");
	part(b, &any, run->count[REPORT_UNTRIED], "not tried");
	part(b, &any, run->count[REPORT_UNKNOWN], "unknown");
	part(b, &any, run->count[REPORT_SKIPPED], "skipped");
	buf_char(b, '\n');
}

/* Appends the times of the stages, if known. */
static void stages_line(struct buf *b, const struct report_run *run)
{
	bool any = false;

	for (size_t i = 0; i < SYNC_REPORT_STAGES; i++) {
		if (!run->has[REPORT_QUERY_MS + i])
			continue;
		buf_fmt(b, "%s%s ",
			any ? ", " : "    time: ", sync_report_stage(i));
		figures_span(b, run->count[REPORT_QUERY_MS + i]);
		any = true;
	}
	if (any)
		buf_char(b, '\n');
}

static void run_text(struct buf *b, const struct sync_report *r,
		     const struct report_run *run, uint64_t now_ms,
		     const struct screen_style *style)
{
	bool plan = sync_verdict_is_plan(r, run);
	uint64_t at = run->ended_ms ? run->ended_ms : run->started_ms;
	char id[40];

	harmless(id, sizeof(id), slice_str(run->id));
	screen_text_color(b, LEVEL_WARN, style);
	buf_fmt(b, "run %s", id[0] ? id : "(no id)");
	screen_text_plain(b, style);
	buf_str(b, "  ");
	screen_text_mark(b, sync_verdict_of_run(r, run), style);
	buf_fmt(b, " %s",
		plan ? "a plan that waits for review"
		: sync_verdict_goes_on(run)
			? "complete, and the next run goes on"
			: figures_status(run->status));
	if (run->status >= 0)
		buf_fmt(b, " (%d)", run->status);
	buf_str(b, "\nDate: ");
	figures_when(b, at, true);
	buf_str(b, ", ");
	figures_ago(b, now_ms, at);
	if (run->ended_ms > 0) {
		buf_str(b, ", took ");
		figures_span(b, run->ms);
	}
	buf_str(b, "\n\n");
	if (run->has[REPORT_ROWS])
		rows_line(b, run);
	receipts_line(b, run);
	stages_line(b, run);
	if (run->status > 4 && run->stage[0]) {
		buf_str(b, "    in ");
		figures_stage(b, run->stage);
		buf_str(b, ":\n");
	}
	if (run->reason[0] && run->status != 0 && !plan)
		screen_text_wrapped(b, run->reason, 4, style);
	buf_char(b, '\n');
}

void log_text_runs(struct buf *b, const struct sync_report *r, size_t n,
		   uint64_t now_ms, const struct screen_style *style)
{
	if (r->n_runs == 0)
		buf_fmt(b, "%s has not run yet\n", r->name);
	for (size_t i = 0; i < n && i < r->n_runs; i++)
		run_text(b, r, &r->run[r->n_runs - 1 - i], now_ms, style);
}

/* ---- failing rows ------------------------------------------------------ */

static const char *reason_of(const struct report_row *row)
{
	return row->reason[0] ? row->reason : "no reason given";
}

static size_t id_width(const struct sync_report *r)
{
	size_t most = 3;

	for (size_t i = 0; i < r->n_rows; i++) {
		size_t w = width_of(slice_str(r->row[i].id));

		if (w > most)
			most = w < 36 ? w : 36;
	}
	return most;
}

static void row_line(struct buf *b, const struct report_row *row, size_t width,
		     uint64_t now_ms)
{
	char id[256];
	struct buf status = {0};

	harmless(id, sizeof(id), slice_str(row->id));
	buf_str(&status, row->status);
	if (row->code > 0)
		buf_fmt(&status, " %ju", (uintmax_t)row->code);
	buf_str(b, "    ");
	screen_text_cell(b, slice_str(id), width, false);
	buf_str(b, "  ");
	screen_text_cell(b, slice_str(row->action[0] ? row->action : "-"), 8,
			 false);
	screen_text_cell(b, buf_all(&status), 13, false);
	screen_text_count(b, true, row->attempts, 5);
	buf_str(b, row->attempts == 1 ? " run   since " : " runs  since ");
	figures_ago(b, now_ms, row->since_ms);
	b->n -= b->n > 4 && memcmp(b->p + b->n - 4, " ago", 4) == 0 ? 4 : 0;
	buf_char(b, '\n');
	buf_clear(&status);
}

void log_text_failing(struct buf *b, const struct sync_report *r, size_t n,
		      uint64_t now_ms, const struct screen_style *style)
{
	struct ranking *k = mem_zero(sizeof(*k));
	size_t width = id_width(r), shown = 0;
	/* above that number, rows with a key are left out as well */
	uint64_t listed = r->n_rows < LISTED_MOST ? r->n_rows : r->failing;

	for (size_t i = 0; i < r->n_rows; i++)
		ranking_add(k, reason_of(&r->row[i]), r->row[i].last_ms);
	ranking_sort(k);
	screen_text_color(b, r->failing ? LEVEL_BAD : LEVEL_GOOD, style);
	buf_fmt(b, "%s: ", r->name);
	figures_things(b, r->failing, "row fails", "rows fail");
	screen_text_plain(b, style);
	buf_char(b, '\n');
	for (size_t i = 0; i < k->kinds; i++) {
		struct buf head = {0};

		buf_char(b, '\n');
		figures_things(&head, k->one[i].n, "row: ", "rows: ");
		buf_str(&head, k->one[i].text);
		screen_text_wrapped(b, buf_cstr(&head), 0, style);
		buf_clear(&head);
		for (size_t j = 0; j < r->n_rows && shown < n; j++) {
			if (strcmp(reason_of(&r->row[j]), k->one[i].text) != 0)
				continue;
			row_line(b, &r->row[j], width, now_ms);
			shown++;
		}
	}
	if (k->others > 0) {
		buf_char(b, '\n');
		figures_things(b, k->others, "row: ", "rows: ");
		buf_str(b, "other reasons\n");
	}
	if (shown < listed) {
		buf_str(b, "\nand ");
		figures_count(b, listed - shown);
		buf_str(b, " more\n");
	}
	if (listed < r->failing) {
		buf_char(b, '\n');
		figures_things(b, r->failing - listed, "row", "rows");
		buf_str(b, " without a key, which cannot be listed: select the "
			   "rows where the key column is null\n");
	}
	free(k);
}

/* ---- one key ----------------------------------------------------------- */

static void put_member(struct buf *b, const struct scan *s, const char *name)
{
	const struct scan_member *m = scan_get(s, name);

	if (m && m->kind == SCAN_STRING)
		json_decode(b, json_inner(m->value));
}

static void event_text(struct buf *b, const struct scan *s,
		       const struct screen_style *style)
{
	struct buf when = {0}, status = {0}, operation = {0}, run = {0},
		   reason = {0};
	enum sync_level level;

	put_member(&when, s, "sync_finished_at");
	if (when.n == 0)
		put_member(&when, s, "sync_started_at");
	put_member(&status, s, "status");
	put_member(&operation, s, "operation");
	put_member(&run, s, "sync_run_id");
	put_member(&reason, s, "error_reason");
	level = slice_is(buf_all(&status), "succeeded") ? LEVEL_GOOD
		: slice_is(buf_all(&status), "failed")  ? LEVEL_BAD
		: slice_is(buf_all(&status), "settled") ? LEVEL_NONE
							: LEVEL_WARN;
	screen_text_mark(b, level, style);
	buf_char(b, ' ');
	if (when.n > 0)
		figures_when(b, figures_time(buf_all(&when)), true);
	else
		screen_text_cell(b, slice_str("(time not known)"), 23, false);
	buf_str(b, "  ");
	screen_text_cell(b, operation.n ? buf_all(&operation) : slice_str("-"),
			 8, false);
	screen_text_cell(b, buf_all(&status), 10, false);
	if (run.n > 0) {
		char id[40];

		harmless(id, sizeof(id), buf_all(&run));
		buf_fmt(b, " run %s", id);
	}
	while (b->p[b->n - 1] == ' ')
		b->n--;
	buf_char(b, '\n');
	if (reason.n > 0)
		screen_text_wrapped(b, buf_cstr(&reason), 4, style);
	buf_clear(&when);
	buf_clear(&status);
	buf_clear(&operation);
	buf_clear(&run);
	buf_clear(&reason);
}

void log_text_key(struct buf *b, const char *name, const char *key,
		  struct slice lines, size_t n,
		  const struct screen_style *style)
{
	struct scan *s = scan_new();
	struct slice rest = lines, line;
	char safe[256];

	harmless(safe, sizeof(safe), slice_str(key));
	buf_fmt(b, "%s: key %s\n", name, safe);
	while (n > 0 && last_lines(&rest, &line)) {
		if (scan_object(s, line) < 0)
			continue;
		event_text(b, s, style);
		n--;
	}
	scan_free(s);
}
