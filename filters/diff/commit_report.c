#include "diff/commit_report.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/clock.h"
#include "core/moment.h"
#include "core/tool.h"
#include "diff/expect.h"
#include "wire/json/json.h"

enum { ID, ACTION, STATUS, CODE, REASON, MESSAGE };

static const char *const members[] = {
	[ID] = "recordId", [ACTION] = "action", [STATUS] = "status",
	[CODE] = "code",   [REASON] = "reason", [MESSAGE] = "messageId",
};

void commit_report_init(struct commit_report *t, const struct state *s)
{
	*t = (struct commit_report){
		.state = s,
		.record.status = -1,
		.began_ms = clock_wall_ms(),
		.log.fd = -1,
	};
	runs_stamp(t->record.started, t->began_ms);
}

void commit_report_open(struct commit_report *t)
{
	runs_stamp(t->now, clock_wall_ms());
	failing_load(&t->failing, t->state);
	t->open = true;
}

static void copy(char *to, size_t size, struct slice text)
{
	size_t n = text.n < size ? text.n : 0;

	if (n > 0) /* its p may be NULL otherwise */
		memcpy(to, text.p, n);
	to[n] = '\0';
}

void commit_report_begin(struct commit_report *t, const struct input *in)
{
	struct run_record *r = &t->record;
	struct buf mode = {0};
	uint64_t ms;

	t->dry_run = slice_is(control_member(in->controls, "dry_run"), "true");
	copy(r->run, sizeof(r->run), in->control.run);
	copy(r->attempt, sizeof(r->attempt), in->control.attempt);
	input_text(in, "mode", &mode);
	copy(r->mode, sizeof(r->mode), buf_all(&mode));
	buf_clear(&mode);
	if (moment_wall(buf_all(&in->clock), &ms) == 0) {
		t->began_ms = ms;
		runs_stamp(r->started, ms);
	}
}

void commit_report_count(struct commit_report *t, enum runs_count c, uint64_t n)
{
	t->record.count[c] = n;
	t->record.has[c] = true;
}

void commit_report_end(struct commit_report *t, const struct input *in)
{
	uint64_t n;

	t->more = slice_is(control_member(in->controls, "more"), "true");
	for (int i = 0; i < RUNS_OF_END; i++) {
		if (control_count(in->controls, runs_name((enum runs_count)i),
				  &n) > 0)
			commit_report_count(t, (enum runs_count)i, n);
	}
}

/* ---- receipts ---------------------------------------------------------- */

static struct slice value_at(const struct commit_report *t,
			     const struct input *in, int which)
{
	int at = t->at[which];
	bool scalar = at >= 0 && (in->member[at].kind == SCAN_STRING ||
				  in->member[at].kind == SCAN_NUMBER);

	return scalar ? in->member[at].value : slice_of(NULL, 0);
}

static void find_members(struct commit_report *t, const struct input *in)
{
	t->shape = in->shape;
	for (size_t i = 0; i < COUNT_OF(members); i++)
		t->at[i] = scan_find(in->scan, slice_str(members[i]));
}

static void keep(struct commit_report *t, const struct failing_receipt *r)
{
	if (!t->log.path)
		receipt_log_open(&t->log, t->state, t->record.started,
				 t->record.run);
	receipt_log_add(&t->log, r);
}

/* Adds the operation, which only `pending` has, if it is shown. False if the
 * receipt is old: an earlier commit has settled its change.
 */
static bool add_operation(struct commit_report *t, const struct input *in,
			  struct failing_receipt *r)
{
	struct slice message = value_at(t, in, MESSAGE), operation;

	if (message.n < 2)
		return true;
	if (!operations_of(&t->operations, t->state, json_inner(message),
			   &operation))
		return false;
	if (r->action.n == 0)
		r->action = operation;
	return true;
}

void commit_report_receipt(struct commit_report *t, const struct input *in,
			   enum commit_report_says says)
{
	struct failing_receipt r;

	if (t->keep_log_ms == 0 && says != COMMIT_REPORT_FAILURE &&
	    t->failing.n == 0)
		return;
	if (in->shape != t->shape)
		find_members(t, in);
	r = (struct failing_receipt){
		.id = value_at(t, in, ID),
		.action = value_at(t, in, ACTION),
		.status = value_at(t, in, STATUS),
		.code = value_at(t, in, CODE),
		.reason = value_at(t, in, REASON),
	};
	if ((t->keep_log_ms > 0 || says == COMMIT_REPORT_FAILURE) &&
	    !add_operation(t, in, &r) && says == COMMIT_REPORT_FAILURE)
		says = COMMIT_REPORT_NEITHER;
	if (says == COMMIT_REPORT_FINE)
		failing_fine(&t->failing, r.id);
	else if (says == COMMIT_REPORT_FAILURE)
		failing_add(&t->failing, &r, t->now, t->record.run);
	if (t->keep_log_ms > 0)
		keep(t, &r);
}

void commit_report_flush(struct commit_report *t)
{
	receipt_log_flush(&t->log);
}

/* ---- the end ----------------------------------------------------------- */

