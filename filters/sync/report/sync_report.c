#include "sync/report/sync_report.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/folder.h"
#include "core/mem.h"
#include "core/num.h"
#include "core/reader.h"
#include "sync/report/capture.h"
#include "sync/report/figures.h"
#include "wire/json/json.h"
#include "wire/json/scan.h"

static const char *const names[REPORT_COUNTS] = {
	[REPORT_ROWS] = "rows",           [REPORT_INSERTS] = "inserts",
	[REPORT_UPDATES] = "updates",     [REPORT_DELETES] = "deletes",
	[REPORT_UNCHANGED] = "unchanged", [REPORT_IGNORED] = "ignored",
	[REPORT_BLOCKED] = "blocked",     [REPORT_POSTPONED] = "postponed",
	[REPORT_DEFERRED] = "deferred",   [REPORT_RECEIPTS] = "receipts",
	[REPORT_SUCCEEDED] = "succeeded", [REPORT_SKIPPED] = "skipped",
	[REPORT_FAILED] = "failed",       [REPORT_REJECTED] = "rejected",
	[REPORT_UNKNOWN] = "unknown",     [REPORT_UNTRIED] = "untried",
	[REPORT_PENDING] = "pending",     [REPORT_FAILING] = "failing",
	[REPORT_QUERY_MS] = "query_ms",   [REPORT_DIFF_MS] = "diff_ms",
	[REPORT_MAP_MS] = "map_ms",       [REPORT_SEND_MS] = "send_ms",
	[REPORT_COMMIT_MS] = "commit_ms",
};

/* ---- members ----------------------------------------------------------- */

/* The text of a member, decoded; "" if it is missing or neither text nor array.
 */
static char *get_text(const struct scan *s, const char *name)
{
	const struct scan_member *m = scan_get(s, name);
	struct buf b = {0};

	if (m && m->kind == SCAN_STRING)
		json_decode(&b, json_inner(m->value));
	else if (m && m->kind == SCAN_ARRAY) /* a key of two columns */
		buf_slice(&b, m->value);
	return buf_cstr(&b);
}

static bool get_count(const struct scan *s, const char *name, uint64_t *n)
{
	const struct scan_member *m = scan_get(s, name);

	return m && num_uint(m->value, n) == 0;
}

static uint64_t get_time(const struct scan *s, const char *name)
{
	const struct scan_member *m = scan_get(s, name);

	return m && m->kind == SCAN_STRING ? figures_time(json_inner(m->value))
					   : 0;
}

/* ---- lines ------------------------------------------------------------- */

static void take_run(struct sync_report *r, const struct scan *s,
		     struct slice line)
{
	const struct scan_member *complete = scan_get(s, "complete");
	struct report_run *run;
	uint64_t status = 0;

	r->run = mem_resize(r->run, (r->n_runs + 1) * sizeof(*r->run));
	run = &r->run[r->n_runs++];
	*run = (struct report_run){
		.line = line,
		.started_ms = get_time(s, "started"),
		.ended_ms = get_time(s, "ended"),
		.status = -1,
		.complete = complete && complete->kind == SCAN_TRUE,
		.id = get_text(s, "run"),
		.stage = get_text(s, "stage"),
		.reason = get_text(s, "reason"),
		.mode = get_text(s, "mode"),
	};
	(void)get_count(s, "ms", &run->ms);
	if (get_count(s, "status", &status) && status < 256)
		run->status = (int)status;
	for (size_t i = 0; i < REPORT_COUNTS; i++)
		run->has[i] = get_count(s, names[i], &run->count[i]);
}

static void take_row(struct sync_report *r, const struct scan *s)
{
	struct report_row *row;

	r->row = mem_resize(r->row, (r->n_rows + 1) * sizeof(*r->row));
	row = &r->row[r->n_rows++];
	*row = (struct report_row){
		.id = get_text(s, "id"),
		.action = get_text(s, "action"),
		.status = get_text(s, "status"),
		.reason = get_text(s, "reason"),
		.since_ms = get_time(s, "since"),
		.last_ms = get_time(s, "last"),
	};
	(void)get_count(s, "code", &row->code);
	(void)get_count(s, "attempts", &row->attempts);
}

