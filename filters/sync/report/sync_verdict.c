#include "sync/report/sync_verdict.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "core/text.h"
#include "sync/report/figures.h"
#include "sync/report/ranking.h"

enum sync_level sync_verdict_of_status(int status)
{
	switch (status) {
	case 0:
		return LEVEL_GOOD;
	case 1:
	case 3:
	case 4:
	case 75:
		return LEVEL_WARN;
	default:
		return LEVEL_BAD;
	}
}

bool sync_verdict_is_plan(const struct sync_report *r,
			  const struct report_run *run)
{
	return r->hold_ms > 0 && run && run == sync_report_last(r) &&
	       run->status == -1;
}

enum sync_level sync_verdict_of_run(const struct sync_report *r,
				    const struct report_run *run)
{
	return sync_verdict_is_plan(r, run)
		       ? LEVEL_WARN
		       : sync_verdict_of_status(run->status);
}

const char *sync_verdict_level_name(enum sync_level level)
{
	static const char *const names[LEVEL_LEVELS] = {
		[LEVEL_NONE] = "none",
		[LEVEL_GOOD] = "good",
		[LEVEL_WARN] = "warn",
		[LEVEL_BAD] = "bad",
	};

	return names[level];
}

static const char *word_of(int status)
{
	switch (status) {
	case -1:
		return "killed";
	case 0:
		return "ok";
	case 1:
		return "rows fail";
	case 3:
		return "blocked";
	case 4:
		return "not expected";
	case 75:
		return "stopped";
	default:
		return "failed";
	}
}

bool sync_verdict_goes_on(const struct report_run *run)
{
	return run->status == 1 && run->reason[0] && run->has[REPORT_FAILED] &&
	       run->count[REPORT_FAILED] == 0 &&
	       run->count[REPORT_PENDING] == 0;
}

/* Whether the last good run ended in the future: a clock was wrong then, or is
 * now.
 */
static bool is_ahead(const struct sync_report *r, uint64_t now_ms)
{
	enum { TOLERANCE_MS = 5 * 60 * 1000 };

	return r->good_ms > now_ms + TOLERANCE_MS;
}

bool sync_verdict_is_old(const struct sync_report *r, uint64_t now_ms)
{
	return r->max_age_ms > 0 &&
	       (r->good_ms == 0 || r->good_ms + r->max_age_ms < now_ms ||
		is_ahead(r, now_ms));
}

/* The number of last runs in a row that failed. */
static size_t failed_in_a_row(const struct sync_report *r)
{
	size_t n = 0;

	while (n < r->n_runs &&
	       sync_verdict_of_status(r->run[r->n_runs - 1 - n].status) ==
		       LEVEL_BAD)
		n++;
	return n;
}

static void say_good(struct buf *b, const struct report_run *run)
{
	uint64_t changes = sync_report_changes(run);

	if (!run->has[REPORT_ROWS])
		buf_str(b, "the last run succeeded");
	else if (changes == 0)
		buf_str(b, "nothing had changed in ");
	else
		figures_things(b, changes, "change", "changes");
	if (!run->has[REPORT_ROWS])
		return;
	if (changes > 0)
		buf_str(b, " sent, of ");
	figures_things(b, run->count[REPORT_ROWS], "row", "rows");
}

/* Appends the reason, like ": duplicate key in column 'id'", or the most
 * frequent of several.
 */
static void say_why_rows(struct buf *b, const struct sync_report *r)
{
	struct ranking *k = mem_zero(sizeof(*k));

	for (size_t i = 0; i < r->n_rows; i++) {
		if (r->row[i].reason[0])
			ranking_add(k, r->row[i].reason, r->row[i].last_ms);
	}
	ranking_sort(k);
	if (k->kinds > 0)
		buf_fmt(b, "%s%.200s", k->kinds > 1 ? ", mostly: " : ": ",
			k->one[0].text);
	free(k);
}

static void say_rows_fail(struct buf *b, const struct sync_report *r)
{
	if (r->failing > 0) {
		figures_things(b, r->failing, "row fails", "rows fail");
		say_why_rows(b, r);
	}
	if (r->failing > 0 && r->pending > 0)
		buf_str(b, "; ");
	if (r->pending > 0)
		figures_things(b, r->pending,
			       "change is not acknowledged, and the next run "
			       "sends it again",
			       "changes are not acknowledged, and the next run "
			       "sends them again");
	else
		buf_str(b, r->failing > 0 ? "; everything else is delivered"
					  : "some rows were not delivered");
	if (r->failing > 0)
		buf_fmt(b, "; list: rudder log --failing %s", r->name);
}

static void say_failed(struct buf *b, const struct sync_report *r,
		       const struct report_run *run)
{
	size_t n = failed_in_a_row(r);

	if (n > 1)
		buf_fmt(b, "the last %zu runs failed; the newest", n);
	else
		buf_str(b, "the last run failed");
	if (run->stage[0]) {
		buf_str(b, " in ");
		figures_stage(b, run->stage);
	}
	if (run->status >= 0)
		buf_fmt(b, " with status %d", run->status);
	buf_fmt(b, ": %s",
		run->reason[0] ? run->reason : figures_status(run->status));
}