void commit_report_applied(struct commit_report *t,
			   const struct apply_counts *n, bool whole)
{
	if (!t->open)
		return;
	commit_report_count(t, RUNS_PENDING, n->open);
	commit_report_count(t, RUNS_FAILING,
			    failing_store(&t->failing, t->state, whole));
	t->record.generation = n->generation;
	runs_trim(t->state, t->keep_runs);
}

static void set_end(struct commit_report *t)
{
	uint64_t now = clock_wall_ms();

	runs_stamp(t->record.ended, now);
	t->record.ms = now > t->began_ms ? now - t->began_ms : 0;
}

static bool keep_last(void *ctx, const struct run_record *r, struct slice line)
{
	struct run_record *last = ctx;

	(void)line;
	if (r->complete)
		*last = *r;
	return true;
}

int commit_report_expect(struct commit_report *t, struct err *e)
{
	struct run_record last = {.complete = false};

	if (!t->expect || t->expect->n == 0)
		return 0;
	set_end(t);
	if (runs_each(t->state, keep_last, &last, e) < 0)
		return -1;
	return expect_met(t->expect, &t->record, last.complete ? &last : NULL,
			  e);
}

/* Whether the failed stage may not know its run. rudder-query and rudder-diff
 * fail before there is a run, or know it.
 */
static bool is_nameless(const struct input *in)
{
	const char *stage = in->abort.stage;

	return !in->begun && in->abort.attempt[0] == '\0' &&
	       strcmp(stage, "query") != 0 && strcmp(stage, "diff") != 0;
}

/* Whether the token is of the run of this commit's pipeline. If RUDDER_RUN_ID
 * is given, as by rudder run, its id decides; otherwise the run took the lock
 * when this commit started. rudder-diff may take the lock a moment after the
 * failure, on a busy machine seconds earlier, and it writes its id after that.
 * So an older lock, or a lock released without an id, is accepted only if no
 * other one follows.
 */
static bool is_our_run(const struct commit_report *t,
		       const struct state_token *token, bool last)
{
	enum { NEAR_MS = 1000, SLOW_MS = 5000 };
	const char *given = getenv("RUDDER_RUN_ID");

	if (given && clock_is_run_id(slice_str(given)))
		return strcmp(token->run, given) == 0 ||
		       strcmp(token->given, given) == 0;
	return token->taken_ms + (last ? SLOW_MS : NEAR_MS) >= t->began_ms &&
	       (token->run[0] != '\0' || (last && !token->held));
}

/* Finds the run whose stage failed, or could not be started, before it wrote
 * the begin line.
 */
static void find_run(struct commit_report *t, const struct input *in)
{
	enum { WAIT_MS = 2000, STEP_MS = 10 };
	struct run_record *r = &t->record;
	struct run_record open;
	struct state_token token;
	struct stat st;

	if (!is_nameless(in) || fstat(t->fd, &st) < 0 || !S_ISFIFO(st.st_mode))
		return;
	for (int waited = 0; waited < WAIT_MS; waited += STEP_MS) {
		bool last = waited + STEP_MS >= WAIT_MS;

		state_last(t->state, &token);
		if (is_our_run(t, &token, last) &&
		    runs_unrecorded(t->state, &token, &open)) {
			memcpy(r->run, open.run, sizeof(r->run));
			memcpy(r->attempt, open.attempt, sizeof(r->attempt));
			return;
		}
		(void)poll(NULL, 0, STEP_MS);
	}
}

/* If no rudder-diff has begun the run, takes the id that rudder run gave it;
 * messages of its rudder-query have that id.
 */
static void take_given(struct run_record *r)
{
	const char *given = getenv("RUDDER_RUN_ID");

	if (r->run[0] == '\0' && given && clock_is_run_id(slice_str(given)))
		snprintf(r->run, sizeof(r->run), "%s", given);
}

void commit_report_close(struct commit_report *t, const struct input *in,
			 int rc, const struct err *e)
{
	struct run_record *r = &t->record;
	struct abort_line a = {.status = 0};
	struct err ignored;
	uint64_t ms;

	if (in->ended && tool_own_ms(&ms))
		commit_report_count(t, RUNS_COMMIT_MS, ms);
	if (rc < 0)
		abort_outcome(&a, "commit", e);
	set_end(t);
	if (!in->begun) { /* a stage failed before it wrote its begin line */
		memcpy(r->run, in->abort.run, sizeof(in->abort.run));
		memcpy(r->attempt, in->abort.attempt, sizeof(r->attempt));
		find_run(t, in);
		take_given(r);
	}
	r->status = a.status;
	memcpy(r->stage, a.stage, sizeof(r->stage));
	memcpy(r->reason, a.reason, sizeof(r->reason));
	r->complete =
		in->ended && !t->more && input_complete(in, &ignored) == 0;
	if (!t->dry_run && !in->abort.dry_run)
		runs_add(t->state, r);
	receipt_log_close(&t->log, r->ended);
	if (t->open && t->keep_log_ms > 0)
		receipt_log_prune(t->state, clock_wall_ms(), t->keep_log_ms);
	failing_clear(&t->failing);
	operations_clear(&t->operations);
}