static void take_status(struct sync_report *r, const struct scan *s,
			struct slice line)
{
	r->status = line;
	(void)get_count(s, "keys", &r->keys);
	(void)get_count(s, "pending", &r->pending);
	(void)get_count(s, "failing", &r->failing);
	(void)get_count(s, "resend", &r->resend);
	r->last_ms = get_time(s, "last_run");
	r->good_ms = get_time(s, "last_ok");
	r->hold_ms = get_time(s, "hold_since");
	r->expires_ms = get_time(s, "hold_expires");
	r->running_ms = get_time(s, "running_since");
}

/* Takes a line, whose kind shows in its members: the record of a run may lack
 * the id of the run. Lines that cannot be parsed, perhaps of a later version,
 * are skipped.
 */
static void take_line(struct sync_report *r, const struct scan *s,
		      struct slice line)
{
	if (scan_get(s, "state"))
		take_status(r, s, line);
	else if (scan_get(s, "id"))
		take_row(r, s);
	else
		take_run(r, s, line);
}

static void take_lines(struct sync_report *r, struct slice text)
{
	struct scan *s = scan_new();

	for (size_t at = 0, n; at < text.n; at += n + 1) {
		const char *lf = memchr(text.p + at, '\n', text.n - at);

		n = lf ? (size_t)(lf - text.p) - at : text.n - at;
		if (lf && n > 0 &&
		    scan_object(s, slice_of(text.p + at, n)) == 0)
			take_line(r, s, slice_of(text.p + at, n));
	}
	scan_free(s);
}

/* ---- the state --------------------------------------------------------- */

/* Sets r->lack if the path of the state is blocked by a file: no run could have
 * recorded that.
 */
static void find_block(struct sync_report *r)
{
	struct buf by = {0};

	if (folder_is_blocked(r->state, &by))
		folder_cannot(r->state, r->state, "the state", &r->lack);
	buf_clear(&by);
}

void sync_report_read(struct sync_report *r, const char *name,
		      const char *state)
{
	const char *const argv[] = {"rudder-diff", "--status", "--runs",
				    "--failing",   "-s",       state,
				    NULL};
	struct capture c;

	*r = (struct sync_report){
		.name = mem_copy(name, strlen(name)),
		.state = mem_copy(state, strlen(state)),
		.never = access(state, F_OK) != 0 &&
			 (errno == ENOENT || errno == ENOTDIR),
	};
	if (r->never) {
		find_block(r);
		return;
	}
	if (capture_run(&c, argv, &r->lack) == 0) {
		buf_add(&r->kept, c.out.p, c.out.n);
		memset(buf_room(&r->kept, READER_PAD), 0, READER_PAD);
		take_lines(r, buf_all(&r->kept));
	}
	capture_clear(&c);
}

void sync_report_clear(struct sync_report *r)
{
	for (size_t i = 0; i < r->n_runs; i++) {
		free(r->run[i].id);
		free(r->run[i].stage);
		free(r->run[i].reason);
		free(r->run[i].mode);
	}
	for (size_t i = 0; i < r->n_rows; i++) {
		free(r->row[i].id);
		free(r->row[i].action);
		free(r->row[i].status);
		free(r->row[i].reason);
	}
	free(r->run);
	free(r->row);
	free(r->name);
	free(r->state);
	buf_clear(&r->kept);
	*r = (struct sync_report){0};
}

const struct report_run *sync_report_last(const struct sync_report *r)
{
	return r->n_runs > 0 ? &r->run[r->n_runs - 1] : NULL;
}

const char *sync_report_stage(size_t i)
{
	static const char *const stages[] = {"query", "diff",   "map",
					     "send",  "commit", NULL};

	return stages[i];
}

bool sync_report_has_stages(const struct report_run *run)
{
	bool has = false;

	for (size_t i = 0; i < SYNC_REPORT_STAGES; i++)
		has = has || run->has[REPORT_QUERY_MS + i];
	return has;
}

uint64_t sync_report_changes(const struct report_run *run)
{
	return run->count[REPORT_INSERTS] + run->count[REPORT_UPDATES] +
	       run->count[REPORT_DELETES];
}