static bool is_plan(const struct sync_report *r)
{
	return sync_verdict_is_plan(r, sync_report_last(r));
}

static bool is_blocked_resend(const struct report_run *run)
{
	return run && run->status == 3 && run->count[REPORT_BLOCKED] == 0;
}

static bool has_expired(const struct sync_report *r, uint64_t now_ms)
{
	return r->expires_ms > 0 && now_ms > r->expires_ms;
}

static void say_plan(struct buf *b, const struct sync_report *r,
		     uint64_t now_ms)
{
	if (!has_expired(r, now_ms)) {
		buf_str(b, "a plan waits for review since ");
		figures_when(b, r->hold_ms, false);
		return;
	}
	buf_str(b, "a plan expired at ");
	figures_when(b, r->expires_ms, false);
	buf_str(b, "; no run starts until it is declined (rudder apply "
		   "--decline)");
}

/* Appends what is important in addition to the outcome of the last run. */
static void say_more(struct buf *b, const struct sync_report *r,
		     uint64_t now_ms)
{
	if (sync_verdict_is_old(r, now_ms)) {
		buf_str(b, r->good_ms == 0 ? "; no run has ever succeeded"
			   : is_ahead(r, now_ms)
				   ? "; check the clocks: the last run that "
				     "succeeded ended in the future, at "
				   : "; no run has succeeded since ");
		if (r->good_ms > 0)
			figures_when(b, r->good_ms, false);
	}
	if (r->hold_ms > 0 && !is_plan(r)) {
		buf_str(b, "; ");
		say_plan(b, r, now_ms);
	}
	if (r->running_ms > 0) {
		buf_str(b, "; a run is under way since ");
		figures_when(b, r->running_ms, false);
	}
	if (r->resend > 0 && !is_blocked_resend(sync_report_last(r))) {
		buf_str(b, "; the next run sends ");
		figures_things(b, r->resend, "row again", "rows again");
	}
}

/* Appends why deletes are blocked, and how to allow them if the record says so.
 */
static void say_blocked(struct buf *b, const struct report_run *run)
{
	uint64_t n = run->count[REPORT_BLOCKED];

	if (strstr(run->reason, "--allow-deletes")) {
		buf_fmt(b, "%s; new and changed rows were sent", run->reason);
		return;
	}
	figures_things(b, n, "delete was", "deletes were");
	buf_fmt(b,
		" blocked by a guard; new and changed rows were sent; a plan "
		"or a dry run (-n) shows how to allow %s",
		n == 1 ? "it" : "them");
}

/* Whether the last run goes on in the next one, and no row fails now. */
static bool goes_on(const struct sync_report *r, const struct report_run *run)
{
	return sync_verdict_goes_on(run) && r->failing == 0 && r->pending == 0;
}

static void say(struct buf *b, const struct sync_report *r,
		const struct report_run *run)
{
	switch (run->status) {
	case 0:
		say_good(b, run);
		return;
	case 1:
		if (goes_on(r, run))
			buf_str(b, run->reason);
		else
			say_rows_fail(b, r);
		return;
	case 3:
		if (is_blocked_resend(run)) {
			buf_str(b, run->reason);
			return;
		}
		say_blocked(b, run);
		return;
	case 4:
		buf_fmt(b, "the last run is %s", run->reason);
		return;
	default:
		say_failed(b, r, run);
	}
}

static void say_all(struct sync_verdict *v, struct buf *b,
		    const struct sync_report *r, uint64_t now_ms)
{
	const struct report_run *run = sync_report_last(r);

	if (r->lack.kind != ERR_NONE) {
		v->level = LEVEL_BAD;
		v->word = r->never ? "cannot run" : "unreadable";
		buf_str(b, r->lack.text);
		return;
	}
	if (r->never || !run) {
		v->level =
			sync_verdict_is_old(r, now_ms) ? LEVEL_BAD : LEVEL_NONE;
		v->word = "never ran";
		buf_str(b, r->running_ms > 0 ? "the first run is under way"
					     : "this sync has not run yet");
		return;
	}
	v->level = sync_verdict_of_status(run->status);
	v->word = goes_on(r, run) ? "goes on" : word_of(run->status);
	if (is_plan(r)) {
		v->level = has_expired(r, now_ms) ? LEVEL_BAD : LEVEL_WARN;
		v->word =
			has_expired(r, now_ms) ? "plan expired" : "plan waits";
		say_plan(b, r, now_ms);
	} else {
		say(b, r, run);
	}
	say_more(b, r, now_ms);
	if (sync_verdict_is_old(r, now_ms)) {
		v->word = v->level == LEVEL_BAD ? v->word : "too old";
		v->level = LEVEL_BAD;
	}
}

void sync_verdict_of(struct sync_verdict *v, const struct sync_report *r,
		     uint64_t now_ms)
{
	struct buf b = {0};

	*v = (struct sync_verdict){.word = ""};
	say_all(v, &b, r, now_ms);
	if (b.n >= sizeof(v->sentence))
		b.n = text_whole(slice_of(b.p, sizeof(v->sentence) - 1));
	memcpy(v->sentence, buf_cstr(&b), b.n);
	buf_clear(&b);
}
